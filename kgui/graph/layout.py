"""Where nodes go when they are put in order: layers from left to right, wires short and straight.

Longest-path layers, barycentre order, then heights as close to the neighbours' mean as the
spacing allows. A wire over several layers holds a row in each layer between, so that it runs
beside the nodes and not across them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

from kgui.graph.paths import in_order
from kgui.graph.project import Project, Wire
from kgui.graph.rules import HIGHEST_PORT
from kgui.graph.settling import Position, settled_position

COLUMN_WIDTH = 270.0
ROW_HEIGHT = 110.0
ROW_GAP = 30.0
"""Left free between nodes below each other; the rest of a row is the usual node."""
ROUNDS = 8
"""Sweeps to the right and back; more changed no drawing of the tests."""
MOST_BENDS = 20_000
"""Rows held for long wires; the shortest wires come first, the rest may run across nodes."""

Neighbour = tuple[int, float]
"""Another place and, as a fraction of a row, which of its ports is meant."""


def arrange(
    project: Project,
    ids: Iterable[str] | None = None,
    column_width: float = COLUMN_WIDTH,
    row_height: float = ROW_HEIGHT,
    heights: Mapping[str, float] | None = None,
) -> dict[str, Position]:
    """Node id -> position, for the nodes given or all; their upper left corner stays where it is.

    Depends on nodes, their heights, wires and that corner only: arranging twice changes nothing.
    A node whose height is not given fills a row.
    """
    wanted = None if ids is None else set(ids)
    nodes = [node for node in project.graph.nodes if wanted is None or node.id in wanted]
    if wanted is not None and len(nodes) < len(wanted):
        raise KeyError(*sorted(wanted.difference(node.id for node in nodes)))
    if not nodes:
        return {}
    high = [(heights or {}).get(node.id, row_height - ROW_GAP) for node in nodes]
    sizes = [(height + ROW_GAP) / row_height for height in high]
    drawing = _Drawing([node.id for node in nodes], project.graph.wires, sizes)
    rows = drawing.heights()[: len(nodes)]
    tops = [row * row_height - height / 2 for row, height in zip(rows, high, strict=True)]
    left = min(node.position[0] for node in nodes)
    first = min(node.position[1] for node in nodes) - min(tops)
    positions = (
        (left + layer * column_width, float(round(first + top)))
        for layer, top in zip(drawing.layers, tops, strict=False)
    )
    return {node.id: settled_position(at) for node, at in zip(nodes, positions, strict=True)}


class _Drawing:
    """Places in layers: first the nodes, by their index, then the bends of long wires."""

    def __init__(self, ids: Sequence[str], wires: Iterable[Wire], sizes: Sequence[float]) -> None:
        place = {node_id: index for index, node_id in enumerate(ids)}
        inner = [wire for wire in wires if wire.source in place and wire.target in place]
        self.layers = _longest_paths(ids, inner, place)
        self.sizes = list(sizes)
        """How many rows each place needs."""
        self.before: list[list[Neighbour]] = [[] for _ in ids]
        self.after: list[list[Neighbour]] = [[] for _ in ids]
        self._lay_wires(inner, place)
        self.columns: list[list[int]] = [[] for _ in range(max(self.layers) + 1)]
        for index, layer in enumerate(self.layers):
            self.columns[layer].append(index)

    def _lay_wires(self, wires: Sequence[Wire], place: Mapping[str, int]) -> None:
        def bends(wire: Wire) -> int:
            return self.layers[place[wire.target]] - self.layers[place[wire.source]] - 1

        room = MOST_BENDS
        for wire in sorted(wires, key=bends):
            last, number = place[wire.source], bends(wire)
            room -= max(0, number)
            for layer in range(number if room >= 0 else 0):
                bend = len(self.layers)
                self.layers.append(self.layers[place[wire.source]] + layer + 1)
                self.sizes.append(1.0)
                self.before.append([])
                self.after.append([])
                self._join(last, bend, wire if layer == 0 else None, None)
                last = bend
            self._join(last, place[wire.target], wire if last < len(place) else None, wire)

    def _join(self, source: int, target: int, leaves: Wire | None, enters: Wire | None) -> None:
        self.after[source].append((target, _share(enters.target_port) if enters else 0.5))
        self.before[target].append((source, _share(leaves.source_port) if leaves else 0.5))

    def heights(self) -> list[float]:
        """The row of every place's middle, from 0 at about the top; in a column none overlap."""
        rows = [0.0] * len(self.layers)
        for column in self.columns:
            _stack(column, rows, self.sizes)
        for _ in range(ROUNDS):
            self._sweep(rows, _reorder)
        for _ in range(ROUNDS):
            self._sweep(rows, _straighten)
        return rows

    def _sweep(self, rows: list[float], pass_over: "Pass") -> None:
        for column in self.columns:
            pass_over(column, self.before, rows, self.sizes)
        for column in reversed(self.columns):
            pass_over(column, self.after, rows, self.sizes)


Pass = Callable[[list[int], Sequence[Sequence[Neighbour]], list[float], Sequence[float]], None]


def _longest_paths(
    ids: Sequence[str], wires: Sequence[Wire], place: Mapping[str, int]
) -> list[int]:
    """The layer of every node: 0, or one more than its farthest source."""
    sources: dict[str, list[int]] = {node_id: [] for node_id in ids}
    for wire in wires:
        sources[wire.target].append(place[wire.source])
    layers = [0] * len(ids)
    for node_id in in_order(ids, wires):
        layers[place[node_id]] = max((layers[source] + 1 for source in sources[node_id]), default=0)
    return layers


def _share(port: int) -> float:
    return port / HIGHEST_PORT


def _stack(column: Sequence[int], rows: list[float], sizes: Sequence[float]) -> None:
    """Below each other without gaps, around the middle line."""
    offsets = _offsets(column, sizes)
    middle = sum(sizes[member] for member in column) / 2
    for member, offset in zip(column, offsets, strict=True):
        rows[member] = offset - middle


def _offsets(column: Sequence[int], sizes: Sequence[float]) -> list[float]:
    """How far below the top of a column without gaps the middle of each member is."""
    ends = accumulate(sizes[member] for member in column)
    return [end - sizes[member] / 2 for member, end in zip(column, ends, strict=True)]


def _wish(neighbours: Sequence[Neighbour], rows: Sequence[float], otherwise: float) -> float:
    if not neighbours:
        return otherwise
    return sum(rows[other] for other, _ in neighbours) / len(neighbours)


def _reorder(
    column: list[int],
    neighbours: Sequence[Sequence[Neighbour]],
    rows: list[float],
    sizes: Sequence[float],
) -> None:
    """Sort a column by the mean height of its neighbours; ports decide between equals."""

    def key(member: int) -> tuple[float, float]:
        shares = [share for _, share in neighbours[member]]
        wish = _wish(neighbours[member], rows, rows[member])
        return round(wish, 9), sum(shares) / len(shares) if shares else 0.5

    column.sort(key=key)
    _stack(column, rows, sizes)


def _straighten(
    column: list[int],
    neighbours: Sequence[Sequence[Neighbour]],
    rows: list[float],
    sizes: Sequence[float],
) -> None:
    """Each as near to its neighbours' mean as possible, in order and without overlap.

    Least squares by pooling: members that would come too close move as one block.
    """
    blocks: list[tuple[float, int]] = []
    offsets = _offsets(column, sizes)
    for member, offset in zip(column, offsets, strict=True):
        mean, size = _wish(neighbours[member], rows, rows[member]) - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (other * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    flat = [mean for mean, size in blocks for _ in range(size)]
    for member, mean, offset in zip(column, flat, offsets, strict=True):
        rows[member] = mean + offset
