"""Saving: the old file or the new one, whole, through a kill, a power cut or a full disk.

The bytes go to a new file in the same folder, onto the disk, and are read back; the old file gets
a second name, `NAME.bak`; then the new file takes the name in one step, and the folder is flushed.
"""

import hashlib
from contextlib import suppress
from pathlib import Path

from kgui.io.errors import OutputError
from kgui.io.filesystem import REAL, FileState, FileSystem
from kgui.io.fingerprints import Fingerprint, fingerprint, holds, measure
from kgui.io.reasons import is_full, is_held, reason, shown
from kgui.io.refusals import (
    changed_on_disk,
    could_not_save,
    disk_full,
    refuse_backup,
    refuse_full,
    refuse_name,
    refuse_place,
)
from kgui.io.temporary import sweep, temporary_path
from kgui.language import tr

__all__ = ["Fingerprint", "atomic_write", "fingerprint"]

# macOS refuses to write 2 GiB at once.
_PORTION = 64 << 20
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 0.95)
"""Seconds between attempts to replace a file that is held: 2.5 in all."""


def atomic_write(
    path: str | Path,
    data: bytes,
    *,
    backup: bool = True,
    expected: Fingerprint | None = None,
    filesystem: FileSystem = REAL,
) -> Fingerprint:
    """Write the file whole or not at all; what it replaces stays as `NAME.bak`.

    `expected` is what the file held when it was read: ChangedOnDiskError if it holds something
    else now. OutputError, one sentence, for all that the system refuses.
    """
    path, content = Path(path), memoryview(data)
    target = path.absolute()
    try:
        refuse_name(path.name)
        target = filesystem.resolve(path)
        _put(filesystem, target, content, backup, expected)
    except (OSError, ValueError) as error:
        # Of a link, the folder it leads to is the one that refused.
        why = _reason(filesystem, error, target, len(content))
        raise could_not_save(path.name, why) from error
    try:
        return _confirm(filesystem, target, content)
    except OSError as error:
        sentence = tr("{name} was saved, but may not outlast a power cut: {reason}.")
        why = _reason(filesystem, error, target, len(content))
        raise OutputError(sentence.format(name=shown(path.name), reason=why)) from error


def _put(
    filesystem: FileSystem,
    target: Path,
    content: memoryview,
    backup: bool,
    expected: Fingerprint | None,
) -> None:
    """All up to the instant in which the new file takes the name."""
    old = filesystem.stat(target)
    refuse_place(target, old)
    if expected is not None and old is not None and measure(filesystem, target) != expected:
        raise changed_on_disk(target)
    sweep(filesystem, target)
    refuse_full(filesystem, target, len(content))
    temporary = temporary_path(target)
    try:
        _write_new(filesystem, temporary, content, target if old else None)
        _verify(filesystem, temporary, target, content)
        if backup and old is not None:
            _keep_old(filesystem, target, old, content)
        if expected is not None and filesystem.stat(target) != old:
            raise changed_on_disk(target)
        _replace(filesystem, temporary, target)
    except BaseException:
        _remove(filesystem, temporary)
        raise


def _confirm(filesystem: FileSystem, target: Path, content: memoryview) -> Fingerprint:
    """Flush the folder and read the file once more, under its own name."""
    filesystem.fsync_dir(target.parent)
    _verify(filesystem, target, target, content)
    state = filesystem.stat(target)
    modified = state.modified_ns if state else 0
    return Fingerprint(len(content), hashlib.sha256(content).hexdigest(), modified)


def _write_new(filesystem: FileSystem, path: Path, content: memoryview, like: Path | None) -> None:
    descriptor = filesystem.open_temp(path, like)
    try:
        while content:
            content = content[filesystem.write(descriptor, content[:_PORTION]) :]
        # Never tried twice: after a failure the system forgets which bytes it did not write.
        filesystem.fsync(descriptor)
    finally:
        filesystem.close(descriptor)


def _verify(filesystem: FileSystem, path: Path, target: Path, content: memoryview) -> None:
    """OutputError if the disk gives other bytes back than it was given."""
    if not holds(filesystem, path, content):
        why = tr("the drive gave back other bytes than were written; save to another drive")
        raise could_not_save(target.name, why)


def _keep_old(filesystem: FileSystem, target: Path, old: FileState, content: memoryview) -> None:
    """Give the old file the name `NAME.bak`, in one step; unless it would hold the same as NAME."""
    backup = target.with_name(f"{target.name}.bak")
    kept = filesystem.stat(backup)
    refuse_backup(target, backup, kept)
    # Renaming one name of a file to another name of the same file does nothing and leaves both.
    if kept is not None and kept.identity == old.identity and old.identity[1]:
        return
    if old.size == len(content) and holds(filesystem, target, content):
        return
    temporary = temporary_path(target, ".bak")
    try:
        try:
            filesystem.link(target, temporary)
        except OSError:  # FAT and many network drives know no second names
            before = memoryview(b"".join(filesystem.read(target)))
            _write_new(filesystem, temporary, before, target)
        _replace(filesystem, temporary, backup)
    except BaseException:
        _remove(filesystem, temporary)
        raise


def _replace(filesystem: FileSystem, source: Path, target: Path) -> None:
    """Rename; patiently where a virus scanner or an indexer holds the target (Windows)."""
    for wait in _WAITS:
        try:
            filesystem.replace(source, target)
        except OSError as error:
            if not is_held(error):
                raise
            filesystem.sleep(wait)
        else:
            return
    filesystem.replace(source, target)


def _remove(filesystem: FileSystem, path: Path) -> None:
    with suppress(OSError, ValueError):
        filesystem.unlink(path)


def _reason(filesystem: FileSystem, error: OSError | ValueError, path: Path, size: int) -> str:
    if not is_full(error):
        return reason(error, path.parent)
    free = None
    with suppress(OSError, ValueError):
        free = filesystem.free_bytes(path.parent)
    # There may be no room for a name while there is for bytes: then the number would puzzle.
    return disk_full(size, free if free is None or free < size else None)
