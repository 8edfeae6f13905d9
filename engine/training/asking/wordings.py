"""How people ask: many wordings of every kind for training, and others that only the test knows.

{x} and {y} are things with their article taken care of ("the {x}" stays, "a {x}" becomes "an owl", "grapes"), {xs} a
plural, {t} a second, {s} text on screen. Verbs are written for one thing; `phrasing.py` makes them agree.
"""

from __future__ import annotations

TRAINED: dict[str, tuple[str, ...]] = {
    "when": (
        "When does the {x} appear?", "When do we see the {x}?", "When is the {x} shown?",
        "When is the {x} on screen?", "At what time does the {x} appear?", "At which second does the {x} show up?",
        "When can I see the {x}?", "Find the {x}.", "When is there a {x}?", "When does a {x} appear?",
        "Can you tell me when the {x} appears?", "Show me when the {x} is there.",
        "From when to when is the {x} visible?",
    ),
    "caption": (
        "When does the text {s} appear?", "When is the text {s} shown?", "When can I read {s}?", "Find the text {s}.",
        "At what time does the screen say {s}?", "When is {s} written on screen?", "When do we see the words {s}?",
        "When does it say {s}?", "At which second is {s} shown?",
        "When is the text {s} there?", "When does {s} appear on the screen?", "At what time can I read {s}?",
        "When can {s} be seen in the film?", "Can you tell me when it says {s}?",
        "At what time do the words {s} appear?",
    ),
    "what": (
        "What appears at {t} seconds?", "What is on screen at {t} seconds?", "What do we see at {t} seconds?",
        "What is shown at {t} seconds?", "What can be seen at second {t}?", "Which things appear at {t} seconds?",
        "What is there at {t} seconds?", "At {t} seconds, what do we see?", "What things are visible at {t} seconds?",
        "Tell me what is shown at {t} seconds.", "At second {t}, which things can I see?",
    ),
    "whether": (
        "Does a {x} appear?", "Is there a {x} in this film?", "Do we see a {x}?", "Does the film show a {x}?",
        "Does the {x} appear?", "Is a {x} shown?", "Can a {x} be seen?", "Is there any {x}?",
        "Does a {x} show up in the film?", "Do we ever see the {x}?", "Is the {x} in the film at all?",
        "Can you see a {x}?", "Do we see a {x} in the film?", "Can a {x} be seen in this film?",
        "Does this film show a {x}?", "Is the {x} shown in this film?",
    ),
    "often": (
        "How often does the {x} appear?", "How many times does the {x} appear?", "How many times is the {x} shown?",
        "How often do we see the {x}?", "How often is the {x} on screen?", "How many times do we see the {x}?",
        "Count how often the {x} shows up.", "How many times does a {x} come up?",
    ),
    "after": (
        "What appears after the {x}?", "What comes after the {x}?", "What do we see after the {x}?",
        "What is shown after the {x}?", "What follows the {x}?", "What comes next after the {x}?",
        "Which things appear right after the {x}?", "What is on screen after the {x} is gone?",
        "What can be seen right after the {x}?", "Which things are shown after the {x}?",
        "What comes next, after the {x}?",
        "What is visible after the {x} is gone?",
    ),
    "before": (
        "What appears before the {x}?", "What comes before the {x}?", "What do we see before the {x}?",
        "What is shown before the {x}?", "What was there before the {x}?",
        "Which things appear right before the {x}?", "What can be seen just before the {x} appears?",
        "Which things are shown before the {x}?", "What do we see right before the {x}?",
        "What is visible before the {x} appears?",
        "What is shown right before the {x} comes?",
    ),
    "first": (
        "What appears first?", "What is shown first?", "What do we see first?", "What does the film begin with?",
        "What comes first in the film?", "What is on screen at the beginning?", "Which things appear at the start?",
        "What can be seen at the start of the film?",
    ),
    "last": (
        "What appears last?", "What is shown last?", "What do we see last?", "What does the film end with?",
        "What comes last in the film?", "What is on screen at the end?",
        "Which things appear at the end of the film?", "What can be seen at the end?",
    ),
    "earlier": (
        "Which appears first, the {x} or the {y}?", "What comes first, the {x} or the {y}?",
        "Which is shown first, the {x} or the {y}?", "Which do we see first, the {x} or the {y}?",
        "Does the {x} or the {y} appear first?", "What is on screen first, the {x} or the {y}?",
        "Which one comes earlier, the {x} or the {y}?",
    ),
    "colour": (
        "What colour is the {x}?", "Which colour is the {x}?", "What is the colour of the {x}?",
        "Tell me the colour of the {x}.", "Which colour does the {x} have?", "In what colour is the {x} shown?",
        "What color is the {x}?",
    ),
    "background": (
        "What colour is the background when the {x} appears?", "What colour is behind the {x}?",
        "Which colour is the background of the {x}?", "What is the colour of the background at {t} seconds?",
        "What colour is the background at {t} seconds?", "Which colour is behind the {x}?",
        "Which colour does the background have at {t} seconds?",
    ),
    "count": (
        "How many {xs} are there?", "How many {xs} appear?", "How many {xs} do we see?", "How many {xs} are shown?",
        "How many {xs} can be seen?", "How many {xs} are on screen?", "Count the {xs}.",
        "What is the number of {xs}?", "How many {xs} does the film show?", "How many {xs} are in the film?",
        "How many {xs} do I see?", "How many {xs} come up?", "Tell me how many {xs} there are.",
        "How many {xs} can you see on screen?", "What number of {xs} is shown?",
    ),
    "motion": (
        "Which way does the {x} move?", "How does the {x} move?", "What does the {x} do?",
        "In which direction does the {x} go?", "Where does the {x} move to?", "What happens to the {x}?",
        "Does the {x} move, and which way?", "Which way does the {x} go?", "How does the {x} change?",
        "What can the {x} be seen to do?", "Which way can the {x} be seen to move?", "Tell me what the {x} does.",
        "In which way does the {x} move on screen?",
    ),
    "text": (
        "What does the text say at {t} seconds?", "What text is shown at {t} seconds?",
        "What is written at {t} seconds?", "Which text appears at {t} seconds?", "What can I read at {t} seconds?",
        "What does it say at {t} seconds?", "What text is shown with the {x}?",
        "What is written when the {x} appears?", "What does the text with the {x} say?",
        "Which words are on screen when the {x} is shown?", "Read the text at {t} seconds.",
    ),
    "longer": (
        "Which is shown longer, the {x} or the {y}?", "Which is on screen longer, the {x} or the {y}?",
        "What do we see longer, the {x} or the {y}?", "Does the {x} or the {y} appear longer?",
        "Which one is visible for a longer time, the {x} or the {y}?",
        "Which one is there for longer, the {x} or the {y}?", "Is the {x} or the {y} shown for a longer time?",
    ),
    "more": (
        "Are there more {xs} or more {ys}?", "Do we see more {xs} or more {ys}?",
        "Which are there more of, {xs} or {ys}?", "Does the film show more {xs} or more {ys}?",
        "What is there more of, {xs} or {ys}?",
    ),
    "where": (
        "Where is the {x}?", "Where do we see the {x}?", "In what place is the {x}?", "Where does the {x} appear?",
        "What is behind the {x}?", "Which place is shown with the {x}?", "In which place does the {x} appear?",
        "What is the place at {t} seconds?", "Where are we at {t} seconds?",
    ),
    "together": (
        "What appears together with the {x}?", "What is shown with the {x}?", "What do we see with the {x}?",
        "What else is on screen with the {x}?", "Which things appear with the {x}?",
        "What else is there with the {x}?", "What is next to the {x}?", "Which things do we see with the {x}?",
        "What is there on screen together with the {x}?", "What else can be seen with the {x}?",
        "What is the {x} shown with?",
    ),
    "summary": (
        "What happens in this film?", "What happens?", "What is this film about?", "Summarise the film.",
        "Describe the film.", "Tell me what happens in the film.", "What does the film show?", "Give me a summary.",
        "What is the film about?", "Describe what happens.", "Can you describe this film?",
        "What is shown in this film?",
        "What can be seen in the film from start to end?", "Tell me what this film shows.", "Describe this film to me.",
        "What does one see in this film?", "Can you tell me what the film is about?",
    ),
}  # fmt: skip
HELD_OUT: dict[str, tuple[str, ...]] = {
    "when": (
        "At what time do we see the {x}?", "When does the {x} show up?", "When is there a {x} on screen?",
        "At which second can I see the {x}?",
    ),
    "caption": ("At what time is the text {s} on screen?", "When do we see {s} on screen?", "When is {s} shown?"),
    "what": (
        "What is there to see at {t} seconds?", "What is on screen at second {t}?", "What appears at second {t}?",
        "Which things are shown at {t} seconds?",
    ),
    "whether": (
        "Is there a {x} on screen?", "Does the film show the {x}?", "Do we see the {x} in this film?",
        "Is a {x} visible in the film?",
    ),
    "often": ("How many times is there a {x}?", "How often is the {x} shown?", "How many times can I see the {x}?"),
    "after": (
        "What is there after the {x}?", "Which things come after the {x}?", "What do we see next after the {x}?",
    ),
    "before": (
        "What is on screen before the {x}?", "Which things come before the {x}?", "What is there before the {x}?",
    ),
    "first": ("Which things do we see first?", "What is shown at the beginning?", "What is there at the start?"),
    "last": ("Which things do we see last?", "What is shown at the end of the film?", "What is there at the end?"),
    "earlier": (
        "Which one is shown first, the {x} or the {y}?", "What do we see first, the {x} or the {y}?",
        "Which appears earlier, the {x} or the {y}?",
    ),
    "colour": (
        "In which colour do we see the {x}?", "What colour does the {x} have?",
        "Can you tell me the colour of the {x}?",
    ),
    "background": (
        "What colour does the background have when the {x} is shown?",
        "Which colour is the background at {t} seconds?",
    ),
    "count": ("How many {xs} are visible?", "How many {xs} can I see?", "How many {xs} show up in the film?"),
    "motion": (
        "What does the {x} do on screen?", "In what direction does the {x} go?",
        "In which direction does the {x} move?",
    ),
    "text": (
        "What text do we see at {t} seconds?", "What is written on screen at {t} seconds?",
        "What does it say when the {x} is shown?",
    ),
    "longer": ("Which one is shown longer, the {x} or the {y}?", "Which do we see longer, the {x} or the {y}?"),
    "more": ("Can you see more {xs} or more {ys}?", "Are more {xs} or more {ys} shown?"),
    "where": ("In which place do we see the {x}?", "What place is the {x} in?", "Which place is it at {t} seconds?"),
    "together": (
        "What else do we see with the {x}?", "Which things are shown together with the {x}?",
        "What else appears with the {x}?",
    ),
    "summary": (
        "Can you tell me what happens in this film?", "What do we see in this film?",
        "Give me a summary of the film.",
    ),
}  # fmt: skip
STORIES = (  # of what is asked in training only, in words that other questions use
    "Describe this content.", "Describe all that is shown.", "Tell me all that appears.", "What is shown, and when?",
    "Describe what can be seen at which time.",
)  # fmt: skip
CHOICES = (
    "{question}\n{options}\nAnswer with the letter.", "{question}\n{options}\nWhich letter is right?",
    "{question} Choose one.\n{options}", "{question}\nOptions:\n{options}\nGive the letter of the right answer.",
)  # fmt: skip
HELD_OUT_CHOICES = ("{question}\n{options}\nGive me the right letter.", "{question} Answer with one letter.\n{options}")
NOT_THERE = ("when", "often", "after", "before", "colour", "count", "motion", "where", "together")
UNKNOWN_TO_ALL = ("when", "whether", "often", "after", "before", "colour", "count", "motion", "where", "together")
