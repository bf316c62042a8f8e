"""Where the boxes of a drawn graph go: in rows, from the inputs on, with few crossings."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

GAP, STEP = 28.0, 46.0
"""Pixels between boxes of a row, and between rows."""
_SWEEPS = 4


class Place(NamedTuple):
    """The upper left corner of a box."""

    x: float
    y: float


def lay_out(
    sizes: Sequence[tuple[float, float]], wires: Sequence[tuple[int, int]], sideways: bool = False
) -> list[Place]:
    """A place for each box of that width and height; wires lead from box to box, never back.

    Rows follow each other downwards, or to the right if `sideways`.
    """
    rows = _rows(len(sizes), wires)
    _uncross(rows, wires)
    if sideways:
        turned = [(height, width) for width, height in sizes]
        return [Place(y, x) for x, y in _placed(turned, rows)]
    return _placed(sizes, rows)


def _rows(count: int, wires: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Boxes by row: each one below all that lead to it. Boxes come in order of execution."""
    row = [0] * count
    for start, end in sorted(wires, key=lambda wire: wire[1]):
        row[end] = max(row[end], row[start] + 1)
    rows: list[list[int]] = [[] for _ in range(max(row, default=-1) + 1)]
    for box, index in enumerate(row):
        rows[index].append(box)
    return rows


def _uncross(rows: list[list[int]], wires: Sequence[tuple[int, int]]) -> None:
    """Sort every row by the mean place of what its boxes are connected to, down and up again."""
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for start, end in wires:
        above.setdefault(end, []).append(start)
        below.setdefault(start, []).append(end)
    places = _shares(rows)
    for sweep in range(_SWEEPS):
        neighbours = below if sweep % 2 else above
        for row in reversed(rows) if sweep % 2 else rows:
            means = {box: _mean(neighbours, places, box) for box in row}
            row.sort(key=means.__getitem__)
            places.update(_shares([row]))


def _shares(rows: Sequence[Sequence[int]]) -> dict[int, float]:
    return {box: (i + 0.5) / len(row) for row in rows for i, box in enumerate(row)}


def _mean(neighbours: Mapping[int, list[int]], places: Mapping[int, float], box: int) -> float:
    found = [places[other] for other in neighbours.get(box, [box])]
    return sum(found) / len(found)


def _placed(sizes: Sequence[tuple[float, float]], rows: list[list[int]]) -> list[Place]:
    widths = [sum(sizes[box][0] for box in row) + GAP * (len(row) - 1) for row in rows]
    widest = max(widths, default=0.0)
    places = [Place(0.0, 0.0)] * len(sizes)
    y = 0.0
    for row, width in zip(rows, widths, strict=True):
        x, tallest = (widest - width) / 2, max(sizes[box][1] for box in row)
        for box in row:
            places[box] = Place(x, y + (tallest - sizes[box][1]) / 2)
            x += sizes[box][0] + GAP
        y += tallest + STEP
    return places
