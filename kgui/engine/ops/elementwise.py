"""Functions of each value: negative, powers, exponentials, logarithms, limits."""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import KerasTensor


class Negative(Primitive):
    """-x."""

    in_place = True
    reads_inputs = False

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = -x."""
        return Forward(inputs, emit("negative", *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The negated gradient."""
        emit("negative", gradient, out=into.into(0, reuse=gradient))


class Power(Primitive):
    """x² ("square") or the root of x ("sqrt")."""

    def __init__(self, kernel: str) -> None:
        super().__init__()
        self.name = self.kernel = kernel
        self.reads_output = kernel == "sqrt"
        self.reads_inputs = not self.reads_output

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x² or the root of x."""
        return Forward(inputs, emit(self.kernel, *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * 2x, or gradient / (2 * root)."""
        target = into.into(0, reuse=gradient)
        if self.kernel == "square":
            emit("multiply", gradient, done.inputs[0], out=target)
            emit("scale", target, out=target, factor=2.0)
        else:
            emit("divide", gradient, done.output, out=target)
            emit("scale", target, out=target, factor=0.5)


class Exponential(Primitive):
    """exp(x) or exp(x) - 1."""

    reads_inputs = False
    reads_output = True

    def __init__(self, kernel: str) -> None:
        super().__init__()
        self.name = self.kernel = kernel

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = exp(x), or exp(x) - 1."""
        return Forward(inputs, emit(self.kernel, *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * exp(x)."""
        slope = done.output
        if self.kernel == "expm1":
            slope = emit("shift", slope, out=emit.buffer(slope.shape, slope.dtype), amount=1.0)
        emit("multiply", gradient, slope, out=into.into(0, reuse=gradient))


class Logarithm(Primitive):
    """log(x) or log(1 + x)."""

    def __init__(self, kernel: str) -> None:
        super().__init__()
        self.name = self.kernel = kernel

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = log(x), or log(1 + x)."""
        return Forward(inputs, emit(self.kernel, *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient / x, or gradient / (1 + x)."""
        (x,) = done.inputs
        if self.kernel == "log1p":
            x = emit("shift", x, out=emit.buffer(x.shape, x.dtype), amount=1.0)
        emit("divide", gradient, x, out=into.into(0, reuse=gradient))


class Absolute(Primitive):
    """|x|; the derivative at 0 is 0."""

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = |x|."""
        return Forward(inputs, emit("absolute", *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * sign(x)."""
        sign = emit("sign", done.inputs[0], out=emit.buffer(gradient.shape, gradient.dtype))
        emit("multiply", gradient, sign, out=into.into(0, reuse=gradient))


class Clip(Primitive):
    """x limited to [low, high]; the derivative outside is 0."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.low, self.high = low, high

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x limited."""
        return Forward(inputs, emit("clip", *inputs, out=out(), low=self.low, high=self.high))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient where x was inside."""
        target = into.into(0, reuse=gradient)
        emit("clip_gradient", *done.inputs, gradient, out=target, low=self.low, high=self.high)


def negative(x: Tensor) -> Tensor:
    """-x."""
    return Negative()(x)


def square(x: Tensor) -> Tensor:
    """x²."""
    return Power("square")(x)


def sqrt(x: Tensor) -> Tensor:
    """The square root of x."""
    return Power("sqrt")(x)


def exp(x: Tensor) -> Tensor:
    """e to the power of x."""
    return Exponential("exp")(x)


def expm1(x: Tensor) -> Tensor:
    """e to the power of x, less 1; precise for small x."""
    return Exponential("expm1")(x)


def log(x: Tensor) -> Tensor:
    """The natural logarithm of x."""
    return Logarithm("log")(x)


def log1p(x: Tensor) -> Tensor:
    """log(1 + x); precise for small x."""
    return Logarithm("log1p")(x)


def absolute(x: Tensor) -> Tensor:
    """|x|."""
    return Absolute()(x)


def clip(x: Tensor, x_min: float, x_max: float) -> Tensor:
    """x limited to [x_min, x_max]."""
    return Clip(x_min, x_max)(x)


setattr(KerasTensor, "__neg__", negative)  # noqa: B010 - symbolic.py cannot import it
