"""English for the drawn world: articles, plurals, numbers and lists, as questions and answers need them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.training.world.things import MASS, PLURAL

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
TIMES = ("never", "once", "twice", "three times", "four times", "five times", "six times", "seven times")
IRREGULAR = {
    "mouse": "mice", "sheep": "sheep", "fish": "fish", "deer": "deer", "moose": "moose", "squid": "squid",
    "shrimp": "shrimp", "blowfish": "blowfish", "jellyfish": "jellyfish", "goose": "geese", "ox": "oxen",
    "tooth": "teeth", "foot": "feet", "wolf": "wolves", "leaf": "leaves", "knife": "knives", "octopus": "octopuses",
    "cactus": "cactuses", "hippo": "hippos", "rhino": "rhinos", "dodo": "dodos", "piano": "pianos", "radio": "radios",
    "burrito": "burritos", "taco": "tacos", "banjo": "banjos", "avocado": "avocados", "yoyo": "yoyos",
    "bento": "bentos", "dango": "dangos", "kangaroo": "kangaroos", "flamingo": "flamingos", "moai": "moai",
    "abacus": "abacuses", "circus": "circuses", "lotus": "lotuses", "kiwi": "kiwis", "ufo": "ufos",
}  # fmt: skip
SIBILANTS = ("s", "x", "z", "ch", "sh", "o")  # these take "es"
VOWEL_SOUND = "aeiou"
CONSONANT_SOUND = frozenset(("unicorn", "ufo", "ukulele", "unicycle", "uniform"))


def plural(name: str) -> str:
    """ "dogs", "mice", "grapes"."""
    if name in PLURAL:
        return name
    if name in IRREGULAR:
        return IRREGULAR[name]
    if name.endswith(SIBILANTS):
        return f"{name}es"
    if name.endswith("y") and name[-2] not in VOWEL_SOUND:
        return f"{name[:-1]}ies"
    return f"{name}s"


def article(phrase: str) -> str:
    """ "a ", "an " or "" before a thing, whatever colour stands before it: "an owl", "a red balloon", "grapes"."""
    name = phrase.rpartition(" ")[2]
    if name in PLURAL or name in MASS:
        return ""
    return "an " if phrase[0] in VOWEL_SOUND and phrase not in CONSONANT_SOUND else "a "


def agrees(name: str, one: str, many: str) -> str:
    """The verb as one thing, or as a thing that is plural by itself, wants it."""
    return many if name.rpartition(" ")[2] in PLURAL else one


def listed(phrases: Sequence[str]) -> str:
    """ "the dog, the owl and the cat"."""
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def the(names: Sequence[str]) -> list[str]:
    """ "the" before each."""
    return [f"the {name}" for name in names]


def sentence(text: str) -> str:
    """Capital and full stop."""
    return f"{text[0].upper()}{text[1:]}."
