"""Where things are, in scene units: pure functions of counts and points, no colours, no items."""

import math
from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

GRID = 10.0
"""Nodes snap to this."""
NODE_WIDTH = 190.0
NODE_HEIGHT = 80.0
"""Height of a node with up to three ports a side; more ports make it higher."""
HEADER_HEIGHT = 30.0
CORNER = 8.0
MARGIN = 16.0
"""Room around the card for ports, halo and badge."""
PORT_SPACING = 20.0
PORT_RADIUS = 5.5
GAP = 80.0
"""Free width between a node and the one appended to it: a shape fits on the wire."""
ROW_GAP = 30.0


def node_height(inputs: int, outputs: int) -> float:
    """Height of the card for so many ports."""
    return max(NODE_HEIGHT, (max(inputs, outputs) + 1) * PORT_SPACING)


def card_rectangle(inputs: int, outputs: int, *, collapsed: bool = False) -> QRectF:
    """The card in the node's own coordinates: the position is its top left corner."""
    height = HEADER_HEIGHT if collapsed else node_height(inputs, outputs)
    return QRectF(0, 0, NODE_WIDTH, height)


def port_offset(port: int, count: int, height: float, *, is_output: bool) -> QPointF:
    """Centre of a port from the top left of its card; ports stand around the middle."""
    # A collapsed node has room for one port; more of them move together.
    spacing = min(PORT_SPACING, (height - 10) / max(count - 1, 1))
    y = height / 2 + (port - (count - 1) / 2) * spacing
    return QPointF(NODE_WIDTH if is_output else 0.0, y)


def port_hit_radius(zoom: float) -> float:
    """How far from its centre a port is taken: 16 px across on screen as long as ports show."""
    return min(max(PORT_SPACING / 2, 8 / zoom), MARGIN)


def snapped(position: QPointF) -> QPointF:
    """The nearest point of the grid."""
    return QPointF(round(position.x() / GRID) * GRID, round(position.y() / GRID) * GRID)


def centred(position: QPointF) -> QPointF:
    """Where the top left of a new node goes so that its middle is at a point, on the grid."""
    return snapped(position - QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2))


def free_position(wanted: QPointF, taken: Iterable[QRectF], width: float = NODE_WIDTH) -> QPointF:
    """The wanted top left corner, or the first one below it where a node covers no other."""
    rectangles = sorted(taken, key=QRectF.top)
    place = QRectF(wanted.x(), wanted.y(), width, NODE_HEIGHT)
    for rectangle in rectangles:
        if place.intersects(rectangle):
            place.moveTop(math.ceil((rectangle.bottom() + ROW_GAP) / GRID) * GRID)
    return place.topLeft()


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """The curve from an output at `start` to an input at `end`, level at both ends."""
    across, down = end.x() - start.x(), end.y() - start.y()
    path = QPainterPath(start)
    if across < 0 and abs(down) < NODE_HEIGHT:
        _around_below(path, start, end)
        return path
    reach = max(across / 2, min(40 + abs(down) / 4, 120.0)) if across > 0 else 60 - across / 3
    reach = min(reach, 240.0)
    path.cubicTo(start + QPointF(reach, 0), end - QPointF(reach, 0), end)
    return path


def _around_below(path: QPainterPath, start: QPointF, end: QPointF) -> None:
    """Back to the left below both nodes: straight back would run across them."""
    low = max(start.y(), end.y()) + NODE_HEIGHT
    middle = QPointF((start.x() + end.x()) / 2, low)
    path.cubicTo(start + QPointF(100, 0), QPointF(start.x() + 60, low), middle)
    path.cubicTo(QPointF(end.x() - 60, low), end - QPointF(100, 0), end)


def wire_middle(path: QPainterPath) -> QPointF:
    """Where a wire's label stands."""
    return path.pointAtPercent(0.5)


def near_wire(path: QPainterPath, position: QPointF, distance: float) -> bool:
    """Whether a point is at most so far from a wire."""
    # Five times as fast as asking Qt for the outline of a pen that is so wide.
    x, y = position.x(), position.y()
    for polygon in path.toSubpathPolygons():
        points = [(point.x() - x, point.y() - y) for point in polygon.toList()]
        if any(_gap(start, end) <= distance for start, end in pairwise(points)):
            return True
    return False


def _gap(start: tuple[float, float], end: tuple[float, float]) -> float:
    """How far the origin is from a piece of a line."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = across * across + down * down
    share = -(start[0] * across + start[1] * down) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(start[0] + share * across, start[1] + share * down)


def distance(first: QPointF, second: QPointF) -> float:
    """Length of the straight line between two points."""
    return QLineF(first, second).length()


def arrow(centre: QPointF, radius: float) -> QPolygonF:
    """The triangle of an output port: it points the way that data takes."""
    return QPolygonF(
        [
            centre + QPointF(-radius * 0.8, -radius * 1.1),
            centre + QPointF(radius * 1.1, 0),
            centre + QPointF(-radius * 0.8, radius * 1.1),
        ]
    )


def next_in_direction(
    origin: QPointF, direction: QPointF, centres: dict[str, QPointF]
) -> str | None:
    """Id of the nearest centre in a direction, straight ahead before sideways; None if none is."""

    def cost(centre: QPointF) -> float:
        line = centre - origin
        ahead = QPointF.dotProduct(line, direction)
        sideways = QPointF.dotProduct(line, QPointF(direction.y(), direction.x()))
        return ahead + 3 * abs(sideways) if ahead > 0 else math.inf

    costs = {key: cost(centre) for key, centre in centres.items()}
    best = min(costs, key=costs.__getitem__, default=None)
    return best if best is not None and costs[best] < math.inf else None
