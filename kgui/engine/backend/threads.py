"""BLAS threads while a plan runs: few, because more are slower on the networks people draw."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numpy as np
from threadpoolctl import threadpool_limits


class SharedLimit:
    """The process's BLAS limit while any fit is under way: the last to end lifts it.

    Each restoring what it found would leave the limit in force for ever where two overlap.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._limits: threadpool_limits | None = None

    def enter(self, count: int) -> None:
        """Limit BLAS to that many threads, unless somebody has."""
        with self._lock:
            self._users += 1
            if self._limits is None:
                self._limits = threadpool_limits(count, user_api="blas")

    def leave(self) -> None:
        """Lift the limit if nobody else needs it."""
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._limits is not None:
                self._limits.restore_original_limits()
                self._limits = None


_shared = SharedLimit()


@contextmanager
def limit_threads(count: int) -> Iterator[None]:
    """Let BLAS use that many threads, and NumPy compute with infinities without warnings.

    Setting the limit costs 37 µs, so it is set per fit, never per call.
    """
    _shared.enter(count)
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        _shared.leave()
