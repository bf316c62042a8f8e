"""Whole models in files: architecture, weights and training, here and from Keras."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import saved_layers  # noqa: F401 - enters its models in the table
import saved_models
from saved_states import SAVED, compare, contents, h5py_if, same, state
from small_models import X, Y, classifier

from kgui import engine
from kgui.engine import Input, Model, Sequential, layers, models, saving
from kgui.engine.layers import Dense

ENDINGS = ("m.npz", "m.keras")
HERE = list(saved_models.MODELS)
pytestmark = pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask")


def train(model: Any, name: str) -> dict[str, list[float]]:
    x, y = saved_models.MODELS[name][1]()
    return dict(model.fit(x, y, batch_size=7, epochs=2, shuffle=False, verbose=0).history)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", HERE)
def test_training_goes_on_as_if_never_interrupted(name: str, ending: str, tmp_path: Path) -> None:
    h5py_if(ending)
    model = saved_models.MODELS[name][0](engine)
    train(model, name)
    model.save(tmp_path / ending)
    other = models.load_model(str(tmp_path / ending))
    assert same(state(model), state(other))
    assert model.get_compile_config() == other.get_compile_config()
    np.testing.assert_equal(train(model, name), train(other, name))
    assert same(state(model), state(other))


@pytest.mark.parametrize("name", ["sequential", "graph", "schedule"])
def test_models_that_keras_wrote_are_taken(name: str) -> None:
    pytest.importorskip("h5py")
    compare(name, models.load_model(SAVED / f"{name}.keras"))


@pytest.mark.parametrize("name", ["sequential", "graph", "schedule"])
def test_our_files_have_the_parts_and_keys_of_keras_files(name: str, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    model = models.load_model(SAVED / f"{name}.keras")
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(SAVED / f"{name}.keras") as a, zipfile.ZipFile(tmp_path / "m.keras") as b:
        assert a.namelist() == b.namelist()
        theirs, ours = (json.loads(file.read("config.json")) for file in (a, b))
        assert contents(a.read("model.weights.h5")) == contents(b.read("model.weights.h5"))
        assert set(json.loads(b.read("metadata.json"))) == {"keras_version", "date_saved"}
    # Keras forgets the delta of Huber, and says of models inside that they are not compiled.
    mere = [text for text in _differences(theirs, ours) if not re.search("delta|: {} is not", text)]
    assert mere == []


PASSED_OVER = {
    "module", "build_config", "shared_object_id", "registered_name", "jit_compile", "sparse",
    "ragged", "optional", "quantization_config", "dtype", "input_axes", "output_axes", "seed",
    "synchronized", "renorm", "renorm_clipping", "renorm_momentum",
}  # fmt: skip


def _differences(theirs: Any, ours: Any, place: str = "") -> list[str]:
    """Where two configurations say something else."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        keys = (theirs.keys() | ours.keys()) - PASSED_OVER
        lists = (_differences(theirs.get(k), ours.get(k), f"{place}/{k}") for k in sorted(keys))
        return [text for found in lists for text in found]
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        pairs = enumerate(zip(theirs, ours, strict=True))
        return [text for i, (a, b) in pairs for text in _differences(a, b, f"{place}/{i}")]
    close = isinstance(theirs, float) and isinstance(ours, float) and abs(theirs - ours) < 1e-9
    return [] if theirs == ours or close else [f"{place}: {theirs!r} is not {ours!r}"]


def test_a_model_without_its_training(tmp_path: Path) -> None:
    model = classifier()
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "m.npz", include_optimizer=False)
    other = models.load_model(tmp_path / "m.npz")
    assert other.compiled is None
    assert same(model.get_weights(), other.get_weights())
    model.save(tmp_path / "m.npz")
    other = models.load_model(tmp_path / "m.npz", compile=False)
    assert other.compiled is None
    with pytest.raises(ValueError, match=r"You must call `compile\(\)`"):
        other.fit(X, Y)


def nested() -> Model:
    """Models and shared layers inside one another, called several times, at the ends too."""
    a = Input((3,), name="a")
    deep = Sequential([Input((3,)), Dense(3, "tanh")], name="deep")
    inner = Model(a, deep(deep(a)), name="inner")
    b, c = Input((3,), name="b"), Input((3,), name="c")
    inner(c)  # a call of nobody's
    first = inner(b)
    shared = Dense(3, name="shared")
    shared(c)
    second = inner(shared(first))
    return Model([b], {"x": second, "y": shared(second)}, name="outer")


@pytest.mark.parametrize("ending", ENDINGS)
def test_models_inside_models(ending: str, tmp_path: Path) -> None:
    h5py_if(ending)
    model = nested()
    model.save(tmp_path / ending)
    other = models.load_model(tmp_path / ending)
    first, second = (net.predict([X]) for net in (model, other))
    assert list(first) == list(second) == ["x", "y"]
    for key in first:
        np.testing.assert_array_equal(first[key], second[key])
    assert saving.serialize_keras_object(model) == saving.serialize_keras_object(other)
    assert saving.serialize_keras_object(model)["config"]["output_layers"] == {
        "x": ["inner", 2, 0], "y": ["shared", 1, 0],
    }  # fmt: skip


def test_keras_takes_no_regularizer_beside_its_factors() -> None:
    config = layers.ActivityRegularization(l1=0.1).get_config()
    assert config["l1"] == 0.1
    assert "activity_regularizer" not in config


def test_frozen_layers_stay_frozen(tmp_path: Path) -> None:
    model = classifier()
    model.layers[0].trainable = False
    model.save(tmp_path / "m.npz")
    other = models.load_model(tmp_path / "m.npz")
    assert [layer.trainable for layer in other.layers] == [False, True]


class Twice(layers.Layer):
    """A layer of one's own."""

    def __init__(self, factor: float = 2.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x: Any) -> Any:
        return x * self.factor


def far(y_true: Any, y_pred: Any) -> Any:
    """A loss of one's own."""
    return engine.ops.absolute(y_pred - y_true)


def test_objects_of_ones_own_are_given_by_name(tmp_path: Path) -> None:
    model = Sequential([Input((2,)), Twice(3.0), Dense(1)])
    model.compile("sgd", far, metrics=[far])
    model.save(tmp_path / "m.npz")
    with pytest.raises(ValueError, match="Could not locate class 'Twice'"):
        models.load_model(tmp_path / "m.npz")
    given: dict[str, Any] = {"Twice": Twice}
    with pytest.raises(ValueError, match="Could not locate function 'far'"):
        models.load_model(tmp_path / "m.npz", given)
    other = models.load_model(tmp_path / "m.npz", {**given, "far": far})
    assert other.layers[0].factor == 3.0
    assert other.loss is far
    with saving.custom_object_scope({**given, "far": far}):
        assert models.load_model(tmp_path / "m.npz").loss is far


class Net(Model):
    """A model with a `call` of its own."""

    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.last = Dense(1)
        self.steps = [Dense(units, "tanh"), Dense(units, "tanh")]

    def call(self, x: Any, training: bool = False) -> Any:
        for step in self.steps:
            x = step(x)
        return self.last(x)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_model_with_a_call_of_its_own_goes_on(ending: str, tmp_path: Path) -> None:
    h5py_if(ending)
    model = Net(4)
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / ending)
    other = models.load_model(tmp_path / ending, {"Net": Net})
    assert same(state(model), state(other))
    histories = [net.fit(X, Y, shuffle=False, verbose=0).history for net in (model, other)]
    assert histories[0] == histories[1]


def test_registered_classes_need_not_be_given(tmp_path: Path) -> None:
    @saving.register_keras_serializable("mine")
    class Thrice(Twice):
        pass

    model = Sequential([Input((2,)), Thrice(3.0)])
    assert saving.serialize_keras_object(model.layers[0])["registered_name"] == "mine>Thrice"
    model.save(tmp_path / "m.npz")
    assert type(models.load_model(tmp_path / "m.npz").layers[0]) is Thrice
