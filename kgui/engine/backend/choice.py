"""Which backend carries plans out: NumPy step by step, or compiled kernels where there are any.

Both give the same numbers bit for bit, so plans may change over while a model is in training:
no step ever waits for a compilation.
"""

import importlib.util
import threading
from collections.abc import Callable

from kgui.engine.backend.session import get_session

BACKENDS = ("auto", "numba", "numpy")

Run = Callable[..., None]


class Loading:
    """The compiled interpreter, made ready in a thread of its own."""

    def __init__(self) -> None:
        self.run: Run | None = None
        self.failure: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Start loading, once."""
        with self._lock:
            if self._thread is None:
                # Not a daemon: one that still compiles while Python ends would crash it.
                self._thread = threading.Thread(target=self._load, name="kgui-kernels")
                self._thread.start()

    def _load(self) -> None:
        try:
            from kgui.engine.backend.native.preparing import load

            self.run = load()
        except Exception as error:  # whatever is wrong with the extra, NumPy goes on
            self.failure = error

    def wait(self) -> None:
        """Until it is loaded, or cannot be."""
        self.begin()
        if self._thread is not None:
            self._thread.join()


_loading = Loading()


def available() -> bool:
    """True if the extra for compiled kernels is installed."""
    return importlib.util.find_spec("numba") is not None


def use(name: str) -> None:
    """Choose the session's backend: "numpy", "numba", or "auto", which is numba where installed.

    "numba" takes over as soon as its kernels are loaded, after some seconds of compilation once
    per computer and less than one later on; "auto" loads them when a training lasts.

    Raises:
        ValueError: No backend has that name.
        ImportError: numba is not installed.
    """
    if name not in BACKENDS:
        raise ValueError(f"Unknown backend: {name!r}. Expected one of {BACKENDS}")
    if name == "numba":
        if not available():
            raise ImportError("The numba backend needs numba: pip install kgui[fast]")
        _loading.begin()
    get_session().backend = name


def backend() -> str:
    """The backend in use now: "numba" once its kernels are loaded, until then "numpy"."""
    return "numpy" if compiled_run() is None else "numba"


def wait_for_kernels() -> bool:
    """Wait until compiled kernels are ready; False where there are none."""
    if get_session().backend == "numpy" or not available():
        return False
    _loading.wait()
    return _loading.run is not None


def prepare() -> None:
    """Load compiled kernels beside what goes on, where they are installed and wanted."""
    if get_session().backend != "numpy" and _loading.run is None and available():
        _loading.begin()


def compiled_run() -> Run | None:
    """The compiled interpreter, if the session wants it and it is ready."""
    return None if get_session().backend == "numpy" else _loading.run


__all__ = ["available", "backend", "compiled_run", "prepare", "use", "wait_for_kernels"]
