"""What the drawn world holds: a name for a person, and the emoji that draws it (Noto Color Emoji, SIL OFL 1.1)."""

from __future__ import annotations

ANIMALS = {
    "dog": "🐕", "cat": "🐈", "horse": "🐎", "cow": "🐄", "pig": "🐖", "sheep": "🐑", "goat": "🐐", "camel": "🐫",
    "elephant": "🐘", "mouse": "🐁", "rabbit": "🐇", "squirrel": "🐿", "hedgehog": "🦔", "bat": "🦇", "bear": "🐻",
    "panda": "🐼", "koala": "🐨", "tiger": "🐅", "leopard": "🐆", "monkey": "🐒", "gorilla": "🦍", "kangaroo": "🦘",
    "giraffe": "🦒", "zebra": "🦓", "rhino": "🦏", "hippo": "🦛", "turkey": "🦃", "chicken": "🐔", "rooster": "🐓",
    "chick": "🐤", "penguin": "🐧", "dove": "🕊", "eagle": "🦅", "duck": "🦆", "swan": "🦢", "owl": "🦉",
    "flamingo": "🦩", "peacock": "🦚", "parrot": "🦜", "frog": "🐸", "crocodile": "🐊", "turtle": "🐢", "lizard": "🦎",
    "snake": "🐍", "dragon": "🐉", "dinosaur": "🦕", "whale": "🐳", "dolphin": "🐬", "fish": "🐟", "shark": "🦈",
    "octopus": "🐙", "crab": "🦀", "lobster": "🦞", "snail": "🐌", "butterfly": "🦋", "ant": "🐜", "bee": "🐝",
    "ladybug": "🐞", "spider": "🕷", "scorpion": "🦂", "unicorn": "🦄", "fox": "🦊", "wolf": "🐺", "lion": "🦁",
}  # fmt: skip
FOOD = {
    "apple": "🍎", "pear": "🍐", "orange": "🍊", "lemon": "🍋", "banana": "🍌", "watermelon": "🍉", "grapes": "🍇",
    "strawberry": "🍓", "cherries": "🍒", "pineapple": "🍍", "coconut": "🥥", "avocado": "🥑", "tomato": "🍅",
    "eggplant": "🍆", "carrot": "🥕", "corn": "🌽", "pepper": "🌶", "broccoli": "🥦", "mushroom": "🍄", "peanuts": "🥜",
    "bread": "🍞", "croissant": "🥐", "pretzel": "🥨", "cheese": "🧀", "bacon": "🥓", "hamburger": "🍔", "fries": "🍟",
    "pizza": "🍕", "hotdog": "🌭", "taco": "🌮", "egg": "🍳", "popcorn": "🍿", "sushi": "🍣", "donut": "🍩",
    "cookie": "🍪", "cake": "🎂", "chocolate": "🍫", "candy": "🍬", "lollipop": "🍭", "honey": "🍯",
}  # fmt: skip
VEHICLES = {
    "train": "🚂", "bus": "🚌", "ambulance": "🚑", "taxi": "🚕", "car": "🚗", "truck": "🚚", "tractor": "🚜",
    "bicycle": "🚲", "scooter": "🛵", "motorcycle": "🏍", "sailboat": "⛵", "canoe": "🛶", "ship": "🚢", "airplane": "✈",
    "helicopter": "🚁", "rocket": "🚀", "parachute": "🪂", "skateboard": "🛹",
}  # fmt: skip
OBJECTS = {
    "house": "🏠", "castle": "🏰", "tent": "⛺", "fountain": "⛲", "clock": "⏰", "umbrella": "☂", "balloon": "🎈",
    "gift": "🎁", "trophy": "🏆", "medal": "🏅", "football": "⚽", "basketball": "🏀", "baseball": "⚾", "racket": "🎾",
    "kite": "🪁", "dice": "🎲", "teddy": "🧸", "guitar": "🎸", "violin": "🎻", "trumpet": "🎺", "drum": "🥁",
    "piano": "🎹", "bell": "🔔", "camera": "📷", "television": "📺", "telephone": "☎", "computer": "💻", "lamp": "💡",
    "candle": "🕯", "book": "📕", "scissors": "✂", "hammer": "🔨", "key": "🔑", "lock": "🔒", "magnet": "🧲",
    "telescope": "🔭", "hat": "🎩", "crown": "👑", "glasses": "👓", "shirt": "👕", "dress": "👗", "shoe": "👞",
    "boot": "👢", "glove": "🧤", "sock": "🧦", "backpack": "🎒", "ring": "💍", "chair": "🪑", "bed": "🛏",
    "bathtub": "🛁", "broom": "🧹", "basket": "🧺", "robot": "🤖", "ghost": "👻", "snowman": "⛄", "anchor": "⚓",
}  # fmt: skip
NATURE = {
    "sun": "🌞", "moon": "🌙", "star": "⭐", "rainbow": "🌈", "cloud": "☁", "snowflake": "❄", "fire": "🔥",
    "tree": "🌳", "palm": "🌴", "cactus": "🌵", "rose": "🌹", "sunflower": "🌻", "tulip": "🌷", "clover": "🍀",
    "leaf": "🍁", "volcano": "🌋", "diamond": "💎",
}  # fmt: skip

THINGS: dict[str, str] = {**ANIMALS, **FOOD, **VEHICLES, **OBJECTS, **NATURE}
NAMES: tuple[str, ...] = tuple(THINGS)
