"""Keras code as a drawing: round trips, a corpus held against the real Keras, hostile texts."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from code_drawings import random_drawing

from kgui.compiler import build, check
from kgui.compiler.drawing import Drawing
from kgui.graph import Project, edits, load
from kgui.interchange.code import CodeError, code_of, is_code, read_code

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE.parents[1] / "resources" / "examples").glob("*.kgui"))
PARTS = (HERE / "code_corpus.txt").read_text("utf-8").split("### ")[1:]
CORPUS = {name: code for name, _, code in (part.partition("\n") for part in PARTS)}
KERAS: dict[str, Any] = json.loads((HERE / "code_corpus.json").read_text("utf-8"))
"""What the real Keras made of each program: layers with their sizes, shapes at both ends."""
IMPORTS = "import keras\nfrom keras import layers\n"
INPUT = f"{IMPORTS}i = keras.Input((2,))\n"


def read(code: str) -> Project:
    """The drawing in a fresh document."""
    return read_code(code).onto(Project())


def told(code: str) -> tuple[int, str]:
    """Line and sentence of what is wrong."""
    with pytest.raises(CodeError) as caught:
        read_code(code)
    return caught.value.line, str(caught.value)


def meaning(project: Project) -> list[Any]:
    """Everything but ids, positions and Inputs that feed nothing."""
    drawing = Drawing(project.graph)
    names = {node.id: node.name for node in project.graph.nodes}
    unused = {node.id for node in drawing.inputs} - drawing.sources
    nodes = {n.name: (n.type, n.options) for n in project.graph.nodes if n.id not in unused}
    wires = sorted((names[w.source], names[w.target], w.target_port) for w in drawing.wires)
    ends = [[node.name for node in end] for end in (drawing.used_inputs, drawing.outputs)]
    return [nodes, wires, *ends, project.training, project.data.validation]


@pytest.mark.parametrize("name", CORPUS)
def test_a_program_gives_what_keras_makes_of_it(name: str) -> None:
    project = read(CORPUS[name])
    assert check(project).errors == ()
    model, expected = build(project), KERAS[name]
    drawn = [[type(layer).__name__, layer.name, layer.count_params()] for layer in model.layers]
    assert sorted(drawn) == expected["layers"]
    assert [list(tensor.shape) for tensor in model.inputs] == expected["inputs"]
    assert [list(tensor.shape) for tensor in model.outputs] == expected["outputs"]
    assert model.count_params() == expected["parameters"]


@pytest.mark.parametrize("name", CORPUS)
def test_a_program_is_the_same_drawing_when_it_is_written_and_read_again(name: str) -> None:
    project = read(CORPUS[name])
    assert meaning(read(code_of(project))) == meaning(project)


@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask")
@pytest.mark.parametrize("seed", range(40))
def test_random_drawings_come_back(seed: int) -> None:
    project = random_drawing(seed)
    if not check(project).errors:
        back = read(code_of(project))
        assert meaning(back) == meaning(project)
        assert code_of(read(code_of(back))) == code_of(back)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_read_onto_itself_changes_nothing(path: Path) -> None:
    project = load(path)
    assert read_code(code_of(project)).onto(project) == project


def test_layers_that_keep_their_names_keep_their_places() -> None:
    project = load(EXAMPLES[0])
    code = code_of(project).replace("Dense(64", "Dense(65")
    changed = read_code(code).onto(project)
    assert [node.id for node in changed.graph.nodes] == [node.id for node in project.graph.nodes]
    assert [n.position for n in changed.graph.nodes] == [n.position for n in project.graph.nodes]
    assert changed != project


def test_settings_are_read() -> None:
    code = CORPUS["callbacks and seed"]
    project = read(code)
    training = project.training
    assert (training.optimizer, training.loss, training.metrics) == ("adamw", "huber", ())
    assert (training.epochs, training.batch_size) == (100, 16)
    assert (training.patience, training.seed, project.data.validation) == (10, 42, 0.3)
    assert [remark.partition(" is left")[0] for remark in read_code(code).remarks] == [
        "Line 9: restore_best_weights",
        "Line 9: ModelCheckpoint('best.keras')",
    ]


def test_settings_that_the_code_does_not_mention_stay() -> None:
    before = edits.set_training(Project(), epochs=77, loss="huber")
    after = read_code(CORPUS["sequential plus lists"]).onto(before)
    assert (after.training.epochs, after.training.loss) == (77, "huber")


@pytest.mark.parametrize(
    ("compiled", "remark"),
    [
        ("optimizer=keras.optimizers.Adam(schedule)", "the learning rate"),
        ("optimizer=keras.optimizers.SGD(0.1, nesterov=True)", "nesterov"),
        ("optimizer=Ranger()", "the optimizer Ranger()"),
        ("optimizer='adam', loss='hinge'", "the loss hinge"),
        ("optimizer='adam', loss=my_loss", "the loss my_loss"),
        ("optimizer='adam', loss='mse', metrics=['mse', 'Recall']", "the metric Recall"),
        ("optimizer='adam', loss='mse', loss_weights=[2]", "loss_weights"),
    ],
)
def test_settings_that_cannot_be_held_are_told(compiled: str, remark: str) -> None:
    code = f"{INPUT}m = keras.Model(i, layers.Dense(1)(i))\nm.compile({compiled})"
    sentence = f"Line 5: {remark} is left out: the training settings cannot hold it."
    assert sentence in read_code(code).remarks


def test_an_input_without_a_shape_is_told_and_drawn() -> None:
    reading = read_code(f"{IMPORTS}m = keras.Sequential([layers.Dense(3)])")
    assert [node.type for node in reading.graph.nodes] == ["Input", "Dense"]
    assert "which shape the input has" in reading.remarks[0]


def test_names_that_a_drawing_cannot_hold_become_others() -> None:
    reading = read_code(f"{INPUT}x = layers.Dense(3, name='1st/fc-ä')(i)")
    assert reading.graph.nodes[1].name == "_1st_fc__"
    assert reading.remarks == ('Line 4: the name "1st/fc-ä" becomes "_1st_fc__".',)


def test_numbers_on_tensors_are_rescaling() -> None:
    graph = read_code(f"{INPUT}x = 1 - (i / 4 + 2) * 3").graph
    assert [node.options for node in graph.nodes[1:]] == [
        {"scale": 0.25}, {"scale": 1.0, "offset": 2}, {"scale": 3}, {"scale": -1.0, "offset": 1},
    ]  # fmt: skip


def test_operators_and_functions_on_tensors_are_layers() -> None:
    code = f"{INPUT}from keras import ops\nx = ops.relu(i) + i - i\nx *= ops.add(x, i)"
    kinds = [node.type for node in read_code(code).graph.nodes]
    assert kinds == ["Input", "Activation", "Add", "Subtract", "Add", "Multiply"]


def test_inputs_are_numbered_as_keras_numbers_them() -> None:
    first = "keras.Sequential([layers.Dense(2, input_shape=(3,))])"
    graph = read_code(f"{IMPORTS}a = {first}\nb = {first}").graph
    assert [node.name for node in graph.nodes] == ["input_layer_1", "dense_1"]


def test_a_name_that_is_there_twice_is_told() -> None:
    code = f"{INPUT}x = layers.ReLU(name='a')(i)\nx = layers.ReLU(name='a')(x)"
    reading = read_code(code)
    assert [node.name for node in reading.graph.nodes] == ["input_layer", "a", "a_1"]
    assert reading.remarks == ("Line 5: the name a is there already; the layer is called a_1.",)


def test_the_model_called_model_is_drawn() -> None:
    code = f"{INPUT}model = keras.Model(i, layers.ReLU()(i))\nb = keras.Model(i, layers.ELU()(i))"
    assert [node.type for node in read_code(code).graph.nodes] == ["Input", "ReLU"]


def test_the_model_that_is_trained_last_is_drawn() -> None:
    code = f"{INPUT}a = keras.Model(i, layers.Dense(1)(i))\nb = keras.Model(i, layers.ReLU()(i))\n"
    assert [n.type for n in read_code(code).graph.nodes] == ["Input", "ReLU"]
    assert [n.type for n in read_code(f"{code}a.compile('sgd')").graph.nodes] == ["Input", "Dense"]


ERRORS = {
    f"{INPUT}x = layers.Conv2D(3, 3)(i)": (4, "Conv2D is not a layer that this program knows."),
    f"{INPUT}x = layers.Dens(3)(i)": (4, "Did you mean 'Dense'?"),
    f"{INPUT}x = layers.Dense(3,\n    activaton='relu')(i)": (4, "has no argument activaton."),
    f"{INPUT}x = layers.Dense(3, activation='rlu')(i)": (4, "activation must be one of"),
    f"{INPUT}x = layers.Dense(-3)(i)": (4, "units must be at least 1, not -3."),
    f"{INPUT}x = layers.Dense()(i)": (4, "Dense needs units."),
    f"{INPUT}x = layers.Dense(n_units)(i)": (4, "n_units is not known before"),
    f"{INPUT}x = layers.Dense(x_train.shape[1])(i)": (4, "x_train.shape[1]"),
    f"{INPUT}x = layers.Dense(3, trainable=False)(i)": (4, "the argument trainable, which"),
    f"{INPUT}x = layers.Dense(3, units=4)(i)": (4, "Dense is given units twice."),
    f"{INPUT}x = layers.Dense(3, kernel_regularizer=keras.regularizers.l2(1e-4))(i)": (
        4, "keras.regularizers.l2(0.0001) has settings of its own",
    ),
    f"{INPUT}x = layers.Add()([i])": (4, "Add takes a list of 2 tensors or more"),
    f"{INPUT}x = layers.Subtract()([i, i, i])": (4, "Subtract takes 2 tensors, but is given 3."),
    f"{INPUT}x = layers.Lambda(lambda t: t * 2)(i)": (4, "Lambda is not a layer"),
    f"{INPUT}x = i[:, 0]": (4, "takes a part of a tensor"),
    f"{INPUT}x = tf.reduce_mean(i)": (4, "tf.reduce_mean is given a tensor"),
    f"{INPUT}x = hub.KerasLayer('url')(i)": (4, "hub.KerasLayer('url') is given a tensor"),
    f"{INPUT}x = layers.Dense(3)(data)": (4, "data is no tensor"),
    f"{INPUT}j = keras.Input((2,))\nm = keras.Model(j, layers.ReLU()(i))": (
        5, "depends on input_layer, which is no input",
    ),
    f"{IMPORTS}m = keras.Sequential()\nwhile f():\n    m.add(layers.Dense(2))": (4, "while"),
    f"{IMPORTS}m = keras.Sequential()\nif f():\n    m.add(layers.Dense(2))": (4, "f() holds"),
    f"{IMPORTS}m = keras.Sequential()\nfor n in f():\n    m.add(layers.Dense(n))": (4, "how often"),
    f"{IMPORTS}m = keras.Sequential([layers.ReLU(), keras.Input((2,))])": (3, "an Input stands"),
    f"{IMPORTS}m = keras.Sequential()\nm.add(m)": (4, "a model is added to itself"),
    f"{IMPORTS}a = keras.Sequential()\nb = keras.Sequential([a])\na.add(b)": (4, "inside each"),
    "import keras\n\nclass Net(keras.Model):\n    pass\n\nmodel = Net()": (3, "classes"),
    "import keras\nmodel = keras.Sequential([\n": (2, "this is not Python"),
    "a = 1\n  b = 2": (2, "this is not Python (unexpected indent)."),
    "print('hello')": (0, "The code makes no Keras model."),
    "": (0, "The code makes no Keras model."),
}  # fmt: skip


@pytest.mark.parametrize("code", ERRORS, ids=range(len(ERRORS)))
def test_what_cannot_be_read_is_named_with_its_line(code: str) -> None:
    line, sentence = told(code)
    assert line == ERRORS[code][0]
    assert ERRORS[code][1] in sentence
    assert sentence.startswith(f"Line {line}: " if line else sentence)
    assert "\n" not in sentence


DOUBLING = "".join(f"m{n + 1} = keras.Sequential([m{n}, m{n}])\n" for n in range(40))
HOSTILE = [
    f"{IMPORTS}m = keras.Sequential([layers.Dense(10**10**10)])",
    "x = 2\nfor i in range(9999):\n    x = x * x",
    "x = 1 << 10**9",
    "x = 1.5 ** 99999",
    "x = 'a' * 10**10",
    "x = 'a' * 9999\nfor i in range(99):\n    x += x",
    "x = [0] * 9999\nfor i in range(99):\n    x = x + x",
    "x = [[0] * 9999] * 9999 * 9999",
    f"{IMPORTS}x = [[[1] * 9999] * 9999] * 9999\nlayers.Reshape(x)",
    "for i in range(10**9):\n    pass",
    "for a in range(9999):\n for b in range(9999):\n  for c in range(9999):\n   pass",
    "x = [1 for a in range(9999) for b in range(9999) for c in range(9999)]",
    f"{IMPORTS}m = keras.Sequential()\nfor a in range(200):\n for b in range(200):\n"
    "  m.add(layers.Dense(2))",
    "def f(x):\n    return f(x)\nf(1)",
    "def f(n):\n    for i in range(99):\n        f(n)\nf(1)",
    "f = lambda g: g(g)\nf(f)",
    f"x = {'(' * 5000}1{')' * 5000}",
    f"x = {'[' * 95}{']' * 95}",
    f"x = {'-' * 100_000}1",
    f"x = {'+'.join(['1'] * 50_000)}",
    f"x = a{'.b' * 50_000}",
    f"x = f{'()' * 50_000}",
    f"x = {'9' * 5000}",
    "x = f'{1:1000000000}'\ny = '{:1000000000}'.format(1)\nz = '%1000000000d' % 1",
    f"{IMPORTS}m0 = keras.Sequential()\n{DOUBLING}",
    "import keras\0",
    "x = '\ud800'",
    "#" * 900_000,
    "d = {}\nfor i in range(9999):\n    d[i] = d",
    "x = [1]\nx.append(x)\nimport keras\nkeras.layers.Reshape(x)",
]


@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_refused_soon_in_one_sentence(code: str) -> None:
    start = time.perf_counter()
    _, sentence = told(code)
    assert time.perf_counter() - start < 5
    assert len(sentence) < 300


def test_nothing_is_executed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    write = f"open({str(trace)!r}, 'w')"
    code = (
        f"{write}\n__import__('os').system('touch {trace}')\nexec({write!r})\neval({write!r})\n"
        f"{INPUT}layers.ReLU()(i)"
    )
    assert [node.type for node in read_code(code).graph.nodes] == ["Input", "ReLU"]
    assert not trace.exists()


def test_programs_about_keras_are_told_from_other_texts() -> None:
    assert all(map(is_code, CORPUS.values()))
    for text in ("", "Dear all,", '{"format": "kgui", "nodes": []}', "a,b\n1,2\n", "print(1)"):
        assert not is_code(text)
