"""`python main.py ask`, run as a person runs it: exit codes, what stands on stdout and stderr, Ctrl-C."""

import io
import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from films import cut_short, make_film, make_sound

import main
from engine.asking import CUT_SHORT
from engine.record_text import clock
from engine.terminal.interrupt import stopped_by_ctrl_c
from engine.time_range import read_range

ROOT = Path(__file__).parents[1]
QUESTION = "When does the square appear?"


@pytest.fixture
def ask(capsys):
    """Call the command line in this process; returns (exit code, stdout, stderr)."""

    def call(*arguments):
        try:
            code = main.main(["ask", *map(str, arguments)])
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def one_sentence(text):
    return len(text.splitlines()) == 1 and text.endswith(".\n") and "Traceback" not in text


def test_json_is_one_object_and_nothing_else(short_film, small_tempo):
    command = [
        sys.executable,
        "main.py",
        "ask",
        short_film,
        QUESTION,
        "--model",
        small_tempo,
        "--frames",
        "8",
        "--json",
    ]
    done = subprocess.run([*command, "--budget", "60"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["question"] == QUESTION
    assert record["budget"]["limit"] == 60
    assert record["video"]["frames_sampled"] == 8
    assert sum(segment["tokens"] for segment in record["segments"]) == record["budget"]["used"] <= 60


def test_the_answer_stands_on_stdout_and_figures_on_stderr(ask, short_film, small_tempo):
    code, out, err = ask(
        short_film, QUESTION, "--model", small_tempo, "--frames", 8, "--budget", 60, "--range", "0:02-0:10"
    )
    assert code == 0
    assert out.strip()
    note, *cut, figures = err.splitlines()
    assert note == "Note: Only 8 frames were taken, one every 1.0 s."
    assert set(cut) <= {f"Note: {CUT_SHORT}"}
    assert one_sentence(figures + "\n")
    assert "of 60 tokens" in figures


def test_several_questions_are_answered_one_after_the_other(ask, short_film, small_tempo, tmp_path):
    listed = tmp_path / "questions.txt"
    listed.write_bytes("\ufeffIs there a circle?\r\n\r\n  What moves?  \n".encode())
    code, out, err = ask(short_film, QUESTION, "--questions", listed, "--model", small_tempo, "--json")
    assert (code, err) == (0, "")
    several = [json.loads(line) for line in out.splitlines()]
    assert [one["question"] for one in several] == [QUESTION, "Is there a circle?", "What moves?"]
    code, out, _ = ask(short_film, "--questions", listed, "--model", small_tempo)
    assert code == 0
    assert out.startswith("Is there a circle?\n\n")
    assert "\n\nWhat moves?\n\n" in out
    assert several[1]["answer"] in out


def test_questions_come_from_standard_input_too(ask, short_film, small_tempo, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"\ufeff{QUESTION}\n".encode())))
    code, out, _ = ask(short_film, "--questions", "-", "--model", small_tempo, "--json")
    assert code == 0
    assert json.loads(out)["question"] == QUESTION
    assert out.count("\n") == 1, "whatever reads a file's answers reads them line by line"


def test_questions_stand_anywhere_among_options(ask, short_film, small_tempo):
    calls = (["--json", QUESTION], [QUESTION, "--budget", "60", "--json", "What moves?"])
    for words in calls:
        code, out, err = ask(short_film, "--model", small_tempo, *words)
        assert (code, err) == (0, ""), words
        assert f'"question": "{QUESTION}"' in out


def test_an_empty_question_among_others_is_told_before_any_is_asked(ask, short_film, small_tempo):
    code, out, err = ask(short_film, QUESTION, " ", "What moves?", "--model", small_tempo)
    assert (code, out) == (2, "")
    assert one_sentence(err)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfeno"])
def test_a_file_without_questions_exits_2_with_one_sentence(ask, short_film, small_tempo, tmp_path, content):
    listed = tmp_path / "questions.txt"
    if content is not None:
        listed.write_bytes(content)
    code, out, err = ask(short_film, "--questions", listed, "--model", small_tempo)
    assert (code, out) == (2, "")
    assert one_sentence(err)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["film.mp4"],
        ["film.mp4", "When?", "--range", "12"],
        ["film.mp4", "When?", "--range", "34-12"],
        ["film.mp4", "When?", "--range", "0:75-2:00"],
        ["film.mp4", "When?", "--range", "nan-inf"],
        ["film.mp4", "When?", "--fps", "nan"],
        ["film.mp4", "When?", "--budget", "0"],
        ["film.mp4", "When?", "--frames", "few"],
        ["film.mp4", "When?", "--nonsense"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_exits_2_with_one_sentence(ask, wrong):
    code, out, err = ask(*wrong)
    assert (code, out) == (2, "")
    assert one_sentence(err)


def written(path, content):
    path.write_bytes(content)
    return path


NO_FILMS = {
    "missing": (lambda folder: folder / "nowhere.mp4", "There is no file at"),
    "a folder": (lambda folder: folder, "is a folder, not a film"),
    "empty": (lambda folder: written(folder / "film.mp4", b""), "is empty"),
    "text called a film": (lambda folder: written(folder / "film.mp4", b"not a film\n" * 50), "is not a film"),
    "text": (lambda folder: written(folder / "notes.txt", b"not a film\n" * 50), "not a film"),
    "sound only": (lambda folder: make_sound(folder / "song.m4a"), "holds sound but no picture"),
    "truncated": (lambda folder: cut_short(make_film(folder / "film.mp4"), share=0.5), "is incomplete"),
}


@pytest.mark.parametrize("kind", NO_FILMS)
def test_a_film_that_cannot_be_read_exits_3_with_one_sentence(ask, tmp_path, kind):
    make, wanted = NO_FILMS[kind]
    code, out, err = ask(make(tmp_path), QUESTION, "--json")
    assert (code, out) == (3, "")
    assert len(err.splitlines()) == 1
    assert wanted in err
    assert "Traceback" not in err


def test_more_segments_than_budget_exits_2_and_says_what_to_change(ask, short_film, small_tempo):
    code, out, err = ask(short_film, QUESTION, "--model", small_tempo, "--budget", 5)
    assert (code, out) == (2, "")
    assert "6 segments" in err
    assert "Raise the budget to 6 or more, sample fewer frames, or ask about a shorter range." in err


def test_a_model_that_cannot_be_had_exits_4_with_one_sentence(ask, short_film, tmp_path):
    code, out, err = ask(short_film, QUESTION, "--model", tmp_path / "nowhere")
    assert (code, out) == (4, "")
    assert one_sentence(err)


def test_an_empty_question_exits_2(ask, short_film, small_tempo):
    code, out, err = ask(short_film, "", "--model", small_tempo)
    assert (code, out) == (2, "")
    assert one_sentence(err)


@pytest.fixture
def interruptible():
    """A shell's background jobs ignore Ctrl+C, and so would whatever they start; here nothing does."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_exits_130_with_one_word(short_film, tiny_tempo):
    command = [sys.executable, "main.py", "ask", str(short_film), QUESTION, "--model", str(tiny_tempo)]
    command += ["--max-new-tokens", "8192"]  # not over before the signal comes
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.read(1)  # it has begun to answer
    process.send_signal(signal.SIGINT)
    pressed = time.monotonic()
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert told == "Stopped.\n"
    assert time.monotonic() - pressed < 20  # most of it is Python ending


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_that_nobody_sees_stops_all_the_same():
    with stopped_by_ctrl_c() as token:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert token.cancelled
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_something_unexpected_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setitem(main.COMMANDS, "ask", (main.ask_parser, lambda _: 1 / 0))
    assert main.main(["ask", "film.mp4", "When?"]) == 1
    assert one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12-34", (12, 34)),
        ("0:12-0:34", (12, 34)),
        ("1:02:03.5-1:05:00", (3723.5, 3900)),
        ("3723-3730.25", (3723, 3730.25)),
        ("90:00-91:00", (5400, 5460)),
    ],
)
def test_ranges_are_read_as_people_write_them(text, wanted):
    assert read_range(text) == wanted


@pytest.mark.parametrize(
    ("seconds", "wanted"), [(0, "0:00.0"), (62.04, "1:02.0"), (59.96, "1:00.0"), (3723.5, "1:02:03.5")]
)
def test_clock_never_shows_sixty(seconds, wanted):
    assert clock(seconds) == wanted


@pytest.fixture
def index(capsys):
    """Call `index` in this process; returns (exit code, stdout, stderr)."""

    def call(*arguments):
        try:
            code = main.main(["index", *map(str, arguments)])
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_index_makes_ready_lists_and_clears(index, short_film, small_tempo):
    code, out, err = index(short_film, "--model", small_tempo)
    assert (code, err) == (0, "")
    assert out.startswith("6 of 6 segments ready (3 batches), ")
    assert index(short_film, "--model", small_tempo)[1].startswith("6 of 6 segments ready (nothing was missing), ")
    code, out, _ = index("--list")
    first, total = out.splitlines()
    assert "6 of 6 segments" in first
    assert str(short_film) in first
    assert " of 10.0 GB in " in total
    assert index("--clear", short_film)[1].endswith("freed.\n")
    assert len(index("--list")[1].splitlines()) == 1


@pytest.mark.parametrize(("wrong", "code"), [([], 2), (["missing.mp4"], 3), (["--fps", "0", "film.mp4"], 2)])
def test_index_refuses_in_one_sentence(index, wrong, code):
    got, out, err = index(*wrong)
    assert (got, out) == (code, "")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


def test_keyframes_and_8_bits_are_taken_at_their_word(ask, index, small_tempo, tmp_path):
    film = make_film(tmp_path / "gop.mp4", frames=144, gop=9)  # keyframes off the samples
    code, out, err = ask(film, QUESTION, "--model", small_tempo, "--budget", 60, "--keyframes", "--prefix8")
    assert code == 0
    assert out.strip()
    assert "Inexact, as asked" in err
    assert "6 of 6 segments" in index("--list")[1]
    index("--clear")
    index(film, "--model", small_tempo)
    exact = index("--list")[1].split()[2]
    index("--clear")
    index(film, "--model", small_tempo, "--prefix8")
    assert float(index("--list")[1].split()[2]) < 0.5 * float(exact)


def test_a_film_is_found_again_by_a_relative_name(index, short_film, small_tempo, monkeypatch):
    monkeypatch.chdir(short_film.parent)
    assert index(short_film.name, "--model", small_tempo)[1].startswith("6 of 6 segments ready")
    assert index("--clear", short_film.name)[1] != "0 bytes freed.\n"
