"""A3, A4: every operation of a save fails once or for ever; the file is the old or the new one."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from io_cases import leftovers, number_of, numbered

from kgui.io import OutputError, RealFileSystem, temporary
from kgui.io.arrays import npz_bytes, write_arrays
from kgui.io.atomic_write import atomic_write, fingerprint
from kgui.io.faults import FaultyFileSystem

ERRORS = [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.ENAMETOOLONG, errno.ENOENT]


def _operations(tmp_path: Path) -> list[str]:
    """The operations of a save over an old file with a backup."""
    path = tmp_path / "x"
    for number in (0, 1):
        atomic_write(path, numbered(number))
    clean = FaultyFileSystem(0, 0)
    atomic_write(path, numbered(2), filesystem=clean)
    return clean.operations


@pytest.mark.parametrize("forever", [False, True], ids=["once", "forever"])
@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.get)
def test_every_operation_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, forever: bool
) -> None:
    path, backup = tmp_path / "x", tmp_path / "x.bak"
    operations = _operations(tmp_path)
    failures = 0
    for n in range(1, len(operations) + 1):
        atomic_write(path, numbered(0))
        atomic_write(path, numbered(1))
        filesystem = FaultyFileSystem(n, number, forever)
        try:
            atomic_write(path, numbered(2), filesystem=filesystem)
        except OutputError as error:
            failures += 1
            assert len(str(error)) < 400
            assert "Errno" not in str(error)
            placed = operations[n - 1] == "fsync_dir" or "fsync_dir" in operations[: n - 1]
            assert number_of(path.read_bytes()) == (2 if placed else 1)
        else:
            assert number_of(path.read_bytes()) == 2
        assert number_of(backup.read_bytes()) in (0, 1)
        if not forever:
            assert leftovers(tmp_path) == []
        with monkeypatch.context() as patch:
            patch.setattr(temporary, "_is_alive", lambda process: False)
            atomic_write(path, numbered(3))
        assert leftovers(tmp_path) == []
    # Only the sweep and, once, the link may fail without harm.
    assert failures >= len(operations) - 3


class NoLinks(RealFileSystem):
    """A drive that knows no second names, as FAT."""

    def link(self, source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def _save(path: Path, kind: str, n: int, number: int, forever: bool) -> FaultyFileSystem:
    """Save 2, over 1 if there is one, and fail the n-th operation; the operations."""
    inner = NoLinks() if kind == "no links" else RealFileSystem()
    filesystem = FaultyFileSystem(n, number, forever, inner)
    expected = fingerprint(path) if kind == "expected" else None
    backup = kind != "no backup"
    try:
        atomic_write(path, numbered(2), backup=backup, expected=expected, filesystem=filesystem)
    except OutputError as error:
        sentence = str(error)
        assert sentence.startswith(("Could not save x: ", "x was saved, but may not outlast"))
        assert sentence.endswith(".")
        assert sentence.isprintable()
        assert "changed by another program" not in sentence
        assert "x was saved" not in sentence or number_of(path.read_bytes()) == 2
    else:
        assert number_of(path.read_bytes()) == 2
    return filesystem


@pytest.mark.parametrize("kind", ["first", "expected", "no backup", "no links"])
@pytest.mark.parametrize("forever", [False, True], ids=["once", "forever"])
@pytest.mark.parametrize("number", ERRORS[:4], ids=errno.errorcode.get)
def test_every_kind_of_save(tmp_path: Path, number: int, forever: bool, kind: str) -> None:
    """The file is the old one, or none, until the new one is whole; no backup is ever torn."""
    path, backup = tmp_path / "x", tmp_path / "x.bak"
    before = b"" if kind == "first" else numbered(1)
    n, done = 0, False
    while not done:
        n += 1
        for each in (path, backup, *map(tmp_path.joinpath, leftovers(tmp_path))):
            each.unlink(missing_ok=True)
        if before:
            path.write_bytes(before)
        filesystem = _save(path, kind, n, number, forever)
        done = len(filesystem.operations) < n
        content = path.read_bytes() if path.exists() else b""
        placed = "fsync_dir" in filesystem.operations
        assert content == (numbered(2) if placed else before)
        assert not backup.exists() or (backup.read_bytes() == before and kind != "no backup")
        if not forever:
            assert leftovers(tmp_path) == []
    assert n > 10


def test_what_a_save_does(tmp_path: Path) -> None:
    operations = [each for each in _operations(tmp_path) if each not in ("stat", "read", "names")]
    assert operations == [
        *("free_bytes", "open_temp", "write", "fsync", "close"),
        *("link", "replace", "replace", "fsync_dir"),
    ]


@pytest.mark.parametrize("operation", ["fsync", "close", "write"])
def test_nothing_is_tried_again_on_the_same_descriptor(tmp_path: Path, operation: str) -> None:
    n = _operations(tmp_path).index(operation) + 1
    filesystem = FaultyFileSystem(n, errno.EIO)
    with pytest.raises(OutputError, match="the drive reports a fault"):
        atomic_write(tmp_path / "x", numbered(3), filesystem=filesystem)
    assert "fsync" not in filesystem.operations[n:]
    assert "write" not in filesystem.operations[n:]
    assert number_of((tmp_path / "x").read_bytes()) == 2
    assert leftovers(tmp_path) == []


def test_an_unconfirmed_save_says_so(tmp_path: Path) -> None:
    n = _operations(tmp_path).index("fsync_dir") + 1
    with pytest.raises(OutputError, match=r"^x was saved, but may not outlast a power cut: "):
        atomic_write(tmp_path / "x", numbered(3), filesystem=FaultyFileSystem(n, errno.EIO))


def test_descriptors_are_given_back(tmp_path: Path) -> None:
    operations = _operations(tmp_path)
    before = os.dup(0)
    os.close(before)
    for n in range(1, len(operations) + 1):
        filesystem = FaultyFileSystem(n, errno.EIO, True)
        with pytest.raises(OutputError):
            atomic_write(tmp_path / "x", numbered(4) + bytes(n), filesystem=filesystem)
    # The system gives the lowest free number: a higher one now means that one was kept.
    after = os.dup(0)
    os.close(after)
    assert after == before


@pytest.mark.parametrize("forever", [False, True], ids=["once", "forever"])
def test_arrays_fail_the_same_way(tmp_path: Path, forever: bool) -> None:
    path = tmp_path / "x.npz"
    old, new = {"w": np.zeros(100)}, {"w": np.ones(100)}
    write_arrays(path, old)
    clean = FaultyFileSystem(0, 0)
    write_arrays(path, old, filesystem=clean)
    allowed = {npz_bytes(old), npz_bytes(new)}
    for n in range(1, len(clean.operations) + 1):
        try:
            write_arrays(path, new, filesystem=FaultyFileSystem(n, errno.ENOSPC, forever))
        except OutputError:
            assert path.read_bytes() in allowed
        else:
            assert path.read_bytes() == npz_bytes(new)
        write_arrays(path, old)


def test_interruption_by_the_user_cleans_up(tmp_path: Path) -> None:
    class Interrupted(FaultyFileSystem):
        def step(self, operation: str) -> None:
            super().step(operation)
            if operation == "replace":
                raise KeyboardInterrupt

    path = tmp_path / "x"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        atomic_write(path, b"new", filesystem=Interrupted(0, 0))
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []
