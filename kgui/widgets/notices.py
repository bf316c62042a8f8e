"""Notices above the canvas: they tell and offer, and never stand in the way of work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kgui.language import tr
from kgui.widgets.icons import icon
from kgui.widgets.labels import plain_label
from kgui.widgets.theme import Theme, mixed

Level = Literal["information", "success", "warning", "error"]

MOST_NOTICES = 3


@dataclass(frozen=True)
class Offer:
    """A button of a notice."""

    text: str
    take: Callable[[], None]


class Notice(QFrame):
    """One sentence with its buttons."""

    def __init__(self, text: str, level: Level, offers: tuple[Offer, ...], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.text, self.level = text, level
        self._picture = QLabel()
        self._label = plain_label(text)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setObjectName("notice.close")
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(tr("Close this notice"))
        self.close_button.setAccessibleName(tr("Close this notice"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(8)
        layout.addWidget(self._picture)
        layout.addWidget(self._label, 1)
        self.buttons = [self._button(offer) for offer in offers]
        for button in self.buttons:
            layout.addWidget(button)
        layout.addWidget(self.close_button)
        self.setAutoFillBackground(True)
        self.set_theme(theme)

    def _button(self, offer: Offer) -> QPushButton:
        button = QPushButton(offer.text)
        button.setObjectName("notice.offer")
        button.clicked.connect(offer.take)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        inks = {
            "information": theme.accent,
            "success": theme.success,
            "warning": theme.warning,
            "error": theme.error,
        }
        ink = inks[self.level]
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, mixed(theme.base, ink, 0.12))
        palette.setColor(QPalette.ColorRole.WindowText, theme.text)
        self.setPalette(palette)
        self._picture.setPixmap(icon(self.level, ink, ink).pixmap(18, 18))
        self.close_button.setIcon(icon("close", theme.muted, theme.muted))


class NoticeBar(QWidget):
    """The latest notices, newest at the bottom; the same sentence is shown once."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("notices")
        self._theme = theme
        self.notices: list[Notice] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self.hide()

    def tell(self, text: str, level: Level = "information", *offers: Offer) -> Notice:
        """Show a sentence; taking an offer closes the notice."""
        for shown in self.notices:
            if (shown.text, shown.level) == (text, level):
                self.remove(shown)
                break
        while len(self.notices) >= MOST_NOTICES:
            self.remove(self.notices[0])
        notice = Notice(text, level, offers, self._theme)
        notice.close_button.clicked.connect(self._close_sender)
        for button in notice.buttons:
            button.clicked.connect(self._close_sender)
        self.notices.append(notice)
        self._layout.addWidget(notice)
        self.show()
        return notice

    def remove(self, notice: Notice) -> None:
        """Take a notice away, if it is still there."""
        if notice in self.notices:
            self.notices.remove(notice)
            self._layout.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        self.setVisible(bool(self.notices))

    def clear(self) -> None:
        """Take every notice away."""
        for notice in tuple(self.notices):
            self.remove(notice)

    def texts(self) -> list[str]:
        """The sentences shown, oldest first."""
        return [notice.text for notice in self.notices]

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        for notice in self.notices:
            notice.set_theme(theme)

    def _close_sender(self) -> None:
        button = self.sender()
        parent = button.parent() if button is not None else None
        if isinstance(parent, Notice):
            self.remove(parent)
