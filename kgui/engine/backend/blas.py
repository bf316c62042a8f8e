"""Routines of the OpenBLAS that comes with NumPy, for what NumPy itself does not offer."""

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_info

from kgui.engine.backend.memory import address

Array = npt.NDArray[Any]
WORTH = 8192
"""Numbers of a vector from which on a call by address costs less than it saves."""


@cache
def routine(name: str) -> Any | None:
    """A function such as "saxpy" with 64-bit sizes; None where NumPy has another BLAS."""
    np.dot(np.ones((2, 2), "float32"), np.ones((2, 2), "float32"))
    for found in threadpool_info():
        path = found.get("filepath", "")
        if found.get("internal_api") != "openblas" or "numpy" not in Path(path).parent.name:
            continue
        library = ctypes.CDLL(path)
        for prefix in ("scipy_", ""):
            if hasattr(library, f"{prefix}cblas_{name}64_"):
                return library[f"{prefix}cblas_{name}64_"]
    return None


def adding(x: Array, y: Array, factor: ctypes.c_float) -> Callable[[], object]:
    """A step: y += factor * x, with one rounding; the factor may change between the steps."""
    size, one = ctypes.c_int64(x.size), ctypes.c_int64(1)
    return _call("saxpy", size, factor, _place(x), one, _place(y), one)


def mixing(x: Array, y: Array, factor: float, rest: float) -> Callable[[], object]:
    """A step: y = factor * x + rest * y, where only the second product is rounded."""
    size, one = ctypes.c_int64(x.size), ctypes.c_int64(1)
    factors = ctypes.c_float(factor), ctypes.c_float(rest)
    return _call("saxpby", size, factors[0], _place(x), one, factors[1], _place(y), one)


def _call(name: str, *arguments: Any) -> Callable[[], object]:
    function: Any = routine(name)

    def step() -> None:
        function(*arguments)

    return step


def _place(array: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(address(array))


@cache
def rounds_once() -> bool:
    """True if OpenBLAS is there and rounds as the two steps above say."""
    if routine("saxpy") is None or routine("saxpby") is None:
        return False
    generator = np.random.default_rng(0)
    factor, rest = float(np.float32(0.1)), np.float32(0.9)
    x, y = (generator.standard_normal(1003, "float32") for _ in "xy")
    sum_, mix = y.copy(), y.copy()
    adding(x, sum_, ctypes.c_float(factor))()
    mixing(x, mix, factor, float(rest))()
    product = factor * x.astype("float64")
    wanted = [(product + second).astype("float32") for second in (y, rest * y)]
    return np.array_equal(sum_, wanted[0]) and np.array_equal(mix, wanted[1])


def suits(*vectors: Array) -> bool:
    """True if the steps above are worth it for these vectors."""
    first = vectors[0]
    plain = all(vector.dtype == np.float32 and vector.flags.c_contiguous for vector in vectors)
    return plain and first.size >= WORTH and rounds_once()
