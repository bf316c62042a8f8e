"""Tells the user of a fault inside the program, without standing in the way."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from kgui.language import tr
from kgui.widgets.notices import NoticeBar, Offer


class FaultNotice(QObject):
    """May be called from any thread; the notice appears in the GUI thread."""

    _heard = Signal(str)

    def __init__(self, notices: NoticeBar, report: Callable[[], str]) -> None:
        super().__init__(notices)
        self._notices, self._report = notices, report
        self._heard.connect(self._show)

    def hear(self, summary: str) -> None:
        """A fault was logged; `summary` is its one line."""
        self._heard.emit(summary)

    def _show(self, summary: str) -> None:
        sentence = tr("Something went wrong inside kgui. Your work is still here: save it.")
        self._notices.tell(sentence, "error", Offer(tr("Copy report"), self._copy))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report())
