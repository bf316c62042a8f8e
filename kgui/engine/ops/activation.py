"""Activation functions as primitives."""

import math
from collections.abc import Sequence

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Pointwise, Tensor
from kgui.engine.ops.shaping import reshape, transpose


class Activation(Pointwise):
    """A function whose derivative is told from its output: relu, sigmoid, tanh, softplus."""

    computes_floats = True
    in_place = True
    reads_inputs = False
    reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * f'(x), from f(x)."""
        target = into.into(0, reuse=gradient)
        emit(f"{self.kernel}_gradient", done.output, gradient, out=target)


class Bent(Pointwise):
    """x where positive and another function elsewhere: leaky_relu, elu; 0 counts as elsewhere."""

    computes_floats = True
    in_place = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * f'(x)."""
        target = into.into(0, reuse=gradient)
        emit(f"{self.kernel}_gradient", *done.inputs, gradient, out=target, **self.constants)


class Softmax(Activation):
    """softmax, or its logarithm, along the last axis; told from its output as well."""

    def output_shape(self, *shapes: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The input's; there must be an axis to normalise along."""
        if not shapes[0]:
            raise ShapeError("{name} needs at least one axis, found a scalar", name=self.name)
        return shapes[0]


class Sparsemax(Bent):
    """Keras's sparsemax along the last axis."""

    in_place = False


@composite
def relu(x: Tensor) -> Tensor:
    """max(x, 0)."""
    return Activation("relu")(x)


@composite
def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return Activation("sigmoid")(x)


@composite
def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return Activation("tanh")(x)


@composite
def softmax(x: Tensor, axis: int | Sequence[int] | None = -1) -> Tensor:
    """exp(x) / sum(exp(x)) along an axis, over several, or over all values (None)."""
    return _along(Softmax("softmax"), x, axis)


@composite
def log_softmax(x: Tensor, axis: int | Sequence[int] | None = -1) -> Tensor:
    """The logarithm of softmax, without overflow."""
    return _along(Softmax("log_softmax"), x, axis)


@composite
def sparsemax(x: Tensor, axis: int = -1) -> Tensor:
    """max(x - tau, 0), with one tau for all values along the axis."""
    return _along(Sparsemax("sparsemax"), x, axis)


def _along(primitive: Pointwise, x: Tensor, axis: int | Sequence[int] | None) -> Tensor:
    """A primitive of the last axis, applied along others."""
    shape = tuple(x.shape) if hasattr(x, "shape") else np.shape(x)
    rank = len(shape)
    if axis is None:
        sizes = [-1 if size is None else size for size in shape]
        return reshape(primitive(reshape(x, (-1,))), sizes)
    given = (axis,) if isinstance(axis, int) else tuple(axis)
    if rank and not all(-rank <= place < rank for place in given):
        raise ShapeError(
            "{name} along axis {axis} is out of bounds for an input with {rank} axes",
            name=primitive.name,
            axis=axis,
            rank=rank,
        )
    over = [place % max(rank, 1) for place in given]
    if over in ([rank - 1], [0]) and rank <= over[0] + 1:
        return primitive(x)
    order = [place for place in range(rank) if place not in over] + over
    moved = transpose(x, order)
    if len(over) > 1:
        sizes = [-1 if size is None else size for size in moved.shape]
        joined = reshape(moved, [*sizes[: rank - len(over)], math.prod(sizes[rank - len(over) :])])
        return transpose(reshape(primitive(joined), sizes), _inverse(order))
    return transpose(primitive(moved), _inverse(order))


def _inverse(order: Sequence[int]) -> list[int]:
    return [list(order).index(place) for place in range(len(order))]


@composite
def leaky_relu(x: Tensor, negative_slope: float = 0.2) -> Tensor:
    """x where positive, negative_slope * x elsewhere."""
    return Bent("leaky_relu", slope=negative_slope)(x)


@composite
def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x where positive, alpha * (exp(x) - 1) elsewhere."""
    return Bent("elu", alpha=alpha)(x)


@composite
def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x)), without overflow."""
    return Activation("softplus")(x)
