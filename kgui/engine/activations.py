"""Activation functions by name, as `keras.activations`."""

from collections.abc import Callable, Mapping
from typing import Any

from kgui.engine import ops
from kgui.engine.errors import EngineError
from kgui.engine.nearest import did_you_mean
from kgui.engine.ops.composite import composite
from kgui.engine.ops.curves import (
    celu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_swish,
    hard_tanh,
    log_sigmoid,
    mish,
    relu6,
    selu,
    silu,
    soft_shrink,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    squareplus,
    swish,
    tanh_shrink,
    threshold,
)
from kgui.engine.ops.primitive import Tensor

Activation = Callable[..., Tensor]

__all__ = [
    "celu",
    "deserialize",
    "elu",
    "exponential",
    "gelu",
    "get",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "serialize",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]


def linear(x: Tensor) -> Tensor:
    """x itself."""
    return x


@composite
def relu(
    x: Tensor, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Tensor:
    """max(x, 0); with the options of Keras for a slope, a cap and a threshold."""
    if threshold == 0 and max_value is None:
        return ops.relu(x) if negative_slope == 0 else ops.leaky_relu(x, negative_slope)
    if threshold != 0:
        high = ops.where(ops.greater(x, threshold), x, 0.0)
    else:
        high = ops.relu6(x) if max_value == 6 else ops.relu(x)
    if max_value is not None:
        high = ops.clip(high, 0.0, max_value)
    if negative_slope == 0:
        return high
    below = ops.relu(ops.subtract(threshold, x))
    return ops.subtract(high, ops.multiply(below, negative_slope))


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return ops.sigmoid(x)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return ops.tanh(x)


def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """exp(x) / sum(exp(x)) along an axis."""
    return ops.softmax(x, axis)


def log_softmax(x: Tensor, axis: int = -1) -> Tensor:
    """The logarithm of softmax."""
    return ops.log_softmax(x, axis)


def sparsemax(x: Tensor, axis: int = -1) -> Tensor:
    """max(x - tau, 0), with one tau for all values along the axis."""
    return ops.sparsemax(x, axis)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x where positive, alpha * (exp(x) - 1) elsewhere."""
    return ops.elu(x, alpha)


def leaky_relu(x: Tensor, negative_slope: float = 0.2) -> Tensor:
    """x where positive, negative_slope * x elsewhere."""
    return ops.leaky_relu(x, negative_slope)


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x))."""
    return ops.softplus(x)


def gelu(x: Tensor, approximate: bool = False) -> Tensor:
    """x * P(N(0, 1) <= x), or its approximation by tanh."""
    return ops.gelu(x, approximate)


def exponential(x: Tensor) -> Tensor:
    """exp(x)."""
    return ops.exp(x)


_BY_NAME: dict[str, Activation] = {
    function.__name__: function
    for function in (
        linear, relu, sigmoid, tanh, softmax, elu, selu, leaky_relu, relu6, softplus, softsign,
        silu, exponential, hard_sigmoid, log_softmax, gelu, mish, celu, glu, hard_silu, hard_tanh,
        hard_shrink, soft_shrink, tanh_shrink, threshold, squareplus, sparse_plus, sparse_sigmoid,
        sparsemax, log_sigmoid,
    )
}  # fmt: skip
_BY_NAME["swish"] = silu
_BY_NAME["hard_swish"] = hard_silu


def get(identifier: str | Activation | Mapping[str, Any] | None) -> Activation:
    """The function of that name; None is linear, a callable is taken as it is.

    ValueError, with the nearest names, for what is neither.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, Mapping):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    if isinstance(identifier, str) and identifier in _BY_NAME:
        return _BY_NAME[identifier]
    near = did_you_mean(identifier, _BY_NAME)
    raise EngineError(
        "Could not interpret activation function identifier: {identifier}{nearest}",
        plain="has an activation that does not exist: {identifier}",
        identifier=identifier,
        nearest=near,
    )


def serialize(activation: Activation) -> Any:
    """The name that `get` understands; a function of one's own by its own name."""
    return getattr(activation, "__name__", str(activation))


def deserialize(
    config: str | Mapping[str, Any], custom_objects: Mapping[str, Activation] | None = None
) -> Activation:
    """The function that `serialize` told of, by name or as Keras's files tell it."""
    known = custom_objects or {}
    name: Any = config
    if isinstance(config, Mapping):
        name = config.get("registered_name") or config.get("config")
        name = config.get("config") if name == "function" else name
    return known[name] if name in known else get(name if isinstance(name, str) else str(name))
