"""A mailbox of one slot: what is put in replaces what nobody has fetched."""

from threading import Lock
from typing import Generic, TypeVar

Letter = TypeVar("Letter")


class Mailbox(Generic[Letter]):
    """Hands the newest value from one thread to another; what came before it is lost."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._letter: Letter | None = None

    def put(self, letter: Letter) -> None:
        """Replace the value."""
        with self._lock:
            self._letter = letter

    def latest(self) -> Letter | None:
        """The newest value; None before the first."""
        with self._lock:
            return self._letter
