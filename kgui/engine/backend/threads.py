"""BLAS threads while plans run: few, because more are slower on the networks people draw."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from kgui.engine.backend.denormals import flush_denormals


class ThreadLimit:
    """The limit of the process, for most of BLAS knows no other: the smallest anybody asks for.

    The number from before comes back when the last one is done, whoever that is.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._wanted: list[int] = []
        self._before: list[int] = []

    @cached_property
    def _libraries(self) -> list[Any]:
        # Looking for the libraries costs 260 µs, setting them 1 µs; NumPy's are loaded by now.
        libraries: list[Any] = ThreadpoolController().select(user_api="blas").lib_controllers
        return libraries

    @contextmanager
    def at_most(self, count: int) -> Iterator[None]:
        """Let BLAS use that many threads, or fewer where others ask for fewer."""
        own = [library for library in self._libraries if _per_thread(library)]
        before = [library.get_num_threads() for library in own]
        with self._lock:
            if not self._wanted:
                self._before = [library.get_num_threads() for library in self._libraries]
            self._wanted.append(count)
            self._set()
        try:
            yield
        finally:
            with self._lock:
                self._wanted.remove(count)
                self._set()
            for library, number in zip(own, before, strict=True):
                library.set_num_threads(number)

    def _set(self) -> None:
        for library, before in zip(self._libraries, self._before, strict=True):
            # Otherwise only the thread that set a limit first may set it again.
            release = getattr(library, "clear_controlling_thread", None)
            if release is not None:
                release(force=True)
            library.set_num_threads(min(self._wanted) if self._wanted else before)
            if release is not None:
                release(force=True)


def _per_thread(library: Any) -> bool:
    """True for a library in which every thread has a limit of its own."""
    return library.internal_api == "mkl" or getattr(library, "threading_layer", "") == "openmp"


_limit = ThreadLimit()


@contextmanager
def limit_threads(count: int) -> Iterator[None]:
    """Let BLAS use that many threads, and NumPy compute with infinities without warnings.

    It is set per fit, never per call; fits inside one another, or in several threads, may
    overlap in any order.
    """
    with _limit.at_most(count), flush_denormals(), np.errstate(all="ignore"):
        yield
