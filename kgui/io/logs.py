"""Logs: the only files that grow in place, because they are written as the process dies."""

from pathlib import Path
from typing import TextIO


def append_to(path: Path) -> TextIO:
    """The file, open at its end; OSError if it cannot be."""
    return path.open("a", encoding="utf-8")
