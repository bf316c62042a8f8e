"""Mean and variance of data, given as one array or as batches."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from kgui.engine.errors import OptionError
from kgui.engine.variables import Array

AxesOf = Callable[[tuple[int, ...]], tuple[int, ...]]
"""From the shape of a batch to the axes to average over; raises if the shape does not fit."""


class Moments(NamedTuple):
    """Mean and variance, and of how many values."""

    mean: Array
    variance: Array
    size: int


def gather(data: Any, axes_of: AxesOf) -> Moments:
    """The moments of an array, or of all batches of an iterable: arrays, or (x, y) pairs."""
    if hasattr(data, "shape"):
        return _of(np.asarray(data), axes_of)
    found: Moments | None = None
    for batch in _batches(data):
        part = _of(_array(batch), axes_of)
        found = part if found is None else _joined(found, part)
    if found is None:
        raise ValueError(
            "adapt() received an empty iterable (no batches). Expected at least one batch. Pass a "
            "non-empty iterable of arrays or tensors, e.g. layer.adapt([x]) or "
            "layer.adapt(list_of_batches)."
        )
    return found


def _batches(data: Any) -> Iterator[Any]:
    if isinstance(data, Iterable):
        return iter(data)
    if hasattr(data, "__len__") and hasattr(data, "__getitem__"):
        return (data[index] for index in range(len(data)))
    raise TypeError(
        f"Unsupported data type: {type(data)}. `adapt` supports `np.ndarray`, tensors, "
        "`keras.utils.PyDataset`, and iterables of batches (e.g. list, generator)."
    )


def _array(batch: Any) -> Array:
    inputs = batch[0] if isinstance(batch, tuple) else batch
    if not hasattr(inputs, "shape"):
        raise TypeError(
            "adapt() expects an iterable that yields arrays or tensors with a `.shape` attribute "
            "(e.g. numpy arrays or backend tensors). Got an element of type "
            f"{type(inputs).__name__}. Ensure each yielded element is array-like with a `.shape` "
            "attribute."
        )
    return np.asarray(inputs)


def _of(array: Array, axes_of: AxesOf) -> Moments:
    axes = axes_of(array.shape)
    count = int(np.prod([array.shape[axis] for axis in axes], dtype=np.int64))
    values = array.astype("float64", copy=False)
    return Moments(values.mean(axes), values.var(axes), count)


def _joined(first: Moments, second: Moments) -> Moments:
    count = first.size + second.size
    share = second.size / count
    mean = first.mean * (1 - share) + second.mean * share
    variance = (first.variance + (first.mean - mean) ** 2) * (1 - share)
    variance = variance + (second.variance + (second.mean - mean) ** 2) * share
    return Moments(mean, variance, count)


def check_moments(mean: Any, variance: Any, axes: int) -> None:
    """Raise OptionError for a mean and variance that do not belong together."""
    if (mean is None) != (variance is None):
        raise OptionError(
            "When setting values directly, both `mean` and `variance` must be set. Received: "
            "mean={mean} and variance={variance}",
            option="mean" if mean is None else "variance",
            mean=mean,
            variance=variance,
        )
    if np.shape(mean) != np.shape(variance):
        raise OptionError(
            "When setting values directly, `mean` and `variance` must have the same shape. "
            "Received: mean shape {first} and variance shape {second}",
            option="variance",
            first=np.shape(mean),
            second=np.shape(variance),
        )
    if len(np.shape(mean)) > axes:
        raise OptionError(
            "The rank of `mean` must be less than or equal to the number of axes ({axes}). "
            "Received: mean shape {shape}",
            option="mean",
            axes=axes,
            shape=np.shape(mean),
        )


def laid_out(value: Any, kept: tuple[int, ...], shape: tuple[int, ...], dtype: str) -> Array:
    """A mean or variance, given for the last of the kept axes, in a shape that broadcasts."""
    array = np.asarray(value, dtype)
    sizes = [1] * len(shape)
    for place in range(1, array.ndim + 1):
        sizes[kept[-place]] = array.shape[-place]
    return np.broadcast_to(array.reshape(sizes), shape)
