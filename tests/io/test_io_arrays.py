"""Arrays that come back bit for bit, files that are always the same, names that mean no harm."""

import io
import json
import math
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numbers
from io_cases import FUZZ, names_in

from kgui.io import InputError, OutputError, RealFileSystem, arrays
from kgui.io.arrays import array_digest, describe_arrays, npz_bytes, read_arrays, write_arrays

DTYPES = ["?", "b", "B", "h", "H", "i", "I", "q", "Q", "e", "f", "d"]
SHAPES: list[tuple[int, ...]] = [(), (0,), (1,), (7,), (3, 4), (2, 0, 3), (2, 3, 4, 5), (1,) * 20]


def _equal(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> bool:
    same = first.dtype == second.dtype and first.shape == second.shape
    return bool(same and first.tobytes() == second.tobytes())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_type_and_shape(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    array = (np.arange(math.prod(shape)) % 2).reshape(shape).astype(dtype)
    write_arrays(tmp_path / "x.npz", {"a/w": array})
    found = read_arrays(tmp_path / "x.npz")
    assert found.keys() == {"a/w"}
    assert _equal(found["a/w"], array)
    assert found["a/w"].flags.c_contiguous
    assert found["a/w"].flags.writeable
    with np.load(tmp_path / "x.npz", allow_pickle=False) as plain:
        assert _equal(plain["a/w"], array)


@settings(max_examples=50 * FUZZ, deadline=None)
@given(
    numbers.arrays(np.float64, numbers.array_shapes(min_dims=0, min_side=0), elements=st.floats())
)
def test_every_number(array: np.ndarray[Any, Any]) -> None:
    """NaN with its payload, both zeros, infinity and the smallest numbers."""
    data = npz_bytes({"w": array})
    ((_, found),) = arrays._read(io.BytesIO(data), len(data), None)
    assert _equal(found, array)


def test_strides_and_byte_orders(tmp_path: Path) -> None:
    base = np.arange(24.0).reshape(4, 6)
    given_arrays: dict[str, Any] = {
        "columns": np.asfortranarray(base),
        "strided": base[::2, ::-3],
        "turned": base.T,
        "foreign": base.astype(">f4"),
        "constant": np.broadcast_to(np.float32(3), (5, 5)),
    }
    write_arrays(tmp_path / "x.npz", given_arrays)
    for name, array in read_arrays(tmp_path / "x.npz").items():
        assert np.array_equal(array, given_arrays[name])
        assert array.dtype.isnative
    np.savez(tmp_path / "plain.npz", **given_arrays)
    for name, array in read_arrays(tmp_path / "plain.npz").items():
        assert np.array_equal(array, given_arrays[name])
        assert array.dtype.isnative
        assert array.flags.c_contiguous


def test_what_numpy_itself_writes(tmp_path: Path) -> None:
    given_arrays: dict[str, Any] = {
        "a": np.arange(12).reshape(3, 4),
        "b": np.zeros((100, 100), "f2"),
    }
    np.savez_compressed(tmp_path / "x.npz", **given_arrays)
    found = read_arrays(tmp_path / "x.npz")
    assert all(_equal(found[name], array) for name, array in given_arrays.items())
    np.save(tmp_path / "x.npy", given_arrays["a"])
    assert _equal(read_arrays(tmp_path / "x.npy")["data"], given_arrays["a"])
    np.save(tmp_path / "y.npy", np.asfortranarray(given_arrays["a"]))
    assert _equal(read_arrays(tmp_path / "y.npy")["data"], given_arrays["a"])
    np.savez(tmp_path / "none.npz")
    assert read_arrays(tmp_path / "none.npz") == {}


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format(tmp_path: Path, version: tuple[int, int]) -> None:
    with (tmp_path / "x.npy").open("wb") as file:
        np.lib.format.write_array(file, np.arange(5), version)
    assert np.array_equal(read_arrays(tmp_path / "x.npy")["data"], np.arange(5))


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        b'{"shape": (2, ), "descr": "<f4", "fortran_order": False, }\n',
        b"{'descr':'<f4','fortran_order':False,'shape':(2,),}     \n",
        b"{ 'descr' : '<f4' , 'shape' : (1L, 2L) , 'fortran_order' : True }",
    ],
)
def test_headers_that_other_programs_write(tmp_path: Path, header: bytes) -> None:
    start = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header
    (tmp_path / "x.npy").write_bytes(start + np.array([1.5, 2.5], "<f4").tobytes())
    assert read_arrays(tmp_path / "x.npy")["data"].ravel().tolist() == [1.5, 2.5]


def test_equal_arrays_are_equal_files(tmp_path: Path) -> None:
    array = np.arange(12.0).reshape(3, 4)
    assert npz_bytes({"w": array}) == npz_bytes({"w": np.asfortranarray(array)})
    write_arrays(tmp_path / "x", {"w": array})
    os.utime(tmp_path / "x", (1, 1))
    assert (tmp_path / "x").read_bytes() == npz_bytes({"w": array})
    with zipfile.ZipFile(tmp_path / "x") as archive:
        assert [m.compress_type for m in archive.infolist()] == [zipfile.ZIP_STORED]


def test_the_path_is_taken_as_it_is(tmp_path: Path) -> None:
    for _ in range(2):
        write_arrays(tmp_path / "model", {"w": np.zeros(2)})
    write_arrays(tmp_path / "log", {"w": np.zeros(2)}, backup=False)
    write_arrays(tmp_path / "log", {"w": np.ones(2)}, backup=False)
    assert names_in(tmp_path) == ["log", "model"]
    write_arrays(tmp_path / "model", {"w": np.ones(2)})
    assert read_arrays(tmp_path / "model.bak")["w"].tolist() == [0, 0]


@pytest.mark.parametrize(
    "name",
    [
        "file",
        "allow_pickle",
        "self",
        "args",
        "kwds",
        "dense/kernel",
        "kernel:0",
        "w.npy",
        "模型",
        "a b",
    ],
)
def test_names_that_numpy_stumbles_over(tmp_path: Path, name: str) -> None:
    write_arrays(tmp_path / "x.npz", {name: np.arange(3), "other": np.zeros(1)})
    assert read_arrays(tmp_path / "x.npz").keys() == {name, "other"}


HOSTILE = ["", "a\0b", "../x", "a/../../x", "/etc/passwd", "a//b", "a/", ".", "a/./b", "C:x",
           "c:/x", "a\\b", "\\\\host\\x", "a\nb", "a\u202eb", "a\ud800b", "x" * 300]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of an array") as caught:
        write_arrays(tmp_path / "x.npz", {"w": np.zeros(1), name: np.zeros(1)})
    assert str(caught.value).isprintable()
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (np.array([None]), "object"),
        (np.zeros(2, [("a", "f4")]), "structured"),
        (np.zeros(2, "V8"), "void"),
        (np.array(["text"]), "str"),
        (np.zeros(2, "S4"), "bytes"),
        (np.zeros(2, "c8"), "complex64"),
        (np.zeros(2, "M8[s]"), "datetime64"),
        (np.zeros(2, "g"), "float" if np.dtype("g").itemsize > 8 else None),
        (np.ma.array([1.0, 2.0], mask=[False, True]), "masked"),
    ],
)
def test_only_numbers_are_saved(tmp_path: Path, array: Any, found: str | None) -> None:
    if found is None:
        pytest.skip("long double is double here")
    sentence = f"^array 'w' has type {found}.*; only bool, int, float are read"
    with pytest.raises(InputError, match=sentence):
        write_arrays(tmp_path / "x.npz", {"w": array})
    assert names_in(tmp_path) == []


def test_too_many_arrays(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="10001 arrays are too many"):
        write_arrays(tmp_path / "x.npz", {f"a{n}": np.zeros(0) for n in range(10_001)})


class Corrupting(RealFileSystem):
    """A drive that changes a bit in the middle."""

    def write(self, descriptor: int, data: memoryview) -> int:
        wrong = bytearray(data)
        wrong[len(wrong) // 2] ^= 1
        return super().write(descriptor, memoryview(wrong))


def test_a_drive_that_lies_is_found_out(tmp_path: Path) -> None:
    write_arrays(tmp_path / "x.npz", {"w": np.zeros(100)})
    before = (tmp_path / "x.npz").read_bytes()
    with pytest.raises(OutputError, match="other bytes"):
        write_arrays(tmp_path / "x.npz", {"w": np.ones(100)}, filesystem=Corrupting())
    assert (tmp_path / "x.npz").read_bytes() == before


def test_a_writer_that_lies_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(file: Any, array: np.ndarray[Any, Any], **options: Any) -> None:
        original(file, array + 1, **options)

    original = np.lib.format.write_array
    monkeypatch.setattr(np.lib.format, "write_array", write)
    with pytest.raises(OutputError, match="do not read back the same"):
        write_arrays(tmp_path / "x.npz", {"w": np.ones(100)})
    assert names_in(tmp_path) == []


# The manifest.


def _with_manifest(given_arrays: dict[str, np.ndarray[Any, Any]], **said: Any) -> dict[str, Any]:
    text = json.dumps({"format": "kgui-model", "arrays": describe_arrays(given_arrays), **said})
    return given_arrays | {"__kgui__": np.frombuffer(text.encode(), np.uint8)}


def test_arrays_that_agree_with_the_manifest(tmp_path: Path) -> None:
    saved = _with_manifest({"a/w": np.arange(6.0).reshape(2, 3), "b": np.array(True)})
    write_arrays(tmp_path / "x.npz", saved)
    assert read_arrays(tmp_path / "x.npz").keys() == {"a/w", "b", "__kgui__"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"a": np.arange(3.0) + 1}, "array 'a' is not the one that was saved"),
        ({"a": np.arange(3.0, dtype="f4")}, "array 'a' is not the one that was saved"),
        ({"a": np.arange(3.0).reshape(1, 3)}, "array 'a' is not the one that was saved"),
        ({"c": np.zeros(1)}, "array 'c' was added"),
        ({"b": None}, "array 'b' is missing"),
        ({"__kgui__": np.zeros(3)}, "__kgui__, is damaged"),
        ({"__kgui__": np.frombuffer(b"{", np.uint8)}, "__kgui__, is damaged"),
        ({"__kgui__": np.frombuffer(b"[]", np.uint8)}, "__kgui__, is damaged"),
        ({"__kgui__": np.frombuffer(b"[" * 100_000, np.uint8)}, "__kgui__, is damaged"),
        ({"__kgui__": np.frombuffer(b'{"arrays": 1}', np.uint8)}, "__kgui__, is damaged"),
        ({"__kgui__": np.frombuffer(b'{"arrays": {}}', np.uint8)}, "was added"),
    ],
)
def test_arrays_that_do_not(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    saved = _with_manifest({"a": np.arange(3.0), "b": np.zeros(1)}) | change
    write_arrays(tmp_path / "x.npz", {k: v for k, v in saved.items() if v is not None})
    with pytest.raises(InputError, match=words):
        read_arrays(tmp_path / "x.npz")


def test_a_manifest_without_arrays(tmp_path: Path) -> None:
    write_arrays(tmp_path / "x.npz", {"__kgui__": np.frombuffer(b'{"version": 1}', np.uint8)})
    assert read_arrays(tmp_path / "x.npz").keys() == {"__kgui__"}


def test_the_digest_is_that_of_the_numbers() -> None:
    array = np.arange(6.0).reshape(2, 3)
    assert array_digest(array) == array_digest(np.asfortranarray(array))
    assert array_digest(array) == array_digest(array.astype(">f8"))
    assert array_digest(array) != array_digest(array + 1)
    assert array_digest(np.zeros(0)) == array_digest(np.zeros((0, 3), "f4"))
