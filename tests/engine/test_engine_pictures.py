"""Pictures of models: every box and wire is there, and no two boxes lie on each other."""

import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kgui.engine import Input, Model, Sequential, layers, utils
from kgui.engine.utils.layered import lay_out

SVG = "{http://www.w3.org/2000/svg}"


def graph() -> Model:
    inside = Input((4,), name="inside")
    inner = Model(inside, layers.Dense(4, name="deep")(inside), name="inner")
    a, b = Input((4,), name="a"), Input((4,), name="b <&>")
    x = layers.Add(name="sum")([inner(a), b])
    return Model([a, b], layers.Dense(2, activation="relu", name="out")(x))


def drawn(text: str) -> tuple[list[str], int]:
    """The first lines of the boxes, and how many wires there are."""
    root = ET.fromstring(text)  # noqa: S314 - the text was made here
    bold = [item.text or "" for item in root.iter(f"{SVG}text") if item.get("font-weight")]
    return bold, sum(1 for path in root.iter(f"{SVG}path") if path.get("marker-end"))


def test_boxes_and_wires(tmp_path: Path) -> None:
    path = tmp_path / "model.svg"
    text = utils.plot_model(graph(), path, show_shapes=True, show_layer_names=True)
    names, wires = drawn(path.read_text(encoding="utf-8"))
    assert path.read_text(encoding="utf-8") == text
    kinds = {"a (InputLayer)", "b <&> (InputLayer)", "inner (Functional)", "sum (Add)"}
    assert set(names) == {*kinds, "out (Dense)"}
    assert wires == 4
    assert "Output shape: (None, 2)" in text


def test_models_inside_and_options() -> None:
    text = utils.plot_model(
        graph(), None, expand_nested=True, show_layer_names=True, show_layer_activations=True,
        show_dtype=True, show_trainable=True, rankdir="LR",
    )  # fmt: skip
    names, wires = drawn(text)
    assert "deep (Dense)" in names
    assert "inner (Functional)" not in names
    assert wires == 4
    for said in ("Activation: relu", "Output dtype: float32", "Trainable"):
        assert said in text


def test_a_stack_has_no_input_box() -> None:
    names, wires = drawn(
        utils.plot_model(Sequential([Input((3,)), layers.Dense(2), layers.Dense(1)]), None)
    )
    assert (names, wires) == (["Dense", "Dense"], 1)


@pytest.mark.parametrize("sideways", [False, True])
def test_boxes_lie_apart(sideways: bool) -> None:
    draw = random.Random(3)  # noqa: S311 - a drawing, not a secret
    for _ in range(30):
        count = draw.randint(1, 14)
        sizes = [(draw.uniform(20, 90), draw.uniform(10, 50)) for _ in range(count)]
        wires = [(draw.randrange(end), end) for end in range(1, count) for _ in range(2)]
        places = lay_out(sizes, wires, sideways)
        boxes = [(*place, *size) for place, size in zip(places, sizes, strict=True)]
        assert not [1 for i, a in enumerate(boxes) for b in boxes[:i] if _overlap(a, b)]
        along = 0 if sideways else 1
        assert all(
            places[end][along] >= places[start][along] + sizes[start][along] for start, end in wires
        )


def _overlap(a: Any, b: Any) -> bool:
    return all(a[i] < b[i] + b[i + 2] and b[i] < a[i] + a[i + 2] for i in (0, 1))


@pytest.mark.parametrize(
    ("options", "said"),
    [({"rankdir": "UP"}, "rankdir"), ({"to_file": "model.png"}, "SVG files")],
)
def test_wrong_options(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        utils.plot_model(graph(), **options)


def test_a_model_without_shapes() -> None:
    with pytest.raises(ValueError, match="not yet been built"):
        utils.plot_model(Sequential([layers.Dense(1)]), None)
