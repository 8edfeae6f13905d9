"""The message bar: what it shows is heard as well."""

import pytest
from PySide6.QtGui import QAccessible

from app.bars import MessageBar
from app.theme import DARK

POLITE, AT_ONCE = QAccessible.AnnouncementPoliteness.Polite, QAccessible.AnnouncementPoliteness.Assertive


@pytest.mark.parametrize(("good", "politeness"), [(True, POLITE), (False, AT_ONCE)])
def test_a_message_is_given_to_screen_readers(qapp, qtbot, monkeypatch, good, politeness):
    heard = []
    monkeypatch.setattr(
        "app.announcing.QAccessible.updateAccessibility",
        lambda event: heard.append((event.message(), event.politeness())),
    )
    bar = MessageBar(DARK)
    qtbot.addWidget(bar)
    bar.say("The film is damaged.", "Open another one.", good=good)
    assert heard == [("The film is damaged. Open another one.", politeness)]
