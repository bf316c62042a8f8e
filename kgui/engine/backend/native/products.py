"""Matrix products of our own: on matrices of a mini-batch faster than OpenBLAS, which first copies
them into an order of its own.

Sums over k run in the pieces into which OpenBLAS cuts k, so that the results have the same bits;
`product_choice` finds those pieces, and uses what is here only where that holds. See `codes` for
what stands in a PRODUCT row.
"""

from typing import Any

from kgui.engine.backend.native.calls import Function, compiled
from kgui.engine.backend.native.copying import copy_columns, turn
from kgui.engine.backend.native.tiles import LANES, PANEL, ROWS, tile

WIDE, NEAR = 4 * PANEL, 4
"""Bytes of a row of a packed panel; rows that are fetched ahead."""
AS_IT_LIES, COPIED, TURNED = 0, 1, 2
"""What happens to the second matrix first."""


def _columns_of(rows: int) -> Function:
    """A function for so many rows of a panel, whatever the panel's width."""
    three, two, one = tile(rows, 3), tile(rows, 2), tile(rows, 1)

    def columns(width: int, given: Any) -> None:
        if width == 3 * LANES:
            three(given)
        elif width == 2 * LANES:
            two(given)
        else:
            one(given)

    return compiled(columns)


many, some, single = _columns_of(ROWS), _columns_of(ROWS // 2), _columns_of(1)


@compiled
def part_of_panel(
    m: int, width: int, depth: int, left: Any, right: Any, out: Any, add: int
) -> None:
    """All rows of one, two or three vectors of columns, the single one perhaps not full."""
    a, row, next_a = left
    b, next_b, ahead = right
    c, next_c = out
    i = 0
    while i < m:
        places = a + i * row, row, next_a, b, next_b, c + i * next_c, next_c
        given = (depth, *places, ahead, width, add)
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
def panel(m: int, width: int, depth: int, left: Any, right: Any, out: Any, add: int) -> None:
    """Add a piece of the sums to all rows of a panel."""
    b, next_b, ahead = right
    c, next_c = out
    at = 0
    while at < width:
        part = width - at
        if part < PANEL:
            part = 2 * LANES if part >= 2 * LANES else min(part, LANES)
        places = (b + 4 * at, next_b, ahead), (c + 4 * at, next_c)
        part_of_panel(m, part, depth, left, places[0], places[1], add)
        at += part


@compiled
def piece(rest: int, longest: int, unit: int) -> int:
    """How much of k comes next, as in OpenBLAS (driver/level3/level3.c)."""
    if rest >= 2 * longest:
        return longest
    if rest > longest:
        return (rest // 2 + unit - 1) // unit * unit
    return rest


@compiled
def turn_rows(source: int, row: int, rows: int, depth: int, target: int, step: int) -> None:
    """Make columns of up to LANES rows."""
    for i in range(0, depth, LANES):
        turn((source + 4 * i, row, rows, min(LANES, depth - i), target + i * step, step))


@compiled
def pack_panel(row: Any, at: int, target: int) -> None:
    """Copy the columns of the second matrix from `at` on: a panel in one piece."""
    k, b, step, width = row[3], row[7], row[8], min(PANEL, row[2] - at)
    if row[15] == COPIED:
        copy_columns((k, b + 4 * at, step, target, WIDE, width))
        return
    for j in range(0, width, LANES):
        turn_rows(b + (at + j) * step, step, min(LANES, width - j), k, target + 4 * j, WIDE)


@compiled
def pack(row: Any) -> None:
    """Copy all of the second matrix, if all of it is to be kept."""
    if row[17]:
        for at in range(0, row[2], PANEL):
            pack_panel(row, at, row[13] + at // PANEL * row[17])


@compiled
def left_of(row: Any, first: int, m: int, k: int) -> Any:
    """Rows of the first matrix: address, distance of rows and of columns."""
    a = row[4] + first * row[5]
    if row[16] == 0:
        return a, row[5], row[6]
    target, step = row[16], 4 * row[14]
    for at in range(0, m, PANEL):
        copy_columns((k, a + 4 * at, row[6], target + 4 * at, step, min(PANEL, m - at)))
    return target, 4, step


@compiled
def multiply_rows(first: int, m: int, row: Any) -> None:
    """Some rows of the product, once the second matrix is packed."""
    n, k, b, step, mode = row[2], row[3], row[7], row[8], row[15]
    a, row_step, next_a = left_of(row, first, m, k)
    c = row[9] + first * row[10]
    for at in range(0, n, PANEL):
        source, width, ahead = b + 4 * at, min(PANEL, n - at), NEAR * step
        if mode != AS_IT_LIES:
            source, step, ahead = row[13] + at // PANEL * row[17], WIDE, 0
            if row[17] == 0:
                pack_panel(row, at, source)
        done = 0
        while done < k:
            depth = piece(k - done, row[11], row[12])
            panel(m, width, depth, (a + done * next_a, row_step, next_a),
                  (source + done * step, step, ahead), (c + 4 * at, row[10]), done)  # fmt: skip
            done += depth


@compiled
def multiply(row: Any) -> None:
    """The whole product of a PRODUCT row."""
    pack(row)
    for first in range(0, row[1], row[14]):
        multiply_rows(first, min(row[14], row[1] - first), row)
