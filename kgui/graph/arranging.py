"""Where things go when they are lined up: pure functions of rectangles that the caller knows.

A rectangle is x, y, width and height; the answer is the new upper left corner of what moves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from kgui.graph.paths import in_order
from kgui.graph.project import Wire
from kgui.graph.settling import Position

Rectangle = tuple[float, float, float, float]
Rectangles = Mapping[str, Rectangle]
Edge = Literal["left", "right", "top", "bottom", "centre_horizontal", "centre_vertical"]
Axis = Literal["horizontal", "vertical"]
Levels = Callable[[Wire], tuple[float, float]]
"""How far below the top of its two nodes a wire begins and ends."""

CHAIN_GAP = 80.0
"""Left between two nodes of a chain that would cover each other on one line."""


def bounds(rectangles: Iterable[Rectangle]) -> Rectangle:
    """The smallest rectangle around all; ValueError for none."""
    every = list(rectangles)
    left, top = min(x for x, _, _, _ in every), min(y for _, y, _, _ in every)
    right = max(x + width for x, _, width, _ in every)
    bottom = max(y + height for _, y, _, height in every)
    return left, top, right - left, bottom - top


def align(rectangles: Rectangles, edge: Edge) -> dict[str, Position]:
    """All with one edge, or their centres, on one line: that of the outermost, or the middle."""
    if not rectangles:
        return {}
    area = bounds(rectangles.values())
    return {key: _aligned(rectangle, area, edge) for key, rectangle in rectangles.items()}


def _aligned(rectangle: Rectangle, area: Rectangle, edge: Edge) -> Position:
    x, y, width, height = rectangle
    left, top, across, down = area
    places: dict[Edge, Position] = {
        "left": (left, y),
        "right": (left + across - width, y),
        "top": (x, top),
        "bottom": (x, top + down - height),
        "centre_horizontal": (left + (across - width) / 2, y),
        "centre_vertical": (x, top + (down - height) / 2),
    }
    return places[edge]


def distribute(rectangles: Rectangles, axis: Axis) -> dict[str, Position]:
    """The same room between neighbours; the two outermost stay, and so do fewer than three."""
    side = 0 if axis == "horizontal" else 1
    row = sorted(rectangles, key=lambda key: (_middle(rectangles[key], side), key))
    if len(row) < 3:
        return {key: rectangles[key][:2] for key in row}
    first, last = rectangles[row[0]], rectangles[row[-1]]
    end = last[side] + last[2 + side]
    room = end - first[side] - sum(rectangles[key][2 + side] for key in row)
    places: dict[str, Position] = {}
    start = first[side]
    for key in row:
        x, y, width, height = rectangles[key]
        places[key] = (start, y) if side == 0 else (x, start)
        start += (width, height)[side] + room / (len(row) - 1)
    return places


def _middle(rectangle: Rectangle, side: int) -> float:
    return rectangle[side] + rectangle[2 + side] / 2


def straighten(
    rectangles: Rectangles, wires: Iterable[Wire], levels: Levels
) -> dict[str, Position]:
    """Chains on one line each, the longest first: their wires run level from the first node on.

    Nodes go to the right where they would cover the one before; what is in no chain stays.
    """
    inner = [wire for wire in wires if wire.source in rectangles and wire.target in rectangles]
    places = {key: rectangle[:2] for key, rectangle in rectangles.items()}
    for chain in _chains(list(rectangles), inner):
        for wire in chain:
            (x, y), (left, _) = places[wire.source], places[wire.target]
            begins, ends = levels(wire)
            right = x + rectangles[wire.source][2]
            places[wire.target] = (left if left >= right else right + CHAIN_GAP, y + begins - ends)
    return places


def _chains(ids: Sequence[str], wires: Sequence[Wire]) -> list[list[Wire]]:
    """Rows of wires that share no node, each from its first node on; the longest come first."""
    into: dict[str, list[Wire]] = {node_id: [] for node_id in ids}
    for wire in wires:
        into[wire.target].append(wire)
    length = dict.fromkeys(ids, 0)
    for node_id in in_order(ids, wires):
        length[node_id] = max((length[wire.source] + 1 for wire in into[node_id]), default=0)
    taken: set[str] = set()
    chains = []
    for last in sorted(ids, key=length.__getitem__, reverse=True):
        chain: list[Wire] = []
        here = last
        while here not in taken:
            taken.add(here)
            free = [wire for wire in into[here] if wire.source not in taken]
            if free:
                chain.append(max(free, key=lambda wire: length[wire.source]))
                here = chain[-1].source
        chains.append(chain[::-1])
    return chains
