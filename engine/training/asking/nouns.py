"""Things that are not in the drawn world, to be asked about: some in training, others only in the test."""

from __future__ import annotations

from engine.training.world.things import parted

UNKNOWN = parted(
    "submarine kettle blender toaster oven fridge freezer dishwasher carpet curtain pillow blanket towel shelf drawer "
    "wardrobe cupboard sink tap bathmat doormat chimney roof gutter fence gate lawn shovel rake wheelbarrow hose "
    "bench swing seesaw sandbox trampoline treadmill dumbbell barbell whistle harp cello clarinet oboe trombone tuba "
    "harmonica xylophone tambourine organ bagpipe lute mandolin bulldozer excavator crane forklift caravan hovercraft "
    "glider zeppelin raft kayak tanker barge tugboat lifeboat limousine hearse unicycle tricycle stroller escalator "
    "walrus hyena jackal cheetah panther lynx puma cougar armadillo anteater porcupine platypus wombat lemur meerkat "
    "mole weasel ferret gerbil chinchilla antelope gazelle elk reindeer yak mule pony salmon trout tuna eel carp "
    "herring sardine stingray starfish clam mussel tadpole newt salamander toad gecko chameleon iguana cobra python "
    "viper vulture falcon hawk crow raven magpie robin sparrow swallow pigeon seagull pelican stork heron ostrich emu "
    "moth wasp hornet dragonfly termite flea earwig centipede apricot plum fig date papaya guava lychee quince "
    "raspberry blackberry cranberry gooseberry currant rhubarb radish turnip beetroot celery spinach cabbage "
    "cauliflower asparagus artichoke leek zucchini lentil walnut almond hazelnut cashew pistachio raisin cinnamon "
    "vanilla mustard ketchup mayonnaise vinegar yoghurt porridge lasagna omelette sausage meatball ravioli gravy "
    "muffin brownie marshmallow caramel syrup jam marmalade tea lemonade cider rum brandy oak birch willow maple "
    "cedar moss fern ivy orchid lily violet poppy dandelion thistle nettle canyon waterfall glacier swamp lagoon reef "
    "cliff cave valley meteor nebula asteroid galaxy pyramid windmill lighthouse barn stable shed igloo palace "
    "cathedral abbey monastery prison library airport harbour pier dam tunnel viaduct skyscraper cottage bungalow"
)
UNKNOWN_IN_TEST = parted(
    "teaspoon saucepan bookshelf hammock sundial weathervane drawbridge catapult gramophone typewriter "
    "periscope binoculars stapler calculator thimble zipper button buckle glue tweezers corkscrew ladle "
    "whisk colander funnel grater spatula bassoon ukulele zither sitar snowplough locomotive carriage chariot "
    "manatee narwhal tapir okapi aardvark mongoose capybara vole shrew piranha barracuda swordfish seahorse urchin "
    "cuckoo kingfisher toucan albatross puffin cicada locust mantis millipede persimmon pomegranate nectarine kumquat "
    "parsnip fennel okra kohlrabi chickpea macadamia nutmeg saffron paella goulash pierogi biscotti meringue nougat "
    "espresso kombucha sequoia baobab juniper mistletoe lavender geyser fjord iceberg stalactite quasar obelisk "
    "ziggurat aqueduct bunker silo greenhouse"
)
