"""Files that grow while the program runs: the rotating log, and the stacks of a crash."""

from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

LOG_BYTES, LOG_FILES = 1_000_000, 5


def rotating_log(folder: Path) -> RotatingFileHandler | None:
    """A handler that writes kgui.log and four older ones; None if the folder cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return RotatingFileHandler(
        folder / "kgui.log",
        maxBytes=LOG_BYTES,
        backupCount=LOG_FILES - 1,
        encoding="utf-8",
        delay=True,
    )


def crash_file(folder: Path) -> TextIO | None:
    """crash.log, open at its end; None if it cannot be written."""
    try:
        return (folder / "crash.log").open("a", encoding="utf-8")
    except OSError:
        return None
