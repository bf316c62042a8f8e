"""Powers, remainders, roundings and trigonometry."""

import numbers

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.arithmetic import Binary, divide, unbroadcast
from kgui.engine.ops.composite import composite
from kgui.engine.ops.elementwise import absolute, sqrt, square
from kgui.engine.ops.primitive import Array, Forward, Gradients, Pointwise, Tensor
from kgui.engine.symbolic import KerasTensor


class Exponentiation(Binary):
    """a ** b."""

    kernel = "power"
    reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * b * a ** (b - 1), and gradient * a ** b * log(a)."""
        a, b = done.inputs
        if into.wants(1):
            share = emit.buffer(gradient.shape, gradient.dtype)
            emit("power_exponent_gradient", a, done.output, gradient, out=share)
            unbroadcast(emit, into, 1, b, share)
        if into.wants(0):
            share = emit.buffer(gradient.shape, gradient.dtype)
            emit("power_base_gradient", a, b, gradient, out=share)
            unbroadcast(emit, into, 0, a, share)


class Remainder(Binary):
    """What is left of a after whole multiples of b; its sign is b's."""

    kernel = "remainder"

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient goes to a, and -floor(a / b) times to b."""
        a, b = done.inputs
        if into.wants(1):
            share = emit.buffer(gradient.shape, gradient.dtype)
            emit("quotient_down", a, b, out=share)
            emit("multiply", share, gradient, out=share)
            unbroadcast(emit, into, 1, b, emit("negative", share, out=share))
        if into.wants(0):
            unbroadcast(emit, into, 0, a, gradient)


class Stairs(Pointwise):
    """A function that is flat but for its jumps: floor, ceil, sign, rounding."""

    differentiable = False


class FloorDivide(Binary):
    """The whole part of a / b; flat but for its jumps."""

    kernel = "quotient_down"
    differentiable = False


class Wave(Pointwise):
    """sin or cos."""

    computes_floats = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * cos(x), or -gradient * sin(x)."""
        (x,) = done.inputs
        other = "cos" if self.kernel == "sin" else "sin"
        slope = emit(other, x, out=emit.buffer(x.shape, gradient.dtype))
        if other == "sin":
            emit("negative", slope, out=slope)
        emit("multiply", gradient, slope, out=into.into(0, reuse=gradient))


@composite
def power(x1: Tensor, x2: Tensor) -> Tensor:
    """x1 to the power of x2."""
    exponent = x2 if isinstance(x2, numbers.Real) else None
    return square(x1) if exponent == 2 and not isinstance(x1, numbers.Real) else _power(x1, x2)


def _power(x1: Tensor, x2: Tensor) -> Tensor:
    return Exponentiation()(x1, x2)


@composite
def mod(x1: Tensor, x2: Tensor) -> Tensor:
    """What is left of x1 after whole multiples of x2."""
    return Remainder()(x1, x2)


@composite
def floor_divide(x1: Tensor, x2: Tensor) -> Tensor:
    """The largest whole number that is not above x1 / x2."""
    return FloorDivide()(x1, x2)


@composite
def sign(x: Tensor) -> Tensor:
    """-1, 0 or 1."""
    return Stairs("sign")(x)


@composite
def floor(x: Tensor) -> Tensor:
    """The largest whole number that is not above x."""
    return Stairs("floor")(x)


@composite
def ceil(x: Tensor) -> Tensor:
    """The smallest whole number that is not below x."""
    return Stairs("ceil")(x)


@composite
def round(x: Tensor, decimals: int = 0) -> Tensor:  # noqa: A001 - Keras's name
    """x with so many decimals; halves go to the even side."""
    return Stairs("rounded", decimals=decimals)(x)


@composite
def sin(x: Tensor) -> Tensor:
    """The sine of x in radians."""
    return Wave("sin")(x)


@composite
def cos(x: Tensor) -> Tensor:
    """The cosine of x in radians."""
    return Wave("cos")(x)


@composite
def rsqrt(x: Tensor) -> Tensor:
    """1 / the root of x."""
    return divide(1.0, sqrt(x))


abs = absolute  # noqa: A001 - Keras's name


def _raised(exponent: Tensor, base: Tensor) -> Tensor:
    return power(base, exponent)


def _divided(divisor: Tensor, x: Tensor) -> Tensor:
    return floor_divide(x, divisor)


def _left(divisor: Tensor, x: Tensor) -> Tensor:
    return mod(x, divisor)


def _rounded(x: Tensor, digits: int | None = None) -> Tensor:
    return round(x, digits or 0)


# The operators of symbolic tensors are these functions; symbolic.py cannot import them.
for _name, _function in {
    "pow": power, "rpow": _raised, "floordiv": floor_divide, "rfloordiv": _divided,
    "mod": mod, "rmod": _left, "abs": absolute, "round": _rounded,
}.items():  # fmt: skip
    setattr(KerasTensor, f"__{_name}__", _function)
