"""Parts of matrices copied into the order in which a product reads them."""

from typing import Any

from kgui.engine.backend.native.calls import inline, ir
from kgui.engine.backend.native.tiles import LANES, VECTORS, Code


def _turn(
    builder: Any, source: Any, row: Any, rows: Any, columns: Any, target: Any, target_row: Any
) -> None:
    """Read up to LANES rows of `columns` floats, write LANES rows of LANES; the rest is junk."""
    code = Code(builder)
    mask, last = code.first(columns), builder.sub(rows, code.number(1))
    lines = []
    for index in range(LANES):
        exists = builder.icmp_signed("<", code.number(index), rows)
        at = builder.select(exists, code.number(index), last)
        lines.append(code.load(builder.add(source, builder.mul(row, at)), 0, mask))
    for index, line in enumerate(_turned(builder, lines)):
        code.store(line, builder.add(target, builder.mul(target_row, code.number(index))))


def _turned(builder: Any, lines: list[Any]) -> list[Any]:
    """Blocks beside the diagonal change places: of 1, 2, 4, ... lanes."""
    size = 1
    while size < LANES:
        first = [lane if not lane & size else LANES + lane - size for lane in range(LANES)]
        second = [lane + size if not lane & size else LANES + lane for lane in range(LANES)]
        for index in range(LANES):
            if not index & size:
                a, b = lines[index], lines[index + size]
                lines[index] = builder.shuffle_vector(a, b, _constant(first))
                lines[index + size] = builder.shuffle_vector(a, b, _constant(second))
        size *= 2
    return lines


def _constant(lanes: list[int]) -> Any:
    return ir.Constant(ir.VectorType(ir.IntType(32), LANES), lanes)


def _copy(
    builder: Any, rows: Any, source: Any, row: Any, target: Any, target_row: Any, columns: Any
) -> None:
    """Copy rows of up to a panel's columns."""
    code = Code(builder)
    rest = [builder.sub(columns, code.number(LANES * index)) for index in range(VECTORS)]
    masks = [code.first(count) for count in rest]
    places = [code.variable(code.long, start) for start in (source, target)]
    with code.repeated(rows):
        at, to = (builder.load(place) for place in places)
        for index, mask in enumerate(masks):
            code.store(code.load(at, 4 * LANES * index, mask), to, 4 * LANES * index, mask)
        for place, step in zip(places, (row, target_row), strict=True):
            builder.store(builder.add(builder.load(place), step), place)


turn = inline(_turn)
"""Of a tuple: address, distance of rows, rows and columns there, target, distance of its rows."""
copy_columns = inline(_copy)
"""Of a tuple: rows, address, distance of rows, target, distance of its rows, columns."""
