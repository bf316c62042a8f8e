"""The order of layers and weights in graphs with branches, shared layers and several ends."""

from collections.abc import Callable
from typing import Any

from golden_cases import Keras, Results, case, fill, values


def _branches(keras: Keras) -> object:
    dense = keras.layers.Dense
    inputs = keras.Input((4,), name="in")
    left = dense(3, name="left_1")(inputs)
    left = dense(3, name="left_2")(left)
    left = dense(3, name="left_3")(left)
    right = dense(3, name="right_1")(inputs)
    both = keras.layers.Concatenate(name="join")([right, left])
    return keras.Model(inputs, dense(2, name="out")(both))


def _skip(keras: Keras) -> object:
    dense, add = keras.layers.Dense, keras.layers.Add
    inputs = keras.Input((4,), name="in")
    x = dense(4, name="first")(inputs)
    y = add(name="add_1")([x, inputs])
    z = dense(4, name="second")(y)
    return keras.Model(inputs, add(name="add_2")([z, y, x, inputs]))


def _shared(keras: Keras) -> object:
    dense = keras.layers.Dense
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    shared = dense(4, name="shared")
    first = shared(a)
    second = dense(4, name="between")(shared(b))
    third = shared(second)
    both = keras.layers.Add(name="add")([first, third])
    return keras.Model([b, a], dense(1, name="out")(both))


def _many_ends(keras: Keras) -> object:
    dense = keras.layers.Dense
    a, b, c = (keras.Input((2,), name=name) for name in "abc")
    x = dense(3, name="x")(a)
    y = dense(3, name="y")(b)
    z = dense(3, name="z")(c)
    xy = keras.layers.Concatenate(name="xy")([x, y])
    deep = dense(2, name="deep_2")(dense(2, name="deep_1")(xy))
    return keras.Model([c, a, b], [dense(1, name="end_z")(z), deep, dense(1, name="end_x")(x), y])


def _output_inside(keras: Keras) -> object:
    dense = keras.layers.Dense
    inputs = keras.Input((4,), name="in")
    first = dense(3, name="first")(inputs)
    second = dense(2, name="second")(first)
    return keras.Model(inputs, [second, first, inputs])


def _left_out(keras: Keras) -> object:
    dense = keras.layers.Dense
    inputs, unused = keras.Input((4,), name="in"), keras.Input((4,), name="unused")
    first = dense(3, name="first")(inputs)
    dense(2, name="elsewhere")(first)
    return keras.Model([inputs, unused], dense(2, name="second")(first))


def _nested(keras: Keras) -> object:
    dense = keras.layers.Dense
    inner_in = keras.Input((4,), name="inner_in")
    inner = keras.Model(inner_in, dense(4, name="inner_dense")(inner_in), name="inner")
    inputs = keras.Input((4,), name="in")
    x = inner(dense(4, name="before")(inputs))
    stack = keras.Sequential([dense(3, name="s1"), dense(4, name="s2")], name="stack")
    both = keras.layers.Add(name="add")([stack(x), inner(inputs)])
    return keras.Model(inputs, dense(1, name="out")(both))


def _ladder(keras: Keras) -> object:
    dense, add = keras.layers.Dense, keras.layers.Add
    inputs = keras.Input((3,), name="in")
    rails = [dense(3, name=f"start_{i}")(inputs) for i in range(3)]
    for rung in range(3):
        rails = [
            add(name=f"rung_{rung}_{i}")([rails[i], dense(3, name=f"d_{rung}_{i}")(rails[i - 1])])
            for i in (2, 0, 1)
        ]
    return keras.Model(inputs, keras.layers.Concatenate(name="end")(rails))


def _operators(keras: Keras) -> object:
    dense = keras.layers.Dense
    inputs = keras.Input((3,), name="in")
    x = dense(3, name="x")(inputs)
    y = dense(3, name="y")(inputs)
    mixed = (x + y) * x - inputs / 2.0
    return keras.Model(inputs, dense(2, name="out")(1.0 - (-mixed)))


GRAPHS: dict[str, Callable[[Keras], object]] = {
    "branches": _branches,
    "skip": _skip,
    "shared": _shared,
    "many ends": _many_ends,
    "output inside": _output_inside,
    "left out": _left_out,
    "nested": _nested,
    "ladder": _ladder,
    "operators": _operators,
}


def _paths(weights: list[Any]) -> list[str]:
    """layer/weight; Keras puts the model before it where building was deferred."""
    return ["/".join(weight.path.split("/")[-2:]) for weight in weights]


@case()
def layer_order(keras: Keras) -> Results:
    """Names of layers, inputs and outputs, and the weights in the order of get_weights."""
    results: dict[str, object] = {}
    for name, build in GRAPHS.items():
        model = build(keras)
        results[f"{name} layers"] = [layer.name for layer in model.layers]
        results[f"{name} weights"] = _paths(model.weights)
        results[f"{name} shapes"] = [list(weight.shape) for weight in model.get_weights()]
        results[f"{name} inputs"] = [tensor.name for tensor in model.inputs]
        results[f"{name} outputs"] = list(model.output_names)
        results[f"{name} count"] = model.count_params()
    return results


@case()
def graph_predictions(keras: Keras) -> Results:
    """What every graph computes with weights set in that order."""
    results = {}
    for name, build in GRAPHS.items():
        model = fill(build(keras))
        data = [values((5, tensor.shape[-1]), seed) for seed, tensor in enumerate(model.inputs)]
        outputs = model.predict(data if len(data) > 1 else data[0], verbose=0)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        results.update({f"{name} {index}": output for index, output in enumerate(outputs)})
    return results


@case()
def inner_models(keras: Keras) -> Results:
    """Models between tensors inside another model's graph."""
    dense = keras.layers.Dense
    inputs = keras.Input((3,), name="in")
    first = dense(4, name="first", activation="relu")(inputs)
    second = dense(2, name="second")(first)
    third = dense(1, name="third")(second)
    whole = fill(keras.Model(inputs, third))
    head = keras.Model(inputs, first)
    tail = keras.Model(first, third)
    middle = keras.Model(first, second)
    x = values((4, 3), 2)
    hidden = head.predict(x, verbose=0)
    return {
        "tail layers": [layer.name for layer in tail.layers][1:],
        "tail weights": _paths(tail.weights),
        "tail": tail.predict(hidden, verbose=0),
        "middle": middle.predict(hidden, verbose=0),
        "whole": whole.predict(x, verbose=0),
    }


@case()
def automatic_names(keras: Keras) -> Results:
    """Names that are made where none is given, and what consumes a number."""
    layers = keras.layers
    names = [
        layer.name
        for layer in (
            layers.Dense(1), layers.Dense(1), layers.Dense(1, name="dense_2"), layers.Dense(1),
            layers.Activation("relu"), layers.Flatten(), layers.Concatenate(), layers.Add(),
            layers.Rescaling(1.0), layers.Dropout(0.1), layers.Dropout(0.1),
        )
    ]  # fmt: skip
    first, second = keras.Input((1,)), keras.Input((1,))
    one = keras.Model(first, layers.Dense(1)(first))
    two = keras.Model(second, layers.Dense(1)(second))
    models = [keras.Sequential().name, one.name, two.name, keras.Sequential().name]
    optimizers = [keras.optimizers.Adam().name, keras.optimizers.SGD().name]
    return {
        "layers": names,
        "inputs": [one.layers[0].name, two.layers[0].name],
        "models": models,
        "optimizers": optimizers,
    }


@case()
def trainable_switch(keras: Keras) -> Results:
    """What freezing does to the lists of weights."""
    model = _nested(keras)
    results: dict[str, object] = {}

    def note(name: str) -> None:
        results[f"{name} trainable"] = _paths(model.trainable_weights)
        results[f"{name} frozen"] = _paths(model.non_trainable_weights)
        results[f"{name} all"] = _paths(model.weights)
        results[f"{name} flags"] = [bool(layer.trainable) for layer in model.layers]

    model.get_layer("before").trainable = False
    note("one layer")
    model.get_layer("inner").trainable = False
    note("inner model")
    model.trainable = False
    note("all")
    model.trainable = True
    note("none")
    return results
