"""What is refused before anything is written: names, places and disks that cannot take the file."""

import os
from pathlib import Path

from kgui.io.errors import ChangedOnDiskError, OutputError
from kgui.io.filesystem import FileState, FileSystem
from kgui.io.reasons import amount, shown
from kgui.language import tr

_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
_UNUSABLE = set('<>:"|?*\\')


def could_not_save(name: str, why: str) -> OutputError:
    """The sentence for a file of this name and a clause with the reason."""
    sentence = tr("Could not save {name}: {reason}.")
    return OutputError(sentence.format(name=shown(name), reason=why))


def changed_on_disk(target: Path) -> ChangedOnDiskError:
    """The sentence for a file that holds something else than when it was read."""
    sentence = tr(
        "{name} was changed by another program since it was opened; "
        "open it again, or save under another name."
    )
    return ChangedOnDiskError(sentence.format(name=shown(target.name)))


def refuse_name(name: str, windows: bool = os.name == "nt") -> None:
    """OutputError for names that Windows takes for a device or changes without a word."""
    if not windows:
        return
    if name.split(".")[0].rstrip(" ").lower() in _DEVICES:
        raise could_not_save(name, tr("Windows keeps this name for a device"))
    if name != name.rstrip(" .") or _UNUSABLE & set(name) or any(ord(c) < 32 for c in name):
        raise could_not_save(name, tr("its name holds characters that the system does not allow"))


def refuse_place(target: Path, old: FileState | None) -> None:
    """OutputError if something stands there that a file must not replace."""
    if old is None:
        return
    if old.is_folder:
        raise could_not_save(target.name, tr("there is a folder of that name"))
    if not old.is_regular:
        raise could_not_save(target.name, tr("it is not a regular file but a device or a pipe"))
    if not old.writable:
        raise could_not_save(target.name, tr("the file is marked as read-only"))


def refuse_backup(target: Path, backup: Path, kept: FileState | None) -> None:
    """OutputError if a folder stands where the old file would be kept."""
    if kept is not None and kept.is_folder:
        sentence = tr("the folder {name} stands where its previous version is kept")
        raise could_not_save(target.name, sentence.format(name=shown(backup.name)))


def refuse_full(filesystem: FileSystem, target: Path, size: int) -> None:
    """OutputError if the file cannot fit; a disk that does not tell is given the chance."""
    free = filesystem.free_bytes(target.parent)
    if free is not None and free < size:
        raise could_not_save(target.name, disk_full(size, free))


def disk_full(size: int, free: int | None) -> str:
    """The clause for a full disk, with the numbers."""
    if free is None:
        return tr("the disk is full (needs {needed})").format(needed=amount(size))
    sentence = tr("the disk is full (needs {needed}, {free} free)")
    return sentence.format(needed=amount(size), free=amount(free))
