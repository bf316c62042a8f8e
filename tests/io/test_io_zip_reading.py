"""Archives built byte by byte: each differs in one thing from one that is read."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgui.io import InputError, OutputError, arrays, zip_reading
from kgui.io.arrays import npz_bytes, read_arrays, write_arrays
from kgui.io.manifest import describe_arrays


def _npy(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, (1, 0), allow_pickle=False)
    return buffer.getvalue()


CONTENT = _npy(np.arange(200.0))


def _deflate(data: bytes, end: int = zlib.Z_FINISH) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush(end)


@dataclass
class Archive:
    """One member `w.npy`, and every field that may be made to lie."""

    body: bytes = CONTENT
    method: int = 0
    local_method: int | None = None
    local_name: bytes = b"w.npy"
    size: int = len(CONTENT)
    comment: bytes = b""
    count: int = 1
    here: int | None = None
    disk: int = 0
    start: int = 0

    def content(self) -> bytes:
        """The bytes of the archive."""
        crc, name = zlib.crc32(CONTENT), b"w.npy"
        local_method = self.method if self.local_method is None else self.local_method
        sizes = crc, len(self.body), self.size
        lengths = len(self.local_name), 0
        local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, local_method, 0, 33, *sizes, *lengths)
        local += self.local_name + self.body
        fixed = b"PK\1\2", 20, 20, 0, self.method, 0, 33, *sizes, len(name), 0, len(self.comment)
        directory = struct.pack("<4s6H3L5H2L", *fixed, 0, 0, 0, 0) + name + self.comment
        here = self.count if self.here is None else self.here
        counts = self.disk, self.start, here, self.count
        end = struct.pack("<4s4H2LH", b"PK\5\6", *counts, len(directory), len(local), 0)
        return local + directory + end


@pytest.mark.parametrize(
    "archive", [Archive(), Archive(_deflate(CONTENT), 8)], ids=["stored", "deflated"]
)
def test_an_archive_that_is_read(tmp_path: Path, archive: Archive) -> None:
    """Without it, all refusals below would prove nothing."""
    (tmp_path / "x").write_bytes(archive.content())
    assert read_arrays(tmp_path / "x")["w"].tolist() == list(range(200))


BAD = {
    "bytes behind the packed ones": Archive(_deflate(CONTENT) + b"more", 8),
    "many bytes behind the packed ones": Archive(_deflate(CONTENT) + bytes(200_000), 8),
    "packed bytes without an end": Archive(_deflate(CONTENT, zlib.Z_SYNC_FLUSH), 8),
    "packed bytes behind the packed ones": Archive(_deflate(CONTENT) * 2, 8),
    "one number more inside": Archive(_deflate(CONTENT + bytes(8)), 8),
    "one number fewer inside": Archive(_deflate(CONTENT[:-8]), 8),
    "bytes behind the stored ones": Archive(CONTENT + b"more"),
    "stored and packed": Archive(_deflate(CONTENT), 8, local_method=0),
    "two names": Archive(local_name=b"v.npy"),
    "two names of different length": Archive(local_name=b"double.npy"),
    "another disk": Archive(disk=1),
    "another first disk": Archive(start=1),
    "members on another disk": Archive(here=0),
    "fewer members here": Archive(count=2, here=1),
    "more members than there are": Archive(count=2),
    "no members": Archive(count=0),
    "a member of no size": Archive(size=0),
}


@pytest.mark.parametrize("archive", BAD.values(), ids=BAD.keys())
def test_an_archive_that_is_not(tmp_path: Path, archive: Archive) -> None:
    (tmp_path / "x").write_bytes(archive.content())
    with pytest.raises(InputError, match=r"x cannot be read: .*\.$"):
        read_arrays(tmp_path / "x")


# Fields of 64 bits, as archives beyond four gigabytes have them.


def _wide(extra: bytes = b"", gap: bytes = b"", place: int = 0, length: int = 44) -> bytes:
    """The same archive, its sizes told in the wide fields only; or with a lie in one of them."""
    crc, name, full = zlib.crc32(CONTENT), b"w.npy", 0xFFFFFFFF
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 33, crc, full, full, 5, 0)
    local += name + CONTENT
    extra = extra or struct.pack("<2H2Q", 1, 16, len(CONTENT), len(CONTENT))
    fixed = b"PK\1\2", 45, 45, 0, 0, 0, 33, crc, full, full, 5, len(extra), 0
    directory = struct.pack("<4s6H3L5H2L", *fixed, 0, 0, 0, 0) + name + extra
    counts = 45, 45, 0, 0, 1, 1, len(directory), len(local)
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", length, *counts)
    at = len(local) + len(directory) + place
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, full, full, 0)
    return local + directory + end + gap + locator + last


def test_a_wide_archive(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(_wide())
    assert read_arrays(tmp_path / "x")["w"].tolist() == list(range(200))
    unrelated = struct.pack("<2H3s2H2Q", 7, 3, b"xyz", 1, 16, len(CONTENT), len(CONTENT))
    (tmp_path / "x").write_bytes(_wide(unrelated))
    assert read_arrays(tmp_path / "x")["w"].tolist() == list(range(200))


@pytest.mark.parametrize(
    "data",
    [
        _wide(struct.pack("<2H2Q", 1, 16, len(CONTENT) + 8, len(CONTENT) + 8)),
        _wide(struct.pack("<2H2Q", 1, 16, 1 << 63, 1 << 63)),
        _wide(struct.pack("<2H1Q", 1, 8, len(CONTENT))),
        _wide(struct.pack("<2H2Q", 2, 16, len(CONTENT), len(CONTENT))),
        _wide(struct.pack("<2H", 1, 16)),
        _wide(gap=bytes(56)),
        _wide(place=1),
        _wide(place=1 << 62),
        _wide(length=45),
        _wide()[-42:],
        _wide()[-22:],
    ],
    ids=range(11),
)
def test_a_wide_archive_that_lies(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(b"PK" + data if len(data) < 50 else data)
    with pytest.raises(InputError, match=r"x cannot be read: .*\.$"):
        read_arrays(tmp_path / "x")


def test_a_directory_of_comments(tmp_path: Path) -> None:
    """A few members, each with as long a comment as it may have: refused for their bulk."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(40):
            entry = zipfile.ZipInfo(f"w{number}.npy")
            entry.comment = b"x" * 65_535
            archive.writestr(entry, CONTENT)
    (tmp_path / "x").write_bytes(buffer.getvalue())
    with pytest.raises(InputError, match="cannot be read"):
        read_arrays(tmp_path / "x")


@pytest.mark.parametrize("descr", ["[<f8]", "(<f8)", "['<f8']"])
def test_a_type_in_brackets(tmp_path: Path, descr: str) -> None:
    """As long as `'<f8'` is, and no string."""
    start, end = CONTENT[:10], CONTENT[10:]
    changed = end.replace(b"'<f8'", descr.encode(), 1)
    padded = changed.replace(b" " * (len(changed) - len(end)) + b"\n", b"\n", 1)
    (tmp_path / "x").write_bytes(start + padded)
    assert len(padded) == len(end)
    with pytest.raises(InputError, match="cannot be read"):
        read_arrays(tmp_path / "x")


# What is written.


def test_the_bytes_are_the_same_everywhere_and_always() -> None:
    """No date, no name of a system: whoever saves the same arrays gets the same file."""
    data = npz_bytes({"a/w": np.arange(3.0), "b": np.array([True])})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert (entry.create_system, entry.external_attr) == (3, 0o644 << 16)
            assert (entry.extra, entry.comment) == (b"", b"")


Change = Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]


@pytest.mark.parametrize(
    "change",
    [lambda array: array.view("i8"), lambda array: array.reshape(2, 3), lambda array: array[:-1],
     lambda array: -array],
    ids=["type", "shape", "length", "sign"],
)  # fmt: skip
def test_a_writer_that_changes_anything_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    def write(file: Any, array: np.ndarray[Any, Any], **options: Any) -> None:
        original(file, change(array), **options)

    original = np.lib.format.write_array
    monkeypatch.setattr(np.lib.format, "write_array", write)
    with pytest.raises(OutputError, match="do not read back the same"):
        write_arrays(tmp_path / "x", {"w": np.zeros(6)})
    assert not (tmp_path / "x").exists()


def test_an_array_that_is_lost_on_the_way_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    original = zip_reading.members
    monkeypatch.setattr(arrays, "members", lambda *arguments: original(*arguments)[:-1])
    with pytest.raises(OutputError, match="do not read back the same"):
        npz_bytes({"a": np.zeros(1), "b": np.zeros(1)})


@pytest.mark.parametrize("field", ["shape", "dtype", "sha256"])
def test_each_field_of_the_manifest_counts(tmp_path: Path, field: str) -> None:
    saved = {"w": np.zeros((2, 3))}
    said = describe_arrays(saved)
    said["w"][field] = {"shape": [3, 2], "dtype": "int64", "sha256": "0" * 64}[field]
    text = str({"arrays": said}).replace("'", '"')
    write_arrays(tmp_path / "x", saved | {"__kgui__": np.frombuffer(text.encode(), np.uint8)})
    with pytest.raises(InputError, match="array 'w' is not the one that was saved"):
        read_arrays(tmp_path / "x")
