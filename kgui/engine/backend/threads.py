"""BLAS threads while a plan runs: few, because more are slower on the networks people draw."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController


@contextmanager
def limit_threads(count: int) -> Iterator[None]:
    """Let BLAS use that many threads, and NumPy compute with infinities without warnings.

    Setting the limit costs 30 µs, so it is set per call of fit and its like, never per step. Only
    `with` gives the control of OpenBLAS back, so that another thread may set the limit next.
    """
    with _controller().limit(limits=count, user_api="blas"), np.errstate(all="ignore"):
        yield


@cache
def _controller() -> ThreadpoolController:
    """What controls NumPy's BLAS: looking for it takes 200 µs, so that is done once."""
    return ThreadpoolController()
