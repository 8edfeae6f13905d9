"""Markdown becomes blocks; nothing the model wrote becomes anything but words, and its times land where they belong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.answer.markup import LINE, Block, Kind, Look, Place, Run, blocks_of, fit, top_lines

WORDS = "9.0 seconds"


def places_in(text, words=WORDS):
    found, at = [], text.find(words)
    while at >= 0:
        found.append(Place(at, at + len(words), len(found)))
        at = text.find(words, at + 1)
    return found


def all_runs(blocks):
    for block in blocks:
        yield from block.runs
        for row in block.rows:
            for cell in row:
                yield from cell


def shown(blocks):
    return "".join(run.text for run in all_runs(blocks))


def test_paragraphs_headings_and_looks():
    blocks = blocks_of("# Title\n\n**bold** *slanted* ~~gone~~ `code`\nnext line\n\n---")
    assert [block.kind for block in blocks] == [Kind.HEADING, Kind.TEXT, Kind.RULE]
    assert blocks[0].level == 1
    looks = [(run.text, run.look) for run in blocks[1].runs if run.look]
    assert looks == [("bold", Look.BOLD), ("slanted", Look.ITALIC), ("gone", Look.STRUCK), ("code", Look.CODE)]
    assert blocks[1].text.endswith(f"{LINE}next line"), "a model that starts a new line means one"


def test_lists_keep_the_numbers_the_model_wrote():
    blocks = blocks_of("1. one\n   - inner\n7. seven\n\nafter")
    assert [(block.marker, block.depth, block.text) for block in blocks] == [
        ("1.", 1, "one"), ("•", 2, "inner"), ("7.", 1, "seven"), ("", 0, "after")]  # fmt: skip


def test_quotes_nest_and_code_keeps_its_lines():
    blocks = blocks_of("> a\n>> b\n\n```py\nx = 1\n  y\n```")
    assert [block.quotes for block in blocks] == [1, 2, 0]
    assert blocks[2] == Block(Kind.CODE, (Run(f"x = 1{LINE}  y", Look.CODE),))


def test_a_table_has_rows_and_sides():
    (table,) = blocks_of("| a | b |\n|:--|--:|\n| 1 | **2** |")
    assert table.kind is Kind.TABLE
    assert table.sides == ("left", "right")
    assert table.rows[1] == ((Run("1"),), (Run("2", Look.BOLD),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>x</b>", "<b>x</b>"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("[here](javascript:alert(1))", "here (javascript:alert(1))"),
        ("[go](tempo:8.000#0)", "go (tempo:8.000#0)"),
        ("<http://evil.example>", "http://evil.example"),
        ("![cat](http://evil.example/x.png)", "[picture, not loaded: cat, http://evil.example/x.png]"),
        ("[a]: http://evil.example", "[a]: http://evil.example"),
        ("&lt;b&gt; &amp;", "<b> &"),
    ],
)
def test_markup_links_and_pictures_become_words(text, words):
    assert shown(blocks_of(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "It is **at 9.0 seconds**.", "*9.0 seconds*", "`9.0 seconds`", "# At 9.0 seconds", "- 9.0 seconds",
        "> at 9.0 seconds", "| a |\n|---|\n| 9.0 seconds |", "```\n9.0 seconds\n```", "[at 9.0 seconds](http://x)",
        "[x](http://x/9.0 seconds)", "<9.0 seconds>", "**9.0 seconds", "a\n9.0 seconds\n===", "&amp; 9.0 seconds",
        "\\*9.0 seconds\\*", "中9.0 seconds文", "**(9.0 seconds)**和", "![9.0 seconds](x)",
    ],
)  # fmt: skip
def test_a_time_is_found_wherever_markdown_puts_it(text):
    cited = [run for run in all_runs(blocks_of(text, places_in(text))) if run.cited is not None]
    assert [(run.text, run.cited) for run in cited] == [(WORDS, 0)]


def test_times_keep_their_order_and_looks():
    text = "**9.0 seconds** then 9.0 seconds\n\n1. `9.0 seconds`"
    cited = [(run.cited, run.look) for run in all_runs(blocks_of(text, places_in(text))) if run.cited is not None]
    assert cited == [(0, Look.BOLD), (1, Look.PLAIN), (2, Look.CODE)]


def test_overlapping_and_impossible_places_are_left_out():
    text = "9.0 seconds"
    blocks = blocks_of(text, [Place(0, 11, 0), Place(4, 11, 1), Place(5, 99, 2), Place(7, 7, 3)])
    assert [run.cited for run in all_runs(blocks)] == [0]
    assert shown(blocks) == text


def test_characters_that_mean_something_to_us_or_qt_are_taken_out():
    evil = "a\U00100000b\ufdd0c\ufffcd\x00e\u2029f\udc80g"
    assert len(fit(evil)) == len(evil)
    words = shown(blocks_of(evil, [Place(0, 1, 0)]))
    assert not set(words) & set("\U00100000\ufdd0\ufffc\x00\u2029\udc80")
    assert [run.cited for run in all_runs(blocks_of(evil, [Place(0, 1, 0)])) if run.cited is not None] == [0]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab 1.*_`#>-|[]()!<&\n\\~:/"), max_size=80), st.data())
def test_any_text_reads_and_no_time_is_shown_twice(text, data):
    places = places_in(text, "a")
    cited = [run.cited for run in all_runs(blocks_of(text, places)) if run.cited is not None]
    assert len(cited) == len(set(cited))
    assert set(cited) <= {place.index for place in places}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_written_reads(text):
    for run in all_runs(blocks_of(text)):
        assert fit(run.text.replace(LINE, "")) == run.text.replace(LINE, "")


def test_a_degenerate_answer_is_read_in_no_time():
    """A model that repeats itself for its thousand tokens; a second would be a frozen window."""
    import time

    for piece in ("*", "[", "![", "_a*", "`a", "[a](", "> ", "- ", "<a", "|"):
        begun = time.monotonic()
        blocks_of(piece * 2000)
        assert time.monotonic() - begun < 0.5, piece


def test_blocks_and_items_of_a_list_begin_at_lines():
    assert top_lines("a\nb\n\n# c\n\n- d\n  e\n- f\n  - g") == (0, 3, 5, 7)
    assert top_lines("") == ()
