"""The call in progress: training or not, traced or not, on behalf of which layer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple


class Call(NamedTuple):
    """What nested calls inherit."""

    training: bool = False
    tracing: bool = False
    """True inside a layer's `call` on symbolic tensors: primitives are recorded, not layers."""
    owner: str = ""
    """Name of the outermost layer at work, for messages; "" outside a layer."""
    losses: list[Any] | None = None
    """Takes what layers add to the loss; None where nobody asks."""


_OUTSIDE = Call()
_current: ContextVar[Call] = ContextVar("call", default=_OUTSIDE)


def current_call() -> Call:
    """The call in progress."""
    return _current.get()


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Work inside a call."""
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)
