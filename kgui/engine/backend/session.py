"""The state a run stands on: dtype, seeds, names, threads. One explicit value, replaceable."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

import numpy as np
import numpy.typing as npt

FLOAT_TYPES = ("float32", "float64")


class Session:
    """Settings and counters of the engine; the same seed in a new session repeats everything."""

    def __init__(self, seed: int | None = None, *, abstract: bool = False) -> None:
        self.floatx = "float32"
        self.abstract = abstract
        """Weights made here have shapes but no values and take no memory: shapes are all asked."""
        self.epsilon = 1e-7
        self.threads = 1
        """BLAS threads while fitting; one is fastest for the networks that people draw."""
        self.backend = "auto"
        """What is to carry plans out: "numba", "numpy", or the first of them that can."""
        self.names: Counter[str] = Counter()
        """How often each automatic name was given."""
        self.plans: WeakSet[Any] = WeakSet()
        """The plans compiled in this session that are still in use."""
        self.seed = seed
        """What random draws began with; None for something different in every run."""
        self.random = random.Random(seed)  # noqa: S311 - weights, not secrets

    def __repr__(self) -> str:
        return (
            f"Session(seed={self.seed}, floatx={self.floatx!r}, epsilon={self.epsilon}, "
            f"threads={self.threads}, backend={self.backend!r})"
        )

    def set_seed(self, seed: int) -> None:
        """Start all random draws anew."""
        self.seed = seed
        self.random.seed(seed)

    def draw_seed(self) -> int:
        """A seed for one initializer, layer or shuffle."""
        return self.random.randrange(2**31)


_default = Session()
_current: ContextVar[Session | None] = ContextVar("session", default=None)


def get_session() -> Session:
    """The session in force: that of the enclosing `use_session`, else the process's own."""
    return _current.get() or _default


def set_session(session: Session) -> None:
    """Replace the session in force, so that `get_session` returns this one.

    Inside `use_session` it is replaced to the end of that, else for the whole process.
    """
    global _default
    if not isinstance(session, Session):
        raise TypeError(f"Expected a Session. Received: {session} (of type {type(session)})")
    if _current.get() is None:
        _default = session
    else:
        _current.set(session)


@contextmanager
def use_session(session: Session) -> Iterator[Session]:
    """Work in a session of one's own; other threads keep theirs."""
    token = _current.set(session)
    try:
        yield session
    finally:
        _current.reset(token)


def clear_session(free_memory: bool = True) -> None:
    """Forget name counters, as `keras.utils.clear_session` does; memory frees itself here.

    Settings and the seed stay as they are.
    """
    session = get_session()
    session.names.clear()
    session.plans.clear()


def image_data_format() -> str:
    """Where pictures have their colours: "channels_last", always."""
    return "channels_last"


def floatx() -> str:
    """The default float type, "float32" unless set otherwise."""
    return get_session().floatx


def set_floatx(dtype: str) -> None:
    """Set the default float type; ValueError for anything but float32 and float64."""
    if dtype not in FLOAT_TYPES:
        raise ValueError(f"Unknown `floatx` value: {dtype}. Expected one of {FLOAT_TYPES}")
    get_session().floatx = dtype


def epsilon() -> float:
    """The fuzz factor of losses, 1e-7 unless set otherwise."""
    return get_session().epsilon


def set_epsilon(value: float) -> None:
    """Set the fuzz factor of losses."""
    get_session().epsilon = float(value)


class SeedGenerator:
    """A stream of random numbers that a layer owns; its seed is the session's unless given."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = get_session().draw_seed() if seed is None else int(seed)
        self.generator = np.random.Generator(np.random.SFC64(self.seed))

    def state(self) -> npt.NDArray[np.uint64]:
        """Where the stream stands: uint64 (6,)."""
        found = self.generator.bit_generator.state
        return np.array(
            [*found["state"]["state"], found["has_uint32"], found["uinteger"]], "uint64"
        )

    def set_state(self, state: npt.NDArray[Any]) -> None:
        """Go on from a state that `state` gave; others, such as Keras's own, change nothing."""
        if state.shape != (6,) or state.dtype != np.uint64:
            return
        self.generator.bit_generator.state = {
            "bit_generator": "SFC64",
            "state": {"state": state[:4].copy()},
            "has_uint32": int(state[4]) & 1,
            "uinteger": int(state[5]) & 0xFFFFFFFF,
        }
