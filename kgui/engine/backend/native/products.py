"""Matrix products of our own: on matrices of a mini-batch faster than OpenBLAS, which first copies
them into an order of its own.

Sums over k run in the pieces into which OpenBLAS cuts k, so that the results have the same bits;
`product_choice` finds those pieces, and uses what is here only where that holds.
"""

from typing import Any

from kgui.engine.backend.native.calls import Function, compiled
from kgui.engine.backend.native.tiles import LANES, PANEL, ROWS, tile
from kgui.engine.backend.native.turning import turn

WIDE, NEAR = 4 * PANEL, 4
"""Bytes of a row of a panel; rows that are fetched ahead."""


def _column_of(rows: int) -> Function:
    """A function for so many rows of a panel, whatever the panel's width."""
    three, two, one = tile(rows, 3), tile(rows, 2), tile(rows, 1)

    def column(width: int, given: Any) -> None:
        if width == 3 * LANES:
            three(given)
        elif width == 2 * LANES:
            two(given)
        else:
            one(given)

    return compiled(column)


many, some, single = _column_of(ROWS), _column_of(ROWS // 2), _column_of(1)


@compiled
def panel(m: int, width: int, depth: int, left: Any, right: Any, out: Any, add: int) -> None:
    """Add a piece of the sums to all rows of a panel."""
    a, row, next_a = left
    b, next_b = right
    c, next_c = out
    i, ahead = 0, NEAR * next_b
    while i < m:
        given = (
            depth,
            a + i * row,
            row,
            next_a,
            b,
            next_b,
            c + i * next_c,
            next_c,
            ahead,
            width,
            add,
        )
        if m - i >= ROWS:
            many(width, given)
            i += ROWS
        elif m - i >= ROWS // 2:
            some(width, given)
            i += ROWS // 2
        else:
            single(width, given)
            i += 1
        ahead = 0


@compiled
def piece(rest: int, longest: int, unit: int) -> int:
    """How much of k comes next, as in OpenBLAS (driver/level3/level3.c)."""
    if rest >= 2 * longest:
        return longest
    if rest > longest:
        return (rest // 2 + unit - 1) // unit * unit
    return rest


@compiled
def pack(k: int, width: int, b: int, column: int, target: int) -> None:
    """The rows of a panel of a matrix that lies turned in memory."""
    for j in range(0, width, LANES):
        for i in range(0, k, LANES):
            turn((b + j * column + 4 * i, column, min(LANES, width - j), min(LANES, k - i),
                  target + i * WIDE + 4 * j, WIDE))  # fmt: skip


@compiled
def multiply_rows(first: int, m: int, row: Any) -> None:
    """Some rows of the product of a PRODUCT row."""
    n, k, next_a, next_b = row[2], row[3], row[6], row[8]
    a, b, c = row[4] + first * row[5], row[7], row[9] + first * row[10]
    scratch, at = row[13], 0
    while at < n:
        width = min(n - at, LANES) if n - at < 2 * LANES else (n - at) // LANES * LANES
        width = min(width, PANEL)
        source, step = b + 4 * at, next_b
        if scratch:
            pack(k, width, b + at * next_b, next_b, scratch)
            source, step = scratch, WIDE
        done = 0
        while done < k:
            depth = piece(k - done, row[11], row[12])
            panel(m, width, depth, (a + done * next_a, row[5], next_a),
                  (source + done * step, step), (c + 4 * at, row[10]), done)  # fmt: skip
            done += depth
        at += width


@compiled
def multiply(row: Any) -> None:
    """The whole product of a PRODUCT row, in stripes of rows."""
    for first in range(0, row[1], row[14]):
        multiply_rows(first, min(row[14], row[1] - first), row)
