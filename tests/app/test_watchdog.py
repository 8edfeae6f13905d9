"""The watchdog notices what a person would: a blocked window, and who blocks it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.watchdog import PAINTED, FirstPaint, Lateness, Stalls, Watchdog

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def watchdog(qapp):
    made = Watchdog().start()
    yield made
    made.stop()


def block_the_window(seconds):
    time.sleep(seconds)


def test_an_idle_loop_is_served_in_time(qtbot, watchdog):
    qtbot.wait(300)
    seen = watchdog.take()
    assert seen.count > 10
    assert seen.p50 < 5.0


def test_a_blocked_loop_is_late_by_the_time_it_was_blocked(qtbot, watchdog):
    QTimer.singleShot(30, lambda: block_the_window(0.12))
    qtbot.wait(300)
    assert 100.0 < watchdog.take().most < 400.0
    qtbot.wait(100)
    assert watchdog.take().most < 100.0, "every stretch begins anew"


def test_work_and_waiting_are_told_apart(qtbot, watchdog):
    QTimer.singleShot(20, lambda: block_the_window(0.1))
    qtbot.wait(200)
    waited = watchdog.take()
    QTimer.singleShot(20, lambda: sum(number * number for number in range(2_000_000)))
    qtbot.wait(400)
    worked = watchdog.take()
    assert waited.own < 50.0 < waited.most
    assert worked.own > 50.0


def test_another_thread_that_holds_pythons_lock_is_noticed(qtbot, watchdog):
    """A long call into C that does not give it up, as sorting is."""
    numbers = list(range(3_000_000, 0, -1))
    numbers[::2] = reversed(numbers[::2])
    worker = threading.Thread(target=numbers.sort)
    QTimer.singleShot(20, worker.start)
    qtbot.wait(200)
    worker.join()
    qtbot.wait(30)
    assert watchdog.take().most > 20.0


def test_who_blocks_the_window_is_written_down_once(qtbot, watchdog, caplog):
    caplog.set_level(logging.INFO)
    stalls = Stalls(watchdog)
    stalls.start()
    QTimer.singleShot(20, lambda: block_the_window(0.5))
    qtbot.wait(700)
    stalls.end()
    stalls.join(2)
    told = [record.getMessage() for record in caplog.records if "does not answer" in record.getMessage()]
    assert len(told) == 1
    assert "block_the_window" in told[0]
    assert any("ms late" in record.getMessage() for record in caplog.records)


def test_the_first_paint_is_told_once(qtbot, caplog):
    caplog.set_level(logging.INFO)
    window = QWidget()
    qtbot.addWidget(window)
    FirstPaint(window)
    window.show()
    qtbot.waitUntil(lambda: any(PAINTED in record.getMessage() for record in caplog.records), timeout=5000)
    window.repaint()
    qtbot.wait(50)
    assert sum(PAINTED in record.getMessage() for record in caplog.records) == 1


def test_shares_of_delays():
    assert Lateness.of([]) == Lateness(0, 0.0, 0.0, 0.0, 0.0)
    assert Lateness.of(range(200), [3.0, 7.0]) == Lateness(200, 100, 198, 199, 7.0)


def test_the_programs_own_start_imports_nothing_heavy():
    """One start as `tests/app/startup_time.py` measures several; how fast it is, is judged on a quiet machine."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "app" / "startup_time.py"), "--times", "1"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "imported before: nothing heavy" in done.stdout, done.stdout + done.stderr
