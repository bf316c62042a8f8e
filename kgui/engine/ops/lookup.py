"""Lookups: rows of a table by index, ones at an index, numbers of bins."""

from collections.abc import Callable, Sequence

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.comparison import OneHot
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape


class Rows(Primitive):
    """Rows of a table; where an index comes up several times its gradients are summed."""

    reads_inputs = False

    def __init__(self, meaning: str) -> None:
        super().__init__()
        self.meaning = meaning

    def output_shape(self, *shapes: Shape) -> Shape:
        """A row for every index."""
        table, indices = shapes
        return (*indices, *table[1:])

    def output_dtype(self, *dtypes: str) -> str:
        """The table's."""
        return dtypes[0]

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = table[indices]; DataError for an index that the table does not have."""
        table, indices = inputs
        rows = _rows(emit, indices, len(table), self.meaning)
        return Forward(inputs, emit("take_rows", table, rows, out=out()), (rows,))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """Each row of the gradient is added to the table's row that it came from."""
        if not into.wants(0):
            return
        if not gradient.flags.c_contiguous:  # the kernel looks at it as one row of numbers
            whole = emit.buffer(gradient.shape, gradient.dtype)
            gradient = emit("copy", gradient, out=whole)
        emit("add_rows", *done.saved, gradient, out=into.into(0))


class KnownOneHot(OneHot):
    """As `OneHot`, but an index of no class is an error, not a row of zeros."""

    def __init__(self, classes: int, dtype: str, meaning: str) -> None:
        super().__init__(classes, dtype)
        self.meaning = meaning

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = ones at the indices; DataError for an index out of range."""
        rows = _rows(emit, inputs[0], self.classes, self.meaning)
        return Forward(inputs, emit("ones_at", rows, out=out()))


class Bins(Primitive):
    """The number of the bin that each value falls into."""

    differentiable = False

    def __init__(self, boundaries: Sequence[float]) -> None:
        super().__init__()
        self.boundaries = tuple(float(limit) for limit in boundaries)

    def output_dtype(self, *dtypes: str) -> str:
        """Whole numbers."""
        return "int32"

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = number of boundaries that are not above x."""
        return Forward(inputs, emit("bins", *inputs, out=out(), boundaries=self.boundaries))


def _rows(emit: Emitter, indices: Array, count: int, meaning: str) -> Array:
    rows = emit.buffer(indices.shape, np.intp)
    return emit("indices", indices, out=rows, count=count, meaning=meaning)


def take_rows(table: Tensor, indices: Tensor, meaning: str = "rows") -> Tensor:
    """table[indices]; `meaning` is what the number of rows is called if an index is wrong."""
    return Rows(meaning)(table, indices)


@composite
def one_hot(x: Tensor, num_classes: int, dtype: str, meaning: str = "num_classes") -> Tensor:
    """A 1 at each index along a new last axis; DataError for an index out of range."""
    return KnownOneHot(num_classes, dtype, meaning)(x)


def digitize(x: Tensor, bins: Sequence[float]) -> Tensor:
    """The number of the bin of each value; a boundary belongs to the bin above it."""
    return Bins(bins)(x)
