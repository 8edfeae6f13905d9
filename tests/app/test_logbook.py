"""The log: what goes wrong is in the file, and a folder that cannot be written stops nothing."""

import logging

from PySide6.QtCore import qWarning

from app import logbook


def test_our_news_and_qts_warnings_are_written(tmp_path, monkeypatch, qtlog):
    monkeypatch.setenv("TEMPO_DESK_CACHE", str(tmp_path))
    with logbook.logbook():
        logging.getLogger("app.somewhere").info("a film was opened")
        logging.getLogger("engine.elsewhere").warning("it went wrong", exc_info=ValueError("why"))
        qWarning("Qt is not amused")
    text = (tmp_path / "log" / "window.log").read_text()
    for words in ("a film was opened", "it went wrong", "ValueError: why", "Qt is not amused"):
        assert words in text
    assert not [h for h in logging.getLogger().handlers if isinstance(h, logging.handlers.QueueHandler)]


def test_without_a_place_to_write_the_program_runs_on(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TEMPO_DESK_CACHE", str(tmp_path / "file"))
    ran = []
    with logbook.logbook():
        ran.append(True)
    assert ran
