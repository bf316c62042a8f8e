"""Whole models in files: architecture, weights and training, here and from Keras."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import saved_layers  # noqa: F401 - enters its models in the table
import saved_models
from small_models import X, Y, classifier
from test_engine_saved_weights import SAVED, compare, contents, h5py_if, same, state

from kgui import engine
from kgui.engine import Input, Model, Sequential, layers, models, saving
from kgui.engine.layers import Dense
from kgui.io.archives import archive_bytes

ENDINGS = ("m.npz", "m.keras")
HERE = [name for name in saved_models.MODELS if name not in ("activations", "listed")]
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


def test_registered_classes_need_not_be_given(tmp_path: Path) -> None:
    @saving.register_keras_serializable("mine")
    class Thrice(Twice):
        pass

    model = Sequential([Input((2,)), Thrice(3.0)])
    assert saving.serialize_keras_object(model.layers[0])["registered_name"] == "mine>Thrice"
    model.save(tmp_path / "m.npz")
    assert type(models.load_model(tmp_path / "m.npz").layers[0]) is Thrice


def test_code_is_neither_written_nor_read(tmp_path: Path) -> None:
    model = classifier()
    model.compile("sgd", lambda y, p: p - y)
    with pytest.raises(ValueError, match="files never hold code"):
        model.save(tmp_path / "m.npz")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="code in files is never run"):
        saving.deserialize_keras_object({"class_name": "__lambda__", "config": {"value": "…"}})


def test_one_sentence_for_what_is_no_model(tmp_path: Path) -> None:
    for name in ("m.h5", "m.pt"):
        with pytest.raises(ValueError, match=r"legacy HDF5|format not supported"):
            models.load_model(tmp_path / name)
    with pytest.raises(ValueError, match="File not found: filepath="):
        models.load_model(tmp_path / "m.npz")
    classifier().save_weights(tmp_path / "w.npz")
    with pytest.raises(ValueError, match="holds weights but no model"):
        models.load_model(tmp_path / "w.npz")
    with pytest.warns(UserWarning, match="has not yet been built"):
        Sequential([Dense(2)]).save(tmp_path / "u.npz")
    assert len(models.load_model(tmp_path / "u.npz").layers) == 1


def _config() -> dict[str, Any]:
    with zipfile.ZipFile(SAVED / "graph.keras") as archive:
        found: dict[str, Any] = json.loads(archive.read("config.json"))
    return found


def _dense(config: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(
        entry for entry in config["config"]["layers"] if entry["name"] == "shared"
    )
    return found


def _deep(config: dict[str, Any]) -> None:
    value: Any = []
    for _ in range(900):
        value = [value]
    config["config"]["name"] = value


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "code": (lambda c: _dense(c).update(class_name="__lambda__"), "never run|describes"),
    "lambda layer": (lambda c: _dense(c).update(class_name="Lambda"), "Could not locate|lambda"),
    "module": (lambda c: _dense(c).update(module="os", class_name="system"), "Could not locate"),
    "import": (
        lambda c: _dense(c).update(module="kgui.io.atomic_write", class_name="Path"),
        "Could not locate",
    ),
    "no layer": (
        lambda c: _dense(c).update(module="keras.losses", class_name="Huber", config={}),
        "expected a layer",
    ),
    "function": (
        lambda c: _dense(c)["config"].update(
            activation={"module": "builtins", "class_name": "function", "config": "eval",
                        "registered_name": "eval"}
        ), "Could not locate function 'eval'",
    ),
    "huge": (lambda c: _dense(c)["config"].update(units=1 << 60), "cannot be read|memory"),
    "negative": (lambda c: _dense(c)["config"].update(units=-1), "units"),
    "text": (lambda c: _dense(c)["config"].update(units="many"), "units"),
    "option": (lambda c: _dense(c)["config"].update(colour="red"), "does not know the argument"),
    "no name": (lambda c: _dense(c).pop("name"), "damaged"),
    "no calls": (lambda c: _dense(c).update(inbound_nodes=[]), "resolved|not called"),
    "loop": (
        lambda c: _dense(c)["inbound_nodes"][0]["args"][0]["config"].update(
            keras_history=["concatenate", 0, 0]
        ), "loops or disconnected",
    ),
    "stranger": (
        lambda c: _dense(c)["inbound_nodes"][0]["args"][0]["config"].update(
            keras_history=["../../etc", 0, 0]
        ), "Unknown layer",
    ),
    "twice": (lambda c: c["config"]["layers"].append(_dense(c)), "used twice"),
    "no graph": (lambda c: c.update(config=[]), "must be a dictionary"),
    "other": (lambda c: c.update(module="keras.losses", class_name="Huber", config={}), "no model"),
    "optimizer": (
        lambda c: c["compile_config"]["optimizer"].update(class_name="Wizard"),
        "Could not locate class 'Wizard'",
    ),
    "deep": (_deep, "damaged|JSON|must be text"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_descriptions_are_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    change, said = HOSTILE[case]
    config = _config()
    change(config)
    with zipfile.ZipFile(SAVED / "graph.keras") as archive:
        weights = archive.read("model.weights.h5")
    parts = {"config.json": json.dumps(config).encode(), "model.weights.h5": weights}
    path = tmp_path / "m.keras"
    path.write_bytes(archive_bytes(parts))
    with pytest.raises((ValueError, MemoryError)) as caught:
        models.load_model(path)
    assert re.search(said, str(caught.value)), str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"config.json": b"{}"}, "has no model.weights.h5"),
        ({"model.weights.h5": b""}, "has no config.json"),
        ({"config.json": b"[", "model.weights.h5": b""}, "is not JSON"),
        ({"config.json": b"[]", "model.weights.h5": b""}, "describes no model"),
        ({"config.json": b"{}", "model.weights.h5": b"no"}, "not a Keras weights file"),
        ({"config.json": b"[" * 100_000, "model.weights.h5": b""}, "is not JSON"),
    ],
)
def test_archives_of_something_else_are_refused(
    parts: dict[str, bytes], said: str, tmp_path: Path
) -> None:
    pytest.importorskip("h5py")
    path = tmp_path / "m.keras"
    path.write_bytes(archive_bytes(parts))
    with pytest.raises(ValueError, match=re.escape(said)):
        models.load_model(path)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * (65 << 20))
    with pytest.raises(ValueError, match="more than the"):
        models.load_model(path)
