"""What a tape starts its way back with, and what it gives in the end."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine.ops.primitive import Forward
from kgui.engine.structure import Structure, flatten
from kgui.engine.tensors import Array, Tensor, as_tensor, plain
from kgui.engine.variables import Variable
from kgui.engine.walking import SecondDerivative


def forbid_second(outer: Any, sources: Sequence[Any], results: Sequence[Any]) -> None:
    """Have an outer tape refuse to derive these gradients once more."""
    for result in results:
        if result is not None:
            values = tuple(plain(source) for source in sources)
            outer.record(SecondDerivative(), sources, Forward(values, plain(result)), result)


def check_sources(sources: Sequence[Any]) -> None:
    """Raise TypeError for what is neither a tensor nor a variable."""
    for source in sources:
        if not isinstance(source, np.ndarray | Variable):
            raise TypeError(
                f"Source argument is not a tensor or variable. Received: {source} "
                f"(of type {type(source).__name__})"
            )


def start_of(target: Structure, factors: Structure) -> dict[int, Array]:
    """The gradients of the targets themselves."""
    targets = flatten(target)
    given = [None] * len(targets) if factors is None else flatten(factors)
    if len(given) != len(targets):
        raise ValueError(
            f"`output_gradients` must have the structure of `target`: {len(targets)} tensor(s). "
            f"Received: {len(given)}"
        )
    start: dict[int, Array] = {}
    for item, factor in zip(targets, given, strict=True):
        dtype = np.dtype(getattr(item, "dtype", None) or type(item))
        if dtype.kind != "f":
            warnings.warn(
                "The dtype of the target tensor must be floating (e.g. float32) when calling "
                f"`gradient`, got {dtype}",
                stacklevel=3,
            )
            continue
        value = np.ones(np.shape(item), dtype)
        if factor is not None:
            value *= plain(factor)
        start[id(item)] = start[id(item)] + value if id(item) in start else value
    return start


def stacked(parts: list[Any], shape: Sequence[int]) -> Array | None:
    """The gradients of each of the target's values together; None where there is none at all."""
    some = next((part for part in parts if part is not None), None)
    if some is None:
        return None
    whole = np.stack([np.zeros_like(some) if part is None else part for part in parts])
    return whole.reshape(*shape, *some.shape)


def result(found: Array | None, source: Any, unconnected: str) -> Tensor | None:
    """A gradient to give away, or what stands for one that there is not."""
    if found is not None:
        # A copy: one array may be the gradient of several tensors, or a part of another.
        return as_tensor(np.array(found))
    if unconnected == "zero":
        return as_tensor(np.zeros(source.shape, source.dtype))
    return None
