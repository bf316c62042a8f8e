"""Functions of each value: negative, powers, exponentials, logarithms, limits."""

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Pointwise, Tensor
from kgui.engine.symbolic import KerasTensor


class Negative(Pointwise):
    """-x."""

    kernel = "negative"
    in_place = True
    reads_inputs = False

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The negated gradient."""
        emit("negative", gradient, out=into.into(0, reuse=gradient))


class Power(Pointwise):
    """x² ("square") or the root of x ("sqrt")."""

    def __init__(self, kernel: str) -> None:
        super().__init__(kernel)
        self.reads_output = self.computes_floats = kernel == "sqrt"
        self.reads_inputs = not self.reads_output

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * 2x, or gradient / (2 * root)."""
        target = into.into(0, reuse=gradient)
        if self.kernel == "square":
            emit("multiply", gradient, done.inputs[0], out=target)
            emit("scale", target, out=target, factor=2.0)
        else:
            emit("divide", gradient, done.output, out=target)
            emit("scale", target, out=target, factor=0.5)


class Exponential(Pointwise):
    """exp(x) or exp(x) - 1."""

    computes_floats = True
    reads_inputs = False
    reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * exp(x)."""
        slope = done.output
        if self.kernel == "expm1":
            slope = emit("shift", slope, out=emit.buffer(slope.shape, slope.dtype), amount=1.0)
        emit("multiply", gradient, slope, out=into.into(0, reuse=gradient))


class Logarithm(Pointwise):
    """log(x) or log(1 + x)."""

    computes_floats = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient / x, or gradient / (1 + x)."""
        (x,) = done.inputs
        if self.kernel == "log1p":
            x = emit("shift", x, out=emit.buffer(x.shape, x.dtype), amount=1.0)
        emit("divide", gradient, x, out=into.into(0, reuse=gradient))


class Absolute(Pointwise):
    """|x|; the derivative at 0 is 0."""

    kernel = "absolute"

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * sign(x)."""
        sign = emit("sign", done.inputs[0], out=emit.buffer(gradient.shape, gradient.dtype))
        emit("multiply", gradient, sign, out=into.into(0, reuse=gradient))


class Clip(Pointwise):
    """x limited to [low, high]; the derivative outside is 0."""

    kernel = "clip"

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient where x was inside."""
        target = into.into(0, reuse=gradient)
        emit("clip_gradient", *done.inputs, gradient, out=target, **self.constants)


@composite
def negative(x: Tensor) -> Tensor:
    """-x."""
    return Negative()(x)


@composite
def square(x: Tensor) -> Tensor:
    """x²."""
    return Power("square")(x)


@composite
def sqrt(x: Tensor) -> Tensor:
    """The square root of x."""
    return Power("sqrt")(x)


@composite
def exp(x: Tensor) -> Tensor:
    """e to the power of x."""
    return Exponential("exp")(x)


@composite
def expm1(x: Tensor) -> Tensor:
    """e to the power of x, less 1; precise for small x."""
    return Exponential("expm1")(x)


@composite
def log(x: Tensor) -> Tensor:
    """The natural logarithm of x."""
    return Logarithm("log")(x)


@composite
def log1p(x: Tensor) -> Tensor:
    """log(1 + x); precise for small x."""
    return Logarithm("log1p")(x)


@composite
def absolute(x: Tensor) -> Tensor:
    """|x|."""
    return Absolute()(x)


@composite
def clip(x: Tensor, x_min: float, x_max: float) -> Tensor:
    """x limited to [x_min, x_max]."""
    return Clip(low=x_min, high=x_max)(x)


setattr(KerasTensor, "__neg__", negative)  # noqa: B010 - symbolic.py cannot import it
