"""Elementwise arithmetic, with broadcasting."""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import (
    Array,
    Forward,
    Gradients,
    Pointwise,
    Tensor,
    broadcast_shape,
)
from kgui.engine.symbolic import KerasTensor, Shape


class Binary(Pointwise):
    """A function of two tensors of equal or broadcastable shapes."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """The shape both broadcast to."""
        shape = broadcast_shape(*shapes)
        if shape is None:
            raise ShapeError(
                "Inputs have incompatible shapes: {first} and {second}",
                first=shapes[0],
                second=shapes[1],
            )
        return shape


def unbroadcast(emit: Emitter, into: Gradients, index: int, value: Array, gradient: Array) -> None:
    """Add a gradient of the output's shape to that of an input which was broadcast."""
    if value.shape == gradient.shape:
        emit("copy", gradient, out=into.into(index))
    else:
        emit("sum_to", gradient, out=into.into(index))


class Add(Binary):
    """a + b."""

    kernel = "add"
    in_place = True
    reads_inputs = False

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient goes to both."""
        a, b = done.inputs
        if into.wants(1):
            unbroadcast(emit, into, 1, b, gradient)
        if into.wants(0):
            if a.shape == gradient.shape:
                into.give(0, gradient)
            else:
                unbroadcast(emit, into, 0, a, gradient)


class Subtract(Binary):
    """a - b."""

    kernel = "subtract"
    in_place = True
    reads_inputs = False

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient goes to a, and negated to b."""
        a, b = done.inputs
        if into.wants(1):
            negated = emit("negative", gradient, out=emit.buffer(gradient.shape, gradient.dtype))
            unbroadcast(emit, into, 1, b, negated)
        if into.wants(0):
            if a.shape == gradient.shape:
                into.give(0, gradient)
            else:
                unbroadcast(emit, into, 0, a, gradient)


class Multiply(Binary):
    """a * b."""

    kernel = "multiply"

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * b and gradient * a."""
        for index in (1, 0):
            if into.wants(index):
                other = done.inputs[1 - index]
                _product_into(emit, into, index, done.inputs[index], gradient, other)


def _product_into(
    emit: Emitter, into: Gradients, index: int, value: Array, gradient: Array, other: Array
) -> None:
    if value.shape == gradient.shape:
        emit("multiply", gradient, other, out=into.into(index))
        return
    product = emit.buffer(gradient.shape, gradient.dtype)
    unbroadcast(emit, into, index, value, emit("multiply", gradient, other, out=product))


class Divide(Binary):
    """a / b."""

    computes_floats = True
    kernel = "divide"
    reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient / b, and -gradient * (a / b) / b."""
        a, b = done.inputs
        quotient = emit.buffer(gradient.shape, gradient.dtype)
        emit("divide", gradient, b, out=quotient)
        if into.wants(0):
            unbroadcast(emit, into, 0, a, quotient)
        if into.wants(1):
            product = emit.buffer(gradient.shape, gradient.dtype)
            emit("multiply", quotient, done.output, out=product)
            unbroadcast(emit, into, 1, b, emit("negative", product, out=product))


class Extreme(Binary):
    """The larger, or the smaller, of a and b; of equals each takes half the gradient."""

    def __init__(self, kernel: str) -> None:
        super().__init__(kernel)
        self.reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient goes where the value came from."""
        for index in (1, 0):
            if into.wants(index):
                share = self._share(emit, done, index, gradient)
                unbroadcast(emit, into, index, done.inputs[index], share)

    def _share(self, emit: Emitter, done: Forward, index: int, gradient: Array) -> Array:
        a, b = done.inputs
        shape, dtype = gradient.shape, gradient.dtype
        chosen = emit("equal", done.inputs[index], done.output, out=emit.buffer(shape, bool))
        tie = emit("equal", a, b, out=emit.buffer(shape, bool))
        weight = emit("scale", tie, out=emit.buffer(shape, dtype), factor=-0.5)
        emit("add", weight, chosen, out=weight)
        return emit("multiply", weight, gradient, out=weight)


@composite
def add(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 + x2."""
    return Add()(x1, x2)


@composite
def subtract(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 - x2."""
    return Subtract()(x1, x2)


@composite
def multiply(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 * x2."""
    return Multiply()(x1, x2)


@composite
def divide(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 / x2."""
    return Divide()(x1, x2)


@composite
def true_divide(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 / x2."""
    return Divide()(x1, x2)


@composite
def maximum(x1: Tensor, x2: Tensor) -> Tensor:
    """The larger of each pair."""
    return Extreme("maximum")(x1, x2)


@composite
def minimum(x1: Tensor, x2: Tensor) -> Tensor:
    """The smaller of each pair."""
    return Extreme("minimum")(x1, x2)


def _swapped(function: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda right, left: function(left, right)


# The operators of symbolic tensors are these functions; symbolic.py cannot import them.
for _name, _function in {
    "add": add,
    "sub": subtract,
    "mul": multiply,
    "truediv": true_divide,
}.items():
    setattr(KerasTensor, f"__{_name}__", _function)
    setattr(KerasTensor, f"__r{_name}__", _swapped(_function))
