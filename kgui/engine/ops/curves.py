"""The less common activation functions as primitives, under Keras's names in `keras.ops`."""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.activation import Activation, Bent, elu, sigmoid
from kgui.engine.ops.arithmetic import multiply
from kgui.engine.ops.comparison import greater
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Pointwise, Tensor
from kgui.engine.ops.selection import split, where


class Gated(Pointwise):
    """x times a gate that depends on x: silu, gelu, mish, hard_silu."""

    computes_floats = True

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """x * gate; the gate is kept for the derivative."""
        (x,) = inputs
        output = out()
        gate = emit.buffer(x.shape, output.dtype)
        emit(f"{self.kernel}_gate", x, out=gate)
        return Forward(inputs, emit("multiply", x, gate, out=output), (gate,))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * (gate + x * gate')."""
        target = into.into(0, reuse=gradient)
        emit(f"{self.kernel}_gradient", *done.inputs, *done.saved, gradient, out=target)


class Curve(Bent):
    """A function whose derivative is told from x, in a buffer of its own."""

    in_place = False


class Ramp(Activation):
    """A straight line between two limits; told from its output."""

    in_place = True

    def __init__(self, slope: float, shift: float, low: float, high: float) -> None:
        super().__init__("ramp", slope=slope, shift=shift, low=low, high=high)

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """gradient * slope between the limits."""
        target = into.into(0, reuse=gradient)
        emit("ramp_gradient", done.output, gradient, out=target, **self.constants)


@composite
def silu(x: Tensor) -> Tensor:
    """x * sigmoid(x)."""
    return Gated("silu")(x)


swish = silu


@composite
def gelu(x: Tensor, approximate: bool = True) -> Tensor:
    """x * P(N(0, 1) <= x), or its approximation by tanh."""
    return Gated("gelu_tanh" if approximate else "gelu")(x)


@composite
def mish(x: Tensor) -> Tensor:
    """x * tanh(softplus(x))."""
    return Gated("mish")(x)


@composite
def hard_silu(x: Tensor) -> Tensor:
    """x * hard_sigmoid(x)."""
    return Gated("hard_silu")(x)


hard_swish = hard_silu


@composite
def relu6(x: Tensor) -> Tensor:
    """x limited to [0, 6]."""
    return Ramp(1.0, 0.0, 0.0, 6.0)(x)


@composite
def hard_sigmoid(x: Tensor) -> Tensor:
    """x / 6 + 1 / 2, limited to [0, 1]."""
    return Ramp(1 / 6, 0.5, 0.0, 1.0)(x)


@composite
def hard_tanh(x: Tensor) -> Tensor:
    """x limited to [-1, 1]."""
    return Ramp(1.0, 0.0, -1.0, 1.0)(x)


@composite
def sparse_sigmoid(x: Tensor) -> Tensor:
    """(x + 1) / 2, limited to [0, 1]."""
    return Ramp(0.5, 0.5, 0.0, 1.0)(x)


@composite
def sparse_plus(x: Tensor) -> Tensor:
    """0 up to -1, x from 1, a parabola between."""
    return Curve("sparse_plus")(x)


@composite
def squareplus(x: Tensor, b: float = 4) -> Tensor:
    """(x + root of (x² + b)) / 2."""
    return Curve("squareplus", b=b)(x)


@composite
def softsign(x: Tensor) -> Tensor:
    """x / (1 + |x|)."""
    return Curve("softsign")(x)


@composite
def tanh_shrink(x: Tensor) -> Tensor:
    """x - tanh(x)."""
    return Curve("tanh_shrink")(x)


@composite
def soft_shrink(x: Tensor, threshold: float = 0.5) -> Tensor:
    """x moved towards 0 by the threshold."""
    return Curve("soft_shrink", threshold=threshold)(x)


@composite
def hard_shrink(x: Tensor, threshold: float = 0.5) -> Tensor:
    """x where |x| > threshold, else 0."""
    return Curve("hard_shrink", threshold=threshold)(x)


@composite
def log_sigmoid(x: Tensor) -> Tensor:
    """The logarithm of sigmoid, without overflow."""
    return Activation("log_sigmoid")(x)


@composite
def celu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x where positive, alpha * (exp(x / alpha) - 1) elsewhere."""
    return Bent("elu", alpha=alpha, rate=1 / alpha)(x)


@composite
def selu(x: Tensor) -> Tensor:
    """elu with the two constants that keep mean 0 and variance 1."""
    scale, alpha = 1.05070098735548049342, 1.67326324235437728481
    return multiply(elu(x, alpha), scale)


@composite
def glu(x: Tensor, axis: int = -1) -> Tensor:
    """a * sigmoid(b), where a and b are the halves of x along an axis."""
    size = x.shape[axis]
    if size is None or size % 2:
        raise ShapeError(
            "glu halves its input along axis {axis}, whose size must be known and even, "
            "but gets {shape}",
            axis=axis,
            shape=tuple(x.shape),
        )
    a, b = split(x, 2, axis)
    return multiply(a, sigmoid(b))


@composite
def threshold(x: Tensor, threshold: float, default_value: float) -> Tensor:
    """x where it is above the threshold, the default value elsewhere."""
    return where(greater(x, threshold), x, default_value)


@composite
def erf(x: Tensor) -> Tensor:
    """The error function."""
    return Curve("erf")(x)
