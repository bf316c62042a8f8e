"""NumPy kernels of matrix products."""

import time
from functools import partial

import numpy as np

from kgui.engine.backend.kernels import Array, Step, kernel
from kgui.engine.backend.memory import aligned
from kgui.engine.backend.session import get_session
from kgui.engine.backend.threads import limit_threads

ROWS, WEIGHTS = 64, 1 << 15
"""At most so many rows, times at least so many weights, may be faster the other way round."""
LARGE = 1 << 20
"""Bytes of weights that the cache holds no longer when they are needed again."""

_turning: dict[tuple[object, ...], bool] = {}


@kernel
def dot(a: Array, b: Array, out: Array) -> Step:
    """Matrix product of two 2-D arrays; `out` is neither of them."""
    straight = partial(a.dot, b, out)
    turned = not b.flags.c_contiguous
    sides = a, b.T if turned else b, out
    plain = all(array.dtype == np.float32 and array.flags.c_contiguous for array in sides)
    if not plain or len(a) > ROWS or len(a) < 2 or b.size < WEIGHTS:
        return straight
    key = (a.shape, b.shape, turned, get_session().threads)
    if key not in _turning:
        _turning[key] = _is_faster_turned(a, b)
    return _turned(a, b, out) if _turning[key] else straight


def _turned(a: Array, b: Array, out: Array) -> Step:
    """The product of the turned matrices, turned back.

    OpenBLAS copies the matrix that comes first into an order of its own, which is the weights
    otherwise: 784 x 512 weights, out of the cache, took 336 µs with 32 rows, 280 µs this way.
    """
    scratch = aligned((b.shape[1], len(a)), out.dtype)
    left, right, back = b.T, a.T, scratch.T

    def step() -> None:
        left.dot(right, scratch)
        np.copyto(out, back)

    return step


def _is_faster_turned(a: Array, b: Array) -> bool:
    """Tried with random numbers; the same bits must come out."""
    generator = np.random.default_rng(0)
    turned = not b.flags.c_contiguous
    x, y = aligned(a.shape, a.dtype), aligned((b.T if turned else b).shape, b.dtype)
    for array in (x, y):
        generator.standard_normal(out=array, dtype=np.float32)
    y = y.T if turned else y
    first, second = (aligned((len(a), b.shape[1]), a.dtype) for _ in "12")
    ways = partial(x.dot, y, first), _turned(x, y, second)
    with limit_threads(get_session().threads):
        rounds = [_seconds(*ways, forget=b.nbytes >= LARGE) for _ in range(5)]
        seconds = [min(times) for times in zip(*rounds, strict=True)]
    return seconds[1] < seconds[0] and np.array_equal(first, second)


def _seconds(*ways: Step, forget: bool) -> list[float]:
    found, other = [], np.empty(1 << 23 if forget else 0, np.uint8)
    for way in ways:
        other.fill(0)  # in a training, too, the cache holds something else by now
        start = time.perf_counter()
        way()
        found.append(time.perf_counter() - start)
    return found
