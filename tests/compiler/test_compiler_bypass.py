"""Bypassed layers take no part in checks and models, and their wires still show a shape."""

from drawn import chain, node_id

from kgui.compiler import build, check
from kgui.graph.bypass import set_bypassed

LAYERS = (
    ("Input", {"shape": [4]}),
    ("Dense", {"units": 8}),
    ("Dropout", {"rate": 0.5}),
    ("Dense", {"units": 3}),
)


def test_a_bypassed_layer_passes_the_shape_on() -> None:
    project = chain(*LAYERS)
    dense = node_id(project, "dense")
    report = check(set_bypassed(project, [dense], bypassed=True))
    assert report.errors == ()
    assert report.shapes[dense] == ((None, 4),)
    assert dense not in report.parameters
    assert report.total_parameters == 15


def test_what_is_wrong_with_a_bypassed_layer_does_not_count() -> None:
    project = chain(("Input", {"shape": [4]}), ("Dense", {"units": -1}), ("Dense", {"units": 3}))
    assert check(project).errors
    assert not check(set_bypassed(project, [node_id(project, "dense")], bypassed=True)).errors


def test_the_model_has_no_bypassed_layer() -> None:
    project = chain(*LAYERS)
    ids = [node_id(project, "dropout"), node_id(project, "dense_1")]
    model = build(set_bypassed(project, ids, bypassed=True))
    assert [layer.name for layer in model.layers] == ["input", "dense"]
    assert model.output_shape == (None, 8)


def test_a_bypassed_input_leaves_its_layers_without() -> None:
    project = chain(*LAYERS)
    report = check(set_bypassed(project, [node_id(project, "input")], bypassed=True))
    assert report.errors
