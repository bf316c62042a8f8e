"""A node on the scene: only `paint` is Python, and ports are painted, not items of their own."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsRectItem,
    QStyle,
    QStyleOptionGraphicsItem,
    QWidget,
)

from kgui.widgets.canvas.geometry import MARGIN, distance, port_offset
from kgui.widgets.canvas.looks import Look
from kgui.widgets.canvas.painter import NodePainter, NodeState, Side
from kgui.widgets.canvas.wiring import PortEnd, Wiring

ACCESSIBLE_NAME = 0
"""Key of `QGraphicsItem.data` under which an item keeps what a screen reader says."""


class NodeItem(QGraphicsRectItem):
    """Shows one node; its position is the node's, its rectangle holds halo and ports as well."""

    def __init__(self, node_id: str, look: Look, painter: NodePainter) -> None:
        super().__init__()
        self.node_id = node_id
        self.wiring: Wiring | None = None
        """The wire that is being drawn, for as long as one is."""
        self.hovered: tuple[Side, int] | None = None
        self._painter = painter
        self.setZValue(2)
        self.setPen(Qt.PenStyle.NoPen)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsFocusable)
        self.show_look(look, painter)

    def show_look(self, look: Look, painter: NodePainter) -> None:
        """Show another look, or the same in another theme."""
        self.look = look
        self._painter = painter
        self._drawing = painter.prepare(look)
        self.setRect(self._drawing.card.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        self.setToolTip(look.tool_tip)
        self.setData(ACCESSIBLE_NAME, look.accessible_name)
        self.update()

    def hover(self, port: tuple[Side, int] | None) -> None:
        """Light up the port under the pointer."""
        if port != self.hovered:
            self.hovered = port
            self.update()

    @property
    def card(self) -> QRectF:
        """The visible card, in scene coordinates."""
        return self._drawing.card.translated(self.pos())

    def port_count(self, *, is_output: bool) -> int:
        """Number of ports shown on a side."""
        return self.look.ports.outputs if is_output else self.look.ports.inputs

    def port_position(self, port: int, *, is_output: bool) -> QPointF:
        """Centre of a port, in scene coordinates."""
        count = self.port_count(is_output=is_output)
        height = self._drawing.card.height()
        return self.pos() + port_offset(port, count, height, is_output=is_output)

    def nearest_port(
        self, position: QPointF, *, is_output: bool, within: float
    ) -> tuple[float, int] | None:
        """Distance and number of the nearest port of a side, if one is that near."""
        distances = [
            (distance(position, self.port_position(port, is_output=is_output)), port)
            for port in range(self.port_count(is_output=is_output))
        ]
        best = min(distances, default=None)
        return best if best is not None and best[0] <= within else None

    def state(self, option: QStyleOptionGraphicsItem | None = None) -> NodeState:
        """What is special about the node at this moment."""
        flags = option.state if option is not None else QStyle.StateFlag.State_None
        lit: Side | None = None
        dimmed = False
        if self.wiring is not None and self.node_id != self.wiring.node_id:
            fits = self._takes(self.wiring)
            lit, dimmed = (self.wiring.wanted if fits else None), not fits
        return NodeState(
            selected=self.isSelected(),
            focused=bool(flags & QStyle.StateFlag.State_HasFocus),
            hovered=self.hovered,
            lit=lit,
            dimmed=dimmed,
        )

    def _takes(self, wiring: Wiring) -> bool:
        if self.port_count(is_output=wiring.wanted == "output") == 0:
            return False
        port = self.look.ports.free_input if wiring.wanted == "input" else 0
        return wiring.fits(PortEnd(self.node_id, wiring.wanted, port))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,  # Qt's signature
    ) -> None:
        """Draw the node with as much detail as can be seen."""
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        self._painter.paint(painter, self._drawing, self.state(option), zoom)
