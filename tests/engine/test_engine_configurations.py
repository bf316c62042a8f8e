"""Configurations as Keras writes them: shapes built for, masks, operators with constants."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, Sequential, layers, models, ops
from kgui.engine.layers import Dense, Dropout, Embedding, Flatten

VALUES = np.linspace(-2, 2, 12).reshape(3, 4)


def entries(model: Model) -> dict[str, Any]:
    """The layers of a model's JSON by name."""
    return {entry["name"]: entry for entry in json.loads(model.to_json())["config"]["layers"]}


def test_layers_say_what_they_were_built_for() -> None:
    inputs = Input((4,))
    model = Model(inputs, Dense(2, name="d")(Dropout(0.5, name="n")(Flatten(name="f")(inputs))))
    found = entries(model)
    assert found["d"]["build_config"] == {"input_shape": [None, 4]}
    assert found["f"]["build_config"] == {"input_shape": [None, 4]}
    assert "build_config" not in found["n"]
    described = json.loads(model.to_json())
    assert described["build_config"] == {"input_shape": None}
    assert described["compile_config"] == {}


def test_a_stack_says_what_it_was_built_for() -> None:
    stack = Sequential([Dense(3), Dense(1)])
    assert "build_config" not in json.loads(stack.to_json())
    stack.build((None, 5))
    assert json.loads(stack.to_json())["build_config"] == {"input_shape": [None, 5]}


def test_a_layer_from_plain_data_is_built() -> None:
    layer = Dense(3)
    layer.build((None, 4))
    again = layers.deserialize(layers.serialize(layer))
    assert again.built
    assert again.get_build_config() == {"input_shape": (None, 4)}
    damaged = {**layers.serialize(layer), "build_config": {"input_shape": 3}}
    with pytest.raises(ValueError, match="cannot be built"):
        layers.deserialize(damaged)


def test_layers_without_weights_are_built_at_once() -> None:
    assert Dropout(0.5).built
    assert not Flatten().built


class Own(Dropout):
    """A layer of one's own on top of one that has nothing to build."""

    def build(self, input_shape: Any) -> None:
        self.scale = self.add_weight((input_shape[-1],), "ones", name="scale")


def test_a_build_of_ones_own_still_runs() -> None:
    layer = Own(0.5)
    layer(np.ones((2, 3)))
    assert len(layer.weights) == 1


def test_masks_are_operations_and_keywords() -> None:
    inputs = Input((4,))
    embedded = Embedding(5, 2, mask_zero=True)(inputs)
    model = Model(inputs, layers.BatchNormalization(name="norm")(embedded))
    assert [operation.name for operation in model.operations][1:3] == ["embedding", "not_equal"]
    mask = entries(model)["norm"]["inbound_nodes"][0]["kwargs"]["mask"]
    assert mask["config"]["keras_history"] == ["not_equal", 0, 0]
    again = models.model_from_json(model.to_json())
    assert again.to_json() == model.to_json()
    plain = Model(inputs, layers.Softmax(name="soft")(inputs))
    assert entries(plain)["soft"]["inbound_nodes"][0]["kwargs"] == {"mask": None}


OPERATORS: dict[str, tuple[Callable[[Any], Any], str, dict[str, Any]]] = {
    "clip": (lambda x: ops.clip(x, 0, 1), "Clip", {"x_min": 0, "x_max": 1}),
    "mean": (lambda x: ops.mean(x, axis=-1), "Mean", {"axis": -1, "keepdims": False}),
    "reshape": (lambda x: ops.reshape(x, (2, -1)), "Reshape", {"newshape": [2, -1]}),
    "get_item": (lambda x: x[:, 1:3], "GetItem", {}),
    "power": (lambda x: x**2, "Power", {}),
    "true_divide": (lambda x: x / 2, "TrueDivide", {}),
    "softmax": (lambda x: ops.softmax(x, axis=0), "Softmax", {"axis": 0}),
    "concatenate": (lambda x: ops.concatenate([x, x], 1), "Concatenate", {"axis": 1}),
    "greater": (lambda x: x > 0, "Greater", {}),
    "take": (lambda x: ops.take(x, [0, 2], axis=1), "Take", {"axis": 1}),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_with_constants_are_kept(name: str, tmp_path: Path) -> None:
    function, kind, constants = OPERATORS[name]
    inputs = Input((4,))
    model = Model(inputs, function(inputs))
    entry = entries(model)[name]
    assert (entry["class_name"], entry["config"]) == (kind, {"name": name, **constants})
    model.save(tmp_path / "model.npz")
    again = models.load_model(tmp_path / "model.npz")
    assert again.to_json() == model.to_json()
    np.testing.assert_array_equal(
        again.predict(VALUES, verbose=0), model.predict(VALUES, verbose=0)
    )


NARROW = """\
Model: "a_name a_name a_name a_name a_name a_name a_name 
a_name a_name a_name "
┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━┳━━━━━┓
┃                     ┃                 ┃  Param ┃     ┃
┃ Layer (type)        ┃ Output Shape    ┃      # ┃ Tr… ┃
┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━╇━━━━━┩
│ in (InputLayer)     │ (None, 4)       │      0 │  -  │
├─────────────────────┼─────────────────┼────────┼─────┤
│ d (Dense)           │ (None, 2)       │     10 │  Y  │
├─────────────────────┼─────────────────┼────────┼─────┤
│ clip (Clip)         │ (None, 2)       │      0 │  -  │
└─────────────────────┴─────────────────┴────────┴─────┘
"""  # noqa: W291 - Keras leaves the space


def test_a_narrow_summary_is_laid_out_as_keras_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    inputs = Input((4,), name="in")
    model = Model(inputs, ops.clip(Dense(2, name="d")(inputs), 0, 1), name="a_name " * 10)
    printed: list[str] = []
    model.summary(print_fn=printed.append, show_trainable=True)
    assert printed[0].startswith(NARROW)
    printed.clear()
    model.summary(print_fn=printed.append, line_length=120)
    assert all(len(line) <= 60 for line in printed[0].splitlines())
