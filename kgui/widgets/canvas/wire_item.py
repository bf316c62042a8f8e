"""A wire on the scene, painted by Qt alone, and the label with the shape of what flows in it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from kgui.graph.project import Wire
from kgui.widgets.canvas.geometry import distance, wire_middle, wire_path
from kgui.widgets.canvas.painter import label_colours
from kgui.widgets.theme import Theme, font

WIDTH = 2.6
SELECTED_WIDTH = 4.0
LIT_WIDTH = 6.0


class WireItem(QGraphicsPathItem):
    """Shows one wire of the document."""

    def __init__(self, wire: Wire, theme: Theme, layer: QGraphicsItem) -> None:
        super().__init__()
        self.wire = wire
        self.label_text = ""
        self._length = 0.0
        self._hidden = False
        self._layer = layer
        self._label: WireLabel | None = None
        self._selected = False
        self.is_lit = False
        self.dress(theme)

    def mark_selected(self, *, selected: bool) -> None:
        """Look selected; Qt's own selection would draw a dashed box around the wire."""
        if selected != self._selected:
            self._selected = selected
            self.dress(self._theme)

    def mark_lit(self, *, lit: bool) -> None:
        """Glow, because what is carried over the wire would go into it."""
        if lit != self.is_lit:
            self.is_lit = lit
            self.dress(self._theme)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme, and those of the selection where selected."""
        self.setZValue(0.5 if self._selected or self.is_lit else 0)
        pen = wire_pen(theme, selected=self._selected or self.is_lit)
        if self.is_lit:
            pen.setWidthF(LIT_WIDTH)
        self.setPen(pen)
        self._theme = theme
        if self._label is not None:
            self._label.theme = theme
            self._label.update()

    def lay(self, start: QPointF, end: QPointF) -> None:
        """Go from an output at `start` to an input at `end`."""
        self.setPath(wire_path(start, end))
        self._length = distance(start, end)
        self._place_label()

    def show_label(self, text: str) -> None:
        """Name the shape that flows here; "" where it is not known."""
        if text == self.label_text:
            return
        self.label_text = text
        self.drop_label()
        if text:
            self._label = WireLabel(text, self._theme, self._layer)
            self._place_label()

    def hide_wire(self, *, hidden: bool) -> None:
        """Make way for the wire's loose end while that is dragged."""
        self._hidden = hidden
        self.setVisible(not hidden)
        self._place_label()

    def drop_label(self) -> None:
        """Take the label off the scene; it is not a child of the wire."""
        if self._label is not None:
            scene = self._label.scene()
            if scene is not None:
                scene.removeItem(self._label)
            self._label = None

    def _place_label(self) -> None:
        """Where the wire is long enough for it and not hidden."""
        if self._label is not None:
            has_room = self._length >= self._label.rect().width() + 16
            self._label.setPos(wire_middle(self.path()))
            self._label.setVisible(has_room and not self._hidden)


class WireLabel(QGraphicsRectItem):
    """A shape in a small plate around the item's position."""

    def __init__(self, text: str, theme: Theme, layer: QGraphicsItem) -> None:
        super().__init__(layer)
        self.theme = theme
        self._text = text
        self._font = font(10)
        metrics = QFontMetricsF(self._font)
        width, height = metrics.horizontalAdvance(text) + 10, metrics.height() + 2
        self.setRect(QRectF(-width / 2, -height / 2, width, height))
        self.setPen(Qt.PenStyle.NoPen)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # Qt's signature
        widget: QWidget | None = None,  # Qt's signature
    ) -> None:
        """Draw the plate and its text."""
        ground, edge, ink = label_colours(self.theme)
        rectangle = self.rect().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(rectangle, 7, 7)
        painter.setPen(ink)
        painter.setFont(self._font)
        painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, self._text)


def wire_pen(theme: Theme, *, selected: bool = False) -> QPen:
    """The line of a wire."""
    colour, width = (theme.accent, SELECTED_WIDTH) if selected else (theme.wire, WIDTH)
    return QPen(colour, width, c=Qt.PenCapStyle.RoundCap)
