"""What is read on the picture, out of every format, without the format's own marks."""

import pytest

from engine.ingest.cues import Cue, Run, cues_of_text

SRT = "1\n00:00:01,000 --> 00:00:02,500\n{}\n"
ASS = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0
Style: Sign,Arial,16,&Hffffff,&Hffffff,&H0,&H0,-1,0,0,0,100,100,0,0,1,1,0,8,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
{}
"""


def only(text, kind="srt"):
    (cue,) = cues_of_text(text, kind=kind)
    return cue


def said(line, style="Default", kind="Dialogue"):
    return ASS.format(f"{kind}: 0,0:00:01.00,0:00:02.50,{style},,0,0,0,,{line}")


def test_times_and_words():
    assert only(SRT.format("Hello")) == Cue(1.0, 2.5, ((Run("Hello"),),))


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("a <i>b</i> c", (Run("a "), Run("b", italic=True), Run(" c"))),
        ("<b>a</b><u>b</u>", (Run("a", bold=True), Run("b", underlined=True))),
        ('<font color="#ff0000">red</font> hot', (Run("red hot"),)),
        ("{\\i1}x{\\i0} y", (Run("x", italic=True), Run(" y"))),
        ("A & B < C", (Run("A & B < C"),)),
        ("<i> </i>x", (Run("x"),)),
    ],
)
def test_style_without_marks(written, runs):
    assert only(SRT.format(written)).lines == (runs,)


def test_lines_are_kept_and_empty_ones_go():
    assert only(SRT.format("one \n  two\n")).text == "one\ntwo"
    assert cues_of_text(SRT.format("<i></i>"), kind="srt") == ()


@pytest.mark.parametrize(
    ("mark", "place"),
    [("{\\an8}", "top"), ("{\\an5}", "middle"), ("{\\an2}", "bottom"), ("{\\a6}", "top"), ("{\\a10}", "middle"),
     ("", "bottom")],
)  # fmt: skip
def test_where_it_stands(mark, place):
    cue = only(SRT.format(f"{mark}words"))
    assert (cue.place, cue.text) == (place, "words")


def test_ass_styles_count():
    cue = only(said("a{\\r}b\\Nc\\hd\\ne", style="Sign"), "ass")
    assert cue.place == "top"
    assert cue.lines == ((Run("ab", bold=True),), (Run("c d e", bold=True),))


@pytest.mark.parametrize(
    "line",
    ["{\\p1}m 0 0 l 100 0 100 100 0 100{\\p0}", "{\\pos(20,30)}SHOP", "{\\move(0,0,9,9)}CAR"],
    ids=["drawing", "sign", "moving sign"],
)
def test_what_only_decorates_is_left_out(line):
    assert cues_of_text(said(line), kind="ass") == ()


def test_comments_are_not_read_out():
    assert cues_of_text(said("note to self", kind="Comment"), kind="ass") == ()


def test_vtt_without_notes_names_styles_and_entities():
    text = (
        "WEBVTT - by somebody\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.500 line:0 align:start\n"
        "<v Bob>A &amp; <c.yellow>B</c> &lt;3</v>\n\nNOTE\nnot for\nreading\n\nsecond\n00:00:03.000 --> 00:00:04.000\n"
        "<00:00:03.000>one <00:00:03.500>two\n"
    )
    first, second = cues_of_text(text, kind="vtt")
    assert (first.text, first.place, first.start_seconds) == ("A & B <3", "top", 1.0)
    assert (second.text, second.place) == ("one two", "bottom")


def test_cues_come_in_order_of_time():
    text = "1\n00:00:05,000 --> 00:00:06,000\nlater\n\n2\n00:00:01,000 --> 00:00:02,000\nsooner\n"
    assert [cue.text for cue in cues_of_text(text, kind="srt")] == ["sooner", "later"]


def test_a_cue_that_ends_before_it_begins_is_left_out():
    assert cues_of_text("1\n00:00:05,000 --> 00:00:04,000\nnever\n", kind="srt") == ()
