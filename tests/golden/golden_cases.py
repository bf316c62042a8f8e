"""Cases that run alike with Keras 3 and with kgui.engine, whose names are the same.

A case takes the package (`keras` or `kgui.engine`) and returns results by name: arrays and
numbers are compared within its tolerance, everything else must be equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Keras = Any
"""`keras`, or `kgui.engine` in its place."""
Results = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One computation and how closely its numbers must agree."""

    name: str
    run: Callable[[Keras], Results]
    tolerance: float


CASES: dict[str, Case] = {}


def case(
    tolerance: float = 1e-5,
) -> Callable[[Callable[[Keras], Results]], Callable[[Keras], Results]]:
    """Enter a function in the table of cases, under its own name."""

    def enter(function: Callable[[Keras], Results]) -> Callable[[Keras], Results]:
        CASES[function.__name__] = Case(function.__name__, function, tolerance)
        return function

    return enter


def values(shape: tuple[int, ...], seed: int = 0, low: float = -2.0, high: float = 2.0) -> Any:
    """Float32 numbers that are the same with every version of NumPy."""
    count = int(np.prod(shape))
    steps = (np.arange(1, count + 1) * 0.6180339887498949 + seed * 0.3819660112501051) % 1.0
    return (low + (high - low) * steps).reshape(shape).astype("float32")


def labels(count: int, classes: int, seed: int = 0) -> Any:
    """Class indices."""
    return (values((count,), seed, 0, 1) * classes).astype("int32")


def one_hot(indices: Any, classes: int) -> Any:
    """Rows with a single 1."""
    return np.eye(classes, dtype="float32")[indices]


def fill(model: Any, spread: float = 0.6) -> Any:
    """Give a model fixed weights, in the order of `get_weights`; returns the model."""
    model.set_weights(
        [
            values(weight.shape, seed=index + 7, low=-spread, high=spread)
            for index, weight in enumerate(model.get_weights())
        ]
    )
    return model


def numpy_of(tensor: Any) -> Any:
    """The numbers of a tensor of any backend."""
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu().numpy()
    return np.array(tensor)


def scalar(tensor: Any) -> float:
    """A single number."""
    return float(numpy_of(tensor))
