"""Which source a document's data settings mean."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from kgui.data.samples import PREFIX, find_sample
from kgui.data.source import Source
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError
from kgui.language import tr


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
        raise InputError(sentence.format(name=ascii(source)[1:-1][:200]))
    path = Path(source).expanduser()
    return path if path.is_absolute() or folder is None else folder / path


def _reader(path: Path) -> Callable[[Path, DataSettings], Source]:
    """The reader of that kind of file; each imports what it needs only when it is needed."""
    name = path.name.lower()
    if path.is_dir() or ("idx" in name and not name.endswith((".csv", ".npz"))):
        from kgui.data.idx import open_idx

        return open_idx
    if name.endswith((".npz", ".npy")):
        from kgui.data.array_file import open_arrays

        return open_arrays
    from kgui.data.table import open_table

    return open_table
