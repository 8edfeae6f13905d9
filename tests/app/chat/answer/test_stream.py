"""While it is written an answer looks as it will at the end, and nothing that is settled is read again."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.chat.answer import stream as module
from app.chat.answer.markup import Kind, blocks_of
from app.chat.answer.stream import Stream, closed

ANSWER = """# What happens

The **red apple** appears at 9.0 seconds,
and *a bicycle* follows.

1. First, at 9.0 seconds
   - inner **bold**
2. Second

> A quote
> of two lines

| a | b |
|---|---|
| 1 | `2` |

```
code
```

The end.
"""


def written(text, cuts):
    stream = Stream()
    for low, high in zip((0, *cuts), (*cuts, len(text)), strict=True):
        stream.add(text[low:high])
        blocks = stream.blocks()
    return blocks


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(ANSWER)), max_size=30).map(sorted))
@example(list(range(0, len(ANSWER), 3)))
def test_it_ends_as_the_whole_reads(cuts):
    whole = [(block.kind, block.text, block.marker, block.rows) for block in blocks_of(ANSWER)]
    assert [(block.kind, block.text, block.marker, block.rows) for block in written(ANSWER, cuts)] == whole


def test_what_is_settled_stays_the_same_object():
    stream = Stream()
    stream.add("one\n\ntwo\n\nthree")
    before = stream.blocks()
    stream.add(" and more\n\nfour")
    after = stream.blocks()
    assert [old is new for old, new in zip(before[:2], after[:2], strict=True)] == [True, True]


@pytest.mark.parametrize(
    "make", [lambda n: "Some words here.\n\n" * n, lambda n: "- an item of words\n" * n], ids=["paragraphs", "list"]
)
def test_the_work_grows_with_the_length_not_its_square(monkeypatch, make):
    """Counted in characters read, so that a busy machine does not matter."""

    def read(text):
        count = 0

        def counting(words, *places):
            nonlocal count
            count += len(words)
            return blocks_of(words, *places)

        monkeypatch.setattr(module, "blocks_of", counting)
        stream = Stream()
        for at in range(0, len(text), 12):
            stream.add(text[at : at + 12])
            stream.blocks()
        return count

    short, long = read(make(40)), read(make(320))
    assert long < 9 * short


def test_a_block_without_end_is_shown_as_it_is_written():
    stream = Stream()
    stream.add("**a** " * 2000)
    (block,) = stream.blocks()
    assert block.kind is Kind.TEXT
    assert block.text == "**a** " * 2000


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("The **ap", "The **ap**"), ("The **", "The "), ("a **b*", "a **b**"), ("a **b**", "a **b**"),
        ("a `co", "a `co`"), ("a `", "a "), ("words\n-", "words"), ("words\n===", "words"), ("1. a\n2", "1. a"),
        ("```\na **b", "```\na **b"), ("a `x` **c", "a `x` **c**"),
    ],
)  # fmt: skip
def test_half_written_marks_do_not_show(text, looks):
    assert closed(text) == looks
