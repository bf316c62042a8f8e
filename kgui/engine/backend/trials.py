"""Two ways to one result, tried on random numbers to see which is faster."""

import time
from collections.abc import Sequence

import numpy as np

from kgui.engine.backend.kernels import Array, Step
from kgui.engine.backend.memory import aligned

ROUNDS = 5


def is_turned(matrix: Array) -> bool:
    """True if the matrix lies in memory column by column."""
    return not matrix.flags.c_contiguous


def random_like(generator: np.random.Generator, like: Array) -> Array:
    """Random float32 numbers that lie in memory as `like` does."""
    turned = is_turned(like)
    matrix = aligned(like.shape[::-1] if turned else like.shape, like.dtype)
    generator.standard_normal(out=matrix, dtype=np.float32)
    return matrix.T if turned else matrix


def least_seconds(ways: Sequence[Step], forget: int = 0) -> list[float]:
    """The least seconds each way took, in turns.

    Args:
        ways: What to try.
        forget: Bytes written before each try, so that the cache holds something else.
    """
    best, other = [float("inf")] * len(ways), np.empty(forget, np.uint8)
    for _ in range(ROUNDS):
        for index, way in enumerate(ways):
            other.fill(0)
            start = time.perf_counter()
            way()
            best[index] = min(best[index], time.perf_counter() - start)
    return best
