"""Activation functions by name, as `keras.activations`."""

from collections.abc import Callable
from typing import Any

from kgui.engine import ops
from kgui.engine.nearest import did_you_mean
from kgui.engine.ops.primitive import Tensor

Activation = Callable[[Tensor], Tensor]


def linear(x: Tensor) -> Tensor:
    """x itself."""
    return x


def relu(
    x: Tensor, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Tensor:
    """max(x, 0); with the options of Keras for a slope, a cap and a threshold."""
    if threshold == 0 and max_value is None:
        return ops.relu(x) if negative_slope == 0 else ops.leaky_relu(x, negative_slope)
    above = ops.cast(ops.greater(x, threshold), x.dtype if hasattr(x, "dtype") else "float32")
    high = ops.multiply(x, above)
    if max_value is not None:
        high = ops.minimum(high, max_value)
    if negative_slope == 0:
        return high
    below = ops.multiply(ops.subtract(x, threshold), ops.subtract(1.0, above))
    return ops.add(high, ops.multiply(below, negative_slope))


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return ops.sigmoid(x)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return ops.tanh(x)


def softmax(x: Tensor) -> Tensor:
    """exp(x) / sum(exp(x)) along the last axis."""
    return ops.softmax(x)


def log_softmax(x: Tensor) -> Tensor:
    """The logarithm of softmax."""
    return ops.log_softmax(x)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x where positive, alpha * (exp(x) - 1) elsewhere."""
    return ops.elu(x, alpha)


def selu(x: Tensor) -> Tensor:
    """elu with the two constants that keep mean 0 and variance 1."""
    scale, alpha = 1.05070098735548049342, 1.67326324235437728481
    return ops.multiply(ops.elu(x, alpha), scale)


def leaky_relu(x: Tensor, negative_slope: float = 0.2) -> Tensor:
    """x where positive, negative_slope * x elsewhere."""
    return ops.leaky_relu(x, negative_slope)


def relu6(x: Tensor) -> Tensor:
    """x limited to [0, 6]."""
    return ops.clip(x, 0.0, 6.0)


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x))."""
    return ops.softplus(x)


def softsign(x: Tensor) -> Tensor:
    """x / (1 + |x|)."""
    return ops.divide(x, ops.add(ops.absolute(x), 1.0))


def silu(x: Tensor) -> Tensor:
    """x * sigmoid(x)."""
    return ops.multiply(x, ops.sigmoid(x))


def exponential(x: Tensor) -> Tensor:
    """exp(x)."""
    return ops.exp(x)


def hard_sigmoid(x: Tensor) -> Tensor:
    """relu6(x + 3) / 6."""
    return ops.multiply(relu6(ops.add(x, 3.0)), 1 / 6)


_BY_NAME: dict[str, Activation] = {
    function.__name__: function
    for function in (
        linear, relu, sigmoid, tanh, softmax, elu, selu, leaky_relu, relu6, softplus, softsign,
        silu, exponential, hard_sigmoid, log_softmax,
    )
}  # fmt: skip
_BY_NAME["swish"] = silu


def get(identifier: str | Activation | None) -> Activation:
    """The function of that name; None is linear, a callable is taken as it is."""
    if identifier is None:
        return linear
    if callable(identifier):
        return identifier
    if isinstance(identifier, str) and identifier in _BY_NAME:
        return _BY_NAME[identifier]
    near = did_you_mean(identifier, _BY_NAME)
    raise ValueError(f"Could not interpret activation function identifier: {identifier}{near}")


def serialize(activation: Activation) -> Any:
    """The name that `get` understands; a function of one's own by its own name."""
    return getattr(activation, "__name__", str(activation))
