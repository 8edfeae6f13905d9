"""The way back: every jump is one step, a row of small steps is one."""

from app.player.history import History


def test_undo_goes_back_and_redo_forth():
    history = History()
    history.note(1.0, now=0.0)
    history.note(20.0, now=0.5)
    assert history.undo(50.0) == 20.0
    assert history.undo(20.0) == 1.0
    assert history.undo(1.0) is None
    assert history.redo(1.0) == 20.0
    assert history.redo(20.0) == 50.0
    assert history.redo(50.0) is None


def test_steps_in_a_row_are_one_move_and_a_pause_begins_another():
    history = History()
    for step in range(5):
        history.note(10.0 + step, now=step * 0.5, stepping=True)
    history.note(15.0, now=9.0, stepping=True)
    assert history.undo(16.0) == 15.0
    assert history.undo(15.0) == 10.0


def test_jumps_in_a_row_are_never_one():
    history = History()
    history.note(1.0, now=0.0, stepping=True)
    history.note(2.0, now=0.1)
    history.note(3.0, now=0.2, stepping=True)
    assert [history.undo(9.0) for _ in range(3)] == [3.0, 2.0, 1.0]


def test_a_new_jump_forgets_what_could_be_redone():
    history = History()
    history.note(1.0, now=0.0)
    history.undo(2.0)
    history.note(1.0, now=5.0)
    assert history.redo(7.0) is None
