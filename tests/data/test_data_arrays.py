"""NPZ and IDX files, the bundled samples, and how rows are divided."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from kgui.data import open_source, samples
from kgui.data.source import divide
from kgui.graph.project import DataSettings
from kgui.io.errors import InputError, KguiError


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
    np.savez(path, **arrays)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        open_source(DataSettings(source=str(path)))
    assert expected in str(caught.value)


def test_relative_paths_start_at_the_document(folder: Path) -> None:
    source = open_source(DataSettings(source="."), folder)
    assert source.summary.rows == 70


@pytest.mark.parametrize(
    "source", ["http://x.org/a.csv", r"\\host\share\a.csv", "//host/a.csv", "sample:nothing", "",
               "missing.csv", "missing.npz", "/dev/zero"],
)  # fmt: skip
def test_what_is_not_opened(source: str, tmp_path: Path) -> None:
    with pytest.raises(KguiError):
        open_source(DataSettings(source=source), tmp_path)


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(KguiError, match=r"pipe\.csv"):
        open_source(DataSettings(source=str(tmp_path / "pipe.csv")))


def test_classes_keep_their_shares() -> None:
    labels = np.repeat([0, 1, 2], [100, 20, 10])
    train, validation, test = divide(
        labels, "classes", DataSettings(validation=0.25, test=0.2), seed=1, own_test=False
    )
    assert sorted(np.concatenate([train, validation, test])) == list(range(130))
    assert np.bincount(labels[test]).tolist() == [20, 4, 2]
    assert np.bincount(labels[validation]).tolist() == [20, 4, 2]


def test_the_seed_decides() -> None:
    labels = np.arange(50) % 2
    parts = [divide(labels, "classes", DataSettings(), seed, False)[0] for seed in (1, 1, 2)]
    assert np.array_equal(parts[0], parts[1])
    assert not np.array_equal(parts[0], parts[2])


def test_a_part_without_rows_is_refused() -> None:
    with pytest.raises(InputError, match="validation part would have no rows"):
        divide(np.zeros(2), "numbers", DataSettings(validation=0.1), 0, False)
