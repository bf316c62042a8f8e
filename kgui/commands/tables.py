"""Tables that commands write: CSV with one header row."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from kgui.io.atomic_write import atomic_write

Cell = str | int | float


def write_table(path: str | Path, columns: Mapping[str, Sequence[Cell]]) -> None:
    """Write columns of equal length as CSV in UTF-8, whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_harmless(name) for name in columns])
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_harmless(cell) for cell in row])
    atomic_write(path, text.getvalue().encode(), backup=False)


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula, marked as text."""
    if not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@")):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
