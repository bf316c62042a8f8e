"""Reductions besides sums: the largest, the smallest, any, all; variance, norms, running sums."""

from collections.abc import Callable, Sequence

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import epsilon as fuzz
from kgui.engine.errors import ShapeError
from kgui.engine.ops.arithmetic import add, divide, maximum, minimum, multiply, subtract
from kgui.engine.ops.comparison import cast, not_equal
from kgui.engine.ops.composite import composite
from kgui.engine.ops.elementwise import absolute, exp, log, sqrt, square
from kgui.engine.ops.powers import power, rsqrt
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor, as_floats
from kgui.engine.ops.reduction import axes_of, counted, mean, reduced
from kgui.engine.ops.reduction import sum as sum_of
from kgui.engine.ops.shaping import reshape
from kgui.engine.symbolic import Shape

Axes = int | Sequence[int] | None


class Reduction(Primitive):
    """One value for all of those along some axes: max, min, any, all."""

    reads_output = True

    def __init__(self, name: str, axes: tuple[int, ...] | None, keepdims: bool) -> None:
        super().__init__()
        self.name, self.axes, self.keepdims = name, axes, keepdims
        self.differentiable = name in ("max", "min")

    def _over(self, rank: int) -> tuple[int, ...]:
        return tuple(range(rank)) if self.axes is None else tuple(a % rank for a in self.axes)

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's without the axes, or with 1 in their place."""
        (shape,) = shapes
        over = self._over(len(shape))
        if self.differentiable and 0 in [shape[axis] for axis in over]:
            raise ShapeError("Cannot compute the {name} of an empty tensor.", name=self.name)
        return tuple(reduced(shape, over, self.keepdims))

    def output_dtype(self, *dtypes: str) -> str:
        """The input's; booleans for any and all."""
        return dtypes[0] if self.differentiable else "bool"

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Reduce."""
        (x,) = inputs
        output, over = out(), self._over(x.ndim)
        emit(f"{self.name}_over", x, out=output.reshape(reduced(x.shape, over)), axes=over)
        return Forward(inputs, output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient, in equal parts to all that were the largest or smallest."""
        (x,) = done.inputs
        over = self._over(x.ndim)
        column = reduced(x.shape, over, keepdims=True)
        chosen = emit.buffer(x.shape, gradient.dtype)
        count = emit.buffer(column, gradient.dtype)
        mask = emit("equal", x, done.output.reshape(column), out=emit.buffer(x.shape, bool))
        emit("copy", mask, out=chosen)
        emit("sum_over", chosen, out=count.reshape(reduced(x.shape, over)), axes=over)
        emit("divide", gradient.reshape(column), count, out=count)
        emit("multiply", chosen, count, out=into.into(0))


class CumulativeSum(Primitive):
    """The sums up to each place along an axis."""

    reads_inputs = False

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.name = "cumsum"
        self.axis = axis

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Add up."""
        return Forward(inputs, emit("cumulate", *inputs, out=out(), axis=self.axis))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The sums from the other end."""
        key = (slice(None),) * (self.axis % gradient.ndim) + (slice(None, None, -1),)
        emit("cumulate", gradient[key], out=into.into(0)[key], axis=self.axis)


@composite
def max(  # noqa: A001 - Keras's name
    x: Tensor, axis: Axes = None, keepdims: bool = False, initial: float | None = None
) -> Tensor:
    """The largest value over an axis, several, or all; no less than the initial one."""
    largest = Reduction("max", axes_of(axis), keepdims)(x)
    return largest if initial is None else maximum(largest, initial)


@composite
def min(  # noqa: A001 - Keras's name
    x: Tensor, axis: Axes = None, keepdims: bool = False, initial: float | None = None
) -> Tensor:
    """The smallest value over an axis, several, or all; no more than the initial one."""
    smallest = Reduction("min", axes_of(axis), keepdims)(x)
    return smallest if initial is None else minimum(smallest, initial)


@composite
def any(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:  # noqa: A001 - Keras's
    """Whether any value over the axes is true, that is not 0."""
    return Reduction("any", axes_of(axis), keepdims)(x)


@composite
def all(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:  # noqa: A001 - Keras's
    """Whether all values over the axes are true."""
    return Reduction("all", axes_of(axis), keepdims)(x)


@composite
def var(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """The mean squared distance from the mean (not the sample's estimate)."""
    x = as_floats(x)
    apart = subtract(x, mean(x, axis, keepdims=True))
    return mean(square(apart), axis, keepdims)


@composite
def std(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """The root of the variance."""
    return sqrt(var(x, axis, keepdims))


@composite
def norm(
    x: Tensor,
    ord: float | None = None,
    axis: Axes = None,
    keepdims: bool = False,
) -> Tensor:
    """The length of vectors along an axis, or of the flat x; `ord` may be any number or inf."""
    if ord is not None and not isinstance(axis, int) and len(x.shape) > 1:
        raise ValueError(f"norm takes `ord` for vectors along one axis. Received: ord={ord}")
    if ord in (None, 2):
        return sqrt(sum_of(square(x), axis, keepdims))
    if ord == np.inf:
        return max(absolute(x), axis, keepdims)
    if ord == -np.inf:
        return min(absolute(x), axis, keepdims)
    if ord == 0:
        return sum_of(cast(not_equal(x, 0), str(x.dtype)), axis, keepdims)
    if ord == 1:
        return sum_of(absolute(x), axis, keepdims)
    total = sum_of(power(absolute(x), float(ord)), axis, keepdims)
    return power(total, 1 / float(ord))


@composite
def normalize(x: Tensor, axis: Axes = -1, order: int = 2, epsilon: float | None = None) -> Tensor:
    """x divided by its norm along an axis, or by epsilon where that is larger."""
    if not isinstance(order, int) or order < 1:
        raise ValueError(f"Argument `order` must be an int >= 1. Received: order={order}")
    least = fuzz() if epsilon is None else epsilon
    if order == 2:
        # The root's derivative at 0 is infinite: what is too small is replaced before it.
        total = maximum(sum_of(square(x), axis, keepdims=True), least * least)
        return multiply(x, rsqrt(total))
    return divide(x, maximum(norm(x, order, axis, keepdims=True), least))


@composite
def logsumexp(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
    """log(sum(exp(x))), without overflow."""
    x = as_floats(x)
    top = max(x, axis, keepdims=True)
    total = log(sum_of(exp(subtract(x, top)), axis, keepdims))
    return add(total, top if keepdims else max(x, axis))


@composite
def cumsum(x: Tensor, axis: int | None = None, dtype: str | None = None) -> Tensor:
    """The sums of x up to each place along an axis, or of the flat x."""
    x = counted(x) if dtype is None else cast(x, dtype)
    return CumulativeSum(0)(reshape(x, (-1,))) if axis is None else CumulativeSum(axis)(x)
