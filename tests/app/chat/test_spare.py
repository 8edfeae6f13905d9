"""The next question's widgets: ready before it is asked, used once, made anew in other colours."""

from app.theme import DARK


def test_one_is_ready_and_the_next_question_stands_in_it(on_film, qtbot):
    window = on_film()
    spare = window.chat._turns._spare
    qtbot.waitUntil(lambda: spare.ready, timeout=5000)
    waiting = spare._turn
    assert not waiting.isVisible()
    assert waiting not in window.chat.turns
    window.ask("When does the dog appear?")
    assert window.chat.turns == (waiting,)
    assert waiting.isVisible()
    assert waiting.exchange.question == "When does the dog appear?"
    assert waiting.exchange.number == 1
    qtbot.waitUntil(lambda: spare.ready and spare._turn is not waiting, timeout=5000)


def test_a_question_asked_before_one_is_ready_is_asked_all_the_same(on_film, qtbot):
    window = on_film()
    window.chat._turns._spare.discard()
    window.ask("When?")
    assert [turn.exchange.question for turn in window.chat.turns] == ["When?"]


def test_other_colours_make_another(on_film, qtbot):
    window = on_film()
    spare = window.chat._turns._spare
    qtbot.waitUntil(lambda: spare.ready, timeout=5000)
    before = spare._turn
    window.chat.apply_palette(DARK)
    qtbot.waitUntil(lambda: spare.ready, timeout=5000)
    assert spare._turn is not before
