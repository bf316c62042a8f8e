"""Random tensors, as `keras.random`: arrays at once, or drawn anew in every run of a plan.

`seed` is a number (the same values every time), a SeedGenerator (its next values) or None (the
session's next values).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.backend.session import SeedGenerator, floatx
from kgui.engine.ops.drawing import Draw
from kgui.engine.ops.primitive import Tensor
from kgui.engine.symbolic import KerasTensor

__all__ = [
    "SeedGenerator",
    "categorical",
    "dropout",
    "normal",
    "randint",
    "shuffle",
    "truncated_normal",
    "uniform",
]

Seed = int | SeedGenerator | None


def _generator(seed: Seed) -> SeedGenerator:
    return seed if isinstance(seed, SeedGenerator) else SeedGenerator(seed)


def _draw(
    kernel: str, shape: Sequence[Any], dtype: str | None, seed: Seed, **constants: float
) -> Any:
    sizes = tuple(None if size is None else int(size) for size in shape)
    return Draw(kernel, sizes, dtype or floatx(), _generator(seed), **constants).draw()


def normal(
    shape: Sequence[Any],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: str | None = None,
    seed: Seed = None,
) -> Tensor:
    """Normal numbers around `mean`."""
    return _draw("draw_normal", shape, dtype, seed, mean=mean, stddev=stddev)


def truncated_normal(
    shape: Sequence[Any],
    mean: float = 0.0,
    stddev: float = 1.0,
    dtype: str | None = None,
    seed: Seed = None,
) -> Tensor:
    """Normal numbers, those more than two standard deviations off drawn again."""
    return _draw("draw_truncated_normal", shape, dtype, seed, mean=mean, stddev=stddev)


def uniform(
    shape: Sequence[Any],
    minval: float = 0.0,
    maxval: float = 1.0,
    dtype: str | None = None,
    seed: Seed = None,
) -> Tensor:
    """Numbers spread evenly from minval to maxval; whole ones for a type of whole numbers."""
    if "int" in (dtype or ""):
        return randint(shape, int(minval), int(maxval), dtype or "int32", seed)
    return _draw("draw_uniform", shape, dtype, seed, low=minval, high=maxval)


def randint(
    shape: Sequence[Any], minval: int, maxval: int, dtype: str = "int32", seed: Seed = None
) -> Tensor:
    """Whole numbers from minval to maxval, maxval not included."""
    return _draw("draw_integers", shape, dtype, seed, low=minval, high=maxval)


def dropout(
    inputs: Tensor, rate: float, noise_shape: Sequence[Any] | None = None, seed: Seed = None
) -> Tensor:
    """`inputs` with values dropped at random, the rest scaled up; whole slices by noise_shape."""
    if noise_shape is None:
        return ops.dropout(inputs, rate, _generator(seed))
    sizes = [a if b is None else b for a, b in zip(inputs.shape, noise_shape, strict=True)]
    ones = np.ones([size or 1 for size in sizes], floatx())
    if isinstance(inputs, KerasTensor):
        kept = ops.greater(uniform(sizes, dtype=inputs.dtype, seed=seed), rate)
        kept = ops.multiply(ops.cast(kept, inputs.dtype), 1 / (1 - rate))
    else:
        kept = ops.dropout(ones, rate, _generator(seed))
    return ops.multiply(inputs, kept)


def shuffle(x: Any, axis: int = 0, seed: Seed = None) -> Any:
    """A copy of an array with its slices along an axis in another order."""
    array = np.asarray(x)
    order = _generator(seed).generator.permutation(array.shape[axis])
    return array.take(order, axis)


def categorical(logits: Any, num_samples: int, dtype: str = "int32", seed: Seed = None) -> Any:
    """Class indices (rows, num_samples) drawn with the probabilities that the logits give."""
    scores = np.asarray(logits)
    noise = _generator(seed).generator.gumbel(size=(*scores.shape, num_samples))
    return (scores[..., None] + noise).argmax(-2).astype(dtype)
