"""The disk itself, asked rarely met questions: planted names, secrets, folders that cannot sync."""

import errno
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from io_cases import leftovers, names_in, run_in_child

from kgui.io import REAL, OutputError, RealFileSystem, filesystem
from kgui.io.atomic_write import atomic_write, fingerprint
from kgui.io.filesystem import NotRegularFileError, open_regular


@pytest.fixture
def no_descriptor_is_kept() -> Iterator[None]:
    """The system gives the lowest free number: a higher one afterwards means one was kept."""
    before = os.dup(0)
    os.close(before)
    yield
    after = os.dup(0)
    os.close(after)
    assert after == before


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A folder that other users reach too."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


# New files.


def test_a_planted_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody guessed the name of the temporary file and made it lead to another file."""
    monkeypatch.setattr(secrets, "token_hex", lambda length: "0" * 2 * length)
    victim, path = tmp_path / "victim", tmp_path / "x"
    victim.write_bytes(b"precious")
    (tmp_path / f".x.{os.getpid()}.{'0' * 16}.tmp").symlink_to(victim)
    with pytest.raises(OutputError, match=r"^Could not save x: "):
        atomic_write(path, b"new")
    assert victim.read_bytes() == b"precious"
    assert not path.exists()


def test_a_secret_is_never_readable_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its making and the mode of the old file, the new one is its owner's alone."""
    seen: list[int] = []

    def keep(descriptor: int, like: Path) -> None:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        original(descriptor, like)

    original = filesystem._keep_attributes
    monkeypatch.setattr(filesystem, "_keep_attributes", keep)
    path = tmp_path / "x"
    path.write_bytes(b"old")
    path.chmod(0o640)
    before = os.umask(0)
    try:
        atomic_write(path, b"new")
    finally:
        os.umask(before)
    assert seen == [0o600]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="giving files away takes root")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    os.chown(path, 65534, 65533)
    atomic_write(path, b"new")
    found = path.stat()
    assert (found.st_uid, found.st_gid) == (65534, 65533)


@pytest.mark.usefixtures("no_descriptor_is_kept")
def test_the_old_file_goes_away_meanwhile(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        REAL.open_temp(tmp_path / "new", tmp_path / "gone")


class NoLinks(RealFileSystem):
    """A network drive that knows modes and no second names."""

    def link(self, source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_the_copy_of_a_secret_is_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    path.chmod(0o600)
    atomic_write(path, b"new", filesystem=NoLinks())
    assert stat.S_IMODE((tmp_path / "x.bak").stat().st_mode) == 0o600


class Measuring(RealFileSystem):
    """Remembers how much it was given at once."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def write(self, descriptor: int, data: memoryview) -> int:
        self.sizes.append(len(data))
        return super().write(descriptor, data)


def test_much_is_written_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS refuses two gigabytes at once; ten bytes stand for them."""
    assert atomic_write.__globals__["_PORTION"] < 1 << 31
    # By its name: `kgui.io.atomic_write` is the function, which hides the module.
    monkeypatch.setitem(atomic_write.__globals__, "_PORTION", 10)
    measuring = Measuring()
    atomic_write(tmp_path / "x", b"0123456789" * 3 + b"end", filesystem=measuring)
    assert measuring.sizes == [10, 10, 10, 3]
    assert (tmp_path / "x").read_bytes() == b"0123456789" * 3 + b"end"


def test_the_time_is_that_of_the_file(tmp_path: Path) -> None:
    saved = atomic_write(tmp_path / "x", b"new")
    assert saved.modified_ns == (tmp_path / "x").stat().st_mtime_ns
    assert saved.modified_ns == fingerprint(tmp_path / "x").modified_ns


# Folders.


def _failing(number: int) -> Any:
    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))

    return fsync


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
@pytest.mark.usefixtures("no_descriptor_is_kept")
def test_a_drive_that_cannot_flush_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "fsync", _failing(number))
    assert atomic_write(tmp_path / "x", b"new").size == 3


@pytest.mark.usefixtures("no_descriptor_is_kept")
def test_a_folder_that_fails_to_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _failing(errno.EIO))
    with pytest.raises(OutputError, match=r"^x was saved, but may not outlast a power cut: "):
        atomic_write(tmp_path / "x", b"new")
    assert names_in(tmp_path) == ["x"]


def test_a_folder_that_cannot_be_opened_is_flushed_with_all(everybodys: Path) -> None:
    everybodys.chmod(0o333)

    def save() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        flushed: list[str] = []
        os.sync = lambda: flushed.append("all")
        atomic_write(everybodys / "x", b"new")
        assert flushed == ["all"]

    assert run_in_child(save) == 0


def test_what_is_flushed_is_the_file_and_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the system's own call, in this order, before the save is acknowledged."""
    flushed: list[str] = []

    def fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        flushed.append("folder" if stat.S_ISDIR(found.st_mode) else f"{found.st_size} bytes")
        if stat.S_ISDIR(found.st_mode):
            assert (found.st_dev, found.st_ino) == REAL.stat(tmp_path).identity  # type: ignore[union-attr]  # it is there

    monkeypatch.setattr(os, "fsync", fsync)
    atomic_write(tmp_path / "x", b"new")
    assert flushed == ["3 bytes", "folder"]
    assert leftovers(tmp_path) == []


# Reading.


@pytest.mark.usefixtures("no_descriptor_is_kept")
def test_what_turns_out_to_be_a_pipe_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []

    def second_look(found: os.stat_result, path: Path) -> None:
        looks.append(path)
        if len(looks) > 1:
            refuse(found, path)

    refuse = filesystem._refuse_irregular
    monkeypatch.setattr(filesystem, "_refuse_irregular", second_look)
    os.mkfifo(tmp_path / "x")
    with pytest.raises(NotRegularFileError):
        open_regular(tmp_path / "x")
    assert len(looks) == 2


def test_a_disk_of_no_size_does_not_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network drives say that they have nothing, and take everything."""
    nothing = shutil._ntuple_diskusage(0, 0, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: nothing)
    assert REAL.free_bytes(tmp_path) is None
    assert atomic_write(tmp_path / "x", b"new").size == 3
