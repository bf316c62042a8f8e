"""How nodes and wires look: draws a Look in the colours of a theme, and knows no item."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)

from kgui.widgets.canvas.drawing import Drafting, NodeDrawing, PlacedText
from kgui.widgets.canvas.geometry import (
    CORNER,
    HEADER_HEIGHT,
    MARGIN,
    NODE_WIDTH,
    PORT_RADIUS,
    arrow,
    port_offset,
)
from kgui.widgets.canvas.looks import Look
from kgui.widgets.theme import Theme, mixed

DETAIL_ZOOM = 0.6
"""Below this zoom nodes are drawn with their type only: small text cannot be read there."""
TITLE_ZOOM = 0.25
"""Below this zoom not even the type can be read."""

DIMMED = 0.4
BYPASSED = 0.55
"""Opacity of nodes that a wire being drawn cannot end at, and of texts of bypassed ones."""

Side = Literal["input", "output"]


@dataclass(frozen=True)
class NodeState:
    """What the picture of a node depends on besides its look."""

    selected: bool = False
    focused: bool = False
    hovered: tuple[Side, int] | None = None
    lit: Side | None = None
    """While a wire is drawn: the side whose ports would take it."""
    dimmed: bool = False
    """While a wire is drawn: no port here would take it."""


class NodePainter:
    """Draws nodes in one theme, in scene units, with less detail the smaller they are."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.prepare = Drafting(theme).prepare
        """Place and cut the texts of a look: done once a change."""

    def paint(self, painter: QPainter, drawing: NodeDrawing, state: NodeState, zoom: float) -> None:
        """Draw a node at the origin; `zoom` is pixels per scene unit."""
        painter.setOpacity(DIMMED if state.dimmed else 1.0)
        self._paint_halo(painter, drawing, state, zoom)
        if zoom < DETAIL_ZOOM:
            self._paint_far(painter, drawing, state, zoom)
        else:
            self._paint_near(painter, drawing, state)
        if drawing.look.severity:
            self._paint_badge(painter, drawing, zoom)

    def _paint_halo(
        self, painter: QPainter, drawing: NodeDrawing, state: NodeState, zoom: float
    ) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if drawing.look.severity == "error":
            halo = QColor(self.theme.error)
            halo.setAlphaF(0.55 if zoom >= DETAIL_ZOOM else 0.9)
            painter.setPen(QPen(halo, min(max(8.0, 5 / zoom), 2 * MARGIN - 4)))
            painter.drawPath(drawing.outline)
        elif state.selected:
            glow = QColor(self.theme.accent)
            glow.setAlphaF(0.3 if zoom >= DETAIL_ZOOM else 0.5)
            painter.setPen(QPen(glow, min(max(11.0, 7 / zoom), 2 * MARGIN - 4)))
            painter.drawPath(drawing.outline)

    def _edge(self, drawing: NodeDrawing, state: NodeState, zoom: float) -> QPen:
        if state.selected:
            return QPen(self.theme.accent, min(max(2.0, 1.5 / zoom), 8.0))
        if drawing.look.severity == "error":
            return QPen(self.theme.error, 1.5)
        if drawing.look.bypassed:
            return QPen(self.theme.muted, min(max(1.2, 1.0 / zoom), 6.0), Qt.PenStyle.DashLine)
        return QPen(self.theme.border, 1.0)

    def _paint_far(
        self, painter: QPainter, drawing: NodeDrawing, state: NodeState, zoom: float
    ) -> None:
        readable = zoom >= TITLE_ZOOM
        if drawing.look.bypassed:
            painter.setOpacity(painter.opacity() * BYPASSED)
        painter.setPen(self._edge(drawing, state, zoom))
        painter.setBrush(self.theme.tinted(drawing.colour, 0.3 if readable else 0.6))
        if not readable:
            painter.drawRect(drawing.card)
            return
        painter.drawPath(drawing.outline)
        self._paint_text(painter, drawing.title)
        if state.lit is not None:
            self._paint_ports(painter, drawing, state)

    def _paint_near(self, painter: QPainter, drawing: NodeDrawing, state: NodeState) -> None:
        if drawing.look.is_block:
            self._paint_stack(painter, drawing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.card)
        painter.drawPath(drawing.outline)
        painter.setBrush(self.theme.tinted(drawing.colour, 0.24))
        painter.drawPath(drawing.header)
        if not drawing.look.collapsed:
            painter.fillRect(QRectF(0, HEADER_HEIGHT - 2, NODE_WIDTH, 2), drawing.colour)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._edge(drawing, state, 1.0))
        painter.drawPath(drawing.outline)
        if drawing.look.bypassed and not drawing.look.collapsed:
            self._paint_way_past(painter, drawing)
        if drawing.chip is not None:
            self._paint_chip(painter, drawing.colour, *drawing.chip)
        for text in drawing.texts:
            self._paint_text(painter, text)
        painter.setOpacity(DIMMED if state.dimmed else 1.0)
        if state.focused:
            self._paint_focus(painter, drawing)
        self._paint_ports(painter, drawing, state)

    def _paint_stack(self, painter: QPainter, drawing: NodeDrawing) -> None:
        """Two more cards behind a block's own: it holds several layers."""
        painter.setPen(QPen(self.theme.border, 1.0))
        painter.setBrush(mixed(self.theme.card, self.theme.canvas, 0.5))
        for offset in (7.0, 3.5):
            painter.translate(0, offset)
            painter.drawPath(drawing.outline)
            painter.translate(0, -offset)

    def _paint_chip(
        self, painter: QPainter, colour: QColor, room: QRectF, text: PlacedText
    ) -> None:
        painter.setPen(QPen(colour, 1.0))
        painter.setBrush(self.theme.tinted(colour, 0.4))
        painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
        self._paint_text(painter, text)

    def _paint_way_past(self, painter: QPainter, drawing: NodeDrawing) -> None:
        """The body pales, and a broken line shows that data goes past it."""
        painter.setOpacity(painter.opacity() * BYPASSED)
        painter.setPen(QPen(self.theme.wire, 2.0, Qt.PenStyle.DotLine))
        middle = drawing.card.height() / 2
        painter.drawLine(QPointF(8, middle), QPointF(NODE_WIDTH - 8, middle))

    def _paint_focus(self, painter: QPainter, drawing: NodeDrawing) -> None:
        painter.setPen(QPen(self.theme.text, 1.2, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(drawing.card.adjusted(3, 3, -3, -3), CORNER - 3, CORNER - 3)

    @staticmethod
    def _paint_text(painter: QPainter, placed: PlacedText) -> None:
        painter.setFont(placed.font)
        painter.setPen(placed.colour)
        painter.drawText(placed.baseline, placed.text)

    def _paint_ports(self, painter: QPainter, drawing: NodeDrawing, state: NodeState) -> None:
        ports, height = drawing.look.ports, drawing.card.height()
        sides: tuple[tuple[Side, int, frozenset[int]], ...] = (
            ("input", ports.inputs, ports.used_inputs),
            ("output", ports.outputs, ports.used_outputs),
        )
        for side, count, used in sides:
            for port in range(count):
                centre = port_offset(port, count, height, is_output=side == "output")
                bright = state.lit == side or state.hovered == (side, port)
                self._paint_port(painter, centre, side, bright, port in used)
        if ports.growing and ports.inputs - 1 not in ports.used_inputs:
            centre = port_offset(ports.inputs - 1, ports.inputs, height, is_output=False)
            self._paint_plus(painter, centre)

    def _paint_port(
        self, painter: QPainter, centre: QPointF, side: Side, bright: bool, used: bool
    ) -> None:
        """Inputs are round, outputs are arrows; a port without a wire is hollow."""
        colour = self.theme.accent if bright else self.theme.wire
        radius = PORT_RADIUS + 1.5 if bright else PORT_RADIUS
        if bright:
            glow = QColor(colour)
            glow.setAlphaF(0.25)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(glow)
            painter.drawEllipse(centre, radius + 4, radius + 4)
        painter.setPen(QPen(colour, 1.8))
        painter.setBrush(colour if used else self.theme.card)
        if side == "output":
            painter.drawPolygon(arrow(centre, radius))
        else:
            painter.drawEllipse(centre, radius, radius)

    def _paint_plus(self, painter: QPainter, centre: QPointF) -> None:
        painter.setPen(QPen(self.theme.muted, 1.4))
        painter.drawLine(centre - QPointF(2.6, 0), centre + QPointF(2.6, 0))
        painter.drawLine(centre - QPointF(0, 2.6), centre + QPointF(0, 2.6))

    def _paint_badge(self, painter: QPainter, drawing: NodeDrawing, zoom: float) -> None:
        """A round badge for an error, a triangle for a warning, never below 12 px on screen."""
        is_error = drawing.look.severity == "error"
        fill = self.theme.error if is_error else self.theme.warning
        ink = self.theme.on_error if is_error else self.theme.on_warning
        radius = min(max(8.0, 6.5 / zoom), 34.0)
        inset = 7.0 + radius if zoom >= DETAIL_ZOOM else radius - MARGIN / 2
        centre = QPointF(NODE_WIDTH - inset, HEADER_HEIGHT / 2 if zoom >= DETAIL_ZOOM else inset)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        if is_error:
            painter.drawEllipse(centre, radius, radius)
        else:
            painter.drawPath(_warning_sign(centre, radius * 1.1))
        low = 0.05 if is_error else 0.25
        painter.setPen(QPen(ink, radius * 0.26, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(
            centre + QPointF(0, radius * (low - 0.55)), centre + QPointF(0, radius * low)
        )
        painter.drawPoint(centre + QPointF(0, radius * (low + 0.45)))


def _warning_sign(centre: QPointF, radius: float) -> QPainterPath:
    path = QPainterPath(centre + QPointF(0, -radius))
    path.lineTo(centre + QPointF(radius, radius * 0.85))
    path.lineTo(centre + QPointF(-radius, radius * 0.85))
    path.closeSubpath()
    return path


def node_pixmap(painter: NodePainter, look: Look, ratio: float) -> QPixmap:
    """A node as a picture with its margins, sharp on a screen of that pixel ratio."""
    drawing = painter.prepare(look)
    room = drawing.card.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    pixmap = QPixmap((room.size() * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    canvas = QPainter(pixmap)
    canvas.setRenderHint(QPainter.RenderHint.Antialiasing)
    canvas.translate(MARGIN, MARGIN)
    painter.paint(canvas, drawing, NodeState(), 1.0)
    canvas.end()
    return pixmap


def label_colours(theme: Theme) -> tuple[QColor, QColor, QColor]:
    """Ground, edge and text of the label on a wire."""
    return mixed(theme.canvas, theme.card, 0.5), theme.border, theme.muted
