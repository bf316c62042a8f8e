"""The code of a drawing: what it looks like, and that it makes the same model."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from code_drawings import random_drawing

from kgui.compiler import build, check
from kgui.data.values import Target
from kgui.engine import Model, layers
from kgui.engine.backend import Session, use_session
from kgui.graph import Graph, Node, Project, Wire, edits, load
from kgui.interchange.code import code_of
from kgui.interchange.code.writing import IMPORTS

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.kgui"))
OWN_IMPORTS = ("import kgui.engine as keras", "from kgui.engine import layers")

BRANCHES = '''\
import keras
from keras import layers

left = keras.Input(shape=(4,), name="left")
right = keras.Input(shape=(4,), name="right")
dense = layers.Dense(8, activation="relu", use_bias=False)(left)
dense_1 = layers.Dense(8)(right)
add = layers.Add()([dense, dense_1])
answer = layers.Dense(3, activation="softmax", name="answer")(add)

model = keras.Model(inputs=[left, right], outputs=answer)
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
    loss="sparse_categorical_crossentropy",  # auto
    metrics=[
        "accuracy",  # auto
        "mse",
    ],
)


def train(x, y):
    """Train the model on prepared rows and their targets."""
    return model.fit(
        x,
        y,
        batch_size=16,
        epochs=3,
        validation_split=0.2,
        callbacks=[keras.callbacks.EarlyStopping(patience=2)],
    )
'''


def branches() -> Project:
    """Two inputs, two branches, one sum."""
    nodes = (
        Node("l", "Input", "left", {"shape": [4]}),
        Node("r", "Input", "right", {"shape": [4]}),
        Node("d", "Dense", "dense", {"units": 8, "activation": "relu", "use_bias": False}),
        Node("e", "Dense", "dense_1", {"units": 8, "use_bias": True}),
        Node("s", "Add", "add"),
        Node("a", "Dense", "answer", {"units": 3, "activation": "softmax"}),
    )
    pairs = (("l", "d", 0), ("r", "e", 0), ("d", "s", 0), ("e", "s", 1), ("s", "a", 0))
    wires = tuple(Wire(source, 0, target, port) for source, target, port in pairs)
    return edits.set_training(
        Project(graph=Graph(nodes, wires)),
        optimizer="sgd",
        learning_rate=0.1,
        momentum=0.9,
        metrics=("auto", "mse"),
        batch_size=16,
        epochs=3,
        patience=2,
    )


def made(code: str) -> Model:
    """The model that the code makes with kgui's own engine."""
    for line, own in zip(IMPORTS, OWN_IMPORTS, strict=True):
        code = code.replace(line, own)
    names: dict[str, Any] = {}
    with use_session(Session(seed=0)):
        exec(compile(code, "drawing.py", "exec"), names)  # noqa: S102 - that it runs is the point
    model = names["model"]
    assert isinstance(model, Model)
    return model


def looks(model: Model) -> list[Any]:
    """Layers with their sizes, and the shapes at both ends."""
    ends = [[tensor.shape for tensor in end] for end in (model.inputs, model.outputs)]
    drawn = [(layer.name, type(layer).__name__, layer.count_params()) for layer in model.layers]
    return [sorted(drawn), *ends]


def test_the_code_of_two_branches() -> None:
    assert code_of(branches()) == BRANCHES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_give_the_model_that_is_drawn(path: Path) -> None:
    project = load(path)
    assert looks(made(code_of(project))) == looks(build(project))


@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask")
@pytest.mark.parametrize("seed", range(25))
def test_random_drawings_give_the_model_that_is_drawn(seed: int) -> None:
    project = random_drawing(seed)
    if not check(project).errors:
        assert looks(made(code_of(project))) == looks(build(project))


def test_the_code_is_laid_out_as_ruff_does_it(tmp_path: Path) -> None:
    for seed in range(60):
        (tmp_path / f"drawing_{seed}.py").write_text(code_of(random_drawing(seed)))
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--check", "--no-cache"]
    for width in ("88", "100"):
        done = subprocess.run(
            [*ruff, "--line-length", width, str(tmp_path)], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_what_is_chosen_automatically_follows_the_target() -> None:
    numbers = Target("price", "numbers")
    code = code_of(branches(), numbers)
    assert '    loss="mse",  # auto\n' in code
    assert '        "mae",  # auto\n' in code


def test_without_probabilities_the_loss_takes_logits() -> None:
    project = edits.set_training(branches(), loss="binary_crossentropy", metrics=())
    project = edits.reset_option(project, "a", "activation")
    assert "    loss=keras.losses.BinaryCrossentropy(from_logits=True),\n" in code_of(project)
    assert "metrics" not in code_of(project)


def test_several_outputs_have_metrics_of_their_own() -> None:
    project = edits.remove(branches(), ["s", "a"])
    project = edits.set_training(project, loss="mse", metrics=("mae",))
    code = code_of(project)
    assert 'metrics=[["mae"], ["mae"]],\n' in code
    made(code)


def test_a_seed_is_set_where_it_is_not_0() -> None:
    code = code_of(edits.set_training(branches(), seed=3))
    assert code.index("keras.utils.set_random_seed(3)") < code.index("keras.Input")


def test_an_empty_drawing_says_so() -> None:
    assert code_of(Project()).endswith("\n# The drawing is empty.\n")


def test_what_cannot_be_written_stands_in_comments() -> None:
    project = edits.remove(branches(), [], [Wire("l", 0, "d", 0)])
    project = edits.set_option(project, "e", "units", -1)
    code = code_of(project)
    for comment in (
        "# left: feeds nothing",
        "# dense: has no input",
        "# dense_1: units is not set as it must be",
        "# add: gets nothing from the layer before it",
    ):
        assert f"{comment}\n" in code
    assert "model" not in code


def test_a_layer_of_a_later_version_is_a_comment() -> None:
    project = edits.add_node(branches(), Node("n", "Quantum", "quantum"))
    assert "# quantum: there is no layer Quantum\n" in code_of(project)


def test_names_of_python_are_no_variables() -> None:
    project = edits.rename(branches(), "d", "lambda")
    project = edits.rename(project, "e", "model")
    code = code_of(project)
    assert 'lambda_ = layers.Dense(8, activation="relu", use_bias=False, name="lambda")' in code
    assert 'model_ = layers.Dense(8, name="model")(right)' in code
    made(code)


def test_every_kind_of_layer_is_named_as_the_engine_names_it() -> None:
    with use_session(Session(seed=0)):
        for kind in ("PReLU", "ReLU", "ELU", "RMSNormalization", "SpatialDropout1D"):
            options = {"rate": 0.5} if "Dropout" in kind else {}
            layer = getattr(layers, kind)(**options)
            assert edits.new_node(Project(), kind, (0, 0)).name == layer.name
