"""Primitives that normalize over axes: means, squares, and division by the deviation.

The statistics themselves carry no derivative: `Center` and `Scale` hold the total one, through
the mean and the variance of what they were given.
"""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.layout import Axes, Layout, layout
from kgui.engine.ops.primitive import Array, Forward, Gradients, Pointwise, Primitive, Tensor
from kgui.engine.symbolic import Shape


def solid(emit: Emitter, array: Array) -> Array:
    """The array itself where it lies in one piece, else a copy that does."""
    if array.flags.c_contiguous:
        return array
    return emit("copy", array, out=emit.buffer(array.shape, array.dtype))


class Moment(Primitive):
    """The mean over axes of x, or of x²; it has no derivative of its own."""

    reads_inputs = False
    differentiable = False

    def __init__(self, kernel: str, axes: Axes) -> None:
        super().__init__()
        self.name = self.kernel = kernel
        self.axes = axes

    def output_shape(self, *shapes: Shape) -> Shape:
        """The input's without the axes."""
        return tuple(size for axis, size in enumerate(shapes[0]) if axis not in self.axes)

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """One kernel."""
        x, output = solid(emit, inputs[0]), out()
        seen = layout(x.shape, self.axes)
        emit(self.kernel, x.reshape(seen.shape), out=output, axes=seen.reduced)
        return Forward(inputs, output)


class Center(Primitive):
    """x less its mean over axes; a mean that is given is taken to be that of x."""

    in_place = True
    reads_inputs = False

    def __init__(self, axes: Axes) -> None:
        super().__init__()
        self.axes = axes

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """x - mean."""
        x, output = solid(emit, inputs[0]), out()
        seen = layout(x.shape, self.axes)
        parts = [x.reshape(seen.shape), *(mean.reshape(seen.column) for mean in inputs[1:])]
        if len(parts) == 1:
            emit("center", *parts, out=output.reshape(seen.shape), axes=seen.reduced)
        else:
            emit("subtract", *parts, out=output.reshape(seen.shape))
        return Forward(inputs, output)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient less its mean: what the mean of x contributes."""
        seen = layout(gradient.shape, self.axes)
        x = solid(emit, gradient).reshape(seen.shape)
        target = into.into(0, reuse=gradient).reshape(seen.shape)
        emit("center", x, out=target, axes=seen.reduced)


class Scaled(Primitive):
    """The base of what divides x by its deviation: scale and offset follow x and its moment.

    The derivative is the total one: the moment must be that of x itself over the axes.
    """

    def __init__(self, axes: Axes, epsilon: float, scale: bool, offset: bool) -> None:
        super().__init__()
        self.axes, self.epsilon = axes, epsilon
        self.scale, self.offset = scale, offset

    def _inverse(self, emit: Emitter, moment: Array, seen: Layout) -> Array:
        """1 / deviation, with 1 where there were sums."""
        out = emit.buffer(moment.shape, moment.dtype)
        return emit("inverse_root", moment, out=out, epsilon=self.epsilon).reshape(seen.column)

    def _offset_gradient(self, emit: Emitter, g: Array, axes: Axes, into: Gradients) -> None:
        """The offset's gradient is the sum over the axes along which it has one value."""
        index = 2 + self.scale
        if self.offset and into.wants(index):
            emit("sum_along", g, out=into.into(index), axes=axes)


class ScaledByStatistics(Scaled):
    """x / deviation * scale + offset, where each deviation has its own scale: one factor."""

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """x * factor + offset."""
        x, output = solid(emit, inputs[0]), out()
        seen = layout(x.shape, self.axes)
        inverse = factor = self._inverse(emit, inputs[1], seen)
        small = [array.reshape(seen.column) for array in inputs[2:]]
        if self.scale:
            factor = emit("multiply", inverse, small[0], out=emit.buffer(seen.column, x.dtype))
        y = emit("multiply", x.reshape(seen.shape), factor, out=output.reshape(seen.shape))
        if self.offset:
            emit("add", y, small[-1], out=y)
        return Forward((x, *inputs[1:]), output, (inverse, factor))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """Sums to scale and offset; to x, the gradient less the share of the deviation."""
        seen = layout(gradient.shape, self.axes)
        x, g = (solid(emit, array).reshape(seen.shape) for array in (done.inputs[0], gradient))
        inverse, factor = done.saved
        self._offset_gradient(emit, g, seen.reduced, into)
        total = emit.buffer(seen.column, g.dtype)
        emit("product_sum_along", g, x, out=total, axes=seen.reduced)
        if self.scale and into.wants(2):
            emit("multiply", total, inverse, out=into.into(2).reshape(seen.column))
        if into.wants(0):
            target = into.into(0, reuse=gradient).reshape(seen.shape)
            arrays = (g, x, inverse, factor, total)
            emit("scaled_gradient", *arrays, out=target, share=1 / seen.number)


class ScaledByFeatures(Scaled):
    """x / deviation * scale + offset, where scale and offset lie along axes of their own.

    With `most`, x is divided by its length instead, and multiplied with `most` at the most.
    """

    def __init__(
        self,
        axes: Axes,
        features: Axes,
        epsilon: float,
        scale: bool,
        offset: bool,
        most: float | None = None,
    ) -> None:
        super().__init__(axes, epsilon, scale, offset)
        self.features, self.most = features, most
        self.reads_output = not scale and not offset

    def _inverse(self, emit: Emitter, moment: Array, seen: Layout) -> Array:
        if self.most is None:
            return super()._inverse(emit, moment, seen)
        out = emit.buffer(moment.shape, moment.dtype)
        return emit("inverse_length", moment, out=out, most=self.most).reshape(seen.column)

    def _spread(self, array: Array) -> Layout:
        """The array seen by scale and offset: what they go along counts as kept."""
        rest = tuple(axis for axis in range(array.ndim) if axis not in self.features)
        return layout(array.shape, rest)

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """x / deviation, kept for the derivative; then times scale, plus offset."""
        x, output = solid(emit, inputs[0]), out()
        seen, spread = layout(x.shape, self.axes), self._spread(x)
        inverse = self._inverse(emit, inputs[1], seen)
        plain = not self.scale and not self.offset
        normal = output if plain else emit.buffer(x.shape, x.dtype)
        emit("multiply", x.reshape(seen.shape), inverse, out=normal.reshape(seen.shape))
        last, y = normal.reshape(spread.shape), output.reshape(spread.shape)
        kernels = ["multiply"] * self.scale + ["add"] * self.offset
        for kernel, array in zip(kernels, inputs[2:], strict=True):
            last = emit(kernel, last, array.reshape(spread.column), out=y)
        return Forward(inputs, output, (inverse, normal))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """Sums to scale and offset; to x, the gradient less what lies along x."""
        seen, spread = layout(gradient.shape, self.axes), self._spread(gradient)
        g = solid(emit, gradient).reshape(spread.shape)
        inverse, normal = done.saved
        self._offset_gradient(emit, g, spread.reduced, into)
        if self.scale and into.wants(2):
            values = normal.reshape(spread.shape)
            emit("product_sum_along", g, values, out=into.into(2), axes=spread.reduced)
        if not into.wants(0):
            return
        target = into.into(0, reuse=gradient)
        if self.scale:
            factor = done.inputs[2].reshape(spread.column)
            g = emit("multiply", g, factor, out=target.reshape(spread.shape))
        arrays = (g.reshape(seen.shape), normal.reshape(seen.shape), inverse)
        share = 1 / seen.number if self.most is None else 1.0
        emit(
            "normalized_gradient",
            *arrays,
            out=target.reshape(seen.shape),
            axes=seen.reduced,
            share=share,
        )


class InverseRoot(Pointwise):
    """1 / sqrt(x + epsilon)."""

    kernel = "inverse_root"
    reads_inputs = False
    reads_output = True

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """-gradient / 2 * output³."""
        cube = emit.buffer(gradient.shape, gradient.dtype)
        emit("multiply", done.output, done.output, out=cube)
        emit("multiply", cube, done.output, out=cube)
        emit("scale", cube, out=cube, factor=-0.5)
        emit("multiply", gradient, cube, out=into.into(0, reuse=gradient))


class Blend(Pointwise):
    """old * momentum + new * (1 - momentum); statistics, so nothing is derived through it."""

    kernel = "blend"
    reads_inputs = False
    differentiable = False


class Detached(Pointwise):
    """x, through which nothing is derived."""

    kernel = "copy"
    reads_inputs = False
    differentiable = False


def detached(x: Tensor) -> Tensor:
    """x as it is, for what takes it as given."""
    return Detached()(x)


def mean_of(x: Tensor, axes: Axes) -> Tensor:
    """The mean of x over axes counted from 0; what is derived goes through `centered`."""
    return Moment("mean_along", axes)(x)


def mean_square_of(x: Tensor, axes: Axes) -> Tensor:
    """The mean of x² over axes counted from 0; what is derived goes through `scaled_...`."""
    return Moment("mean_square_along", axes)(x)


def centered(x: Tensor, axes: Axes, mean: Tensor | None = None) -> Tensor:
    """x less its mean over axes; the mean is worked out unless it is given."""
    return Center(axes)(x) if mean is None else Center(axes)(x, mean)


def scaled_by_statistics(
    x: Tensor, moment: Tensor, axes: Axes, epsilon: float, scale: Tensor | None,
    offset: Tensor | None,
) -> Tensor:  # fmt: skip
    """x / sqrt(moment + epsilon) * scale + offset; all small tensors lack the axes."""
    parameters = [tensor for tensor in (scale, offset) if tensor is not None]
    primitive = ScaledByStatistics(axes, epsilon, scale is not None, offset is not None)
    return primitive(x, moment, *parameters)


def scaled_by_features(
    x: Tensor, moment: Tensor, axes: Axes, features: Axes, epsilon: float, scale: Tensor | None,
    offset: Tensor | None,
) -> Tensor:  # fmt: skip
    """x / sqrt(moment + epsilon) * scale + offset; the latter two have the features' axes."""
    parameters = [tensor for tensor in (scale, offset) if tensor is not None]
    given = scale is not None, offset is not None
    return ScaledByFeatures(axes, features, epsilon, *given)(x, moment, *parameters)


def of_unit_length(x: Tensor, axes: Axes, least: float) -> Tensor:
    """x divided by its length over axes, which counts as `least` where it is less."""
    squares = Moment("square_sum_along", axes)(x)
    return ScaledByFeatures(axes, (), 0.0, False, False, most=1 / least)(x, squares)


def inverse_root(x: Tensor, epsilon: float) -> Tensor:
    """1 / sqrt(x + epsilon)."""
    return InverseRoot(epsilon=epsilon)(x)


def blend(old: Tensor, new: Tensor, momentum: float) -> Tensor:
    """old * momentum + new * (1 - momentum)."""
    return Blend(momentum=momentum)(old, new)
