"""NumPy kernels: each takes its arrays once and returns a step that computes in place, for ever.

A kernel is found by its function's name. Arrays that are read come first, the one written is
`out`; scratch is allocated when the step is made. `out` may be the first array read, except
where the docstring says otherwise.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Step = Callable[[], object]
Kernel = Callable[..., Step]

KERNELS: dict[str, Kernel] = {}

# The public np.clip adds 4 µs of wrapper to a call of this ufunc.
clip_ufunc: Callable[..., Array] = np._core.umath.clip  # type: ignore[attr-defined]  # noqa: SLF001


def kernel(function: Kernel) -> Kernel:
    """Enter a kernel in the table under its own name; each name is given once."""
    if function.__name__ in KERNELS:
        raise ValueError(f"There are two kernels named {function.__name__}.")
    KERNELS[function.__name__] = function
    return function


def constant(value: float, like: Array) -> Array:
    """A number as a 0-d array of the same type: cheaper to pass than a Python float."""
    return np.array(value, dtype=like.dtype)


def enter_elementwise(name: str, function: Callable[..., Any]) -> None:
    """Enter a universal function of NumPy in the table of kernels."""

    def make(*reads: Array, out: Array) -> Step:
        if function in (np.maximum, np.minimum):
            return partial(function, *reads, out=out)  # NumPy wants it by name for these two
        return partial(function, *reads, out)

    KERNELS[name] = make


for _name, _function in {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "square": np.square,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "absolute": np.absolute,
    "sign": np.sign,
    "tanh": np.tanh,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "equal": np.equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "not_equal": np.not_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_xor": np.logical_xor,
    "logical_not": np.logical_not,
    "sin": np.sin,
    "cos": np.cos,
    "floor": np.floor,
    "ceil": np.ceil,
    "quotient_down": np.floor_divide,
    "remainder": np.remainder,
    "power": np.power,
}.items():
    enter_elementwise(_name, _function)


@kernel
def copy(x: Array, out: Array) -> Step:
    """out = x, converted to out's type and broadcast to its shape."""
    return partial(np.copyto, out, x, "unsafe")


@kernel
def fill(out: Array, value: float) -> Step:
    """out = value everywhere."""
    return partial(out.fill, value)


@kernel
def scale(x: Array, out: Array, factor: float) -> Step:
    """out = x * factor."""
    return partial(np.multiply, x, constant(factor, out), out)


@kernel
def shift(x: Array, out: Array, amount: float) -> Step:
    """out = x + amount."""
    return partial(np.add, x, constant(amount, out), out)


@kernel
def clip(x: Array, out: Array, low: float, high: float) -> Step:
    """out = x limited to [low, high]."""
    return partial(clip_ufunc, x, constant(low, out), constant(high, out), out)


@kernel
def clip_gradient(x: Array, gradient: Array, out: Array, low: float, high: float) -> Step:
    """out = gradient where x is inside [low, high], else 0."""
    inside, above = np.empty(x.shape, bool), np.empty(x.shape, bool)
    bottom, top = constant(low, x), constant(high, x)

    def step() -> None:
        np.greater_equal(x, bottom, inside)
        np.less_equal(x, top, above)
        np.logical_and(inside, above, inside)
        np.multiply(gradient, inside, out)

    return step


@kernel
def matmul(a: Array, b: Array, out: Array) -> Step:
    """Product of stacks of matrices; `out` is neither of them."""
    return partial(np.matmul, a, b, out)


@kernel
def sum_to(x: Array, out: Array) -> Step:
    """out = x summed over the axes along which out was broadcast to x's shape."""
    if x.ndim == 2 and out.ndim == 1 and x.shape[1] == out.shape[0]:
        # A product with ones: 42 µs against 67 for sum(0), 0.9 against 3.2 on tiny arrays.
        return partial(np.ones(x.shape[0], x.dtype).dot, x, out)
    padded = (1,) * (x.ndim - out.ndim) + out.shape
    axes = tuple(axis for axis in range(x.ndim) if padded[axis] == 1 and x.shape[axis] != 1)
    return partial(np.add.reduce, x, axes, None, out.reshape(padded), True)


@kernel
def sum_over(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = x summed over the axes, which out does not have."""
    return partial(np.add.reduce, x, axes, None, out)


@kernel
def random_mask(out: Array, generator: np.random.Generator, rate: float) -> Step:
    """out = 0 with probability rate, else 1 / (1 - rate); a rate of 1 leaves only zeros."""
    kept, factor = np.empty(out.shape, bool), constant(1 / (1 - rate) if rate < 1 else 0, out)
    limit = constant(rate, out)

    def step() -> None:
        generator.random(None, out.dtype, out)
        np.greater_equal(out, limit, kept)
        np.multiply(kept, factor, out)

    return step
