"""Saving as users meet it: what is kept, what is asked, what is said."""

import errno
import os
import resource
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from io_cases import leftovers, names_in, run_in_child

from kgui.io import REAL, ChangedOnDiskError, OutputError, RealFileSystem, temporary
from kgui.io.atomic_write import Fingerprint, atomic_write, fingerprint
from kgui.io.errors import InputError
from kgui.io.faults import FaultyFileSystem
from kgui.io.reasons import amount, shown
from kgui.io.refusals import refuse_name


def test_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "模型 one.kgui"
    atomic_write(path, b"one")
    assert path.read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("data", [b"", b"x", bytes(3 << 20)], ids=["empty", "one", "3 MiB"])
def test_any_size(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x"
    assert atomic_write(path, data) == fingerprint(path)
    assert path.read_bytes() == data


def test_the_old_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.kgui"
    for content in (b"one", b"two", b"three"):
        atomic_write(path, content)
    assert path.read_bytes() == b"three"
    assert (tmp_path / "x.kgui.bak").read_bytes() == b"two"
    assert names_in(tmp_path) == ["x.kgui", "x.kgui.bak"]


def test_saving_the_same_again_keeps_the_older_version(tmp_path: Path) -> None:
    path = tmp_path / "x.kgui"
    for content in (b"one", b"two", b"two", b"two"):
        atomic_write(path, content)
    assert (tmp_path / "x.kgui.bak").read_bytes() == b"one"


def test_logs_leave_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for content in (b"one", b"two"):
        atomic_write(path, content, backup=False)
    assert names_in(tmp_path) == ["x.csv"]


def test_a_kill_between_backup_and_replace_leaves_no_temporary_file(tmp_path: Path) -> None:
    """Then NAME and NAME.bak are one file, and renaming one to the other would do nothing."""
    path = tmp_path / "x"
    path.write_bytes(b"old")
    (tmp_path / "x.bak").hardlink_to(path)
    atomic_write(path, b"new")
    assert (path.read_bytes(), (tmp_path / "x.bak").read_bytes()) == (b"new", b"old")
    assert leftovers(tmp_path) == []


class NoLinks(RealFileSystem):
    """A drive that knows no second names, as FAT."""

    def link(self, source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_drive_without_links(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content in (b"one", b"two", b"three"):
        atomic_write(path, content, filesystem=NoLinks())
    assert (path.read_bytes(), (tmp_path / "x.bak").read_bytes()) == (b"three", b"two")
    assert leftovers(tmp_path) == []


def test_nothing_is_written_if_the_content_is_no_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        atomic_write(path, "text")  # type: ignore[arg-type]  # that is the mistake
    assert names_in(tmp_path) == ["x"]
    assert path.read_bytes() == b"old"


# A7: links, modes, attributes.


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "x.kgui", tmp_path / "link.kgui"
    target.write_bytes(b"old")
    link.symlink_to(target)
    atomic_write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names_in(target.parent) == ["x.kgui", "x.kgui.bak"]
    assert names_in(tmp_path) == ["link.kgui", "real"]


def test_a_link_to_a_file_that_is_gone(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "x")
    atomic_write(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "x").read_bytes() == b"new"


def test_a_link_into_a_folder_that_is_missing(tmp_path: Path) -> None:
    """The sentence names the folder that is missing, not the one in which the link stands."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nix" / "x")
    with pytest.raises(OutputError, match=r"^Could not save link: the folder .*nix does not exist"):
        atomic_write(link, b"new")
    assert link.is_symlink()


def test_a_folder_in_place_of_the_backup(tmp_path: Path) -> None:
    """The sentence names the folder that is in the way: the file itself is none."""
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "x.bak").mkdir()
    with pytest.raises(OutputError, match=r"^Could not save x: .*x\.bak"):
        atomic_write(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"old"
    assert names_in(tmp_path) == ["x", "x.bak"]


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OutputError, match="round in a circle"):
        atomic_write(tmp_path / "a", b"new")


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    path.chmod(mode)
    atomic_write(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert stat.S_IMODE((tmp_path / "x.bak").stat().st_mode) == mode


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_follows_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        atomic_write(tmp_path / "x", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o666 & ~mask


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes are Linux's")
def test_extended_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.origin", b"course")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    atomic_write(path, b"new")
    assert os.getxattr(path, "user.origin") == b"course"


def test_another_hard_link_keeps_the_old_content(tmp_path: Path) -> None:
    path, other = tmp_path / "x", tmp_path / "other"
    path.write_bytes(b"old")
    other.hardlink_to(path)
    atomic_write(path, b"new")
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"old")


# A8, A9: other programs.


def test_a_file_that_another_program_changed(tmp_path: Path) -> None:
    path = tmp_path / "x.kgui"
    loaded = atomic_write(path, b"mine")
    path.write_bytes(b"hers")
    with pytest.raises(ChangedOnDiskError, match=r"^x.kgui was changed by another program"):
        atomic_write(path, b"new", expected=loaded)
    assert path.read_bytes() == b"hers"
    assert names_in(tmp_path) == ["x.kgui"]
    atomic_write(path, b"new")
    assert (tmp_path / "x.kgui.bak").read_bytes() == b"hers"


def test_a_touched_file_is_not_a_changed_one(tmp_path: Path) -> None:
    path = tmp_path / "x"
    loaded = atomic_write(path, b"mine")
    os.utime(path, (1, 1))
    saved = atomic_write(path, b"new", expected=loaded)
    assert atomic_write(path, b"newer", expected=saved).size == 5


def test_a_deleted_file_is_saved_again(tmp_path: Path) -> None:
    path = tmp_path / "x"
    loaded = atomic_write(path, b"mine")
    path.unlink()
    atomic_write(path, b"new", expected=loaded)
    assert path.read_bytes() == b"new"


class Meddling(RealFileSystem):
    """Another program writes while the new file is being written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fsync(self, descriptor: int) -> None:
        self.path.write_bytes(b"hers, later")


def test_a_change_during_the_save_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "x"
    loaded = atomic_write(path, b"mine")
    with pytest.raises(ChangedOnDiskError):
        atomic_write(path, b"new", expected=loaded, filesystem=Meddling(path))
    assert path.read_bytes() == b"hers, later"
    assert leftovers(tmp_path) == []


def test_the_fingerprint_of_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        fingerprint(tmp_path / "x")


# A14: what was written is what is there.


class Corrupting(RealFileSystem):
    """A drive that changes a bit on the way."""

    def write(self, descriptor: int, data: memoryview) -> int:
        return super().write(descriptor, memoryview(bytes([data[0] ^ 1]) + bytes(data[1:])))


class Losing(RealFileSystem):
    """A drive that drops the end and says it has written all."""

    def write(self, descriptor: int, data: memoryview) -> int:
        super().write(descriptor, data[:-1])
        return len(data)


class Growing(RealFileSystem):
    """A drive that leaves something behind the end."""

    def fsync(self, descriptor: int) -> None:
        super().write(descriptor, memoryview(b"more"))


class Forgetful(RealFileSystem):
    """A network drive that says it renamed."""

    def replace(self, source: Path, target: Path) -> None:
        return


@pytest.mark.parametrize("filesystem", [Corrupting(), Losing(), Growing(), Forgetful()])
def test_a_drive_that_lies_is_found_out(tmp_path: Path, filesystem: RealFileSystem) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match=r"^Could not save x: the drive gave back other bytes"):
        atomic_write(path, b"new", backup=False, filesystem=filesystem)
    assert path.read_bytes() == b"old"


class Dripping(RealFileSystem):
    """Writes less than asked."""

    def write(self, descriptor: int, data: memoryview) -> int:
        return super().write(descriptor, data[:7])


def test_partial_writes_are_continued(tmp_path: Path) -> None:
    data = bytes(range(250))
    atomic_write(tmp_path / "x", data, filesystem=Dripping())
    assert (tmp_path / "x").read_bytes() == data


# A3: the disk is full.


class Full(RealFileSystem):
    """A disk with little space that says so."""

    def free_bytes(self, folder: Path) -> int | None:
        return 300_000


def test_a_full_disk_is_seen_beforehand(tmp_path: Path) -> None:
    path = tmp_path / "x.kgui"
    path.write_bytes(b"old")
    sentence = r"^Could not save x\.kgui: the disk is full \(needs 1\.2 MB, 300 kB free\)\.$"
    with pytest.raises(OutputError, match=sentence) as caught:
        atomic_write(path, bytes(1_200_000), filesystem=Full())
    assert caught.value.exit_code == 5
    assert names_in(tmp_path) == ["x.kgui"]


def test_a_file_that_just_fits(tmp_path: Path) -> None:
    atomic_write(tmp_path / "x", bytes(300_000), filesystem=Full())
    with pytest.raises(OutputError, match="the disk is full"):
        atomic_write(tmp_path / "x", bytes(300_001), filesystem=Full())


def test_a_disk_that_fills_up_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "x.kgui"
    path.write_bytes(b"old")
    clean = FaultyFileSystem(0, 0)
    atomic_write(path, b"old", filesystem=clean)
    n = clean.operations.index("write") + 1
    with pytest.raises(OutputError, match=r"^Could not save x\.kgui: the disk is full \(needs "):
        atomic_write(path, b"new", filesystem=FaultyFileSystem(n, errno.ENOSPC))
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_disk_is_full_and_empty_at_once(tmp_path: Path, number: int) -> None:
    """A quota, or no room for one more name: then the free bytes would only puzzle."""
    clean = FaultyFileSystem(0, 0)
    atomic_write(tmp_path / "x", b"old", filesystem=clean)
    n = clean.operations.index("write") + 1
    with pytest.raises(OutputError, match="full") as caught:
        atomic_write(tmp_path / "x", b"new", filesystem=FaultyFileSystem(n, number))
    assert "free" not in str(caught.value)


def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    """A full disk for everybody who is not root: the system itself refuses the bytes."""
    path = tmp_path / "x.kgui"
    atomic_write(path, b"old")

    def save() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
        with pytest.raises(OutputError, match="larger than a file may be here"):
            atomic_write(path, bytes(1 << 20))

    assert run_in_child(save) == 0
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["x.kgui"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB, where the system lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = f"mount -t tmpfs -o size=1m kgui-test {folder} 2> /dev/null"
    if sys.platform != "linux" or os.geteuid() != 0 or os.system(command) != 0:  # noqa: S605  # our own folder
        pytest.skip("mounting a disk takes root")
    yield folder
    # A descriptor that was kept holds the disk, and a disk that stays ends every later test run.
    assert os.system(f"umount {folder} || ! umount -l {folder}") == 0  # noqa: S605  # our own folder


def test_a_disk_of_one_mebibyte(small_disk: Path) -> None:
    path, rest = small_disk / "x.kgui", small_disk / "rest"
    refused = 0
    for level in range(20):
        rest.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        Path(f"{path}.bak").unlink(missing_ok=True)
        path.write_bytes(b"old" * 30_000)
        rest.write_bytes(bytes(level * 45_000))
        try:
            atomic_write(path, b"new" * 100_000, filesystem=Unaware())
        except OutputError as error:
            assert "the disk is full" in str(error)
            assert path.read_bytes() == b"old" * 30_000
            refused += 1
        else:
            assert path.read_bytes() == b"new" * 100_000
        assert leftovers(small_disk) == []
    assert 3 < refused < 17


class Unaware(RealFileSystem):
    """A disk that does not tell how much space it has, so that every write is tried."""

    def free_bytes(self, folder: Path) -> int | None:
        return None


# A5: places that cannot be written.


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"^Could not save x: the folder .*nix does not exist\.$"):
        atomic_write(tmp_path / "nix" / "x", b"new")


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="file is not a folder"):
        atomic_write(tmp_path / "file" / "x", b"new")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is a folder of that name"):
        atomic_write(tmp_path, b"new")


def test_a_pipe_in_place_of_the_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    with pytest.raises(OutputError, match="a device or a pipe"):
        atomic_write(tmp_path / "x", b"new")
    with pytest.raises(OutputError, match="a device or a pipe"):
        atomic_write("/dev/null", b"new")


@pytest.mark.parametrize("name", ["x" * 256, "模" * 90])
def test_a_name_that_is_too_long(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="the name is too long"):
        atomic_write(tmp_path / name, b"new")


@pytest.mark.parametrize("name", ["x" * 240, "模" * 83])
def test_a_long_name(tmp_path: Path, name: str) -> None:
    for content in (b"one", b"two"):
        atomic_write(tmp_path / name, content)
    assert names_in(tmp_path) == [name, f"{name}.bak"]


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_a_name_that_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="characters that the system does not allow"):
        atomic_write(tmp_path / name, b"new")


@pytest.mark.parametrize("name", ["CON", "con.kgui", "lpt1.x.y", "NUL ", "x.", "x ", "a:b", "a?"])
def test_names_that_windows_takes_for_something_else(name: str) -> None:
    refuse_name(name, windows=False)
    with pytest.raises(OutputError, match=r"^Could not save "):
        refuse_name(name, windows=True)


@pytest.mark.parametrize("name", ["x.kgui", ".x", "console.kgui", "模型.kgui", "a b.kgui"])
def test_names_that_windows_takes(name: str) -> None:
    refuse_name(name, windows=True)


def _as_nobody(folder: Path, sentence: str) -> int:
    """Try to save in the folder as somebody who is not root."""

    def save() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        with pytest.raises(OutputError, match=sentence):
            atomic_write(folder / "x.kgui", b"new")

    return run_in_child(save)


@pytest.fixture
def common_folder() -> Iterator[Path]:
    """A folder that other users reach too."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_without_permission(common_folder: Path) -> None:
    (common_folder / "x.kgui").write_bytes(b"old")
    (common_folder / "x.kgui").chmod(0o666)
    common_folder.chmod(0o555)
    assert _as_nobody(common_folder, "there is no permission for it in the folder") == 0
    assert names_in(common_folder) == ["x.kgui"]
    assert (common_folder / "x.kgui").read_bytes() == b"old"


def test_a_file_marked_as_read_only_is_respected(common_folder: Path) -> None:
    (common_folder / "x.kgui").write_bytes(b"old")
    (common_folder / "x.kgui").chmod(0o444)
    common_folder.chmod(0o777)
    assert _as_nobody(common_folder, "marked as read-only") == 0
    assert (common_folder / "x.kgui").read_bytes() == b"old"


def test_a_folder_that_may_be_written_but_not_listed(common_folder: Path) -> None:
    common_folder.chmod(0o333)

    def save() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        atomic_write(common_folder / "x.kgui", b"new")

    assert run_in_child(save) == 0


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "can only be read"),
        (errno.EIO, "the drive reports a fault"),
        (errno.ENODEV, "the drive is no longer there"),
        (errno.EDQUOT, "your share of the disk is full."),
        (errno.EMFILE, "too many files are open"),
        (errno.ENOTCONN, "."),
    ],
)
def test_reasons_are_named(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(OutputError) as caught:
        atomic_write(tmp_path / "x", b"new", filesystem=FaultyFileSystem(1, number))
    sentence = str(caught.value)
    assert sentence.startswith("Could not save x: ")
    assert words in sentence
    assert sentence.endswith(".")
    assert "Errno" not in sentence


# A6: files that are held on Windows.


class SharingError(PermissionError):
    """What Windows raises when a virus scanner has the file open."""

    winerror = 32


class Held(RealFileSystem):
    """A file that others hold during the first attempts."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts
        self.waited: list[float] = []

    def replace(self, source: Path, target: Path) -> None:
        self.attempts -= 1
        if self.attempts >= 0:
            raise SharingError(errno.EACCES, "held")
        super().replace(source, target)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.mark.parametrize("attempts", range(9))
def test_a_held_file_is_waited_for(tmp_path: Path, attempts: int) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    filesystem = Held(attempts)
    if attempts <= 6:
        atomic_write(path, b"new", backup=False, filesystem=filesystem)
        assert path.read_bytes() == b"new"
        assert len(filesystem.waited) == attempts
    else:
        with pytest.raises(OutputError, match="another program is using it"):
            atomic_write(path, b"new", backup=False, filesystem=filesystem)
        assert path.read_bytes() == b"old"
    assert sum(filesystem.waited) <= 2.5
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("code", [5, 32, 33])
def test_all_that_windows_calls_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Access denied, sharing violation, lock violation."""
    monkeypatch.setattr(SharingError, "winerror", code)
    filesystem = Held(2)
    atomic_write(tmp_path / "x", b"new", filesystem=filesystem)
    assert len(filesystem.waited) == 2


def test_a_missing_permission_is_not_waited_for(tmp_path: Path) -> None:
    clean = FaultyFileSystem(0, 0)
    atomic_write(tmp_path / "x", b"old", filesystem=clean)
    n = clean.operations.index("replace") + 1
    with pytest.raises(OutputError, match="no permission"):
        atomic_write(tmp_path / "x", b"new", filesystem=FaultyFileSystem(n, errno.EACCES))


# A12: what killed programs leave behind.


def _dead_process() -> int:
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)
    return process


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # forking beside numpy's idle threads
def test_orphans_are_swept_and_nothing_else(tmp_path: Path) -> None:
    dead, rand = _dead_process(), "0123456789abcdef"
    orphans = [f".x.kgui.{dead}.{rand}.tmp", f".x.kgui.bak.{dead}.{rand}.tmp"]
    others = [
        f".x.kgui.{os.getpid()}.{rand}.tmp",
        f".y.kgui.{dead}.{rand}.tmp",
        f".x.kgui.{dead}.tmp",
        f"x.kgui.{dead}.{rand}.tmp",
        "x.kgui.tmp",
    ]
    for name in orphans + others:
        (tmp_path / name).write_bytes(b"")
    atomic_write(tmp_path / "x.kgui", b"new")
    assert names_in(tmp_path) == sorted([*others, "x.kgui"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # forking beside numpy's idle threads
def test_names_are_no_patterns(tmp_path: Path) -> None:
    """What `x+(1).kgui` left is swept, and what only looks alike stays."""
    end = f".{_dead_process()}.0123456789abcdef.tmp"
    for name in ("x+(1).kgui", "xx1.kgui", "x+(1)-kgui"):
        (tmp_path / f".{name}{end}").write_bytes(b"")
    atomic_write(tmp_path / "x+(1).kgui", b"new")
    assert names_in(tmp_path) == sorted([f".xx1.kgui{end}", f".x+(1)-kgui{end}", "x+(1).kgui"])


class Clinging(RealFileSystem):
    """One file that nobody may remove, as in a folder with the sticky bit."""

    def unlink(self, path: Path) -> None:
        if "0000" in path.name:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        super().unlink(path)

    def names(self, folder: Path) -> list[str]:
        return sorted(super().names(folder))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # forking beside numpy's idle threads
def test_an_orphan_that_stays_keeps_no_other(tmp_path: Path) -> None:
    dead = _dead_process()
    orphans = [f".x.{dead}.{digit * 16}.tmp" for digit in "01"]
    for name in orphans:
        (tmp_path / name).write_bytes(b"")
    atomic_write(tmp_path / "x", b"new", filesystem=Clinging())
    assert names_in(tmp_path) == [orphans[0], "x"]


def test_old_temporary_files_are_swept_whoever_made_them(tmp_path: Path) -> None:
    orphan = temporary.temporary_path(tmp_path / "x")
    orphan.write_bytes(b"")
    os.utime(orphan, (time.time() - 3700,) * 2)
    atomic_write(tmp_path / "x", b"new")
    assert names_in(tmp_path) == ["x"]


# Words.


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"),
     (12_345_678, "12 MB"), (999_600, "1.0 MB"), (3 * 10**15, "3.0 PB")],
)  # fmt: skip
def test_amounts(size: int, text: str) -> None:
    assert amount(size) == text


def test_hostile_names_in_sentences() -> None:
    assert shown("a\nb\u202ec\0") == "a?b?c?"
    assert len(shown("x" * 10_000)) < 400


def test_it_is_quick(tmp_path: Path) -> None:
    data, times = bytes(20_000), []
    for number in range(30):
        start = time.perf_counter()
        atomic_write(tmp_path / "x", data + bytes([number]))
        times.append(time.perf_counter() - start)
    assert sorted(times)[len(times) // 2] < 0.030


def test_the_real_one_is_the_default() -> None:
    assert isinstance(REAL, RealFileSystem)
    assert Fingerprint(1, "a", 2) == Fingerprint(1, "a", 3)
