"""Sequential in all its spellings, and the graphs that models refuse."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, Sequential, layers
from kgui.engine.errors import DataError, OptionError, ShapeError
from kgui.engine.layers import Dense

X = np.linspace(-1, 1, 24).reshape(6, 4)
Y = np.arange(6) % 2

SPELLINGS: dict[str, Callable[[], Sequential]] = {
    "Input first": lambda: Sequential([Input((4,)), Dense(3, "relu"), Dense(2)]),
    "input_shape": lambda: Sequential([Dense(3, "relu", input_shape=(4,)), Dense(2)]),
    "input_dim": lambda: Sequential([Dense(3, "relu", input_dim=4), Dense(2)]),
    "InputLayer": lambda: Sequential([layers.InputLayer((4,)), Dense(3, "relu"), Dense(2)]),
    "deferred": lambda: Sequential([Dense(3, "relu"), Dense(2)]),
}


def added() -> Sequential:
    model = Sequential()
    model.add(Dense(3, "relu", input_shape=(4,)))
    model.add(Dense(2))
    return model


def added_to_input() -> Sequential:
    model = Sequential(name="mine")
    for layer in (Input((4,)), Dense(3, "relu"), Dense(2)):
        model.add(layer)
    return model


SPELLINGS |= {"add": added, "add to Input": added_to_input}


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_is_the_same_model(name: str) -> None:
    model = SPELLINGS[name]()
    assert [layer.units for layer in model.layers] == [3, 2]
    assert model.built is (name != "deferred")
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(X, Y, verbose=0)
    model.fit(X, Y, verbose=0)
    assert int(model.optimizer.iterations.numpy()) == 2
    assert [weight.shape for weight in model.weights] == [(4, 3), (3,), (3, 2), (2,)]
    assert (model.input_shape, model.output_shape) == ((None, 4), (None, 2))
    assert model.count_params() == 23
    assert model.predict(X).shape == (6, 2)


def test_models_that_no_data_has_reached() -> None:
    model = Sequential([Dense(3), Dense(2)])
    assert not model.built and model.weights == []
    assert model.predict(X).shape == (6, 2)
    assert model.built and len(model.weights) == 4
    other = Sequential([Dense(2)])
    other.build((None, 7))
    assert other.weights[0].shape == (7, 2)


def test_calling_builds() -> None:
    model = Sequential([Dense(3), Dense(2)])
    inputs = Input((4,))
    outer = Model(inputs, model(inputs))
    assert outer.predict(X).shape == (6, 2)
    assert np.asarray(Sequential([Dense(2)])(X)).shape == (6, 2)


def test_a_deferred_model_keeps_what_was_set_before() -> None:
    model = Sequential([Dense(3), Dense(2)])
    model.trainable = False
    model.compile("adam", "mse")
    model.evaluate(X, np.ones((6, 2)), verbose=0)
    assert model.trainable is False and model.trainable_weights == []
    assert model.optimizer.name == "adam"


def test_pop_and_add_again() -> None:
    model = SPELLINGS["Input first"]()
    kept = model.layers[0].get_weights()
    last = model.layers[-1]
    assert model.pop() is last
    assert model.output_shape == (None, 3)
    model.add(Dense(5, name="new"))
    assert model.output_shape == (None, 5)
    assert [layer.units for layer in model.layers] == [3, 5]
    np.testing.assert_array_equal(kept[0], model.layers[0].get_weights()[0])
    assert model.predict(X).shape == (6, 5)
    model.compile("sgd", "mse")
    model.fit(X, np.ones((6, 5)), verbose=0)


def test_layers_of_a_stack_stand_in_other_models() -> None:
    model = SPELLINGS["Input first"]()
    hidden = Model(model.inputs, model.layers[0].output)
    expected = np.maximum(X @ model.get_weights()[0] + model.get_weights()[1], 0)
    np.testing.assert_allclose(hidden.predict(X), expected, 1e-5, 1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Sequential([Dense(1, name="x"), Dense(1, name="x")]), "should have unique names"),
        (lambda: Sequential([Input((4,)), Input((4,))]), "already been configured"),
        (lambda: Sequential([Dense(1), Input((4,))]), "already been configured"),
        (lambda: Sequential([Input((4,)), np.ones(3)]), "Only instances of `keras.Layer`"),
        (lambda: Sequential([Dense(1, input_size=3)]), "Unrecognized keyword arguments"),
    ],
)
def test_stacks_that_are_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def graph_without_its_input() -> Any:
    a, b = Input((4,), name="a"), Input((4,), name="b")
    return Model(a, layers.Add()([Dense(4)(a), Dense(4)(b)]))


def two_of_one_name() -> Any:
    inputs = Input((4,))
    return Model(inputs, Dense(1, name="x")(Dense(1, name="x")(inputs)))


def two_inputs_of_one_name() -> Any:
    a, b = Input((4,), name="a"), Input((4,), name="a")
    return Model([a, b], layers.Add()([a, b]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (graph_without_its_input, "Graph disconnected: cannot find parent for tensor .*'b'"),
        (two_of_one_name, 'The name "x" is used 2 times in the model. All operation names'),
        (two_inputs_of_one_name, 'The name "a" is used 2 times'),
    ],
)
def test_graphs_that_are_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_layers_by_name_and_index() -> None:
    model = Sequential([Input((4,)), Dense(3, name="one"), Dense(2, name="two")])
    assert model.get_layer("two") is model.layers[1] is model.get_layer(index=1)
    message = r"No such layer: three. Existing layers are: \['one', 'two'\]"
    with pytest.raises(ValueError, match=message):
        model.get_layer("three")


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Dense(2)(Input(())), ShapeError, "expected min_ndim=2, found ndim=1"),
        (lambda: Dense(2)(np.ones(3)), ShapeError, "expected min_ndim=2, found ndim=1"),
        (lambda: Dense(2)(Input((None,))), ShapeError, "last dimension .* should be defined"),
        (lambda: Dense(2)(layers.Flatten()(Input((None, 3)))), ShapeError, "last dimension"),
        (lambda: layers.Add()(Input((3,))), ShapeError, "called on a list"),
        (lambda: layers.Add()([]), ShapeError, "at least 1 input"),
        (lambda: layers.Add()([Input((3,)), Input((4,))]), ShapeError, "incompatible shapes"),
        (lambda: layers.Add()([Input((3,)), Input((3, 4))]), ShapeError, "incompatible shapes"),
        (
            lambda: layers.Concatenate()([Input((3, 2)), Input((4, 2))]),
            ShapeError,
            "matching shapes except for the concatenation axis",
        ),
        (lambda: layers.Concatenate(axis=3)([Input((3,))] * 2), ShapeError, "out of bounds"),
        (lambda: Dense(0), OptionError, "units"),
        (lambda: Dense(2.5), OptionError, "expected a positive integer"),
        (lambda: Dense(2, activation="nope"), OptionError, "activation"),
        (lambda: layers.Dropout(1.5), OptionError, "rate"),
        (lambda: layers.Dropout(float("nan")), OptionError, "rate"),
    ],
)
def test_layers_that_are_refused(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_a_built_layer_keeps_its_size() -> None:
    layer = Dense(2)
    layer(np.ones((1, 4)))
    with pytest.raises(ShapeError, match="expected axis -1 of input shape to have value 4"):
        layer(Input((5,)))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([np.ones((4, 2))], r"a weight list of length 1, but the layer was expecting 2 weights"),
        ([np.ones((4, 3)), np.ones(2)], r"weight shape \(4, 2\) is not compatible"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(weights: Any, message: str) -> None:
    layer = Dense(2, name="d")
    layer(np.ones((1, 4)))
    before = layer.get_weights()
    with pytest.raises(ValueError, match=message):
        layer.set_weights(weights)
    assert all(np.array_equal(*pair) for pair in zip(before, layer.get_weights(), strict=True))


def test_symbolic_tensors_have_no_values() -> None:
    tensor = Input((3,))
    for use in (bool, float, int, np.asarray, iter):
        with pytest.raises((TypeError, ValueError, NotImplementedError), match="symbolic"):
            use(tensor)  # type: ignore[operator] # that is the point


def test_a_layer_never_called_has_no_output() -> None:
    with pytest.raises(AttributeError, match="has never been called"):
        _ = Dense(1, name="d").output


def test_configurations_make_equal_layers() -> None:
    for layer in (
        Dense(3, "relu", use_bias=False, kernel_initializer="he_normal", name="d"),
        layers.Dropout(0.3, seed=5),
        layers.Concatenate(axis=1),
        layers.Rescaling(0.5, offset=1.0),
        layers.Activation("tanh"),
    ):
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config()


def test_data_of_a_wrong_size_for_a_deferred_model() -> None:
    model = Sequential([Dense(2)])
    model.predict(X)
    with pytest.raises(DataError, match=r"expected shape=\(None, 4\), found shape=\(6, 2\)"):
        model.predict(X[:, :2])


def test_a_layer_that_does_not_fit_is_not_added() -> None:
    model = Sequential([Input((4,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="list of 2 inputs"):
        model.add(layers.Dot(axes=1))
    model.add(layers.Dense(3))
    assert len(model.layers) == 2
    assert model.predict(np.ones((1, 4)), verbose=0).shape == (1, 3)


def test_each_added_layer_is_called_once() -> None:
    model = Sequential([Input((4,))])
    for _ in range(30):
        model.add(layers.Dense(4))
    assert [len(layer.inbound_nodes) for layer in model.layers] == [1] * 30
    model.pop()
    assert len(model.layers) == 29
