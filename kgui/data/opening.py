"""Which source a document's data settings mean."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from kgui.data.refusal import refusal
from kgui.data.samples import PREFIX, find_sample
from kgui.data.source import Source
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError
from kgui.io.read import read_ends
from kgui.io.reasons import reading_fault
from kgui.language import tr

TABLES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".xlsx", ".xls", ".ods")
"""Spreadsheets are no tables of text, but the reader of tables says what to do about them."""
ARRAYS = (".npz", ".npy")


def open_source(settings: DataSettings, folder: Path | None = None) -> Source:
    """Read the source that the settings name; InputError or OutputError in one sentence.

    `folder` is where relative paths start: the document's own.
    """
    if not settings.source:
        raise InputError(tr("No data are chosen yet: pick a sample or open a file."))
    if settings.source.startswith(PREFIX):
        sample = find_sample(settings.source)
        path = sample.path
        settings = msgspec.structs.replace(settings, target=settings.target or sample.target)
    else:
        path = _path(settings.source, folder)
    return _reader(path)(path, settings)


def _path(source: str, folder: Path | None) -> Path:
    if "://" in source or source.startswith((r"\\", "//")) or "\0" in source:
        sentence = tr("{name} is not a file on this computer; only those are opened.")
        raise refusal(sentence, name=ascii(source)[1:-1][:200])
    try:
        path = Path(source).expanduser()
    except RuntimeError as error:  # ~somebody who has no folder here
        raise refusal(tr("{path} does not exist."), path=source) from error
    return path if path.is_absolute() or folder is None else folder / path


def _reader(path: Path) -> Callable[[Path, DataSettings], Source]:
    """The reader of that kind of file; each imports what it needs only when it is needed."""
    kind = _kind(path)
    if kind == "idx":
        from kgui.data.idx import open_idx

        return open_idx
    if kind == "arrays":
        from kgui.data.array_file import open_arrays

        return open_arrays
    from kgui.data.table import open_table

    return open_table


def _kind(path: Path) -> Literal["table", "arrays", "idx"]:
    """By the ending of the name where that says it, else by the first bytes."""
    if _is_folder(path):
        return "idx"
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(TABLES):
        return "table"
    if name.endswith(ARRAYS):
        return "arrays"
    head = read_ends(path, 8)[0]
    if head.startswith((b"PK", b"\x93NUMPY")):
        return "arrays"
    is_idx = head.startswith((b"\0\0", b"\x1f\x8b")) or "idx" in name
    return "idx" if is_idx else "table"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise reading_fault(error, path) from error
