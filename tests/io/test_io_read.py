"""Reading what somebody chose: files of all kinds, and things that are none."""

import errno
import gzip
import os
import signal
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from io_cases import FUZZ, run_in_child

from kgui.io import InputError, KguiError, MemoryNeedError, OutputError, filesystem
from kgui.io.read import decompress_gzip, read_bytes


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Reading a pipe must not wait for a writer: five seconds are the end."""
    signal.alarm(5)
    yield
    signal.alarm(0)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "模型"
    data = os.urandom(3_000_000)
    path.write_bytes(data)
    assert read_bytes(path, 3_000_000, "graph") == data
    assert read_bytes(str(path), 4_000_000, "graph") == data
    path.write_bytes(b"")
    assert read_bytes(path, 0, "graph") == b""


def test_descriptors_are_given_back(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"content")
    before = os.dup(0)
    os.close(before)
    read_bytes(tmp_path / "x", 10, "graph")
    for limit, name in ((3, "x"), (10, "nix"), (10, ".")):
        with pytest.raises(InputError):
            read_bytes(tmp_path / name, limit, "graph")
    after = os.dup(0)
    os.close(after)
    assert after == before


def test_a_link_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"content")
    (tmp_path / "link").symlink_to("x")
    assert read_bytes(tmp_path / "link", 10, "graph") == b"content"


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "x.kgui"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    start = time.perf_counter()
    with pytest.raises(InputError, match=r"x\.kgui has 11 GB, too much .*graph.* at most 34 MB"):
        read_bytes(path, 32 << 20, "graph")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nix", "does not exist"),
        ("nix/nix", "does not exist"),
        ("folder", "is a folder"),
        ("pipe", "not a regular file"),
        ("socket", "not a regular file"),
        ("circle", "round in a circle"),
        ("file/x", "is not a folder"),
        ("x" * 300, "the name is too long"),
        ("a\0b", "does not allow"),
        ("a\ud800b", "does not allow"),
    ],
)
def test_what_is_no_file(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    os.mknod(tmp_path / "socket", 0o140600)
    with pytest.raises(InputError, match=words) as caught:
        read_bytes(tmp_path / name, 100, "graph")
    assert caught.value.exit_code == 3
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(
    "path",
    ["http://example.org/x.npz", "https://example.org/x", "ftp://example.org/x", "//host/share/x",
     "file:///etc/hostname", r"\\host\share\x"],
)  # fmt: skip
def test_addresses_are_names_of_files_that_do_not_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Nothing is fetched, from the network or from elsewhere: a path is a path."""

    def connect(*arguments: object) -> None:
        pytest.fail("the network was asked")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(InputError, match="does not exist"):
        read_bytes(path, 100, "graph")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/stdin", "/proc/self/mem"])
def test_what_the_system_offers(path: str) -> None:
    with pytest.raises(KguiError):
        read_bytes(path, 100, "graph")


def test_a_file_whose_size_is_untrue() -> None:
    with pytest.raises(InputError, match="too much"):
        read_bytes("/proc/self/status", 100, "graph")
    assert read_bytes("/proc/self/comm", 100, "graph")


def test_no_permission(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "x").write_bytes(b"")
    folder.chmod(0)

    def act() -> None:
        os.chdir(tmp_path)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        with pytest.raises(OutputError, match="there is no permission"):
            read_bytes("folder/x", 100, "graph")

    try:
        tmp_path.chmod(0o755)
        assert run_in_child(act) == 0
    finally:
        folder.chmod(0o755)


def test_a_fault_of_the_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int, size: int) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "x").write_bytes(b"content")
    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(OutputError, match=r"^Could not read .*x: the drive reports a fault\.$"):
        read_bytes(tmp_path / "x", 100, "graph")


def test_memory_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int, size: int) -> bytes:
        raise MemoryError

    (tmp_path / "x").write_bytes(b"content")
    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(MemoryNeedError, match="not enough memory"):
        read_bytes(tmp_path / "x", 100, "graph")


def test_a_file_that_others_exchange_meanwhile(tmp_path: Path) -> None:
    """B12: pipe, folder, nothing and file take turns under one name; no hang, no mixture."""
    path, stop = tmp_path / "x", threading.Event()
    contents = [bytes([n]) * 100_000 for n in (1, 2)]

    def exchange() -> None:
        while not stop.is_set():
            for content in contents:
                new = tmp_path / "new"
                new.write_bytes(content)
                new.replace(path)
            path.unlink()
            os.mkfifo(path)
            path.unlink()

    thread = threading.Thread(target=exchange)
    thread.start()
    read_whole = 0
    end = time.monotonic() + 0.5
    try:
        while time.monotonic() < end:
            try:
                assert read_bytes(path, 1 << 20, "graph") in contents
                read_whole += 1
            except InputError:
                continue
    finally:
        stop.set()
        thread.join()
    assert read_whole


def test_a_pipe_that_takes_the_place_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same race, decided: a pipe where a file was at the first look must not be waited for."""
    looks = []

    def second_look(found: os.stat_result, path: Path) -> None:
        looks.append(path)
        if len(looks) > 1:
            refuse(found, path)

    refuse = filesystem._refuse_irregular
    monkeypatch.setattr(filesystem, "_refuse_irregular", second_look)
    os.mkfifo(tmp_path / "x")
    with pytest.raises(InputError, match="not a regular file"):
        read_bytes(tmp_path / "x", 100, "graph")
    assert len(looks) == 2


# gzip


def test_gzip() -> None:
    data = os.urandom(200_000) + bytes(300_000)
    packed = gzip.compress(data)
    assert decompress_gzip(packed, len(data), "x.gz") == data
    assert decompress_gzip(packed + bytes(512), len(data), "x.gz") == data
    assert decompress_gzip(packed + packed, 2 * len(data), "x.gz") == data + data
    assert decompress_gzip(gzip.compress(b""), 0, "x.gz") == b""


def test_gzip_beyond_the_limit() -> None:
    packed = gzip.compress(bytes(1000))
    assert decompress_gzip(packed, 1000, "x.gz") == bytes(1000)
    with pytest.raises(InputError, match=r"^x\.gz unpacks to more than 999 bytes"):
        decompress_gzip(packed, 999, "x.gz")


def test_gzip_bombs_are_cheap() -> None:
    start = time.perf_counter()
    bomb = gzip.compress(bytes(100 << 20))
    many = gzip.compress(b"") * 500_000
    packing = time.perf_counter() - start
    tracemalloc.start()
    with pytest.raises(InputError, match="unpacks to more"):
        decompress_gzip(bomb, 1 << 20, "x.gz")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20
    with pytest.raises(InputError, match="damaged"):
        decompress_gzip(many, 1 << 20, "x.gz")
    assert time.perf_counter() - start - packing < 0.5


@pytest.mark.parametrize(
    "data",
    [b"", b"\x1f", b"no gzip", gzip.compress(b"content")[:-1], gzip.compress(b"content") + b"x",
     gzip.compress(b"content")[:12], zlib.compress(b"content")],
)  # fmt: skip
def test_gzip_that_is_none(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^x\.gz is damaged"):
        decompress_gzip(data, 1000, "x.gz")


PACKED = gzip.compress(b"the quick brown fox jumps over the lazy dog" * 5, mtime=0)


@settings(max_examples=200 * FUZZ, deadline=None)
@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_gzip_with_one_wrong_byte(position: int, change: int) -> None:
    data = bytearray(PACKED)
    data[position] ^= change
    try:
        found = decompress_gzip(bytes(data), 10_000, "x.gz")
    except InputError:
        return
    assert found == gzip.decompress(PACKED)
