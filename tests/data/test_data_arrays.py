"""NPZ and IDX files, and the bundled samples."""

import gzip
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgui.data import open_source, samples
from kgui.data.source import fingerprint_of, fingerprint_of_file
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError, KguiError, MemoryNeedError


def idx_bytes(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of four IDX files, as MNIST has them."""
    generator = np.random.default_rng(0)
    for part, count in (("train", 50), ("t10k", 20)):
        images = generator.integers(0, 256, (count, 4, 5))
        labels = np.arange(count) % 3
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(images)))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx_bytes(labels))
    return tmp_path


@pytest.mark.parametrize("name", [sample.name for sample in samples()])
def test_samples_open_and_divide(name: str) -> None:
    source = open_source(DataSettings(source=f"sample:{name}"))
    parts, preparation = source.split(0)
    assert parts.validation is not None
    test_rows = parts.test.rows if parts.test else 0
    assert parts.train.rows + parts.validation.rows + test_rows == source.summary.rows
    for key, shape in source.summary.input_shapes.items():
        assert parts.train.inputs[key].shape[1:] == shape
        assert parts.train.inputs[key].dtype == np.float32
    assert preparation.classes == source.summary.target.classes


def test_penguins_say_what_is_missing() -> None:
    summary = open_source(DataSettings(source="sample:penguins")).summary
    assert summary.target.name == "species"
    assert summary.notes[0].startswith("11 of 344 rows have missing values and are left out")


def test_pixels_become_zero_to_one(folder: Path) -> None:
    parts, _ = open_source(DataSettings(source=str(folder))).split(0)
    assert parts.train.inputs["x"].min() >= 0 and 0.9 < parts.train.inputs["x"].max() <= 1


def test_idx_folder_keeps_its_own_test_part(folder: Path) -> None:
    source = open_source(DataSettings(source=str(folder), test=0.5))
    parts, _ = source.split(0)
    assert parts.test is not None and parts.test.rows == 20
    assert parts.train.rows == 40
    assert source.summary.input_shapes == {"x": (4, 5)}


def test_idx_images_find_their_labels(folder: Path) -> None:
    (folder / "train-images-idx3-ubyte").write_bytes(
        gzip.decompress((folder / "train-images-idx3-ubyte.gz").read_bytes())
    )
    source = open_source(DataSettings(source=str(folder / "train-images-idx3-ubyte")))
    assert source.summary.rows == 50


@pytest.mark.parametrize("keep", [0, 3, 10, 200])
def test_idx_cut_off(folder: Path, keep: int) -> None:
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match="train-images"):
        open_source(DataSettings(source=str(folder)))


def test_idx_with_a_false_size(folder: Path) -> None:
    path = folder / "train-labels-idx1-ubyte"
    path.write_bytes(idx_bytes(np.zeros(9))[:-1])
    with pytest.raises(InputError, match="should hold 17 bytes by its header, but holds 16"):
        open_source(DataSettings(source=str(folder)))


def test_idx_bomb_is_not_unpacked(folder: Path) -> None:
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(idx_bytes(np.zeros((2, 4, 5))) + bytes(10**7)))
    with pytest.raises(KguiError):
        open_source(DataSettings(source=str(folder)))


def test_npz_with_several_inputs(tmp_path: Path) -> None:
    path = tmp_path / "two.npz"
    np.savez(path, x_left=np.ones((12, 3)), x_right=np.ones((12, 2)), y=np.arange(12) % 2)
    source = open_source(DataSettings(source=str(path)))
    assert source.summary.input_shapes == {"left": (3,), "right": (2,)}


def test_npz_labels_keep_their_names(tmp_path: Path) -> None:
    path = tmp_path / "gaps.npz"
    np.savez(path, x=np.ones((12, 3)), y=np.array([-1, 3, 7] * 4))
    source = open_source(DataSettings(source=str(path)))
    assert source.summary.target.classes == ("-1", "3", "7")
    assert set(source.split(0)[0].train.targets.tolist()) == {0, 1, 2}


def test_npz_one_hot_targets_are_classes(tmp_path: Path) -> None:
    path = tmp_path / "hot.npz"
    np.savez(path, x=np.ones((12, 3)), y=np.eye(4)[np.arange(12) % 4])
    assert len(open_source(DataSettings(source=str(path))).summary.target.classes) == 4


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"x": np.ones((5, 2))}, "has no array y to predict; it holds x"),
        ({"y": np.arange(5)}, "holds only y"),
        ({"x": np.ones((5, 2)), "y": np.arange(4)}, "the same number of rows, but x: 5, y: 4"),
        ({"x": np.full((5, 2), np.nan), "y": np.arange(5) % 2}, "row 1: the array x"),
        ({"x": np.ones((5, 2)), "y": np.zeros(5, int)}, "only one class, 0"),
        ({"x": np.array([{}] * 5), "y": np.arange(5)}, "object"),
    ],
)
def test_npz_refused(arrays: dict[str, np.ndarray], expected: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type] # numpy's stub wants bools
    with pytest.raises(InputError) as caught:
        open_source(DataSettings(source=str(path)))
    assert expected in str(caught.value)


def keras_arrays(**changes: np.ndarray | None) -> dict[str, np.ndarray]:
    """x_train, y_train, x_test, y_test with some of them replaced or left out."""
    arrays: dict[str, np.ndarray | None] = {
        "x_train": np.ones((30, 2)), "y_train": np.arange(30) % 3,
        "x_test": np.ones((9, 2)), "y_test": np.arange(9) % 3, **changes,
    }  # fmt: skip
    return {key: array for key, array in arrays.items() if array is not None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"y_test": None}, "the test part should hold x_test, y_test, but holds x_test"),
        ({"x_test": None}, "the test part should hold x_test, y_test, but holds y_test"),
        ({"x_test": np.full((9, 2), np.nan)}, "row 1: the array x_test is nan"),
        ({"x_test": np.ones((9, 3))}, r"holds rows of (3,), the model takes (2,)"),
        ({"y_test": np.ones((9, 2))}, "the rows of y have 1 values each, those to test 2"),
        ({"y_test": np.arange(8)}, "the same number of rows"),
        ({"x": np.ones((30, 2))}, "holds both x and x_train"),
        ({"x_train": np.full((30, 2), 1e300)}, "row 1: the array x is 1e+300, too large"),
        ({"x_train": np.ones((30, 0)), "x_test": np.ones((9, 0))}, "hold no values"),
        ({"y_train": np.linspace(0, 1e300, 30)}, "too large to compute with"),
    ],
)
def test_parts_that_do_not_agree(
    changes: dict[str, np.ndarray | None], expected: str, tmp_path: Path
) -> None:
    path = tmp_path / "parts.npz"
    np.savez(path, **keras_arrays(**changes))  # type: ignore[arg-type] # numpy's stub wants bools
    with pytest.raises(InputError) as caught:
        open_source(DataSettings(source=str(path))).split(0)
    assert expected in str(caught.value)


def test_labels_of_either_shape(tmp_path: Path) -> None:
    path = tmp_path / "parts.npz"
    arrays = keras_arrays(y_train=(np.arange(30) % 3)[:, None])
    np.savez(path, **arrays)  # type: ignore[arg-type] # numpy's stub wants bools
    parts, _ = open_source(DataSettings(source=str(path))).split(0)
    assert parts.test is not None and parts.test.targets.tolist() == [0, 1, 2] * 3


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (np.arange(300) * 1000, 0),
        (np.arange(300) % 60, 60),
        (np.arange(300, dtype=np.uint8) % 100, 100),
        ((np.arange(300) % 4).astype(np.float32), 4),
        (np.arange(300) / 7, 0),
        (np.arange(300) % 2 == 0, 2),
    ],
    ids=["amounts", "sixty", "bytes", "whole floats", "fractions", "booleans"],
)
def test_classes_or_numbers(labels: np.ndarray, classes: int, tmp_path: Path) -> None:
    path = tmp_path / "labels.npz"
    np.savez(path, x=np.ones((300, 2)), y=labels)
    target = open_source(DataSettings(source=str(path))).summary.target
    assert len(target.classes) == classes
    assert target.kind == ("classes" if classes else "numbers")


def test_pixels_of_both_parts_decide_on_the_scale(tmp_path: Path) -> None:
    path = tmp_path / "bright.npz"
    dark, bright = np.full((30, 4, 4), 9, np.uint8), np.full((9, 4, 4), 200, np.uint8)
    np.savez(path, **keras_arrays(x_train=dark, x_test=bright))  # type: ignore[arg-type] # as above
    parts, _ = open_source(DataSettings(source=str(path))).split(0)
    assert parts.test is not None
    assert parts.test.inputs["x"].max() <= 1


def test_the_summary_says_whether_arrays_are_scaled(tmp_path: Path) -> None:
    pixels = {"x": np.full((30, 4), 9, np.uint8), "y": np.arange(30) % 2}
    np.savez(tmp_path / "pixels.npz", **pixels)
    np.savez(tmp_path / "words.npz", x=pixels["x"].astype(np.int32), y=pixels["y"])

    def is_scaled(name: str, **settings: Any) -> bool:
        settings = {"source": str(tmp_path / name), "target": "y", **settings}
        return open_source(DataSettings(**settings)).summary.is_scaled

    assert is_scaled("pixels.npz")
    assert not is_scaled("pixels.npz", scaling="none")
    assert not is_scaled("words.npz")


def test_arrays_without_an_ending_are_known_by_their_bytes(tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", x=np.ones((30, 2)), y=np.arange(30) % 2)
    (tmp_path / "data.npz").rename(tmp_path / "data")
    assert open_source(DataSettings(source="data"), tmp_path).summary.rows == 30


def test_arrays_that_would_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """8-bit pixels take four times their size once they are numbers."""
    monkeypatch.setattr("kgui.data.memory.available_memory", lambda: 10**5)
    monkeypatch.setattr("kgui.data.memory.SMALL", 10**4)
    path = tmp_path / "pixels.npz"
    np.savez(path, x=np.ones((300, 20, 20), np.uint8), y=np.arange(300) % 2)
    with pytest.raises(MemoryNeedError, match=r"pixels\.npz would need"):
        open_source(DataSettings(source=str(path)))


def test_tables_may_be_called_idx(tmp_path: Path) -> None:
    (tmp_path / "my_idx.tsv").write_text("a\tc\n" + "1.5\tu\n2.5\tv\n3.5\tu\n" * 9)
    assert open_source(DataSettings(source="my_idx.tsv"), tmp_path).summary.rows == 27


def test_idx_files_packed_and_not_find_each_other(folder: Path) -> None:
    source = open_source(DataSettings(source="train-images-idx3-ubyte.gz"), folder)
    assert source.summary.rows == 50
    assert source.summary.title == "train-images-idx3-ubyte.gz"


@pytest.mark.parametrize("packed", [False, True])
def test_idx_with_an_impossible_size(packed: bool, folder: Path) -> None:
    path = folder / "train-labels-idx1-ubyte"
    path.unlink()
    data = b"\0\0\x08\x04" + b"\xff" * 16
    path.with_suffix(".gz" if packed else "").write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(InputError, match="by its header, but holds"):
        open_source(DataSettings(source=str(folder)))


def test_fingerprints_tell_files_apart(tmp_path: Path) -> None:
    marks = set()
    for value in (1.0, 2.0):
        for name in ("a.npz", "b.npz"):
            np.savez(tmp_path / name, x=np.full((30, 2), value), y=np.arange(30) % 2)
        one, two = (open_source(DataSettings(source=name), tmp_path) for name in ("a.npz", "b.npz"))
        assert one.fingerprint == two.fingerprint
        marks.add(one.fingerprint)
    assert len(marks) == 2
    data = bytes(range(256)) * 12_000
    (tmp_path / "large").write_bytes(data)
    assert fingerprint_of_file(tmp_path / "large") == fingerprint_of(data)


def test_relative_paths_start_at_the_document(folder: Path) -> None:
    source = open_source(DataSettings(source="."), folder)
    assert source.summary.rows == 70


@pytest.mark.parametrize(
    "source", ["http://x.org/a.csv", r"\\host\share\a.csv", "//host/a.csv", "sample:nothing", "",
               "missing.csv", "missing.npz", "missing", "/dev/zero", "~nobody-here/a.csv",
               "a" * 5000 + ".csv", "sample:../iris", "x\ud800.csv", "x\0.csv"],
)  # fmt: skip
def test_what_is_not_opened(source: str, tmp_path: Path) -> None:
    with pytest.raises(KguiError) as caught:
        open_source(DataSettings(source=source), tmp_path)
    assert str(caught.value).isprintable()


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(KguiError, match=r"pipe\.csv"):
        open_source(DataSettings(source=str(tmp_path / "pipe.csv")))
