"""What the drawn world holds: a name for a person, and the emoji that stands for it in every style of drawing."""

from __future__ import annotations

from engine.training.world.palette import SHAPES

ANIMALS = {
    "dog": "🐕", "cat": "🐈", "horse": "🐎", "cow": "🐄", "pig": "🐖", "sheep": "🐑", "goat": "🐐", "camel": "🐫",
    "elephant": "🐘", "mouse": "🐁", "rabbit": "🐇", "squirrel": "🐿", "hedgehog": "🦔", "bat": "🦇", "bear": "🐻",
    "panda": "🐼", "koala": "🐨", "tiger": "🐅", "leopard": "🐆", "monkey": "🐒", "gorilla": "🦍", "kangaroo": "🦘",
    "giraffe": "🦒", "zebra": "🦓", "rhino": "🦏", "hippo": "🦛", "turkey": "🦃", "chicken": "🐔", "rooster": "🐓",
    "chick": "🐤", "penguin": "🐧", "dove": "🕊", "eagle": "🦅", "duck": "🦆", "swan": "🦢", "owl": "🦉",
    "flamingo": "🦩", "peacock": "🦚", "parrot": "🦜", "frog": "🐸", "crocodile": "🐊", "turtle": "🐢",
    "lizard": "🦎", "snake": "🐍", "dragon": "🐉", "dinosaur": "🦕", "whale": "🐳", "dolphin": "🐬", "fish": "🐟",
    "shark": "🦈", "octopus": "🐙", "crab": "🦀", "lobster": "🦞", "snail": "🐌", "butterfly": "🦋", "ant": "🐜",
    "bee": "🐝", "ladybug": "🐞", "spider": "🕷", "scorpion": "🦂", "unicorn": "🦄", "fox": "🦊", "wolf": "🐺",
    "lion": "🦁", "ram": "🐏", "ox": "🐂", "llama": "🦙", "poodle": "🐩", "deer": "🦌", "mammoth": "🦣",
    "hamster": "🐹", "beaver": "🦫", "raccoon": "🦝", "skunk": "🦨", "badger": "🦡", "otter": "🦦", "sloth": "🦥",
    "dodo": "🦤", "goose": "🪿", "seal": "🦭", "squid": "🦑", "shrimp": "🦐", "oyster": "🦪", "jellyfish": "🪼",
    "coral": "🪸", "blowfish": "🐡", "caterpillar": "🐛", "beetle": "🪲", "grasshopper": "🦗", "mosquito": "🦟",
    "worm": "🪱", "donkey": "🫏", "moose": "🫎", "tyrannosaur": "🦖", "feather": "🪶", "shell": "🐚", "nest": "🪺",
    "cobweb": "🕸", "bone": "🦴", "tooth": "🦷",
}  # fmt: skip
FOOD = {
    "apple": "🍎", "pear": "🍐", "orange": "🍊", "lemon": "🍋", "banana": "🍌", "watermelon": "🍉", "grapes": "🍇",
    "strawberry": "🍓", "cherries": "🍒", "pineapple": "🍍", "coconut": "🥥", "avocado": "🥑", "tomato": "🍅",
    "eggplant": "🍆", "carrot": "🥕", "corn": "🌽", "pepper": "🌶", "broccoli": "🥦", "mushroom": "🍄",
    "peanuts": "🥜", "bread": "🍞", "croissant": "🥐", "pretzel": "🥨", "cheese": "🧀", "bacon": "🥓",
    "hamburger": "🍔", "fries": "🍟", "pizza": "🍕", "hotdog": "🌭", "taco": "🌮", "egg": "🍳", "popcorn": "🍿",
    "sushi": "🍣", "donut": "🍩", "cookie": "🍪", "cake": "🎂", "chocolate": "🍫", "candy": "🍬", "lollipop": "🍭",
    "honey": "🍯", "kiwi": "🥝", "mango": "🥭", "peach": "🍑", "melon": "🍈", "blueberries": "🫐", "olive": "🫒",
    "cucumber": "🥒", "lettuce": "🥬", "garlic": "🧄", "onion": "🧅", "potato": "🥔", "peas": "🫛", "beans": "🫘",
    "baguette": "🥖", "bagel": "🥯", "pancakes": "🥞", "waffle": "🧇", "meat": "🍖", "drumstick": "🍗",
    "steak": "🥩", "sandwich": "🥪", "burrito": "🌯", "fondue": "🫕", "salad": "🥗", "butter": "🧈", "salt": "🧂",
    "bento": "🍱", "rice": "🍚", "ramen": "🍜", "spaghetti": "🍝", "skewer": "🍢", "dumpling": "🥟", "takeout": "🥡",
    "cone": "🍦", "cupcake": "🧁", "pudding": "🍮", "milk": "🥛", "coffee": "☕", "teapot": "🫖", "champagne": "🍾",
    "wine": "🍷", "cocktail": "🍸", "beer": "🍺", "soda": "🥤", "juice": "🧃", "ice": "🧊", "chopsticks": "🥢",
    "cutlery": "🍴", "spoon": "🥄", "knife": "🔪", "jar": "🫙", "amphora": "🏺", "dango": "🍡", "paprika": "🫑",
}  # fmt: skip
VEHICLES = {
    "train": "🚂", "bus": "🚌", "ambulance": "🚑", "taxi": "🚕", "car": "🚗", "truck": "🚚", "tractor": "🚜",
    "bicycle": "🚲", "scooter": "🛵", "motorcycle": "🏍", "sailboat": "⛵", "canoe": "🛶", "ship": "🚢",
    "airplane": "✈", "helicopter": "🚁", "rocket": "🚀", "parachute": "🪂", "skateboard": "🛹", "tram": "🚊",
    "firetruck": "🚒", "racecar": "🏎", "rickshaw": "🛺", "wheelchair": "🦽", "crutch": "🩼", "rollerskate": "🛼",
    "sled": "🛷", "speedboat": "🚤", "satellite": "🛰", "ufo": "🛸", "gondola": "🚠", "wheel": "🛞", "pump": "⛽",
    "semaphore": "🚦", "barrier": "🚧", "lifebuoy": "🛟", "suitcase": "🧳", "kickscooter": "🛴",
}  # fmt: skip
PLACES = {
    "house": "🏠", "castle": "🏰", "tent": "⛺", "fountain": "⛲", "hut": "🛖", "factory": "🏭", "church": "⛪",
    "mosque": "🕌", "synagogue": "🕍", "temple": "🛕", "pagoda": "🏯", "stadium": "🏟", "statue": "🗽", "tower": "🗼",
    "carousel": "🎠", "slide": "🛝", "coaster": "🎢", "circus": "🎪", "island": "🏝", "mountain": "⛰", "shrine": "⛩",
    "kaaba": "🕋", "moai": "🗿", "museum": "🏛", "door": "🚪", "window": "🪟", "brick": "🧱", "rock": "🪨",
    "ladder": "🪜", "coffin": "⚰", "gravestone": "🪦",
}  # fmt: skip
OBJECTS = {
    "clock": "⏰", "umbrella": "☂", "balloon": "🎈", "gift": "🎁", "trophy": "🏆", "medal": "🏅", "football": "⚽",
    "basketball": "🏀", "baseball": "⚾", "kite": "🪁", "dice": "🎲", "teddy": "🧸", "guitar": "🎸", "violin": "🎻",
    "trumpet": "🎺", "drum": "🥁", "piano": "🎹", "bell": "🔔", "camera": "📷", "television": "📺", "telephone": "☎",
    "computer": "💻", "lamp": "💡", "candle": "🕯", "book": "📕", "scissors": "✂", "hammer": "🔨", "key": "🔑",
    "lock": "🔒", "magnet": "🧲", "telescope": "🔭", "hat": "🎩", "crown": "👑", "glasses": "👓", "shirt": "👕",
    "dress": "👗", "shoe": "👞", "boot": "👢", "glove": "🧤", "sock": "🧦", "backpack": "🎒", "ring": "💍",
    "chair": "🪑", "bed": "🛏", "bathtub": "🛁", "broom": "🧹", "basket": "🧺", "robot": "🤖", "ghost": "👻",
    "snowman": "⛄", "anchor": "⚓", "watch": "⌚", "stopwatch": "⏱", "hourglass": "⌛", "compass": "🧭", "map": "🗺",
    "thermometer": "🌡", "smartphone": "📱", "battery": "🔋", "plug": "🔌", "printer": "🖨", "keyboard": "⌨",
    "disc": "💿", "abacus": "🧮", "projector": "📽", "clapper": "🎬", "videotape": "📼", "camcorder": "📹",
    "magnifier": "🔍", "flashlight": "🔦", "lantern": "🏮", "notebook": "📓", "scroll": "📜", "newspaper": "📰",
    "bookmark": "🔖", "label": "🏷", "coin": "🪙", "banknote": "💵", "moneybag": "💰", "envelope": "✉",
    "parcel": "📦", "mailbox": "📫", "pencil": "✏", "pen": "🖊", "paintbrush": "🖌", "crayon": "🖍", "briefcase": "💼",
    "folder": "📁", "calendar": "📅", "chart": "📊", "clipboard": "📋", "pushpin": "📌", "paperclip": "📎",
    "ruler": "📏", "trashcan": "🗑", "axe": "🪓", "pickaxe": "⛏", "dagger": "🗡", "swords": "⚔", "pistol": "🔫",
    "boomerang": "🪃", "bow": "🏹", "shield": "🛡", "saw": "🪚", "wrench": "🔧", "screwdriver": "🪛", "bolt": "🔩",
    "gear": "⚙", "scales": "⚖", "chain": "⛓", "hook": "🪝", "toolbox": "🧰", "flask": "⚗", "vial": "🧪", "dna": "🧬",
    "microscope": "🔬", "antenna": "📡", "syringe": "💉", "pill": "💊", "bandage": "🩹", "stethoscope": "🩺",
    "mirror": "🪞", "couch": "🛋", "toilet": "🚽", "plunger": "🪠", "shower": "🚿", "razor": "🪒", "lotion": "🧴",
    "bucket": "🪣", "soap": "🧼", "bubbles": "🫧", "toothbrush": "🪥", "sponge": "🧽", "extinguisher": "🧯",
    "cart": "🛒", "cigarette": "🚬", "amulet": "🧿", "goggles": "🥽", "sunglasses": "🕶", "tie": "👔", "jeans": "👖",
    "scarf": "🧣", "coat": "🧥", "kimono": "👘", "sari": "🥻", "swimsuit": "🩱", "shorts": "🩳", "handbag": "👜",
    "sneaker": "👟", "heel": "👠", "fan": "🪭", "lipstick": "💄", "cap": "🧢", "helmet": "🪖", "beads": "📿",
    "megaphone": "📣", "loudspeaker": "📢", "note": "🎵", "microphone": "🎤", "headphones": "🎧", "radio": "📻",
    "saxophone": "🎷", "accordion": "🪗", "banjo": "🪕", "flute": "🪈", "maracas": "🪇", "bomb": "💣", "comb": "🪮",
}  # fmt: skip
PLAY = {
    "pumpkin": "🎃", "fireworks": "🎆", "firecracker": "🧨", "confetti": "🎊", "ribbon": "🎀", "ticket": "🎫",
    "volleyball": "🏐", "puck": "🏒", "shuttlecock": "🏸", "goal": "🥅", "skate": "⛸", "rod": "🎣", "snorkel": "🤿",
    "skis": "🎿", "bullseye": "🎯", "yoyo": "🪀", "orb": "🔮", "wand": "🪄", "gamepad": "🎮", "joystick": "🕹",
    "puzzle": "🧩", "pawn": "♟", "masks": "🎭", "painting": "🖼", "palette": "🎨", "thread": "🧵", "needle": "🪡",
    "yarn": "🧶", "knot": "🪢", "frisbee": "🥏", "matryoshka": "🪆",
}  # fmt: skip
NATURE = {
    "sun": "🌞", "moon": "🌙", "star": "⭐", "rainbow": "🌈", "cloud": "☁", "snowflake": "❄", "fire": "🔥",
    "tree": "🌳", "palm": "🌴", "cactus": "🌵", "rose": "🌹", "sunflower": "🌻", "tulip": "🌷", "clover": "🍀",
    "leaf": "🍁", "volcano": "🌋", "diamond": "💎", "comet": "☄", "planet": "🪐", "globe": "🌍", "tornado": "🌪",
    "lightning": "⚡", "droplet": "💧", "wave": "🌊", "raincloud": "🌧", "seedling": "🌱", "pine": "🌲",
    "bouquet": "💐", "daisy": "🌼", "hibiscus": "🌺", "lotus": "🪷", "hyacinth": "🪻", "wheat": "🌾", "bamboo": "🎍",
    "houseplant": "🪴",
}  # fmt: skip
PEOPLE = {
    "baby": "👶", "santa": "🎅", "mermaid": "🧜‍♀", "dancer": "💃", "surfer": "🏄‍♂", "ninja": "🥷",
    "astronaut": "🧑‍🚀", "guard": "💂", "princess": "👸", "clown": "🤡", "alien": "👽", "ogre": "👹", "skull": "💀",
    "poop": "💩", "wizard": "🧙‍♂", "vampire": "🧛‍♂", "genie": "🧞‍♂", "zombie": "🧟‍♂", "fairy": "🧚‍♀",
    "superhero": "🦸‍♂", "cook": "🧑‍🍳", "farmer": "🧑‍🌾", "firefighter": "🧑‍🚒", "cyclist": "🚴‍♂", "skier": "⛷",
    "monster": "👾",
}  # fmt: skip
SIGNS = {
    "thumb": "👍", "fist": "✊", "ear": "👂", "nose": "👃", "eye": "👁", "brain": "🧠", "heart": "❤", "tongue": "👅",
    "foot": "🦶", "muscle": "💪", "handshake": "🤝", "footprints": "👣", "trident": "🔱", "club": "♣", "spade": "♠",
    "menorah": "🕎",
}  # fmt: skip

THINGS: dict[str, str] = {**ANIMALS, **FOOD, **VEHICLES, **PLACES, **OBJECTS, **PLAY, **NATURE, **PEOPLE, **SIGNS}
NAMES: tuple[str, ...] = tuple(THINGS)
ALL_THINGS = (*NAMES, *SHAPES)


def parted(text: str) -> tuple[str, ...]:
    """The words of a list that is easier to read without commas."""
    return tuple(text.split())


PLURAL = frozenset(
    parted(
        "grapes cherries peanuts fries blueberries peas beans pancakes chopsticks scissors glasses dice sunglasses "
        "goggles jeans shorts swords scales bubbles beads headphones maracas fireworks skis masks footprints"
    )
)
MASS = frozenset(
    parted(
        "corn broccoli bacon popcorn sushi chocolate honey lettuce garlic meat fondue salad butter salt rice ramen "
        "spaghetti takeout pudding milk coffee champagne wine beer soda juice ice cutlery paprika confetti yarn "
        "thread wheat bamboo fire lightning bread cheese dna soap lotion coral poop"
    )
)
TINTABLE = parted(  # drawn in one of the named colours at times, then called by it
    "balloon car bus umbrella shirt dress hat cap book gift kite scarf sock glove boot shoe sneaker coat tie "
    "backpack handbag chair couch bucket candle lamp lantern rose tulip heart star butterfly dragon rocket "
    "sailboat truck train bicycle scooter tent door key lock bell mailbox guitar drum helmet pencil crayon ribbon "
    "feather cupcake teapot suitcase helicopter airplane canoe tractor envelope folder"
)
