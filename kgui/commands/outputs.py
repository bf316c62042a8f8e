"""Files a command is to write: looked at before the work, so that nothing is lost after it."""

import os
from pathlib import Path

from kgui.io.errors import InputError, OutputError
from kgui.language import tr


def refuse_lost(outputs: list[str | None], inputs: list[str | None]) -> None:
    """Raise for a file that cannot be written, is read as well, or is named twice."""
    read = {_identity(name) for name in inputs if name}
    seen: set[str] = set()
    for name in outputs:
        if name is None:
            continue
        if not name:
            raise InputError(tr("The name of a file to write is empty."))
        _refuse_unwritable(Path(name))
        if _identity(name) in read:
            text = tr("{file} is read by this command; write to another file.")
            raise InputError(text.format(file=name))
        if _identity(name) in seen:
            text = tr("{file} is named for two outputs; name two files.")
            raise InputError(text.format(file=name))
        seen.add(_identity(name))


def _identity(name: str) -> str:
    return os.path.realpath(name)


def _refuse_unwritable(path: Path) -> None:
    target = Path(os.path.realpath(path))
    if path.is_dir():
        raise OutputError(tr("{file} is a folder; name a file.").format(file=path))
    if not target.parent.is_dir():
        text = tr("{file} cannot be written: there is no folder {folder}.")
        raise OutputError(text.format(file=path.name, folder=path.parent))
    if target.exists() and not target.is_file():
        text = tr("{file} is not a regular file; name one, or a new one.")
        raise OutputError(text.format(file=path))
    if not os.access(target.parent, os.W_OK):
        text = tr("{file} cannot be written: the folder {folder} is read-only.")
        raise OutputError(text.format(file=path.name, folder=target.parent))
