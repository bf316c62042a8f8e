"""A sentence beside the pointer: why a wire may not end where it is."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from kgui.widgets.theme import Theme

OFFSET = QPoint(16, 20)


class Hint(QLabel):
    """Plain text on a plate over the canvas; the mouse goes through it."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_hint")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)
        self._room = parent.rect
        self.dress(theme)
        self.hide()

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(
            f"background: {theme.card.name()}; color: {theme.text.name()};"
            f"border: 1px solid {theme.error.name()}; border-radius: 5px; padding: 5px 8px;"
        )

    def show_text(self, text: str, pixel: QPoint) -> None:
        """Show a sentence beside a point of the parent, inside it; "" hides it."""
        if not text:
            self.clear()
            self.hide()
            return
        self.setText(text)
        one_line = self.fontMetrics().horizontalAdvance(text) + 24
        self.setFixedWidth(min(one_line, 320))
        self.adjustSize()
        room = self._room()
        place = pixel + OFFSET
        place.setX(max(0, min(place.x(), room.width() - self.width() - 4)))
        if place.y() + self.height() > room.height() - 4:
            place.setY(pixel.y() - self.height() - 8)
        self.move(place)
        self.show()
        self.raise_()
