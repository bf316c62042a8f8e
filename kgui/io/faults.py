"""A file system that fails on demand: the n-th operation, once or from then on."""

import os
from collections.abc import Iterator
from pathlib import Path

from kgui.io.filesystem import REAL, FileState, FileSystem


class FaultyFileSystem:
    """Passes operations on to another file system, and fails the n-th (from 1) with an errno.

    `operations` tells the names of what was asked, the failed one included; `n=0` never fails.
    """

    def __init__(self, n: int, errno: int, forever: bool = False, inner: FileSystem = REAL) -> None:
        self.n = n
        self.errno = errno
        self.forever = forever
        self.inner = inner
        self.operations: list[str] = []

    def step(self, operation: str) -> None:
        """Count an operation; OSError if its turn has come."""
        self.operations.append(operation)
        count = len(self.operations)
        if self.n and (count == self.n or (self.forever and count > self.n)):
            raise OSError(self.errno, os.strerror(self.errno))

    def resolve(self, path: Path) -> Path:
        """As the inner one; does not count, for the system asks nothing that can fail."""
        return self.inner.resolve(path)

    def stat(self, path: Path) -> FileState | None:
        """As the inner one, or fail."""
        self.step("stat")
        return self.inner.stat(path)

    def names(self, folder: Path) -> list[str]:
        """As the inner one, or fail."""
        self.step("names")
        return self.inner.names(folder)

    def free_bytes(self, folder: Path) -> int | None:
        """As the inner one, or fail."""
        self.step("free_bytes")
        return self.inner.free_bytes(folder)

    def read(self, path: Path) -> Iterator[bytes]:
        """As the inner one, or fail."""
        self.step("read")
        return self.inner.read(path)

    def open_temp(self, path: Path, like: Path | None) -> int:
        """As the inner one, or fail."""
        self.step("open_temp")
        return self.inner.open_temp(path, like)

    def write(self, descriptor: int, data: memoryview) -> int:
        """As the inner one, or fail after half of the bytes: so does a disk that fills up."""
        try:
            self.step("write")
        except OSError:
            self.inner.write(descriptor, data[: len(data) // 2])
            raise
        return self.inner.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """As the inner one, or fail."""
        self.step("fsync")
        self.inner.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """As the inner one; a failed close gives the descriptor back all the same."""
        self.inner.close(descriptor)
        self.step("close")

    def link(self, source: Path, target: Path) -> None:
        """As the inner one, or fail."""
        self.step("link")
        self.inner.link(source, target)

    def replace(self, source: Path, target: Path) -> None:
        """As the inner one, or fail."""
        self.step("replace")
        self.inner.replace(source, target)

    def unlink(self, path: Path) -> None:
        """As the inner one, or fail."""
        self.step("unlink")
        self.inner.unlink(path)

    def fsync_dir(self, folder: Path) -> None:
        """As the inner one, or fail."""
        self.step("fsync_dir")
        self.inner.fsync_dir(folder)

    def sleep(self, seconds: float) -> None:
        """As the inner one."""
        self.inner.sleep(seconds)
