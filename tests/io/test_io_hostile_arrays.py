"""C1 to C3, C6: pickles, bombs, bit flips and cuts; refused cheaply, and never other numbers."""

import errno
import io
import json
import os
import pickle
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from io_cases import FUZZ, chance_of, run_in_child

from kgui.io import InputError, KguiError, MemoryNeedError, OutputError, arrays, npy
from kgui.io.arrays import describe_arrays, npz_bytes, read_arrays

ROOT = Path(__file__).resolve().parents[2]


def _npy(header: str | bytes, body: bytes = b"", version: bytes = b"\1\0") -> bytes:
    text = header.encode("latin-1") if isinstance(header, str) else header
    length = struct.pack("<H" if version[0] == 1 else "<L", len(text))
    return b"\x93NUMPY" + version + length + text + body


def _described(descr: str = "'<f4'", order: str = "False", shape: str = "(2,)") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"


def _npz(method: int = zipfile.ZIP_STORED, /, **members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return buffer.getvalue()


def _refusal(path: Path, data: bytes, limit: int | None = None) -> str:
    """The sentence for a file of these bytes, as an array and inside an archive alike."""
    path.write_bytes(data)
    with pytest.raises(KguiError) as caught:
        read_arrays(path, limit=limit)
    sentence = str(caught.value)
    assert path.name in sentence or isinstance(caught.value, MemoryNeedError)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    return sentence


# C1: types that are not numbers.


class Attack:
    """What runs when somebody unpickles it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("pwned",)


@pytest.mark.parametrize(
    ("descr", "found"),
    [
        ("'|O'", "object"),
        ("'O'", "object"),
        ("[('a', '<f4'), ('b', '|O')]", "structured"),
        ("[('a', '<f4', (2,))]", "structured"),
        ("'|V8'", "void"),
        ("'<U4'", "text"),
        ("'|S4'", "bytes"),
        ("'<M8[s]'", "datetime"),
        ("'<m8[s]'", "timedelta"),
        ("'<c8'", "complex"),
        ("'<f16'", "float128"),
        ("'<f1'", "float8"),
        ("'<f4,<f4'", "float"),
        ("'2f4'", "unknown"),
        ("'(2,)f4'", "unknown"),
        ("''", "unknown"),
        ("'float32'", "float"),
    ],
)
def test_types_that_are_not_numbers(tmp_path: Path, descr: str, found: str) -> None:
    array = _npy(_described(descr), pickle.dumps([Attack()] * 2))
    for data in (_npz(w=array), _npz(zipfile.ZIP_DEFLATED, w=array)):
        sentence = _refusal(tmp_path / "x.npz", data)
        assert f"array 'w' has type {found}; only bool, int, float are read." in sentence
    assert f"has type {found};" in _refusal(tmp_path / "x.npy", array)
    assert not Path("pwned").exists()


def test_what_numpy_pickles(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([Attack()], object), allow_pickle=True)
    with pytest.raises(InputError, match="array 'data' has type object"):
        read_arrays(tmp_path / "x.npy")
    (tmp_path / "x.npy").write_bytes(pickle.dumps(Attack()))
    with pytest.raises(InputError, match="is not a NumPy file"):
        read_arrays(tmp_path / "x.npy")
    assert not Path("pwned").exists()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "{}",
        "{'descr': '<f4'}",
        "[1, 2]",
        "{" * 5000,
        "(" * 9000,
        "-" * 9000 + "1",
        "\0" * 100,
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
        "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
        _described(shape="(-1,)"),
        _described(shape="(2.0,)"),
        _described(shape="(2)"),
        _described(shape="2"),
        _described(shape="[2]"),
        _described(shape="(True, True)"),
        _described(shape="(2,,)"),
        _described(shape="(,)"),
        _described(order="0"),
        _described(order="None"),
        _described(descr="f4"),
        _described(descr="__import__('os').mkdir('pwned')"),
        " " * 60_000,
        _described().ljust(20_000),
        _described(shape=f"({'9' * 5000},)"),
        _described(shape=f"({'1, ' * 3000})"),
    ],
    ids=range(27),
)
def test_headers_that_are_none(tmp_path: Path, header: str) -> None:
    start = time.perf_counter()
    sentence = _refusal(tmp_path / "x.npz", _npz(w=_npy(header, bytes(8))))
    assert "header of array 'w' is damaged" in sentence or "it is damaged" in sentence
    _refusal(tmp_path / "x.npy", _npy(header, bytes(8)))
    assert time.perf_counter() - start < 0.5
    assert not Path("pwned").exists()


@pytest.mark.parametrize("shape", ["()", "(1,)", "(3,)", "(2, 0)", "(2, 2)", "(1000000000000,)"])
def test_sizes_that_do_not_fit(tmp_path: Path, shape: str) -> None:
    array = _npy(_described(shape=shape), bytes(8))
    for data in (_npz(w=array), _npz(zipfile.ZIP_DEFLATED, w=array)):
        assert "array 'w' says it has" in _refusal(tmp_path / "x.npz", data)
    assert "array 'data' says it has" in _refusal(tmp_path / "x.npy", array)


def test_booleans_that_are_neither(tmp_path: Path) -> None:
    data = _npz(w=_npy(_described("'|b1'"), b"\1\2"))
    assert "neither true nor false" in _refusal(tmp_path / "x.npz", data)


@pytest.mark.parametrize("shape", ["(1" + "0" * 30 + ", 0)", "(" + "1, " * 65 + ")"])
def test_shapes_that_numpy_cannot_have(tmp_path: Path, shape: str) -> None:
    size = 0 if "0" in shape else 4
    assert "damaged" in _refusal(tmp_path / "x", _npz(w=_npy(_described(shape=shape), bytes(size))))


def test_other_files(tmp_path: Path) -> None:
    others = [b"", b"\x93", b"\x93NUMPY", b"PK", b"PK\3\4", b"PK\5\6", b"{}", os.urandom(1000),
              b"\x1f\x8b" + bytes(50), b"PK\5\6" + b"\xff" * 18]  # fmt: skip
    for data in others:
        _refusal(tmp_path / "x", data)


# C2: bombs.


def _many_members(count: int) -> bytes:
    """An archive of very many empty members; zipfile would take minutes to make it."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a") * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    place = len(local) + len(directory)
    wide = struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), len(local)
    )
    return local + directory + wide + struct.pack("<4sLQL", b"PK\6\7", 0, place, 1) + end


def _overlapping() -> bytes:
    """A member that stands, header and all, within the numbers of another."""
    inner = _npz(b=_npy(_described(), bytes(8)))
    inner_local = inner[: inner.index(b"PK\1\2")]
    shape = f"({len(inner_local)},)"
    data = _npz(
        a=_npy(_described("'|u1'", shape=shape), inner_local), b=_npy(_described(), bytes(8))
    )
    result = bytearray(data)
    second = result.index(b"PK\1\2", result.index(b"PK\1\2") + 1)
    result[second + 42 : second + 46] = struct.pack("<L", data.index(inner_local))
    return bytes(result)


def _without_an_entry() -> bytes:
    """An archive that says it has one member fewer than its directory lists."""
    result = bytearray(_npz(a=_npy(_described(), bytes(8)), b=_npy(_described(), bytes(8))))
    result[-14:-10] = struct.pack("<2H", 1, 1)
    return bytes(result)


def _with_a_gap() -> bytes:
    """Something between the directory and the end, where another directory could hide."""
    data = _npz(w=_npy(_described(), bytes(8)))
    return data[:-22] + bytes(46) + data[-22:]


def _twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        for _ in range(2):
            archive.writestr("w.npy", _npy(_described(), bytes(8)))
    return buffer.getvalue()


def _deflated(size: int, count: int = 1) -> bytes:
    content = _npy(_described("'|u1'", shape=f"({size},)")) + bytes(size)
    return _npz(zipfile.ZIP_DEFLATED, **{f"w{n}": content for n in range(count)})


def _lying(said: int) -> bytes:
    """A member that unpacks to more than the directory says."""
    content = _npy(_described("'|u1'", shape=f"({said - 200},)").ljust(190)) + bytes(10 << 20)
    data = bytearray(_npz(zipfile.ZIP_DEFLATED, w=content))
    entry = data.index(b"PK\1\2")
    data[entry + 24 : entry + 28] = struct.pack("<L", said)
    return bytes(data)


Bomb = tuple[bytes, int | None, str]


@pytest.fixture(scope="module")
def bombs() -> dict[str, Bomb]:
    """File content, the limit that its reader gives, and words of the refusal."""
    good = _npy(_described(), bytes(8))
    return {
        "many members": (_many_members(200_000), None, "200000 parts"),
        "a few too many members": (_many_members(10_001), None, "10001 parts"),
        "overlapping members": (_overlapping(), None, "overlap"),
        "one name twice": (_twice(), None, "twice"),
        "an entry that is not counted": (_without_an_entry(), None, "directory"),
        "a gap": (_with_a_gap(), None, "directory"),
        "a shape of terabytes": (
            _npz(w=_npy(_described(shape="(10000000, 1000000)"))),
            None,
            "says",
        ),
        "more than expected": (_deflated(5 << 20), 1 << 20, "more than the 1.0 MB"),
        "many times more": (_deflated(1 << 20, 20), 1 << 20, "more than the 1.0 MB"),
        "a gigabyte of zeros": (_deflated(257 << 20), None, "would unpack to 269 MB"),
        "more inside than outside": (_lying(1 << 20), None, "array 'w' is damaged"),
        "less inside than outside": (_lying(1 << 30), None, "would unpack"),
        "no header": (_npz(w=b""), None, "not a NumPy array"),
        "no array": (_npz(w=b"\x93NUMPY"), None, "not a NumPy array"),
        "a folder": (_npz(w=good).replace(b"w.npy", b"w.np/"), None, "not a NumPy array"),
        "another format": (_npz(w=b"\x89HDF\r\n\x1a\n" + bytes(99)), None, "not a NumPy array"),
        "encrypted": (_encrypted(), None, "encrypted"),
        "packed with bzip2": (_npz(zipfile.ZIP_BZIP2, w=good), None, "packed in a way"),
        "packed with lzma": (_npz(zipfile.ZIP_LZMA, w=good), None, "packed in a way"),
        "an escape": (_npz(zipfile.ZIP_STORED, **{"../w": good}), None, "cannot be the name"),
        "a program before it": (b"MZ" + _npz(w=good), None, "not a NumPy file"),
        "something behind it": (_npz(w=good) + b"more", None, "end is missing"),
    }


def _encrypted() -> bytes:
    data = bytearray(_npz(w=_npy(_described(), bytes(8))))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def test_bombs(tmp_path: Path, bombs: dict[str, Bomb]) -> None:
    """In a child that may not have 64 MiB more memory than it has."""
    paths = {name: tmp_path / name for name in bombs}
    for name, (data, _, _) in bombs.items():
        paths[name].write_bytes(data)

    def read() -> None:
        _limit_memory(64 << 20)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name, path in paths.items():
            start = time.perf_counter()
            with pytest.raises(KguiError) as caught:
                read_arrays(path, limit=bombs[name][1])
            assert not isinstance(caught.value, OutputError), name
            assert bombs[name][2] in str(caught.value)
            assert time.perf_counter() - start < 0.5, name
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10

    assert run_in_child(read) == 0


def _limit_memory(more: int) -> None:
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def test_memory_is_asked_for_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.npz").write_bytes(npz_bytes({"w": np.zeros(9 << 20)}))
    monkeypatch.setattr(arrays, "available_memory", lambda: 50_000_000)
    monkeypatch.setattr(arrays, "read_npy", None)
    sentence = r"^The arrays need 75 MB of memory and 40 MB are free; close other programs\.$"
    with pytest.raises(MemoryNeedError, match=sentence) as caught:
        read_arrays(tmp_path / "x.npz")
    assert caught.value.exit_code == 6


def test_memory_runs_out_all_the_same(tmp_path: Path) -> None:
    # Far more than the heap of the parent may hold in reserve.
    (tmp_path / "x.npz").write_bytes(_deflated(100 << 20))

    def read() -> None:
        _limit_memory(16 << 20)
        with pytest.raises(MemoryNeedError):
            read_arrays(tmp_path / "x.npz", limit=1 << 30)

    assert run_in_child(read) == 0


# C3: flips and cuts.


def _model() -> dict[str, np.ndarray[Any, Any]]:
    chance = np.random.default_rng(0)
    model: dict[str, np.ndarray[Any, Any]] = {
        "dense/kernel": chance.normal(size=(9, 8)).astype("f4"),
        "dense/bias": np.zeros(8, "f4"),
        "dense_1/kernel": chance.normal(size=(8, 3)),
        "模型/steps": np.array(12),
    }
    text = json.dumps({"arrays": describe_arrays(model)})
    return model | {"__kgui__": np.frombuffer(text.encode(), np.uint8)}


def _mutant(data: bytes, chance: np.random.Generator) -> bytes:
    result = bytearray(data)
    kind = chance.integers(6)
    for _ in range(1 if kind < 4 else chance.integers(2, 8)):
        place = int(chance.integers(len(result)))
        if kind in (0, 4):
            result[place] ^= 1 << int(chance.integers(8))
        elif kind in (1, 5):
            result[place] = (0, 0xFF, int(chance.integers(256)))[chance.integers(3)]
        elif kind == 2:
            del result[place:]
            break
        else:
            end = place + int(chance.integers(1, 200))
            result[place:end] = result[end : end + int(chance.integers(200))]
    return bytes(result)


@pytest.mark.parametrize(
    ("method", "manifest"),
    [(zipfile.ZIP_STORED, True), (zipfile.ZIP_STORED, False), (zipfile.ZIP_DEFLATED, True)],
    ids=["stored", "stored without manifest", "deflated"],
)
def test_mutants(tmp_path: Path, method: int, manifest: bool) -> None:
    """Accepted or refused with a sentence; what is accepted holds the numbers that were saved."""
    model = _model()
    if not manifest:
        del model["__kgui__"]
    buffer = io.BytesIO(npz_bytes(model))
    with zipfile.ZipFile(buffer) as archive:
        members = {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}
    data = buffer.getvalue() if method == zipfile.ZIP_STORED else _npz(method, **members)
    chance, path = chance_of(), tmp_path / "x.npz"
    outcomes: Counter[str] = Counter()
    for _ in range(2500 * FUZZ):
        mutant = _mutant(data, chance)
        path.write_bytes(mutant)
        try:
            found = read_arrays(path)
        except KguiError as error:
            outcomes[type(error).__name__] += 1
            assert str(error).isprintable()
            continue
        outcomes["accepted"] += 1
        assert found.keys() == model.keys()
        for name, array in found.items():
            assert array.dtype == model[name].dtype
            assert array.tobytes() == model[name].tobytes()
    assert set(outcomes) <= {"InputError", "accepted"}
    assert outcomes["InputError"] > outcomes["accepted"] > 0


def test_every_cut(tmp_path: Path) -> None:
    data, path = npz_bytes({"w": np.arange(3)}), tmp_path / "x"
    for length in range(len(data)):
        _refusal(path, data[:length])
    np.save(tmp_path / "x.npy", np.arange(3))
    data = (tmp_path / "x.npy").read_bytes()
    for length in range(len(data)):
        _refusal(path, data[:length])
    _refusal(path, data + b"\0")


def test_a_flipped_number_names_its_array(tmp_path: Path) -> None:
    data = bytearray(npz_bytes({"a": np.arange(3), "dense/kernel": np.full(9, 7.125)}))
    data[data.index(np.float64(7.125).tobytes())] ^= 1
    sentence = _refusal(tmp_path / "x.npz", bytes(data))
    assert sentence.endswith("x.npz cannot be read: array 'dense/kernel' is damaged.")


def test_a_lost_array_is_missed(tmp_path: Path) -> None:
    """A directory with one entry fewer, and all else in order: only the manifest can tell."""
    model = _model()
    del model["dense/bias"]
    sentence = _refusal(tmp_path / "x.npz", npz_bytes(model))
    assert "array 'dense/bias' is missing" in sentence


# C6: one kind of exception.


ZOO = [zipfile.BadZipFile("x"), ValueError("x"), zlib.error("x"), NotImplementedError(), EOFError(),
       RuntimeError("x"), TypeError("x"), KeyError("x"), RecursionError(), OverflowError(),
       UnicodeDecodeError("utf-8", b"", 0, 1, "x"), struct.error("x"), SyntaxError(),
       IndexError()]  # fmt: skip


@pytest.mark.parametrize("error", ZOO, ids=lambda error: type(error).__name__)
def test_every_exception_becomes_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    (tmp_path / "x.npz").write_bytes(npz_bytes({"w": np.zeros(1)}))
    monkeypatch.setattr(npy, "_read_header", fail)
    with pytest.raises(InputError, match=r"x\.npz cannot be read: it is damaged\.$"):
        read_arrays(tmp_path / "x.npz")


@pytest.mark.parametrize(
    ("error", "kind"), [(OSError(errno.EIO, "x"), OutputError), (MemoryError(), MemoryNeedError)]
)
def test_faults_of_the_machine_are_not_blamed_on_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[KguiError]
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    (tmp_path / "x.npz").write_bytes(npz_bytes({"w": np.zeros(1)}))
    monkeypatch.setattr(npy, "_read_header", fail)
    with pytest.raises(kind):
        read_arrays(tmp_path / "x.npz")


@pytest.mark.parametrize("name", ["nix", "folder", "pipe", "a\0b"])
def test_what_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError) as caught:
        read_arrays(tmp_path / name)
    assert "damaged" not in str(caught.value)


AUDIT = """
import sys
from kgui.io.arrays import read_arrays
from kgui.io.errors import KguiError
read_arrays(sys.argv[1])  # whatever is loaded lazily is loaded now
seen = []
watching = True
harmless = {"object.__getattr__", "object.__setattr__", "sys._getframe"}
def watch(event, arguments):
    if watching and event not in harmless:
        seen.append((event, str(arguments[0])))
sys.addaudithook(watch)
for path in sys.argv[2:]:
    try:
        read_arrays(path)
    except KguiError:
        pass
watching = False
print(sorted({event for event, _ in seen}))
print({name for event, name in seen if event == "open"} <= {*sys.argv[2:], "3"})
"""


def test_opening_runs_nothing_and_opens_nothing_else(
    tmp_path: Path, bombs: dict[str, Bomb]
) -> None:
    good = tmp_path / "good.npz"
    good.write_bytes(npz_bytes(_model()))
    names = ["one name twice", "an escape", "another format", "more inside than outside"]
    contents = [bombs[name][0] for name in names]
    contents.append(_npz(w=_npy(_described("'|O'"), pickle.dumps(Attack()))))
    paths = [good]
    for number, content in enumerate(contents):
        paths.append(tmp_path / f"{number}.npz")
        paths[-1].write_bytes(content)
    command = [sys.executable, "-c", AUDIT, str(good), *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['open']", "True"], done.stdout
