"""BLAS threads while a plan runs: few, because more are slower on the networks people draw."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from threadpoolctl import threadpool_limits


@contextmanager
def limit_threads(count: int) -> Iterator[None]:
    """Let BLAS use that many threads, and NumPy compute with infinities without warnings.

    Setting the limit costs 37 µs, so it is set per fit, never per call. Only `with` gives the
    control of OpenBLAS back, so that another thread may set the limit next.
    """
    with threadpool_limits(count, user_api="blas"), np.errstate(all="ignore"):
        yield
