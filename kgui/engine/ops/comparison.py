"""Primitives without a derivative: comparisons, positions, conversions."""

from collections.abc import Callable

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import floatx
from kgui.engine.ops.arithmetic import Binary
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Cast, Forward, Pointwise, Primitive, Tensor
from kgui.engine.ops.shaping import transpose
from kgui.engine.symbolic import KerasTensor, Shape


class Compare(Binary):
    """a == b, a > b and the like, and the logic of truth values; booleans."""

    differentiable = False

    def output_dtype(self, *dtypes: str) -> str:
        """Booleans."""
        return "bool"


class Not(Pointwise):
    """True where x is false."""

    kernel = "logical_not"
    differentiable = False

    def output_dtype(self, *dtypes: str) -> str:
        """Booleans."""
        return "bool"


class OneHot(Primitive):
    """A new last axis with 1 at the place that x tells, 0 elsewhere."""

    differentiable = False

    def __init__(self, classes: int, dtype: str) -> None:
        super().__init__()
        self.name = "one_hot"
        self.classes, self.dtype = classes, dtype

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's and the number of classes."""
        return (*shapes[0], self.classes)

    def output_dtype(self, *dtypes: str) -> str:
        """The type asked for."""
        return self.dtype

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Compare with every class."""
        return Forward(inputs, emit("one_hot", *inputs, out=out()))


class ArgMax(Primitive):
    """Index of the largest value along the last axis."""

    differentiable = False

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's without the last axis."""
        return shapes[0][:-1]

    def output_dtype(self, *dtypes: str) -> str:
        """What NumPy's argmax gives without converting."""
        return "int64"

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = argmax of x."""
        return Forward(inputs, emit("argmax", *inputs, out=out()))


@composite
def equal(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 equals x2."""
    return Compare("equal")(x1, x2)


@composite
def greater(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 is greater than x2."""
    return Compare("greater")(x1, x2)


@composite
def greater_equal(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 is not less than x2."""
    return Compare("greater_equal")(x1, x2)


@composite
def less(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 is less than x2."""
    return Compare("less")(x1, x2)


@composite
def less_equal(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 is not greater than x2."""
    return Compare("less_equal")(x1, x2)


@composite
def not_equal(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 differs from x2."""
    return Compare("not_equal")(x1, x2)


@composite
def logical_and(x1: Tensor, x2: Tensor) -> Tensor:
    """True where both are true, that is not 0."""
    return Compare("logical_and")(x1, x2)


@composite
def logical_or(x1: Tensor, x2: Tensor) -> Tensor:
    """True where one or both are true."""
    return Compare("logical_or")(x1, x2)


@composite
def logical_xor(x1: Tensor, x2: Tensor) -> Tensor:
    """True where exactly one is true."""
    return Compare("logical_xor")(x1, x2)


@composite
def logical_not(x: Tensor) -> Tensor:
    """True where x is false."""
    return Not()(x)


@composite
def one_hot(
    x: Tensor, num_classes: int, axis: int = -1, dtype: str | None = None, sparse: bool = False
) -> Tensor:
    """1 at the place that x tells along a new axis, 0 elsewhere; all 0 for what is no class."""
    if sparse:
        raise ValueError("Sparse tensors are not supported.")
    rank = len(x.shape) + 1 if hasattr(x, "shape") else np.ndim(x) + 1
    encoded = OneHot(num_classes, dtype or floatx())(x)
    place = axis % rank
    if place == rank - 1:
        return encoded
    return transpose(encoded, [*range(place), rank - 1, *range(place, rank - 1)])


@composite
def argmax(x: Tensor) -> Tensor:
    """As `ops.argmax` along the last axis, but in NumPy's own type: losses and metrics index."""
    return ArgMax()(x)


@composite
def cast(x: Tensor, dtype: str) -> Tensor:
    """x as another number type."""
    return x if getattr(x, "dtype", None) == dtype else Cast(dtype)(x)


def _swapped(function: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda right, left: function(left, right)


# The operators of symbolic tensors are these functions; symbolic.py cannot import them. As in
# Keras, == stays identity: tensors are compared by `equal`.
for _name, _compare in {
    "lt": less, "le": less_equal, "gt": greater, "ge": greater_equal, "ne": not_equal,
    "and": logical_and, "or": logical_or, "xor": logical_xor, "invert": logical_not,
    "rand": _swapped(logical_and), "ror": _swapped(logical_or), "rxor": _swapped(logical_xor),
}.items():  # fmt: skip
    setattr(KerasTensor, f"__{_name}__", _compare)
