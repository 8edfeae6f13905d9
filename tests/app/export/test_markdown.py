"""The conversation as a file: times, evidence, facts, nothing the model wrote becomes markup."""

from dataclasses import replace

import pytest
from scripted import ScriptedSession

from app.conversation import Conversation, Exchange, Outcome
from app.export.dialog import content
from app.export.markdown import write_markdown
from app.saving import save
from engine.cancel import CancelToken


@pytest.fixture
def answer(film):
    session = ScriptedSession()
    session.open(film, lambda event: None)
    return session.ask("When does the apple appear?", emit=lambda event: None, cancel=CancelToken())


def answered(answer, number=1):
    return Exchange(number, answer.question, Outcome.ANSWERED, answer.text, answer)


def test_everything_is_there(answer):
    text = write_markdown(Conversation(answer.video, (answered(answer),)))
    assert text.startswith("# numbered.mp4\n")
    assert "## 1. When does the apple appear?" in text
    assert (
        "The red apple appears at 9.0 seconds [0:08.0], and a bicycle follows at 999.0 seconds [unsupported]." in text
    )
    assert f"| 1 | 0:08.0 – 0:10.0 | 8 | {answer.scores[4]:.2f} | named in the answer |" in text
    assert "> “999.0 seconds” lies outside the part of the film" in text
    assert f"{answer.allocation.used} of 40 tokens, 1 to 8 a segment" in text
    assert "Model nano on cpu, fp32" in text
    assert f"> {answer.notes[0]}" in text


def test_stopped_and_failed_questions_say_so(answer):
    exchanges = (Exchange(1, "One?", Outcome.STOPPED, "The app", message="Stopped."),
                 Exchange(2, "Two?", Outcome.FAILED, message="No memory left."))  # fmt: skip
    text = write_markdown(Conversation(answer.video, exchanges))
    assert "The app\n\n*Stopped.*" in text
    assert "*No memory left.*" in text


def test_what_the_model_wrote_is_no_markup(answer):
    evil = replace(answer, text="# not a title <b>bold</b> [x](y) | cell", citations=(), evidence=())
    text = write_markdown(Conversation(answer.video, (answered(evil),)))
    assert "### not a title \\<b\\>bold\\</b\\> x (y) \\| cell" in text


def test_saving_tells_what_happened(answer, tmp_path):
    conversation = Conversation(answer.video, (answered(answer),))
    path, lost = tmp_path / "out.md", tmp_path / "no such folder" / "out.md"
    assert save(path, lambda: content(conversation, path), "The conversation") == ("Saved out.md.", True)
    assert path.read_text(encoding="utf-8") == write_markdown(conversation)
    message, _ = save(lost, lambda: content(conversation, lost), "The conversation")
    assert message.startswith("The conversation could not be saved")
