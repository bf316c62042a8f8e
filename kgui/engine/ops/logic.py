"""Truth values: compared, joined, and used to choose between tensors."""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.arithmetic import unbroadcast
from kgui.engine.ops.comparison import Compare
from kgui.engine.ops.primitive import (
    Array,
    Forward,
    Gradients,
    Primitive,
    Tensor,
    broadcast_shape,
)
from kgui.engine.symbolic import Shape


class Any(Primitive):
    """True where anything along the last axis is."""

    differentiable = False

    def __init__(self, keepdims: bool) -> None:
        super().__init__()
        self.keepdims = keepdims

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's without the last axis, or with a last axis of 1."""
        return (*shapes[0][:-1], 1) if self.keepdims else shapes[0][:-1]

    def output_dtype(self, *dtypes: str) -> str:
        """Booleans."""
        return "bool"

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = any of x."""
        done = emit("any_of_last", *inputs, out=out(), keepdims=self.keepdims)
        return Forward(inputs, done)


class AllTrue(Primitive):
    """True for every value."""

    differentiable = False
    reads_inputs = False

    def output_dtype(self, *dtypes: str) -> str:
        """Booleans."""
        return "bool"

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = true."""
        return Forward(inputs, emit("fill", out=out(), value=1))


class Where(Primitive):
    """One tensor where a condition is true, another elsewhere."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """The shape all three broadcast to."""
        shape: Shape | None = shapes[0]
        for other in shapes[1:]:
            shape = None if shape is None else broadcast_shape(shape, other)
        if shape is None:
            raise ShapeError("Inputs have incompatible shapes: {shapes}", shapes=list(shapes))
        return shape

    def output_dtype(self, *dtypes: str) -> str:
        """That of what is chosen from."""
        return super().output_dtype(*dtypes[1:])

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x1 where the condition is true, x2 elsewhere."""
        return Forward(inputs, emit("choose", *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient goes to what was chosen."""
        condition = done.inputs[0]
        nothing = emit.buffer((), gradient.dtype)
        emit("fill", out=nothing, value=0.0)
        for index in (2, 1):
            if into.wants(index):
                ways = (gradient, nothing) if index == 1 else (nothing, gradient)
                share = emit.buffer(gradient.shape, gradient.dtype)
                emit("choose", condition, *ways, out=share)
                unbroadcast(emit, into, index, done.inputs[index], share)


def not_equal(x1: Tensor, x2: Tensor) -> Tensor:
    """True where x1 differs from x2."""
    return Compare("not_equal")(x1, x2)


def logical_and(x1: Tensor, x2: Tensor) -> Tensor:
    """True where both of two booleans are."""
    return Compare("logical_and")(x1, x2)


def logical_or(x1: Tensor, x2: Tensor) -> Tensor:
    """True where one of two booleans is."""
    return Compare("logical_or")(x1, x2)


def all_true(x: Tensor) -> Tensor:
    """True for every value of x."""
    return AllTrue()(x)


def any_of_last(x: Tensor, keepdims: bool = False) -> Tensor:
    """True where anything along the last axis is."""
    return Any(keepdims)(x)


def where(condition: Tensor, x1: Tensor, x2: Tensor) -> Tensor:
    """x1 where the condition is true, x2 elsewhere."""
    return Where()(condition, x1, x2)
