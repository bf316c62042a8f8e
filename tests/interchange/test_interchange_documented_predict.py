"""The program printed in docs/npz-format.md, run as it stands where only NumPy can be imported."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from drawn import Layer, chain

from kgui.compiler.catalog import as_argument
from kgui.compiler.reflection import layer_classes
from kgui.engine import activations
from kgui.engine.options import ActivationName
from kgui.graph import Project, Wire, edits
from kgui.graph.project import Node
from kgui.interchange.answers import outputs
from kgui.interchange.npz import export_npz, load_npz
from kgui.interchange.trained import TrainedModel
from kgui.training.run import train

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "npz-format.md"
BLOCKS = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
FUNCTIONS = sorted(get_args(ActivationName))

ONLY_NUMPY = """
import sys
class OnlyNumpy:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ALLOWED:
            raise ImportError(name + " is not NumPy")
ALLOWED = {"numpy", *sys.stdlib_module_names}
sys.meta_path.insert(0, OnlyNumpy())
"""
RUN = """
model, data, out = sys.argv[1:]
if data.endswith(".npy"):
    data = np.load(data)
else:
    data = json.loads(open(data, encoding="utf-8").read())
np.save(out, predict(model, data))
"""


def run_documented(model: Path, data: Any, folder: Path) -> Any:
    """What the documented program predicts, in a process of its own."""
    given = folder / ("data.json" if isinstance(data, dict) else "data.npy")
    if isinstance(data, dict):
        given.write_text(json.dumps(data), "utf-8")
    else:
        np.save(given, data)
    out = folder / "out.npy"
    program = folder / "program.py"
    program.write_text(ONLY_NUMPY + "".join(BLOCKS) + RUN, "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", program, model, given, out],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return np.load(out)


def compare(trained: TrainedModel, data: Any, prepared: dict[str, Any], folder: Path) -> None:
    model = folder / "model.npz"
    export_npz(trained, model)
    expected = outputs(trained, prepared)
    found = run_documented(model, data, folder)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-5


def test_the_program_has_thirty_lines() -> None:
    assert len([line for line in BLOCKS[0].splitlines() if line.strip()]) == 30


def test_a_table_of_numbers_and_words(tmp_path: Path) -> None:
    layers: tuple[Layer, ...] = (
        ("Input", {"shape": [10]}),
        ("Dense", {"units": 8, "activation": "tanh"}),
        ("Dropout", {"rate": 0.3}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    )
    trained = train(chain(*layers, source="sample:penguins", target="species", epochs=2))
    columns = {
        "island": ["Biscoe", "Dream", "Torgersen", "Dream"],
        "bill_length_mm": [39.1, 46.5, 50.0, 36.7],
        "bill_depth_mm": [18.7, 17.9, 15.2, 19.3],
        "flipper_length_mm": [181, 192, 218, 193],
        "body_mass_g": [3750, 3500, 5700, 3450],
        "sex": ["male", "female", "male", "female"],
        "year": [2007, 2008, 2009, 2007],
    }
    table = tmp_path / "rows.csv"
    lines = [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    table.write_text("\n".join([",".join(columns), *lines]), "utf-8")
    compare(trained, columns, dict(trained.preparation.apply_table(table)), tmp_path)


def test_pictures(tmp_path: Path) -> None:
    layers: tuple[Layer, ...] = (
        ("Input", {"shape": [8, 8, 1]}),
        ("Rescaling", {"scale": 2.0, "offset": -1.0}),
        ("Flatten", {}),
        ("Dense", {"units": 16, "activation": "relu", "use_bias": False}),
        ("Dense", {"units": 10}),
        ("Activation", {"activation": "softmax"}),
    )
    trained = train(chain(*layers, source="sample:digits", epochs=2))
    pictures = np.random.default_rng(0).integers(0, 17, (50, 8, 8), np.uint8)
    compare(trained, pictures, trained.preparation.apply_arrays({"x": pictures}), tmp_path)


def branching() -> Project:
    """Three ways from one input, added, joined and joined again."""
    project = chain(("Input", {"shape": [4]}), source="sample:iris", epochs=2)
    at: dict[str, Node] = {"input": project.graph.nodes[0]}

    def add(name: str, kind: str, options: dict[str, Any], *sources: str) -> None:
        nonlocal project
        node = edits.new_node(project, kind, (0.0, 0.0), options)
        project = edits.rename(edits.add_node(project, node), node.id, name)
        at[name] = node
        for port, source in enumerate(sources):
            project = edits.connect(project, Wire(at[source].id, 0, node.id, port))

    for name, function in (("left", "relu"), ("middle", "sigmoid"), ("right", "linear")):
        add(name, "Dense", {"units": 6, "activation": function}, "input")
    add("sum", "Add", {}, "right", "left", "middle")
    add("row", "Concatenate", {}, "sum", "input", "left")
    add("file", "Dense", {"units": 3}, "row")
    return project


def test_branches(tmp_path: Path) -> None:
    trained = train(branching())
    names = [column.name for column in trained.preparation.columns]
    values = np.random.default_rng(3).uniform(0, 7, (30, 4)).round(2)
    columns = {name: values[:, i].tolist() for i, name in enumerate(names)}
    prepared = trained.preparation.apply_columns(
        {name: np.array(column) for name, column in columns.items()}, "rows"
    )
    compare(trained, columns, {"x": prepared}, tmp_path)


def test_every_activation_function(tmp_path: Path) -> None:
    layers: list[Layer] = [("Input", {"shape": [8, 8]}), ("Flatten", {})]
    for function in FUNCTIONS:
        layers += [("Dense", {"units": 12}), ("Activation", {"activation": function})]
    layers.append(("Dense", {"units": 10}))
    trained = train(chain(*layers, source="sample:digits", epochs=1, batch_size=256))
    pictures = np.random.default_rng(0).integers(0, 17, (20, 8, 8), np.uint8)
    compare(trained, pictures, trained.preparation.apply_arrays({"x": pictures}), tmp_path)


def test_every_layer_that_normalizes_or_disturbs(tmp_path: Path) -> None:
    layers: tuple[Layer, ...] = (
        ("Input", {"shape": [8, 8, 1]}),
        ("Dense", {"units": 6}),
        ("BatchNormalization", {"momentum": 0.5}),
        ("BatchNormalization", {"axis": 1, "center": False, "momentum": 0.5}),
        ("SpatialDropout2D", {"rate": 0.1}),
        ("LayerNormalization", {"axis": [1, -1], "scale": False}),
        ("GroupNormalization", {"groups": 3}),
        ("GroupNormalization", {"groups": 4, "axis": 1, "epsilon": 0.1}),
        ("RMSNormalization", {"axis": [2, 3]}),
        ("GaussianNoise", {"stddev": 0.1}),
        ("UnitNormalization", {"axis": [1, 2]}),
        ("ActivityRegularization", {"l2": 0.01}),
        ("GaussianDropout", {"rate": 0.1}),
        ("Flatten", {}),
        ("UnitNormalization", {}),
        ("Dense", {"units": 10}),
    )
    trained = train(chain(*layers, source="sample:digits", epochs=1, batch_size=256))
    norm = trained.model.get_layer("batch_normalization")
    assert abs(norm.get_weights()[2]).max() > 0.01
    pictures = np.random.default_rng(0).integers(0, 17, (20, 8, 8), np.uint8)
    compare(trained, pictures, trained.preparation.apply_arrays({"x": pictures}), tmp_path)
    path = tmp_path / "model.npz"
    with np.load(path, allow_pickle=False) as found:
        statistics = found["batch_normalization/moving_variance"]
    back = load_npz(path)
    np.testing.assert_array_equal(
        back.model.get_layer("batch_normalization").get_weights()[3], statistics
    )
    assert back.project == trained.project


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_activation_function_by_itself(function: str) -> None:
    scope: dict[str, Any] = {}
    exec("".join(BLOCKS), scope)  # noqa: S102 - the documentation itself
    x = np.concatenate(
        [np.linspace(-30, 30, 601), np.random.default_rng(0).normal(size=199)]
    ).reshape(-1, 8).astype(np.float32)  # fmt: skip
    if function == "exponential":
        x /= 10
    expected = np.asarray(activations.get(function)(x))
    assert scope["FUNCTIONS"][function](x) == pytest.approx(expected, rel=1e-5, abs=1e-5)


STEPS, ROWS, PICTURES = (5, 6), (6,), (4, 4, 6)
CASES: list[tuple[str, dict[str, Any], list[tuple[int, ...]]]] = [
    *((kind, {}, [ROWS, ROWS]) for kind in ("Add", "Average", "Maximum", "Minimum", "Multiply")),
    *((kind, {}, [PICTURES, ROWS]) for kind in ("Add", "Average", "Maximum", "Multiply")),
    ("Subtract", {}, [ROWS, ROWS]),
    ("Concatenate", {"axis": 1}, [STEPS, STEPS]),
    ("Dot", {"axes": 1}, [ROWS, ROWS]),
    ("Dot", {"axes": 1, "normalize": True}, [STEPS, STEPS]),
    ("Dot", {"axes": [2, 1]}, [STEPS, ROWS]),
    ("ReLU", {}, [ROWS]),
    ("ReLU", {"max_value": 0.8, "negative_slope": 0.1, "threshold": 0.2}, [ROWS]),
    ("LeakyReLU", {}, [ROWS]),
    ("PReLU", {"shared_axes": 1}, [STEPS]),
    ("ELU", {"alpha": 0.5}, [ROWS]),
    ("Softmax", {}, [ROWS]),
    ("Softmax", {"axis": 1}, [STEPS]),
    ("Identity", {}, [ROWS]),
    ("Dropout", {"rate": 0.5}, [ROWS]),
    *((kind, {"rate": 0.5}, [STEPS]) for kind in ("GaussianDropout", "SpatialDropout1D")),
    ("SpatialDropout2D", {"rate": 0.5}, [PICTURES]),
    ("GaussianNoise", {"stddev": 0.5}, [ROWS]),
    ("ActivityRegularization", {"l1": 0.1}, [ROWS]),
    ("Flatten", {}, [PICTURES]),
    ("Flatten", {"data_format": "channels_first"}, [PICTURES]),
    ("Reshape", {"target_shape": [-1, 3]}, [ROWS]),
    ("Permute", {"dims": [3, 1, 2]}, [PICTURES]),
    ("RepeatVector", {"n": 3}, [ROWS]),
    ("Rescaling", {"scale": 2.0, "offset": -1.0}, [ROWS]),
    ("Embedding", {"input_dim": 7, "output_dim": 3}, [ROWS]),
    ("Masking", {"mask_value": 1.0}, [STEPS]),
    ("Normalization", {"mean": 0.5, "variance": 2.0}, [ROWS]),
    ("Normalization", {"mean": 0.5, "variance": 2.0, "invert": True}, [ROWS]),
    *(("Discretization", {"bin_boundaries": [1.0, 3.0], "output_mode": mode}, [ROWS])
      for mode in ("int", "multi_hot", "count", "one_hot")),
    *(("CategoryEncoding", {"num_tokens": 7, "output_mode": mode}, [shape])
      for mode, shape in (("multi_hot", ROWS), ("count", ROWS), ("one_hot", (1,)))),
    ("BatchNormalization", {"axis": 1}, [STEPS]),
    ("LayerNormalization", {"axis": [1, 2]}, [STEPS]),
    ("GroupNormalization", {"groups": 2, "axis": 3}, [PICTURES]),
    ("RMSNormalization", {"axis": -1}, [STEPS]),
    ("UnitNormalization", {"axis": -1}, [STEPS]),
    ("Activation", {"activation": "tanh"}, [ROWS]),
    ("Dense", {"units": 4, "use_bias": False}, [STEPS]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "options", "shapes"), CASES)
def test_each_layer_by_itself(
    kind: str, options: dict[str, Any], shapes: list[tuple[int, ...]]
) -> None:
    scope: dict[str, Any] = {}
    exec("".join(BLOCKS), scope)  # noqa: S102 - the documentation itself
    generator = np.random.default_rng(4)
    layer = layer_classes()[kind](**{key: as_argument(value) for key, value in options.items()})
    if kind in ("Embedding", "CategoryEncoding", "Discretization", "Masking"):
        arrays = [generator.integers(0, 4, (9, *shape)).astype("f") for shape in shapes]
    else:
        arrays = [generator.normal(size=(9, *shape)).astype("f") for shape in shapes]
    layer(arrays if len(arrays) > 1 else arrays[0])
    layer.set_weights([generator.uniform(0.5, 1.5, w.shape) for w in layer.weights])
    expected = np.asarray(layer(arrays if len(arrays) > 1 else arrays[0]))
    weights = {weight.name: weight.numpy() for weight in layer.weights}
    config = json.loads(json.dumps(layer.get_config()))
    found = scope["LAYERS"][kind](arrays, config, weights)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_every_layer_of_the_palette_is_in_the_document() -> None:
    assert {kind for kind, _, _ in CASES} | {"Input"} == set(layer_classes())
