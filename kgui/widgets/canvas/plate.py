"""A small panel over the canvas, in the colours of nodes: it can be told from the ground."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QFrame, QWidget

from kgui.widgets.canvas.geometry import CORNER
from kgui.widgets.theme import Theme


class Plate(QFrame):
    """Takes the mouse between its fields, so that the canvas beneath hears nothing of it."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's: a rounded card with an edge in the colour of what is active."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.accent, 1.5))
        painter.setBrush(self.theme.card)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, CORNER, CORNER)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt's: taken."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt's: taken."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's: taken."""
        event.accept()
