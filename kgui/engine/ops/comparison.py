"""Primitives without a derivative: comparisons, positions, conversions."""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.arithmetic import Binary
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape


class Compare(Binary):
    """a == b or a > b; booleans."""

    differentiable = False

    def output_dtype(self, *dtypes: str) -> str:
        """Booleans."""
        return "bool"


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


class Cast(Primitive):
    """The same values as another number type; gradients go through float types."""

    reads_inputs = False

    def __init__(self, dtype: str) -> None:
        super().__init__()
        self.dtype = dtype

    def output_dtype(self, *dtypes: str) -> str:
        """The type asked for."""
        return self.dtype

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x converted."""
        return Forward(inputs, emit("copy", *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient, converted back."""
        emit("copy", gradient, out=into.into(0))


def equal(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 equals x2."""
    return Compare("equal")(x1, x2)


def greater(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 is greater than x2."""
    return Compare("greater")(x1, x2)


def argmax(x: Tensor) -> Tensor:
    """Index of the largest value along the last axis."""
    return ArgMax()(x)


def cast(x: Tensor, dtype: str) -> Tensor:
    """x as another number type."""
    return x if getattr(x, "dtype", None) == dtype else Cast(dtype)(x)
