"""From drawing to model and back."""

import numpy as np
import pytest
from compiler_drawings import chain, classifier, drawing

from kgui.compiler import build, node_ids, project_from_model
from kgui.engine import Input, Model, Sequential, initializers, layers
from kgui.engine.backend import Session, get_session, use_session
from kgui.graph import Project
from kgui.io.errors import InputError

FOUR = ("Input", {"shape": [4]})


def branched() -> Project:
    """Two Inputs, one of them drawn late, into a sum with two outputs."""
    nodes = {
        "out_1": ("Dense", {"units": 2}),
        "sum": ("Add", {}),
        "left": ("Dense", {"units": 3, "activation": "relu"}),
        "first": ("Input", {"shape": [4]}),
        "unused": ("Input", {"shape": [9]}),
        "right": ("Dense", {"units": 3, "use_bias": False}),
        "second": ("Input", {"shape": [5]}),
        "out_2": ("Dropout", {"rate": 0.25}),
    }
    wires = ["first>left", "second>right", "right>sum.0", "left>sum.1", "sum>out_1", "sum>out_2"]
    return drawing(nodes, *wires)


def test_names_order_and_ports() -> None:
    model = build(branched())
    assert model.input_names == ["first", "second"]
    assert model.output_names == ["out_1", "out_2"]
    assert {layer.name for layer in model.layers} == {
        "first", "second", "left", "right", "sum", "out_1", "out_2",
    }  # fmt: skip
    assert model.output_shape == [(None, 2), (None, 3)]
    assert [weight.path for weight in model.get_layer("right").weights] == ["right/kernel"]
    sources = [tensor.history.operation.name for tensor in model.get_layer("sum").input]
    assert sources == ["right", "left"]


def test_the_order_of_wires_does_not_matter_but_ports_do() -> None:
    nodes = {"a": FOUR, "b": ("Input", {"shape": [2]}), "c": ("Concatenate", {})}
    rows = [np.ones((1, 4), "float32"), np.zeros((1, 2), "float32")]
    assert build(drawing(nodes, "b>c.5", "a>c.1")).predict(rows).tolist() == [[1, 1, 1, 1, 0, 0]]
    assert build(drawing(nodes, "a>c.5", "b>c.1")).predict(rows).tolist() == [[0, 0, 1, 1, 1, 1]]


def test_one_input_and_output_are_no_lists() -> None:
    model = build(classifier([28, 28], 10))
    assert model.input_shape == (None, 28, 28)
    assert model.output_shape == (None, 10)
    assert [layer.name for layer in model.layers] == ["a", "b", "c"]


def test_the_session_in_force_makes_the_weights() -> None:
    def weights(seed: int) -> list[float]:
        with use_session(Session(seed)):
            return build(classifier([4], 3)).get_weights()[0].ravel().tolist()

    assert weights(1) == weights(1)
    assert weights(1) != weights(2)


@pytest.mark.parametrize(
    ("project", "message"),
    [
        (Project(), "^The drawing is empty. Add an Input and layers.$"),
        (chain(FOUR, ("Dense", {"units": 0})), "^b: units must be at least 1, not 0.$"),
        (chain(FOUR, ("Nothing", {})), "^b: Nothing is not a layer that this program knows.$"),
        (chain(FOUR), "^a: feeds nothing. Draw a wire from it to a layer.$"),
    ],
)
def test_faults_are_input_errors(project: Project, message: str) -> None:
    with pytest.raises(InputError, match=message):
        build(project)


def test_node_ids() -> None:
    project = classifier([4], 3)
    assert node_ids(project) == {"a": "a", "b": "b", "c": "c"}


def test_back_to_a_drawing() -> None:
    drawn = project_from_model(build(branched()))
    before = {node.name: node for node in branched().graph.nodes}
    after = {node.name: node for node in drawn.graph.nodes}
    assert set(before) - set(after) == {"unused"}
    for name, node in after.items():
        assert (node.type, node.options) == (before[name].type, before[name].options)
    names = {node.id: node.name for node in drawn.graph.nodes}
    wires = {(names[w.source], names[w.target], w.target_port) for w in drawn.graph.wires}
    assert wires == {
        (w.source, w.target, w.target_port) for w in branched().graph.wires
    }  # fmt: skip
    assert len({node.position for node in drawn.graph.nodes}) == len(after)


def test_back_and_forth_is_the_same_network() -> None:
    model = build(branched())
    again = build(project_from_model(model))
    assert again.input_names == model.input_names
    assert sorted(again.output_names) == sorted(model.output_names)
    for layer in model.layers:
        shapes = [weight.shape for weight in layer.weights]
        assert [weight.shape for weight in again.get_layer(layer.name).weights] == shapes


def test_models_in_code_become_drawings() -> None:
    stack = Sequential(
        [
            Input((28, 28)),
            layers.Flatten(),
            layers.Dense(5, kernel_initializer=initializers.HeNormal(), name="last"),
        ]
    )
    nodes = project_from_model(stack).graph.nodes
    assert [node.type for node in nodes] == ["Input", "Flatten", "Dense"]
    assert nodes[2].options == {"units": 5, "kernel_initializer": "he_normal"}
    assert nodes[0].options == {"shape": [28, 28]}


def test_what_cannot_be_drawn_is_named() -> None:
    class Own(layers.Layer):
        """Doubles."""

        def call(self, inputs: object) -> object:
            return inputs

    x = Input((4,))
    with pytest.raises(InputError, match="own is a Own, for which there is no node"):
        project_from_model(Model(x, Own(name="own")(x)))
    shared = layers.Dense(4, name="twice")
    with pytest.raises(InputError, match="twice is used more than once"):
        project_from_model(Model(x, shared(shared(x))))
    seeded = layers.Dense(4, kernel_initializer=initializers.HeNormal(seed=3), name="seeded")
    with pytest.raises(InputError, match="seeded: kernel_initializer cannot be kept"):
        project_from_model(Model(x, seeded(x)))


def test_reversing_draws_no_seed() -> None:
    x = Input((4,))
    model = Model(x, layers.Dense(4, kernel_initializer=initializers.HeNormal())(x))
    state = get_session().random.getstate()
    project_from_model(model)
    assert get_session().random.getstate() == state
