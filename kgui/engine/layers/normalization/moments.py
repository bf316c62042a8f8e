"""The rarer statistics of normalizing layers: under a mask, corrected, and the old scaling."""

import warnings
from typing import Any

import numpy as np

from kgui.engine import initializers, ops
from kgui.engine.backend.session import epsilon
from kgui.engine.ops import normalization
from kgui.engine.ops.primitive import Tensor
from kgui.engine.variables import Array

Axes = tuple[int, ...]


def masked(x: Tensor, mask: Any, axes: Axes) -> tuple[Tensor, Tensor]:
    """Mean and variance over axes, of what the mask, which lacks the last axis, does not hide."""
    weights = ops.cast(ops.expand_dims(mask, -1), x.dtype)
    last = len(x.shape) - 1
    spread = (x.shape[-1] or 1) if last in axes else 1
    count = ops.add(ops.multiply(ops.sum(weights, axes), float(spread)), epsilon())
    mean = ops.divide(ops.sum(ops.multiply(x, weights), axes), count)
    column = mean
    for axis in axes:
        column = ops.expand_dims(column, axis)
    difference = ops.multiply(ops.subtract(x, column), weights)
    return mean, ops.divide(ops.sum(ops.square(difference), axes), count)


def scaled_by_deviation(
    x: Tensor, centered: Tensor, axes: Axes, gamma: Tensor, epsilon: float
) -> Tensor:
    """x / sqrt(variance + epsilon) * gamma: x itself, not what is left of it without its mean."""
    inverse = normalization.inverse_root(ops.mean(ops.square(centered), axes), epsilon)
    shape = [1] * len(x.shape)
    for axis, size in zip(axes, gamma.shape, strict=True):
        shape[axis] = size
    for axis in sorted(axes):
        inverse = ops.expand_dims(inverse, axis)
    return ops.multiply(ops.multiply(x, inverse), ops.reshape(gamma, shape))


def old_scaling(keywords: dict[str, Any]) -> bool:
    """Take the old argument `rms_scaling` out of a layer's keywords."""
    if not keywords.pop("rms_scaling", False):
        return False
    warnings.warn(
        "You passed `rms_scaling=True`, which is deprecated. This argument incorrectly scales the "
        "input by the variance, not the root mean square. To correctly use RMS Normalization, "
        "please use `RMSNormalization` instead.",
        stacklevel=4,
    )
    return True


class Root(initializers.Initializer):
    """The square root of what another initializer makes."""

    def __init__(self, start: Any) -> None:
        self.start = start

    def __call__(self, shape: tuple[int, ...], dtype: str | None = None) -> Array:
        """Values of that shape."""
        return np.asarray(np.sqrt(self.start(shape, dtype)))


def clipping(limits: dict[str, float] | None) -> dict[str, float]:
    """The limits of batch renormalization; ValueError for others than rmin, rmax and dmax."""
    limits, keys = limits or {}, ["rmax", "rmin", "dmax"]
    if set(limits) - set(keys):
        raise ValueError(
            f"Received invalid keys for `renorm_clipping` argument: {limits}. "
            f"Supported values: {keys}."
        )
    least, most, shift = (limits.get(key) for key in ("rmin", "rmax", "dmax"))
    if least is not None and most is not None and most < least:
        raise ValueError(
            "rmax should be greater than rmin in the `renorm_clipping` argument. "
            f"Received: rmax={most}, rmin={least}."
        )
    if shift is not None and shift < 0:
        raise ValueError(
            "dmax should be non-negative in the `renorm_clipping` argument. "
            f"Received: dmax={shift}."
        )
    return limits


def renormalize(layer: Any, mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
    """What scales and shifts a batch so that it agrees with the averages, which then move.

    The layer is a BatchNormalization with `renorm`.
    """
    mean, variance = normalization.detached(mean), normalization.detached(variance)
    deviation = ops.sqrt(ops.add(variance, layer.epsilon))
    usual = ops.maximum(layer.renorm_stddev, float(np.sqrt(layer.epsilon)))
    ratio = ops.divide(deviation, usual)
    shift = ops.divide(ops.subtract(mean, layer.renorm_mean), usual)
    limits = layer.renorm_clipping
    if limits.get("rmin") is not None:
        ratio = ops.maximum(ratio, limits["rmin"])
    if limits.get("rmax") is not None:
        ratio = ops.minimum(ratio, limits["rmax"])
    if limits.get("dmax") is not None:
        shift = ops.clip(shift, -limits["dmax"], limits["dmax"])
    if layer.gamma is not None:
        ratio, shift = ops.multiply(ratio, layer.gamma), ops.multiply(shift, layer.gamma)
    if layer.beta is not None:
        shift = ops.add(shift, layer.beta)
    _move(layer, mean, deviation)
    return ratio, shift


def _move(layer: Any, mean: Tensor, deviation: Tensor) -> None:
    blend, momentum, slow = normalization.blend, layer.momentum, layer.renorm_momentum
    layer.renorm_mean.assign(blend(layer.renorm_mean, mean, slow))
    layer.renorm_stddev.assign(blend(layer.renorm_stddev, deviation, slow))
    layer.moving_mean.assign(blend(layer.moving_mean, mean, momentum))
    moved = blend(layer.moving_stddev, deviation, momentum)
    layer.moving_stddev.assign(moved)
    # Rounding could take the variance below 0.
    layer.moving_variance.assign(ops.relu(ops.subtract(ops.square(moved), layer.epsilon)))
