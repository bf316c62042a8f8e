"""The notice bar."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kgui.widgets import theme
from kgui.widgets.fault_notice import FaultNotice
from kgui.widgets.notices import MOST_NOTICES, NoticeBar, Offer


@pytest.fixture
def bar(qtbot: QtBot) -> NoticeBar:
    made = NoticeBar(theme.light())
    qtbot.addWidget(made)
    return made


def test_a_notice_can_be_closed(bar: NoticeBar) -> None:
    assert bar.isHidden()
    notice = bar.tell("Saved.")
    assert not bar.isHidden()
    notice.close_button.click()
    assert bar.texts() == []
    assert bar.isHidden()


def test_an_offer_is_taken_once(bar: NoticeBar) -> None:
    taken: list[str] = []
    notice = bar.tell("Failed.", "error", Offer("Show", lambda: taken.append("shown")))
    notice.buttons[0].click()
    assert taken == ["shown"]
    assert bar.texts() == []


def test_the_same_sentence_stands_once_and_only_the_latest_stay(bar: NoticeBar) -> None:
    for text in ("a", "b", "a"):
        bar.tell(text)
    assert bar.texts() == ["b", "a"]
    for number in range(10):
        bar.tell(str(number))
    assert bar.texts() == ["7", "8", "9"]
    assert len(bar.notices) == MOST_NOTICES


def test_text_is_never_markup(bar: NoticeBar) -> None:
    notice = bar.tell("<img src='//evil/x'> <b>bold</b>")
    label = next(label for label in notice.findChildren(QLabel) if label.text())
    assert label.textFormat() is label.textFormat().PlainText


def test_a_storm_of_faults_is_one_notice(bar: NoticeBar, qtbot: QtBot) -> None:
    fault = FaultNotice(bar, lambda: "the report")
    for number in range(100):
        fault.hear(f"ValueError: {number}")
    qtbot.waitUntil(lambda: len(bar.texts()) == 1)
    assert "Something went wrong" in bar.texts()[0]
