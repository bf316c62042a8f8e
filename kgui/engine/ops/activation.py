"""Activation functions as primitives."""

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.primitive import Array, Forward, Gradients, Pointwise, Tensor


class Activation(Pointwise):
    """A function whose derivative is told from its output: relu, sigmoid, tanh, softplus."""

    in_place = True
    reads_inputs = False
    reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * f'(x), from f(x)."""
        target = into.into(0, reuse=gradient)
        emit(f"{self.kernel}_gradient", done.output, gradient, out=target)


class Bent(Pointwise):
    """x where positive and another function elsewhere: leaky_relu, elu; 0 counts as elsewhere."""

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


def relu(x: Tensor) -> Tensor:
    """max(x, 0)."""
    return Activation("relu")(x)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return Activation("sigmoid")(x)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return Activation("tanh")(x)


def softmax(x: Tensor) -> Tensor:
    """exp(x) / sum(exp(x)) along the last axis."""
    return Softmax("softmax")(x)


def log_softmax(x: Tensor) -> Tensor:
    """The logarithm of softmax, without overflow."""
    return Softmax("log_softmax")(x)


def leaky_relu(x: Tensor, negative_slope: float = 0.2) -> Tensor:
    """x where positive, negative_slope * x elsewhere."""
    return Bent("leaky_relu", slope=negative_slope)(x)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x where positive, alpha * (exp(x) - 1) elsewhere."""
    return Bent("elu", alpha=alpha)(x)


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x)), without overflow."""
    return Activation("softplus")(x)
