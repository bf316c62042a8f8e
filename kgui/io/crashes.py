"""A file system in memory that shows every state a power cut may leave on the disk.

What a journalling file system promises is little: the bytes of a file are there once it was
fsynced, a name once its folder was, a rename happens wholly or not at all. Anything else may be
missing: `CrashFileSystem.states` takes every prefix of the operations, every subset of the
changes of names that were not fsynced, and unsynced bytes as written, lost, cut and as zeros.
"""

import errno
import itertools
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kgui.io.filesystem import FileState

Names = dict[Path, int | None]
"""A change of names, made wholly or not at all: name -> inode, or None where it goes away."""


@dataclass(frozen=True)
class Operation:
    """One step towards the disk; the fields that its kind needs."""

    kind: str
    """names, write, fsync or fsync_dir."""
    inode: int = 0
    data: bytes = b""
    names: Names = field(default_factory=dict)
    folder: Path = Path()


class Disk:
    """What is on the disk for certain, and what is only on its way there."""

    def __init__(self, files: Mapping[Path, bytes]) -> None:
        self.content = dict(enumerate(files.values(), start=1))
        self.certain = dict(self.content)
        self.durable = {path: inode for inode, path in enumerate(files, start=1)}
        self.pending: list[Names] = []

    @property
    def names(self) -> dict[Path, int]:
        """The names that a running program sees."""
        return _applied(self.durable, self.pending)

    def do(self, operation: Operation) -> None:
        """Carry an operation out."""
        inode = operation.inode
        if operation.kind == "names":
            self.pending.append(operation.names)
            for new in set(operation.names.values()) - {None}:
                self.content.setdefault(int(new or 0), b"")
                self.certain.setdefault(int(new or 0), b"")
        elif operation.kind == "write":
            self.content[inode] += operation.data
        elif operation.kind == "fsync":
            self.certain[inode] = self.content[inode]
        else:
            settled = [p for p in self.pending if {x.parent for x in p} <= {operation.folder}]
            self.durable = _applied(self.durable, settled)
            self.pending = [change for change in self.pending if change not in settled]

    def states(self) -> Iterator[dict[Path, bytes]]:
        """Every content of the disk that a power cut may leave at this moment."""
        for chosen in itertools.product((False, True), repeat=len(self.pending)):
            names = _applied(self.durable, itertools.compress(self.pending, chosen))
            inodes = sorted(set(names.values()))
            for contents in itertools.product(*map(self._contents, inodes)):
                held = dict(zip(inodes, contents, strict=True))
                yield {path: held[inode] for path, inode in names.items()}

    def _contents(self, inode: int) -> list[bytes]:
        full, certain = self.content[inode], self.certain[inode]
        if full == certain:
            return [full]
        lost = len(full) - len(certain)
        cut = full[: len(certain) + lost // 2]
        return list(dict.fromkeys((full, certain, cut, certain + bytes(lost))))


class CrashFileSystem:
    """A folder in memory that records what is done to it."""

    def __init__(self, files: Mapping[Path, bytes]) -> None:
        self.start = dict(files)
        self.disk = Disk(files)
        self.operations: list[Operation] = []
        self.opened: dict[int, int] = {}
        self.modified: dict[int, int] = {}
        self._started = time.time_ns()
        self._numbers = itertools.count(1000)

    def states(self) -> Iterator[tuple[int, dict[Path, bytes]]]:
        """Number of operations done and what the disk may hold after a power cut then."""
        disk = Disk(self.start)
        for done in range(len(self.operations) + 1):
            seen = set()
            for state in disk.states():
                key = frozenset(state.items())
                if key not in seen:
                    seen.add(key)
                    yield done, state
            if done < len(self.operations):
                disk.do(self.operations[done])

    def record(self, operation: Operation) -> None:
        """Do an operation and remember it."""
        self.operations.append(operation)
        self.disk.do(operation)

    def resolve(self, path: Path) -> Path:
        """The path itself: there are no links here."""
        return path

    def stat(self, path: Path) -> FileState | None:
        """The state of a file, None if there is none."""
        inode = self.disk.names.get(path)
        if inode is None:
            return None
        # The same each time, or every file would look changed by another program.
        modified = self._started + self.modified.get(inode, 0)
        return FileState(len(self.disk.content[inode]), modified, (1, inode))

    def names(self, folder: Path) -> list[str]:
        """The names in a folder."""
        return [path.name for path in self.disk.names if path.parent == folder]

    def free_bytes(self, folder: Path) -> int | None:
        """Not known."""
        return None

    def read(self, path: Path) -> Iterator[bytes]:
        """The content as a running program sees it, in one piece."""
        return iter([self.disk.content[self._inode(path)]])

    def open_temp(self, path: Path, like: Path | None) -> int:
        """A new, empty file; its descriptor."""
        descriptor = next(self._numbers)
        self.opened[descriptor] = descriptor
        self.record(Operation("names", names={path: descriptor}))
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        """Append the bytes."""
        inode = self.opened[descriptor]
        self.record(Operation("write", inode, bytes(data)))
        self.modified[inode] = len(self.operations)
        return len(data)

    def fsync(self, descriptor: int) -> None:
        """Make the content certain."""
        self.record(Operation("fsync", self.opened[descriptor]))

    def close(self, descriptor: int) -> None:
        """Give the descriptor back; says nothing about the disk."""
        del self.opened[descriptor]

    def link(self, source: Path, target: Path) -> None:
        """A second name for a file."""
        if target in self.disk.names:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        self.record(Operation("names", names={target: self._inode(source)}))

    def replace(self, source: Path, target: Path) -> None:
        """Rename in one step; nothing at all, as POSIX has it, for two names of one file."""
        inode = self._inode(source)
        if self.disk.names.get(target) != inode:
            self.record(Operation("names", names={source: None, target: inode}))

    def unlink(self, path: Path) -> None:
        """Remove a name."""
        self._inode(path)
        self.record(Operation("names", names={path: None}))

    def fsync_dir(self, folder: Path) -> None:
        """Make the names of a folder certain."""
        self.record(Operation("fsync_dir", folder=folder))

    def sleep(self, seconds: float) -> None:
        """Pass no time."""

    def _inode(self, path: Path) -> int:
        try:
            return self.disk.names[path]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from None


def _applied(names: Mapping[Path, int], changes: Iterator[Names] | list[Names]) -> dict[Path, int]:
    result: dict[Path, int | None] = dict(names)
    for change in changes:
        result |= change
    return {path: inode for path, inode in result.items() if inode is not None}
