"""Weights in files: what goes in comes out, or nothing does."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from saved_states import ENDINGS, SAVED, h5py_if, same, state, trained
from small_models import classifier

from kgui import engine
from kgui.engine import Input, Sequential, layers
from kgui.engine.saving.layout import places


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
