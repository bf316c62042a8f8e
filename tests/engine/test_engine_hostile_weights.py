"""Weights in files that nobody should have to trust: refused in one sentence, or taken whole."""

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from saved_states import ENDINGS, SAVED, built, h5py_if, same, state, trained

from kgui.engine import Input, Sequential, layers
from kgui.engine.backend import Session, use_session
from kgui.io.arrays import write_arrays


def refused(model: Any, path: Path) -> str:
    """The sentence with which a file is refused; nothing of it is taken."""
    before = state(model)
    with pytest.raises(ValueError, match=r"cannot be read|could not be loaded") as caught:
        model.load_weights(path)
    assert same(before, state(model))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def written(path: Path, write: Any) -> Path:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        write(h5py, file)
    return path


def _external(h5py: Any, file: Any) -> None:
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", (3, 4), "f4", external=[("/etc/passwd", 0, 48)])


def _linked(h5py: Any, file: Any) -> None:
    file["layers"] = h5py.ExternalLink("/etc/hostname", "/")


def _soft(h5py: Any, file: Any) -> None:
    file["layers"] = h5py.SoftLink("/")


def _bomb(h5py: Any, file: Any) -> None:
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", (1 << 40,), "f4", chunks=(1 << 16,), compression="gzip")


def _texts(h5py: Any, file: Any) -> None:
    file["layers/dense/vars/0"] = "not a number"


def _circle(h5py: Any, file: Any) -> None:
    group = file.create_group("layers")
    group["layers"] = group


def _crowd(h5py: Any, file: Any) -> None:
    file["a/vars/0"] = 1.0
    for index in range(30):
        file[f"{index}"] = file["a"] if index == 0 else file.create_group(f"g{index}")
        for other in range(30):
            file[f"{index}/x{other}"] = file["0" if index == 0 else f"{index - 1}"]


def _virtual(h5py: Any, file: Any) -> None:
    layout = h5py.VirtualLayout((3, 4), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "0", (3, 4))
    file.create_group("layers/dense/vars").create_virtual_dataset("0", layout)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (_external, "keeps its numbers in other files"), (_virtual, "in other files"),
        (_linked, "leads out of the file"), (_soft, "leads out of the file"),
        (_bomb, "as no real data do"), (_texts, "only numbers are read"),
        (_circle, "nested too deeply"), (_crowd, "nested too deeply|parts"),
    ],
)  # fmt: skip
def test_hostile_hdf5_is_refused(write: Any, said: str, tmp_path: Path) -> None:
    path = written(tmp_path / "w.weights.h5", write)
    assert re.search(said, refused(trained(), path))


def test_bfloat16_of_keras_is_read(tmp_path: Path) -> None:
    def write(h5py: Any, file: Any) -> None:
        half = np.array([[1.5, -2.0]], "float32").view("uint32") >> 16
        item = file.create_dataset("layers/dense/vars/0", data=half.astype("uint16").view("V2"))
        item.attrs["dtype"] = "bfloat16"

    path = written(tmp_path / "w.weights.h5", write)
    model = Sequential([Input((1,)), layers.Dense(2, use_bias=False)])
    model.load_weights(path)
    np.testing.assert_array_equal(model.get_weights()[0], [[1.5, -2.0]])


@pytest.mark.parametrize("name", [*ENDINGS, "w.keras"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_damaged_files_are_refused_or_whole(
    name: str, data: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    h5py_if(name)
    with use_session(Session(seed=1)):  # the same names, so the same bytes, in every example
        _damage(name, data, tmp_path_factory.mktemp("damaged"))


def _damage(name: str, data: Any, folder: Path) -> None:
    if name == "w.keras":
        model, whole = built("sequential"), (SAVED / "sequential.keras").read_bytes()
    else:
        model = trained()
        model.save_weights(folder / name)
        whole = (folder / name).read_bytes()
    if data.draw(st.booleans(), "cut"):
        broken = bytearray(whole[: data.draw(st.integers(0, len(whole) - 1), "length")])
    else:
        broken = bytearray(whole)
        for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=9)):
            broken[place] ^= data.draw(st.integers(1, 255))
    (folder / name).write_bytes(broken)
    before = state(model)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the optimizer's part may be missing
            model.load_weights(folder / name)
    except (ValueError, OSError, MemoryError) as error:
        assert "\n" not in str(error)
        assert same(before, state(model))


def test_an_npz_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path, model = tmp_path / "w.npz", trained()
    write_arrays(path, {"layers/dense/vars/0": np.zeros((3, 4), "float32")})
    assert "it is not a saved model" in refused(model, path)
    head = np.frombuffer(b'{"format": "kgui-saved-model", "version": 2}', np.uint8)
    write_arrays(path, {"__kgui__": head})
    assert "needs a newer kgui" in refused(model, path)
    head = np.frombuffer(b'{"format": "other"}', np.uint8)
    write_arrays(path, {"__kgui__": head})
    assert "its format is 'other'" in refused(model, path)
