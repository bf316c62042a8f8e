"""Weights in files: what goes in comes out, here and in Keras's own files; or nothing does."""

import io
import json
import re
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import saved_models
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import X, Y, classifier

from kgui import engine
from kgui.engine import Input, Sequential, layers, optimizers
from kgui.engine.backend import Session, use_session
from kgui.engine.saving.layout import places
from kgui.io.arrays import read_arrays, write_arrays

SAVED = Path(saved_models.__file__).parent / "saved"
ENDINGS = ("w.npz", "w.weights.h5")


def h5py_if(name: str) -> None:
    """Skip where the optional package is needed and missing."""
    if name.endswith((".h5", ".keras")):
        pytest.importorskip("h5py")


def trained(seed: int = 1) -> Any:
    engine.utils.set_random_seed(seed)
    model = classifier()
    model.compile(optimizers.Adam(use_ema=True), "sparse_categorical_crossentropy")
    model.fit(X, Y, verbose=0)
    return model


def state(model: Any) -> list[Any]:
    return [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)]


def same(first: list[Any], second: list[Any]) -> bool:
    return len(first) == len(second) and all(map(np.array_equal, first, second))


@pytest.mark.parametrize("name", ENDINGS)
def test_weights_and_optimizer_come_back(name: str, tmp_path: Path) -> None:
    h5py_if(name)
    model, other = trained(), trained(2)
    assert not same(state(model), state(other))
    model.save_weights(tmp_path / name)
    other.load_weights(str(tmp_path / name))
    assert same(state(model), state(other))
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ENDINGS)
def test_an_optimizer_of_other_weights_is_left_alone(name: str, tmp_path: Path) -> None:
    h5py_if(name)
    model, other = trained(), classifier()
    model.save_weights(tmp_path / name)
    with pytest.warns(UserWarning, match="Skipping variable loading for optimizer 'sgd"):
        other.load_weights(tmp_path / name)
    assert same(model.get_weights(), other.get_weights())


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    trained().save_weights(tmp_path / "a.npz")
    trained().save_weights(tmp_path / "b.npz")
    first = np.load(tmp_path / "a.npz", allow_pickle=False)
    assert first["layers/dense/vars/0"].shape == (3, 4)
    names = [json.loads(np.load(tmp_path / n)["__kgui__"].tobytes())["names"] for n in ("a.npz",)]
    assert names[0]["layers/dense"].startswith("dense")


def test_a_shared_layer_and_lists_of_layers_have_keras_paths() -> None:
    class Stack(layers.Layer):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            shared = layers.Dense(3)
            self.steps = [shared, [layers.Dense(3), shared], {"b": layers.Dense(3)}]
            self._late, self.again = layers.Dense(3), shared

        def call(self, x: Any) -> Any:
            for layer in (self.steps[0], *self.steps[1], self.steps[2]["b"], self._late):
                x = layer(x)
            return x

    inputs = Input((3,))
    model = engine.Model(inputs, Sequential([Stack(), layers.Dense(1)])(inputs))
    found = [place.path for place in places(model)]
    assert found == [
        "", "layers/input_layer", "layers/sequential", "layers/sequential/layers/stack",
        "layers/sequential/layers/stack/again",
        "layers/sequential/layers/stack/steps/container/dense",
        "layers/sequential/layers/stack/steps/container_1/dense",
        "layers/sequential/layers/stack/_late", "layers/sequential/layers/dense",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ENDINGS)
def test_a_model_that_does_not_fit_stays_as_it_was(name: str, tmp_path: Path) -> None:
    h5py_if(name)
    trained().save_weights(tmp_path / name)
    model = Sequential([Input((3,)), layers.Dense(4), layers.Dense(3), layers.Dense(2)])
    before = model.get_weights()
    with pytest.raises(ValueError, match="A total of 2 objects could not be loaded") as caught:
        model.load_weights(tmp_path / name)
    assert "variable.shape=(4, 3), Received: value.shape=(4, 2)" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert same(before, model.get_weights())
    with pytest.warns(UserWarning, match="A total of 2 objects"):
        model.load_weights(tmp_path / name, skip_mismatch=True)
    assert not same(before[:2], model.get_weights()[:2])
    assert same(before[2:], model.get_weights()[2:])


def test_a_layer_may_keep_what_it_likes(tmp_path: Path) -> None:
    class Scale(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.scale = self.add_weight((), "ones", name="scale")
            self.seen = 0

        def call(self, x: Any) -> Any:
            return x * self.scale

        def save_own_variables(self, store: Any) -> None:
            super().save_own_variables(store)
            store["seen"] = np.int64(self.seen)

        def load_own_variables(self, store: Any) -> None:
            self.seen = int(store["seen"])
            super().load_own_variables({"0": store["0"]})

    first, second = (Sequential([Input((2,)), Scale()]) for _ in range(2))
    first.layers[0].seen = 7
    first.layers[0].scale.assign(3.0)
    first.save_weights(tmp_path / "w.npz")
    second.load_weights(tmp_path / "w.npz")
    assert (second.layers[0].seen, float(second.layers[0].scale)) == (7, 3.0)


def test_unbuilt_models_and_other_endings_are_refused(tmp_path: Path) -> None:
    unbuilt, model = Sequential([layers.Dense(2)]), classifier()
    with pytest.raises(ValueError, match="has not yet been built"):
        unbuilt.save_weights(tmp_path / "w.npz")
    model.save_weights(tmp_path / "w.npz")
    with pytest.raises(ValueError, match="has not yet been built"):
        unbuilt.load_weights(tmp_path / "w.npz")
    with pytest.raises(ValueError, match=r"must end in `\.weights\.h5` or `\.npz`"):
        model.save_weights(tmp_path / "w.h5")
    with pytest.raises(ValueError, match="legacy HDF5"):
        model.load_weights(tmp_path / "w.h5")
    with pytest.raises(ValueError, match="File format not supported"):
        model.load_weights(tmp_path / "w.pt")
    with pytest.raises(ValueError, match="Invalid filepath extension for saving"):
        model.save(tmp_path / "w.h5")
    assert [path.name for path in tmp_path.iterdir()] == ["w.npz"]


def test_a_missing_file_is_a_value_error_and_a_file_not_found(tmp_path: Path) -> None:
    for kind in (ValueError, FileNotFoundError):
        with pytest.raises(kind, match="File not found: filepath="):
            classifier().load_weights(tmp_path / "none.npz")


def test_a_file_is_replaced_only_if_its_owner_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, model = tmp_path / "w.npz", trained()
    path.write_bytes(b"precious")
    monkeypatch.setattr("builtins.input", lambda _: "n")
    model.save_weights(path, overwrite=False)
    assert path.read_bytes() == b"precious"
    monkeypatch.undo()
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(FileExistsError, match="already exists"):
        model.save_weights(path, overwrite=False)
    monkeypatch.setattr("builtins.input", lambda _: "y")
    model.save_weights(path, overwrite=False)
    assert path.read_bytes()[:2] == b"PK"


def test_without_h5py_one_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)
    model = classifier()
    for act in (
        lambda: model.save_weights(tmp_path / "w.weights.h5"),
        lambda: model.save(tmp_path / "m.keras"),
        lambda: model.load_weights(SAVED / "optimizer_adam_all.weights.h5"),
        lambda: model.load_weights(SAVED / "sequential.keras"),
    ):
        with pytest.raises(ImportError, match=r"pip install kgui\[keras\]"):
            act()
    assert not list(tmp_path.iterdir())


def test_the_system_refuses_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="does not exist"):
        classifier().save_weights(tmp_path / "no" / "w.npz")


# --- Keras's own files ---------------------------------------------------------------------------

EXPECTED = read_arrays(SAVED / "expected.npz")


def compare(name: str, model: Any) -> None:
    """Predictions and further training are those that Keras saw."""
    x, y = saved_models.MODELS[name][1]()
    for index, part in enumerate(saved_models.flat(model.predict(x, verbose=0))):
        expected = EXPECTED[f"{name}/predictions/{index}"]
        np.testing.assert_allclose(part, expected, rtol=0, atol=1e-6)
    later = model.fit(x, y, batch_size=7, epochs=2, shuffle=False, verbose=0).history
    keys = [key.rpartition("/")[2] for key in EXPECTED if key.startswith(f"{name}/history/")]
    assert sorted(keys) == sorted(later)
    for key in keys:
        np.testing.assert_allclose(later[key], EXPECTED[f"{name}/history/{key}"], rtol=1e-5)


FILES = sorted(p.name for p in SAVED.iterdir() if p.suffix != ".npz")


def built(name: str) -> Any:
    model = saved_models.MODELS[name][0](engine)
    model.optimizer.build(model.trainable_weights)
    return model


@pytest.mark.parametrize("file", FILES)
def test_states_that_keras_wrote_are_taken(file: str) -> None:
    pytest.importorskip("h5py")
    model = built(file.partition(".")[0])
    model.load_weights(SAVED / file)
    compare(file.partition(".")[0], model)


def contents(data: bytes) -> dict[str, Any]:
    """Groups, names and the shapes of the datasets of an HDF5 file."""
    import h5py

    found: dict[str, Any] = {}
    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(
            lambda path, item: found.update({path: (dict(item.attrs), getattr(item, "shape", 0))})
        )
    # In Keras every Sequential takes one of the names of functional models.
    found.pop("vars")
    return found


@pytest.mark.parametrize("file", FILES)
def test_our_files_are_laid_out_as_keras_lays_them_out(file: str, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    name = file.partition(".")[0]
    theirs = (SAVED / file).read_bytes()
    if file.endswith(".keras"):
        with zipfile.ZipFile(SAVED / file) as archive:
            theirs = archive.read("model.weights.h5")
    built(name).save_weights(tmp_path / "w.weights.h5")
    assert contents((tmp_path / "w.weights.h5").read_bytes()) == contents(theirs)


# --- Files that nobody should have to trust ------------------------------------------------------


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
