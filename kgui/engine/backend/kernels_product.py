"""NumPy kernels of matrix products."""

from functools import partial

import numpy as np

from kgui.engine.backend.kernels import Array, Step, kernel
from kgui.engine.backend.memory import aligned
from kgui.engine.backend.session import get_session
from kgui.engine.backend.threads import limit_threads
from kgui.engine.backend.trials import is_turned, least_seconds, random_like

ROWS, WEIGHTS = 64, 1 << 15
"""At most so many rows, times at least so many weights, may be faster the other way round."""
LARGE, FORGOTTEN = 1 << 20, 1 << 23
"""Bytes of weights that the cache has lost when they are needed again; more than it holds."""

_turning: dict[tuple[object, ...], bool] = {}


@kernel
def dot(a: Array, b: Array, out: Array) -> Step:
    """Matrix product of two 2-D arrays; `out` is neither of them."""
    straight = partial(a.dot, b, out)
    turned = is_turned(b)
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
    x, y = random_like(generator, a), random_like(generator, b)
    first, second = (aligned((len(a), b.shape[1]), a.dtype) for _ in "12")
    ways = partial(x.dot, y, first), _turned(x, y, second)
    with limit_threads(get_session().threads):
        # In a training, too, the cache holds something else by then.
        seconds = least_seconds(ways, forget=FORGOTTEN if b.nbytes >= LARGE else 0)
    return seconds[1] < seconds[0] and np.array_equal(first, second)
