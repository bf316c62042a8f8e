"""A note on the scene: plain text on a slip of paper that is as large as the text."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF, QStaticText, QTextOption
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsRectItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from kgui.graph.project import Note
from kgui.language import tr
from kgui.widgets.canvas.geometry import MARGIN
from kgui.widgets.canvas.node_item import ACCESSIBLE_NAME
from kgui.widgets.theme import Theme, font, mixed

PADDING = 10.0
WIDTH = 240.0
"""Room for text; long texts get twice as much, so that they stay lower than they are wide."""
LONG_TEXT = 600
LETTERS = 13
FOLD = 12.0
"""Side of the corner that is folded over."""
TEXT_ZOOM = 0.3
"""Below this zoom the text cannot be read."""


class NoteItem(QGraphicsRectItem):
    """Shows one note between wires and nodes."""

    def __init__(self, note: Note, theme: Theme) -> None:
        super().__init__()
        self.note_id = note.id
        self.setZValue(1.5)
        self.setPen(Qt.PenStyle.NoPen)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self._theme = theme
        self.show_note(note)

    def show_note(self, note: Note) -> None:
        """Show what the document says."""
        self.text = note.text
        self._layout = laid_out(note.text)
        size = self._layout.size() + QSizeF(2 * PADDING + FOLD / 2, 2 * PADDING)
        self._size = QRectF(QPointF(), size)
        self.setRect(self._size.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        self.setPos(*note.position)
        self.setData(ACCESSIBLE_NAME, tr("Note: {text}").format(text=note.text))
        self.update()

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    @property
    def area(self) -> QRectF:
        """The slip of paper, in scene coordinates."""
        return self._size.translated(self.pos())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,  # Qt's signature
    ) -> None:
        """Draw paper, folded corner and text."""
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        theme, corner = self._theme, self._size.topRight()
        paper = mixed(theme.card, theme.warning, 0.16)
        edge = mixed(theme.border, theme.warning, 0.4)
        selected = self.isSelected()
        painter.setPen(QPen(theme.accent if selected else edge, 2.0 if selected else 1.0))
        painter.setBrush(paper)
        below, before = corner + QPointF(0, FOLD), corner - QPointF(FOLD, 0)
        rest = [self._size.bottomRight(), self._size.bottomLeft(), self._size.topLeft()]
        painter.drawPolygon(QPolygonF([before, below, *rest]))
        painter.setBrush(edge)
        painter.drawPolygon(QPolygonF([before, below, QPointF(before.x(), below.y())]))
        if zoom >= TEXT_ZOOM:
            painter.setFont(font(LETTERS))
            painter.setPen(theme.text)
            painter.drawStaticText(QPointF(PADDING, PADDING), self._layout)


def laid_out(text: str) -> QStaticText:
    """The text in lines, as wide as it needs up to the width of a note."""
    # Qt's static texts know no line feeds.
    layout = QStaticText(text.replace("\n", "\u2028") or " ")
    layout.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.prepare(font=font(LETTERS))
    room = WIDTH if len(text) < LONG_TEXT else 2 * WIDTH
    if layout.size().width() > room:
        layout.setTextWidth(room)
        layout.prepare(font=font(LETTERS))
    return layout
