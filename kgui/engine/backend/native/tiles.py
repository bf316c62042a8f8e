"""The innermost part of a matrix product: a tile of sums that stays in the processor's registers.

Written as LLVM vectors, for what numba makes of loops over scalars is ten times slower. Every sum
runs along k in order, one fused multiply-add after the other.
"""

import importlib
import platform
from typing import Any, NamedTuple

from kgui.engine.backend.native.calls import Function, inline, ir, numba


class TileShape(NamedTuple):
    """What fills the registers: sums for `rows` rows of `vectors` vectors of `lanes` floats."""

    lanes: int
    rows: int
    vectors: int = 3


def _tile_shape() -> TileShape:
    if numba is None:
        return TileShape(4, 4)
    features = importlib.import_module("llvmlite.binding").get_host_cpu_features()
    if features.get("avx512f"):
        return TileShape(16, 8)
    if features.get("avx2") and features.get("fma"):
        return TileShape(8, 4)
    return TileShape(4, 8 if platform.machine() in ("arm64", "aarch64") else 4)


SHAPE = _tile_shape()
LANES, ROWS, VECTORS = SHAPE
PANEL = LANES * VECTORS
"""Columns of a tile."""


class Code:
    """Writes instructions on vectors."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        self.float, self.long, self.int = ir.FloatType(), ir.IntType(64), ir.IntType(32)
        self.vector = ir.VectorType(self.float, LANES)
        self.bits = ir.VectorType(ir.IntType(1), LANES)

    def number(self, value: int) -> Any:
        """A whole number of 64 bits."""
        return ir.Constant(self.long, value)

    def at(self, address: Any, offset: int, kind: Any) -> Any:
        """A pointer to what lies `offset` bytes behind an address."""
        moved = self.builder.add(address, self.number(offset))
        return self.builder.inttoptr(moved, kind.as_pointer())

    def call(self, name: str, result: Any, *arguments: Any) -> Any:
        """The value of one of LLVM's own functions."""
        kind = ir.FunctionType(result, [argument.type for argument in arguments])
        insert = importlib.import_module("numba.core.cgutils").get_or_insert_function
        return self.builder.call(insert(self.builder.module, kind, f"llvm.{name}"), arguments)

    def everywhere(self, scalar: Any) -> Any:
        """A vector of equal numbers."""
        kind = ir.VectorType(scalar.type, LANES)
        none = ir.Constant(kind, ir.Undefined)
        first = self.builder.insert_element(none, scalar, self.int(0))
        same = ir.Constant(ir.VectorType(self.int, LANES), [0] * LANES)
        return self.builder.shuffle_vector(first, none, same)

    def first(self, count: Any) -> Any:
        """A mask of the first `count` lanes."""
        numbers = ir.Constant(ir.VectorType(self.long, LANES), list(range(LANES)))
        return self.builder.icmp_signed("<", numbers, self.everywhere(count))

    def load(self, address: Any, offset: int = 0, mask: Any = None) -> Any:
        """A vector; lanes outside the mask are not touched and are 0."""
        place = self.at(address, offset, self.vector)
        if mask is not None:
            zeros = ir.Constant(self.vector, [0.0] * LANES)
            name = f"masked.load.v{LANES}f32.p0"
            return self.call(name, self.vector, place, self.int(4), mask, zeros)
        value = self.builder.load(place)
        value.align = 4
        return value

    def store(self, value: Any, address: Any, offset: int = 0, mask: Any = None) -> None:
        """Put a vector down; memory outside the mask stays as it is."""
        place = self.at(address, offset, self.vector)
        if mask is not None:
            name = f"masked.store.v{LANES}f32.p0"
            self.call(name, ir.VoidType(), value, place, self.int(4), mask)
        else:
            self.builder.store(value, place).align = 4

    def variable(self, kind: Any, value: Any) -> Any:
        """A place for a value that changes; LLVM keeps it in a register."""
        place = importlib.import_module("numba.core.cgutils").alloca_once(self.builder, kind)
        self.builder.store(value, place)
        return place

    def repeated(self, count: Any) -> Any:
        """A context: what is written in it happens `count` times."""
        return importlib.import_module("numba.core.cgutils").for_range(self.builder, count)


def tile(rows: int, vectors: int) -> Function:
    """A function that computes a tile of a product; a single vector may be filled in part.

    The function takes k; address, distance of rows and of k in the first matrix; address and
    distance of rows in the second and in the result, all in bytes; how far ahead in the second to
    fetch; the columns of a single vector; and whether to add to what is in the result.
    """
    return inline(lambda builder, *values: _Tile(builder, rows, vectors).write(*values))


class _Tile:
    def __init__(self, builder: Any, rows: int, vectors: int) -> None:
        self.code, self.rows, self.vectors = Code(builder), rows, vectors
        zeros = ir.Constant(self.code.vector, [0.0] * LANES)
        self.sums = [
            [self.code.variable(self.code.vector, zeros) for _ in range(vectors)]
            for _ in range(rows)
        ]

    def write(self, k: Any, a: Any, row: Any, next_a: Any, b: Any, next_b: Any, c: Any, next_c: Any,
              ahead: Any, columns: Any, add: Any) -> None:  # fmt: skip
        code, builder = self.code, self.code.builder
        mask = code.first(columns) if self.vectors == 1 else None
        offsets = [builder.mul(row, code.number(index)) for index in range(self.rows)]
        place_a, place_b = (code.variable(code.long, start) for start in (a, b))
        with code.repeated(k):
            at_a, at_b = builder.load(place_a), builder.load(place_b)
            self._add_products([builder.add(at_a, offset) for offset in offsets], at_b, mask)
            self._fetch(builder.add(at_b, ahead))
            builder.store(builder.add(at_a, next_a), place_a)
            builder.store(builder.add(at_b, next_b), place_b)
        self._finish(c, next_c, add, mask)

    def _add_products(self, at_a: list[Any], at_b: Any, mask: Any) -> None:
        code, builder = self.code, self.code.builder
        columns = [code.load(at_b, 4 * LANES * j, mask) for j in range(self.vectors)]
        for address, sums in zip(at_a, self.sums, strict=True):
            factor = code.everywhere(builder.load(code.at(address, 0, code.float)))
            for column, total in zip(columns, sums, strict=True):
                name, parts = f"fma.v{LANES}f32", (factor, column, builder.load(total))
                builder.store(code.call(name, code.vector, *parts), total)

    def _fetch(self, address: Any) -> None:
        code = self.code
        for line in range(0, 4 * LANES * self.vectors, 64):
            place = code.at(address, line, ir.IntType(8))
            kind = (code.int(0), code.int(3), code.int(1))  # to read, to keep near, data
            code.call("prefetch.p0", ir.VoidType(), place, *kind)

    def _finish(self, c: Any, next_c: Any, add: Any, mask: Any) -> None:
        code, builder = self.code, self.code.builder
        with builder.if_else(builder.icmp_signed("!=", add, code.number(0))) as (more, first):
            for branch, adding in ((more, True), (first, False)):
                with branch:
                    for index, sums in enumerate(self.sums):
                        row = builder.add(c, builder.mul(next_c, code.number(index)))
                        for j, total in enumerate(sums):
                            value = builder.load(total)
                            if adding:
                                value = builder.fadd(code.load(row, 4 * LANES * j, mask), value)
                            code.store(value, row, 4 * LANES * j, mask)
