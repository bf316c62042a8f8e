"""Which node or wire comes next when one walks the drawing by keys: pure functions."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF

from kgui.graph.project import Graph, Wire
from kgui.widgets.canvas.geometry import distance, next_in_direction

Centres = Mapping[str, QPointF]


def next_node(graph: Graph, node_id: str, direction: QPointF, centres: Centres) -> str | None:
    """Along the wires: left upstream, right downstream, up and down to siblings; else nearest."""
    here = centres[node_id]
    if direction.x():
        level = _wired(graph, node_id, upstream=direction.x() < 0)
        found = sorted(level, key=lambda other: (abs(centres[other].y() - here.y()), other))
    else:
        ahead = [
            other
            for other in _siblings(graph, node_id)
            if (centres[other].y() - here.y()) * direction.y() > 0
        ]
        found = sorted(ahead, key=lambda other: (distance(centres[other], here), other))
    if found:
        return found[0]
    others = {key: centre for key, centre in centres.items() if key != node_id}
    return next_in_direction(here, direction, others)


def nearest_node(place: QPointF, centres: Centres) -> str | None:
    """The node whose middle is nearest to a place; None where nothing is drawn."""
    return min(centres, key=lambda key: distance(centres[key], place), default=None)


def wires_at(graph: Graph, node_id: str, centres: Centres) -> tuple[Wire, ...]:
    """The wires of a node: those that end there by port, then those that start there from above."""
    ending = sorted(
        (wire for wire in graph.wires if wire.target == node_id),
        key=lambda wire: wire.target_port,
    )
    starting = sorted(
        (wire for wire in graph.wires if wire.source == node_id),
        key=lambda wire: (wire.source_port, centres[wire.target].y(), wire.target_port),
    )
    return (*ending, *starting)


def _wired(graph: Graph, node_id: str, *, upstream: bool) -> set[str]:
    if upstream:
        return {wire.source for wire in graph.wires if wire.target == node_id}
    return {wire.target for wire in graph.wires if wire.source == node_id}


def _siblings(graph: Graph, node_id: str) -> set[str]:
    """Nodes that are fed by, or feed, what this one is fed by, or feeds."""
    sources = _wired(graph, node_id, upstream=True)
    targets = _wired(graph, node_id, upstream=False)
    found = {wire.target for wire in graph.wires if wire.source in sources}
    found |= {wire.source for wire in graph.wires if wire.target in targets}
    return found - {node_id}
