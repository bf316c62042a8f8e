"""More functions of each value: logarithms, trigonometry, tests for NaN and infinity."""

from collections.abc import Callable

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Pointwise, Tensor

Slope = Callable[[Emitter, Array, Array], Array]
"""From an input x and the output y to the derivative, in a buffer of its own."""


def _like(emit: Emitter, array: Array) -> Array:
    return emit.buffer(array.shape, array.dtype)


def _polynomial(emit: Emitter, x: Array, factor: float, amount: float) -> Array:
    """factor * x² + amount."""
    result = emit("square", x, out=_like(emit, x))
    emit("scale", result, out=result, factor=factor)
    return emit("shift", result, out=result, amount=amount)


def _inverse_of(emit: Emitter, array: Array, factor: float = 1.0, root: bool = False) -> Array:
    """factor / array, or factor / its square root."""
    if root:
        emit("sqrt", array, out=array)
    over = _like(emit, array)
    emit("fill", out=over, value=factor)
    return emit("divide", over, array, out=array)


def _constant_over_x(factor: float) -> Slope:
    def slope(emit: Emitter, x: Array, y: Array) -> Array:
        return _inverse_of(emit, emit("scale", x, out=_like(emit, x), factor=1 / factor))

    return slope


def _over_square(factor: float, amount: float, root: bool = False, sign: float = 1.0) -> Slope:
    """sign / (factor * x² + amount), or over its root."""

    def slope(emit: Emitter, x: Array, y: Array) -> Array:
        return _inverse_of(emit, _polynomial(emit, x, factor, amount), sign, root)

    return slope


SLOPES: dict[str, Slope] = {
    "arccos": _over_square(-1.0, 1.0, root=True, sign=-1.0),
    "arccosh": _over_square(1.0, -1.0, root=True),
    "arcsin": _over_square(-1.0, 1.0, root=True),
    "arcsinh": _over_square(1.0, 1.0, root=True),
    "arctan": _over_square(1.0, 1.0),
    "arctanh": _over_square(-1.0, 1.0),
    "cosh": lambda emit, x, y: emit("sinh", x, out=_like(emit, x)),
    "exp2": lambda emit, x, y: emit("scale", y, out=_like(emit, y), factor=float(np.log(2))),
    "log10": _constant_over_x(1 / float(np.log(10))),
    "log2": _constant_over_x(1 / float(np.log(2))),
    "reciprocal": lambda emit, x, y: emit(
        "negative", emit("square", y, out=(seen := _like(emit, y))), out=seen
    ),
    "sinh": lambda emit, x, y: emit("cosh", x, out=_like(emit, x)),
    "tan": lambda emit, x, y: _polynomial(emit, y, 1.0, 1.0),
}
"""Derivatives by the name of the function, which is NumPy's."""


class Transcendental(Pointwise):
    """A smooth function, whose derivative is looked up by its name."""

    computes_floats = True
    reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * f'(x)."""
        slope = SLOPES[self.kernel](emit, done.inputs[0], done.output)
        emit("multiply", gradient, slope, out=into.into(0, reuse=gradient))


class Inspection(Pointwise):
    """True or false of each value."""

    differentiable = False

    def output_dtype(self, *dtypes: str) -> str:
        """Booleans."""
        return "bool"


@composite
def arccos(x: Tensor) -> Tensor:
    """The angle whose cosine is x."""
    return Transcendental("arccos")(x)


@composite
def arccosh(x: Tensor) -> Tensor:
    """The inverse of cosh."""
    return Transcendental("arccosh")(x)


@composite
def arcsin(x: Tensor) -> Tensor:
    """The angle whose sine is x."""
    return Transcendental("arcsin")(x)


@composite
def arcsinh(x: Tensor) -> Tensor:
    """The inverse of sinh."""
    return Transcendental("arcsinh")(x)


@composite
def arctan(x: Tensor) -> Tensor:
    """The angle whose tangent is x."""
    return Transcendental("arctan")(x)


@composite
def arctanh(x: Tensor) -> Tensor:
    """The inverse of tanh."""
    return Transcendental("arctanh")(x)


@composite
def cosh(x: Tensor) -> Tensor:
    """(exp(x) + exp(-x)) / 2."""
    return Transcendental("cosh")(x)


@composite
def exp2(x: Tensor) -> Tensor:
    """2 to the power of x."""
    return Transcendental("exp2")(x)


@composite
def log10(x: Tensor) -> Tensor:
    """The logarithm to base 10."""
    return Transcendental("log10")(x)


@composite
def log2(x: Tensor) -> Tensor:
    """The logarithm to base 2."""
    return Transcendental("log2")(x)


@composite
def reciprocal(x: Tensor) -> Tensor:
    """1 / x."""
    return Transcendental("reciprocal")(x)


@composite
def sinh(x: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / 2."""
    return Transcendental("sinh")(x)


@composite
def tan(x: Tensor) -> Tensor:
    """The tangent of x."""
    return Transcendental("tan")(x)


@composite
def isfinite(x: Tensor) -> Tensor:
    """True where x is neither infinite nor NaN."""
    return Inspection("isfinite")(x)


@composite
def isinf(x: Tensor) -> Tensor:
    """True where x is infinite."""
    return Inspection("isinf")(x)


@composite
def isnan(x: Tensor) -> Tensor:
    """True where x is NaN."""
    return Inspection("isnan")(x)
