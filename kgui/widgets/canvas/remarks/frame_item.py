"""A frame on the scene: a title bar to hold it by, edges to pull, and an open middle."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsRectItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from kgui.graph.framing import TITLE_HEIGHT
from kgui.graph.project import Frame
from kgui.graph.remarks import settled_rectangle
from kgui.language import tr
from kgui.widgets.canvas.geometry import CORNER, MARGIN
from kgui.widgets.canvas.node_item import ACCESSIBLE_NAME
from kgui.widgets.canvas.remarks.colours import frame_colour
from kgui.widgets.theme import Theme, font

GRIP_PIXELS = 6.0
"""How near to an edge it is taken hold of."""
LARGEST = 1e13
Grip = tuple[int, int]
"""Which edges are held: -1 is left or top, 1 right or bottom, 0 neither."""


class FrameItem(QGraphicsRectItem):
    """Shows one frame behind wires and nodes."""

    def __init__(self, frame: Frame, theme: Theme) -> None:
        super().__init__()
        self.frame_id = frame.id
        self.title_hidden = False
        """Whether the title makes way for the field in which it is typed."""
        self.setPen(Qt.PenStyle.NoPen)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self._theme = theme
        self._size = QRectF()
        self.show_frame(frame)

    def show_frame(self, frame: Frame) -> None:
        """Show what the document says."""
        self.title, self.colour = frame.title, frame.colour
        self.place(QRectF(*settled_rectangle(frame.rectangle)))
        self.setData(ACCESSIBLE_NAME, tr("Frame {title}").format(title=frame.title).strip())
        self.update()

    def place(self, area: QRectF) -> None:
        """Stand somewhere on screen; the document does not hear of it."""
        self.setPos(area.topLeft())
        if area.size() != self._size.size():
            self._size = QRectF(QPointF(), area.size())
            self.setRect(self._size.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
            # The smaller lies on the larger, so that a frame within another can be seen.
            self.setZValue(-1 - min(area.width() * area.height() / LARGEST, 1))

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def hide_title(self, *, hidden: bool) -> None:
        """Make way for the field in which the title is typed."""
        self.title_hidden = hidden
        self.update()

    @property
    def area(self) -> QRectF:
        """The rectangle, in scene coordinates."""
        return self._size.translated(self.pos())

    @property
    def title_bar(self) -> QRectF:
        """The strip with the title, in scene coordinates."""
        area = self.area
        area.setHeight(TITLE_HEIGHT)
        return area

    def grip(self, position: QPointF, zoom: float) -> Grip:
        """The edges that a point of the scene is near to; (0, 0) where it is at none."""
        reach = GRIP_PIXELS / zoom
        area = self.area
        if not area.adjusted(-reach, -reach, reach, reach).contains(position):
            return 0, 0
        return (
            _side(position.x(), area.left(), area.right(), reach),
            _side(position.y(), area.top(), area.bottom(), reach),
        )

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,  # Qt's signature
    ) -> None:
        """Draw the ground, the title bar and the edge."""
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        colour = frame_colour(self._theme, self.colour)
        outline = QPainterPath()
        outline.addRoundedRect(self._size, CORNER, CORNER)
        strip = QPainterPath()
        strip.addRect(QRectF(0, 0, self._size.width(), TITLE_HEIGHT))
        painter.fillPath(outline, _veil(colour, 0.1))
        painter.fillPath(outline.intersected(strip), _veil(colour, 0.22))
        edge, width = (self._theme.accent, 2.0) if self.isSelected() else (_veil(colour, 0.7), 1.2)
        painter.setPen(QPen(edge, max(width, 1.0 / zoom)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        self._paint_corner(painter, edge)
        if not self.title_hidden:
            self._paint_title(painter, zoom)

    def _paint_title(self, painter: QPainter, zoom: float) -> None:
        """In letters that can be read from farther off than those on nodes."""
        letters = font(min(max(14.0, 11.0 / zoom), 26.0), bold=True)
        room = self._size.width() - 24
        text = QFontMetricsF(letters).elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.setFont(letters)
        painter.setPen(self._theme.text)
        bar = QRectF(12, 0, room + 12, TITLE_HEIGHT)
        painter.drawText(bar, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_corner(self, painter: QPainter, colour: QColor) -> None:
        """Two strokes at the corner that is pulled to make the frame larger."""
        corner = self._size.bottomRight()
        painter.setPen(QPen(colour, 1.5, c=Qt.PenCapStyle.RoundCap))
        for length in (6.0, 11.0):
            painter.drawLine(corner - QPointF(length + 3, 4), corner - QPointF(4, length + 3))


def _side(value: float, low: float, high: float, reach: float) -> int:
    if abs(value - high) <= reach:
        return 1
    return -1 if abs(value - low) <= reach else 0


def _veil(colour: QColor, opacity: float) -> QColor:
    result = QColor(colour)
    result.setAlphaF(opacity)
    return result
