"""What every layer of the palette keeps to, unasked: no test here names a layer."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from compiler_drawings import (
    PALETTE,
    bad_values,
    example_drawing,
    example_options,
    example_shapes,
    example_value,
)

from kgui.compiler import (
    NodeType,
    Option,
    build,
    check,
    check_option,
    node_types,
    project_from_model,
)
from kgui.compiler.block_types import BLOCK_CLASSES
from kgui.compiler.examination import examine
from kgui.compiler.reflection import layer_classes, options_of
from kgui.engine import KerasTensor, layers, ops
from kgui.engine.backend import Session, use_session
from kgui.engine.calling import Call, calling
from kgui.engine.errors import OptionError
from kgui.engine.plan import Planner
from kgui.graph import from_json
from kgui.graph.storage import to_json

every_layer = pytest.mark.parametrize("kind", PALETTE, ids=lambda kind: kind.name)
working = [kind for kind in PALETTE if kind.inputs or kind.growing]
every_working_layer = pytest.mark.parametrize("kind", working, ids=lambda kind: kind.name)
every_option = pytest.mark.parametrize(
    ("kind", "option"),
    [pytest.param(k, o, id=f"{k.name}.{o.name}") for k in PALETTE for o in k.options],
)
BATCH = 3


@pytest.fixture(autouse=True)
def session() -> Iterator[Session]:
    with use_session(Session(seed=1)) as session:
        session.floatx = "float64"
        yield session


def make(kind: NodeType, **options: Any) -> Any:
    """The layer with example values and these."""
    given = {**example_options(kind), **options}
    arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return layer_classes()[kind.name](name="layer", **arguments)


def arrays(kind: NodeType) -> list[Any]:
    """Random inputs that the layer takes; indices stay what they are if changed a little."""
    random = np.random.default_rng(7)
    sizes = [[BATCH, *(size or 1 for size in shape[1:])] for shape in example_shapes(kind)]
    if layer_classes()[kind.name].takes_indices:
        return [random.integers(0, 2, size) + 0.5 for size in sizes]
    return [random.normal(0.3, 1, size) for size in sizes]


def structure(kind: NodeType, inputs: list[Any]) -> Any:
    """The inputs as the layer is called on them."""
    return inputs if kind.growing or kind.inputs > 1 else inputs[0]


def test_every_exported_layer_is_in_the_palette_once() -> None:
    exported = [getattr(layers, name) for name in layers.__all__]
    shown = [
        item
        for item in exported
        if inspect.isclass(item) and item is not layers.Layer and item.in_palette
    ]
    names = ["Input" if item is layers.InputLayer else item.__name__ for item in shown]
    assert Counter(names) == Counter(kind.name for kind in PALETTE)
    assert [*(kind.name for kind in PALETTE), *BLOCK_CLASSES] == list(node_types())


@every_layer
def test_texts(kind: NodeType) -> None:
    assert kind.summary.endswith((".", ";", ":")) or " " in kind.summary
    assert kind.category
    for option in kind.options:
        assert option.help.endswith("."), option.name
        assert option.help[0].isupper(), option.name


@every_layer
def test_default_construction(kind: NodeType) -> None:
    project = example_drawing(kind)
    report = check(project)
    assert report.errors == ()
    model = build(project)
    assert model.count_params() == report.total_parameters
    assert model.get_layer("layer").count_params() == report.parameters["layer"]


@every_option
def test_allowed_values_are_allowed(kind: NodeType, option: Option) -> None:
    values = [example_value(option), *option.choices, *([None] if option.optional else [])]
    limits = [option.minimum, option.maximum]
    if not option.exclusive:
        whole = option.kind == "integer"
        values += [int(x) if whole else x for x in limits if x is not None]
    for value in [*values, *([] if option.required else [option.default])]:
        assert check_option(kind.name, option.name, value) == ""
        make(kind, **{option.name: value})


@every_option
def test_bad_values_are_refused_readably(kind: NodeType, option: Option) -> None:
    for value in bad_values(option):
        message = check_option(kind.name, option.name, value)
        assert message.startswith(option.name), value
        assert 10 < len(message) < 350, message
        assert "{" not in message
        assert not message.endswith(".")
        options = {**example_options(kind), option.name: value}
        (issue,) = check(example_drawing(kind, options)).errors
        assert (issue.node_id, issue.option, issue.message) == ("layer", option.name, message)


@every_option
def test_the_engine_refuses_the_same(kind: NodeType, option: Option) -> None:
    for value in bad_values(option):
        if value in (float("inf"), 10**400):
            continue  # no document can hold them; the engine may take them
        objects = options_of(layer_classes()[kind.name])[option.name].objects
        if objects and isinstance(value, list if option.kind == "number" else list | int | None):
            continue  # the engine takes objects, too, where a document has names
        with pytest.raises(OptionError, match=option.name):
            make(kind, **{option.name: value})


@every_working_layer
def test_symbolic_shape_is_the_real_shape(kind: NodeType) -> None:
    inputs = arrays(kind)
    outcome = examine(kind.name, example_options(kind), example_shapes(kind))
    result = np.asarray(make(kind)(structure(kind, inputs)))
    (shape,) = outcome.shapes
    assert [size if size is not None else BATCH for size in shape] == list(result.shape)
    predicted = build(example_drawing(kind)).predict(inputs if len(inputs) > 1 else inputs[0])
    assert predicted.shape == result.shape


def activations_of(kind: NodeType) -> list[dict[str, Any]]:
    """Options to try: the defaults, and every activation where there is a choice of them."""
    choices = next((o.choices for o in kind.options if o.name == "activation"), ())
    return [{}, *({"activation": choice} for choice in choices)]


@every_working_layer
@pytest.mark.parametrize("training", [False, True])
def test_planned_gradients_are_finite_differences(kind: NodeType, training: bool) -> None:
    for options in activations_of(kind):
        computed = Computation(kind, make(kind, **options), training)
        computed.check()


class Computation:
    """A random weighted sum of a layer's outputs, planned, with all of its gradients."""

    def __init__(self, kind: NodeType, layer: Any, training: bool) -> None:
        self.layer, self.inputs = layer, arrays(kind)
        tensors = [KerasTensor(array.shape, "float64") for array in self.inputs]
        layer.build_for(structure(kind, tensors))
        (output,) = [layer.trace(structure(kind, tensors), training=training)]
        factors = np.random.default_rng(3).normal(size=output.shape)
        with calling(Call(tracing=True)):  # plans are made of primitives
            loss = ops.sum(ops.multiply(output, factors))
        planner = Planner()
        for tensor, array in zip(tensors, self.inputs, strict=True):
            planner.bind(tensor, array)
        variables = layer.trainable_weights
        self.values = [*self.inputs, *(variable.array for variable in variables)]
        slots = {id(v): np.zeros(v.shape) for v in [*tensors, *variables]}
        nodes = planner.forward([loss], training=True)
        planner.backward(loss, nodes, slots)
        self.gradients = list(slots.values())
        self.plan, self.loss = planner.finish(), planner.array(loss)
        source = getattr(layer, "seed_generator", None)
        self.random = None if source is None else source.generator.bit_generator
        self.state = None if self.random is None else self.random.state

    def value(self) -> float:
        """The loss of the present values; the same random draws every time."""
        if self.random is not None:
            self.random.state = self.state
        self.plan.run()
        return float(self.loss)

    def check(self) -> None:
        """Along random directions, in every array, the derivative is that of differences."""
        random = np.random.default_rng(5)
        for array, gradient in zip(self.values, self.gradients, strict=True):
            direction = random.normal(size=array.shape)
            direction /= np.linalg.norm(direction)
            self.value()
            derivative = float((gradient * direction).sum())
            expected = difference(self.value, array, direction * 1e-6) / 2e-6
            assert derivative == pytest.approx(expected, rel=1e-6, abs=1e-8)
        assert self.values


def difference(value: Callable[[], float], array: Any, step: Any) -> float:
    """value(array + step) - value(array - step), with the array left as it was."""
    before = array.copy()
    array += step
    high = value()
    array[...] = before - step
    low = value()
    array[...] = before
    return high - low


@every_working_layer
def test_planned_is_eager(kind: NodeType) -> None:
    project = example_drawing(kind)
    model = build(project)
    inputs = arrays(kind)
    eager = model.get_layer("layer")(structure(kind, inputs))
    planned = model.predict(inputs if len(inputs) > 1 else inputs[0])
    np.testing.assert_allclose(planned, eager, rtol=1e-12, atol=1e-12)


@every_layer
def test_configuration_makes_an_equal_layer(kind: NodeType) -> None:
    for option in [*kind.options, None]:
        options = {} if option is None else {option.name: example_value(option)}
        layer = make(kind, **options)
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config()
        if example_shapes(kind):
            inputs = structure(kind, [KerasTensor(shape) for shape in example_shapes(kind)])
            assert again(inputs).shape == layer(inputs).shape
            assert [w.shape for w in again.weights] == [w.shape for w in layer.weights]


@every_layer
def test_a_document_survives_file_and_model(kind: NodeType) -> None:
    full = {option.name: example_value(option) for option in kind.options}
    for options in (example_options(kind), full):
        project = example_drawing(kind, options)
        reopened = from_json(to_json(project), "test.kgui")
        assert reopened == project
        drawn = project_from_model(build(reopened))
        (node,) = [node for node in drawn.graph.nodes if node.name == "layer"]
        assert node.type == kind.name
        defaults = {o.name: o.default for o in kind.options if not o.required}
        stated = {k: v for k, v in options.items() if k not in defaults or defaults[k] != v}
        assert node.options == stated
