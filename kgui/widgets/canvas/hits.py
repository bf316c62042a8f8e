"""What is under the pointer: a port before a node before a wire."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem

from kgui.graph.project import Wire
from kgui.widgets.canvas.geometry import near_wire, port_hit_radius
from kgui.widgets.canvas.node_item import NodeItem
from kgui.widgets.canvas.painter import Side
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wire_item import WireItem
from kgui.widgets.canvas.wiring import PortEnd

SNAP_PIXELS = 20.0
"""A wire that is let go this near to a port ends there."""
WIRE_PIXELS = 6.0


def port_at(scene: CanvasScene, position: QPointF, zoom: float) -> PortEnd | None:
    """The port whose hit area holds the position."""
    radius = port_hit_radius(zoom)
    for item in _around(scene, position, radius):
        if not isinstance(item, NodeItem):
            continue
        found = _nearest(item, position, radius)
        if found is not None:
            return found[1]
        if item.card.contains(position):
            return None
    return None


def node_at(scene: CanvasScene, position: QPointF) -> str | None:
    """Id of the topmost node whose card holds the position."""
    for item in _around(scene, position, 0.5):
        if isinstance(item, NodeItem) and item.card.contains(position):
            return item.node_id
    return None


def wire_at(scene: CanvasScene, position: QPointF, zoom: float) -> Wire | None:
    """The topmost wire within reach of the pointer."""
    reach = WIRE_PIXELS / zoom
    for item in _around(scene, position, reach):
        if isinstance(item, WireItem) and near_wire(item.path(), position, reach):
            return item.wire
    return None


def port_near(
    scene: CanvasScene, position: QPointF, zoom: float, side: Side, not_at: str
) -> PortEnd | None:
    """The nearest port of that side within snapping distance, at any node but one."""
    reach = SNAP_PIXELS / zoom
    found: list[tuple[float, str, int]] = []
    for item in _around(scene, position, reach):
        if isinstance(item, NodeItem) and item.node_id != not_at:
            near = item.nearest_port(position, is_output=side == "output", within=reach)
            if near is not None:
                found.append((near[0], item.node_id, near[1]))
    if not found:
        return None
    _, node_id, port = min(found)
    return PortEnd(node_id, side, port)


def _nearest(item: NodeItem, position: QPointF, radius: float) -> tuple[float, PortEnd] | None:
    sides: tuple[Side, Side] = ("input", "output")
    found: list[tuple[float, Side, int]] = []
    for side in sides:
        near = item.nearest_port(position, is_output=side == "output", within=radius)
        if near is not None:
            found.append((near[0], side, near[1]))
    if not found:
        return None
    gap, side, port = min(found)
    return gap, PortEnd(item.node_id, side, port)


def _around(scene: CanvasScene, position: QPointF, reach: float) -> list[QGraphicsItem]:
    area = QRectF(position.x() - reach, position.y() - reach, 2 * reach, 2 * reach)
    return scene.items(
        area, Qt.ItemSelectionMode.IntersectsItemBoundingRect, Qt.SortOrder.DescendingOrder
    )
