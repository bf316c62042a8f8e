"""The logs as a table in a file."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from kgui.engine.callbacks.callback import Callback, Logs
from kgui.io import atomic_write, read_bytes

_LIMIT = 1 << 28
"""Bytes of a log that rows are added to."""


class CSVLogger(Callback):
    """Writes a row per epoch: the epoch, from 0, and the logs by sorted name.

    The file is whole at any moment: every epoch replaces it by one with a row more.

    Args:
        filename: File to write.
        separator: What stands between the columns.
        append: Keep what the file holds, and add rows to it.
    """

    def __init__(self, filename: str | Path, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename, self.sep, self.append = Path(filename), separator, append
        self.keys: list[str] | None = None
        self._text = io.StringIO(newline="")

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin the file, or take up what it holds."""
        self._text, self.keys = io.StringIO(newline=""), None
        if self.append and self.filename.exists():
            self._text.write(read_bytes(self.filename, _LIMIT, "log").decode("utf-8"))
        self._save()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Add the epoch's row; the first one decides on the columns."""
        logs = logs or {}
        if self.keys is None:
            self.keys = _columns(logs)
            header = not self._text.getvalue()
        else:
            header = False
        writer = csv.DictWriter(self._text, ["epoch", *self.keys], delimiter=self.sep)
        if header:
            writer.writeheader()
        row = {key: _cell(logs.get(key, "NA")) for key in self.keys}
        writer.writerow({"epoch": epoch, **row})
        self._save()

    def _save(self) -> None:
        atomic_write(self.filename, self._text.getvalue().encode("utf-8"), backup=False)


def _columns(logs: Logs) -> list[str]:
    """Sorted names; validation may come in a later epoch, and has its columns from the start."""
    keys = sorted(logs)
    validated = any(key.startswith("val_") for key in keys)
    return keys if validated else [*keys, *(f"val_{key}" for key in keys)]


def _cell(value: Any) -> Any:
    several = not isinstance(value, str) and np.ndim(value) > 0
    return f'"[{", ".join(map(str, value))}]"' if several else value
