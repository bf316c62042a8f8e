"""What saving asks of a file system, small enough to be replaced by one that fails or crashes.

    resolve   stat   names   free_bytes   read           look
    open_temp -> descriptor   write   fsync   close      make a new file
    link   replace   unlink   fsync_dir                  change the folder
    sleep                                                wait for a file that is held

Every operation may raise OSError. `RealFileSystem` is the disk; `kgui.io.faults` fails on demand
and `kgui.io.crashes` shows what a power cut may leave behind.
"""

import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

CHUNK = 1 << 20
_BINARY: int = getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | _BINARY
# Without O_NONBLOCK, opening a FIFO that nobody writes to waits for ever.
_OLD = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | _BINARY


class NotRegularFileError(OSError):
    """A device, pipe or socket stands where a file was expected."""


@dataclass(frozen=True)
class FileState:
    """What the folder tells of a file without opening it."""

    size: int
    modified_ns: int
    identity: tuple[int, int]
    """Device and inode: equal for two names of one file."""
    is_regular: bool = True
    is_folder: bool = False
    writable: bool = True


class FileSystem(Protocol):
    """The operations that saving is made of."""

    def resolve(self, path: Path) -> Path:
        """The absolute path with every symbolic link followed."""

    def stat(self, path: Path) -> FileState | None:
        """The state of a file, None if there is none."""

    def names(self, folder: Path) -> list[str]:
        """The names in a folder."""

    def free_bytes(self, folder: Path) -> int | None:
        """What may still be written, None if it is not known."""

    def read(self, path: Path) -> Iterator[bytes]:
        """The content of a regular file, piece by piece."""

    def open_temp(self, path: Path, like: Path | None) -> int:
        """A new, empty file with the mode, owner and attributes of `like`."""

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some of the bytes; how many."""

    def fsync(self, descriptor: int) -> None:
        """Wait until the content is on the disk."""

    def close(self, descriptor: int) -> None:
        """Give the descriptor back, even if this raises."""

    def link(self, source: Path, target: Path) -> None:
        """A second name for a file."""

    def replace(self, source: Path, target: Path) -> None:
        """Rename; what had the target's name loses it in the same instant."""

    def unlink(self, path: Path) -> None:
        """Remove a name."""

    def fsync_dir(self, folder: Path) -> None:
        """Wait until the names of a folder are on the disk."""

    def sleep(self, seconds: float) -> None:
        """Wait before another attempt."""


class RealFileSystem:
    """The disk."""

    def resolve(self, path: Path) -> Path:
        """The absolute path with every symbolic link followed."""
        return Path(os.path.realpath(path))

    def stat(self, path: Path) -> FileState | None:
        """The state of a file, None if there is none."""
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        return FileState(
            found.st_size,
            found.st_mtime_ns,
            (found.st_dev, found.st_ino),
            stat.S_ISREG(found.st_mode),
            stat.S_ISDIR(found.st_mode),
            os.access(path, os.W_OK),
        )

    def names(self, folder: Path) -> list[str]:
        """The names in a folder."""
        return [path.name for path in folder.iterdir()]

    def free_bytes(self, folder: Path) -> int | None:
        """What may still be written; None where the system reports a disk of no size."""
        usage = shutil.disk_usage(folder)
        return usage.free if usage.total else None

    def read(self, path: Path) -> Iterator[bytes]:
        """The content of a regular file, piece by piece."""
        descriptor = open_regular(path)
        try:
            while piece := os.read(descriptor, CHUNK):
                yield piece
        finally:
            os.close(descriptor)

    def open_temp(self, path: Path, like: Path | None) -> int:
        """A new, empty file with the mode, owner and attributes of `like`, or by the umask."""
        if like is None:
            return os.open(path, _NEW, 0o666)
        # Private until it has the old file's mode, which may be stricter than the umask.
        descriptor = os.open(path, _NEW, 0o600)
        try:
            _keep_attributes(descriptor, like)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some of the bytes; how many."""
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """Wait until the content is on the disk, past the drive's own cache on macOS."""
        if sys.platform == "darwin":
            import fcntl  # not there on Windows

            with suppress(OSError):
                fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
                return
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Give the descriptor back, even if this raises."""
        os.close(descriptor)

    def link(self, source: Path, target: Path) -> None:
        """A second name for a file."""
        target.hardlink_to(source)

    def replace(self, source: Path, target: Path) -> None:
        """Rename; what had the target's name loses it in the same instant."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Remove a name."""
        path.unlink()

    def fsync_dir(self, folder: Path) -> None:
        """Wait until the names of a folder are on the disk; Windows has no such call."""
        if os.name == "nt":
            return
        try:
            descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        except PermissionError:
            # A folder may be writable and not readable: then everything is flushed.
            os.sync()
            return
        try:
            os.fsync(descriptor)
        except OSError as error:
            # Some network file systems cannot do this for folders.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)

    def sleep(self, seconds: float) -> None:
        """Wait before another attempt."""
        time.sleep(seconds)


def open_regular(path: Path) -> int:
    """A descriptor for reading; NotRegularFileError or IsADirectoryError without touching it."""
    # A device may act on being opened, so the first look is at its name.
    _refuse_irregular(path.stat(), path)
    descriptor = os.open(path, _OLD)
    try:
        _refuse_irregular(os.fstat(descriptor), path)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_irregular(found: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise NotRegularFileError(errno.EINVAL, "not a regular file", str(path))


def _keep_attributes(descriptor: int, like: Path) -> None:
    """Owner, extended attributes (access lists too) and mode, as far as the system allows it."""
    found = like.stat()
    if os.name == "nt":
        return
    with suppress(OSError):
        os.fchown(descriptor, found.st_uid, found.st_gid)
    if sys.platform == "linux":
        with suppress(OSError):
            for name in os.listxattr(like):
                with suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(like, name))
    with suppress(OSError):
        os.fchmod(descriptor, stat.S_IMODE(found.st_mode) & 0o777)


REAL = RealFileSystem()
