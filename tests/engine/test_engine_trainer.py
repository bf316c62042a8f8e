"""Fits in a row, models that share layers, and what predict returns."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from small_models import ENDS, RANDOM, STARTS, X, Y, classifier, quiet, two_ends

from kgui import engine
from kgui.engine import Input, Model, Sequential, callbacks, layers, ops


def test_batches_larger_than_the_data() -> None:
    one, other = classifier(), classifier()
    other.set_weights(one.get_weights())
    whole = {"shuffle": False, "epochs": 2}
    assert quiet(one, X, Y, batch_size=1000, **whole) == quiet(other, X, Y, batch_size=20, **whole)


def test_compiling_again_keeps_weights_loss_and_metrics() -> None:
    model = classifier(metrics=["accuracy"])
    quiet(model, X, Y)
    before = model.get_weights()
    model.compile("adam")
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
    assert set(quiet(model, X, Y)) == {"loss", "accuracy"}
    assert int(model.optimizer.iterations.numpy()) == 1


def test_optimizer_state_goes_on_from_fit_to_fit() -> None:
    once, twice = classifier(), classifier()
    twice.set_weights(once.get_weights())
    for model in (once, twice):
        model.compile(engine.optimizers.Adam(0.05), "sparse_categorical_crossentropy")
    quiet(once, X, Y, epochs=4, shuffle=False)
    quiet(twice, X, Y, epochs=2, shuffle=False)
    quiet(twice, X, Y, epochs=4, initial_epoch=2, shuffle=False)
    for one, other in zip(once.get_weights(), twice.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_models_that_share_layers_train_in_turn() -> None:
    def pair() -> tuple[Model, Model, layers.Dense]:
        shared = layers.Dense(3, "tanh", kernel_initializer="ones", name="shared")
        models = []
        for units in (1, 2):
            inputs = Input((3,))
            end = layers.Dense(units, kernel_initializer="ones", name=f"end_{units}")
            models.append(Model(inputs, end(shared(inputs))))
            models[-1].compile(engine.optimizers.SGD(0.1, momentum=0.9), "mse")
        return models[0], models[1], shared

    first, second, shared = pair()
    seen = []
    for _ in range(3):
        quiet(first, X, ENDS[0], shuffle=False)
        quiet(second, X, ENDS[1], shuffle=False)
        seen.append(shared.get_weights()[0])
        # Both models and the layer look at one set of values.
        np.testing.assert_array_equal(first.get_weights()[0], second.get_weights()[0])
        np.testing.assert_array_equal(first.get_weights()[0], shared.get_weights()[0])
        hidden = np.tanh(X @ shared.get_weights()[0] + shared.get_weights()[1])
        kernel, bias = first.get_layer("end_1").get_weights()
        np.testing.assert_allclose(first.predict(X), hidden @ kernel + bias, 1e-5, 1e-6)
    assert not np.array_equal(seen[0], seen[1])
    # The first model's step is its own: the other model's training between changes only values.
    alone, _, own = pair()
    quiet(alone, X, ENDS[0], shuffle=False)
    again, _, _ = pair()
    quiet(again, X, ENDS[0], shuffle=False)
    np.testing.assert_array_equal(alone.get_weights()[0], own.get_weights()[0])


def test_setting_weights_while_training_is_felt() -> None:
    model = classifier()
    zeros = [np.zeros_like(weight) for weight in model.get_weights()]
    reset = callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: model.set_weights(zeros)
    )
    quiet(model, X, Y, callbacks=[reset])
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(np.log(2), rel=1e-6)


def test_changing_what_is_trainable_after_the_first_fit() -> None:
    model = classifier()
    quiet(model, X, Y)
    model.layers[0].trainable = False
    with pytest.raises(ValueError, match="Compile the model again"):
        quiet(model, X, Y)
    model.compile("sgd")
    frozen = model.layers[0].get_weights()
    quiet(model, X, Y)
    assert all(
        np.array_equal(*pair) for pair in zip(frozen, model.layers[0].get_weights(), strict=True)
    )


def test_a_model_without_anything_to_train() -> None:
    model = classifier()
    model.trainable = False
    model.compile("adam")
    before = model.get_weights()
    assert len(quiet(model, X, Y, epochs=2)["loss"]) == 2
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
    plain = Sequential([Input((3,)), layers.Activation("softmax")])
    plain.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert len(quiet(plain, X, Y)["accuracy"]) == 1


@pytest.mark.parametrize(
    "pack",
    [
        list,
        tuple,
        lambda ends: {"q": ends[0], "p": ends[1]},
        lambda ends: [ends[0], {"x": ends[1]}],
    ],
    ids=["list", "tuple", "dict", "nested"],
)
def test_predict_keeps_the_structure_of_outputs(pack: Callable[[Any], Any]) -> None:
    inputs = Input((3,))
    ends = [layers.Dense(2, name="two")(inputs), layers.Dense(1, name="one")(inputs)]
    model = Model(inputs, pack(ends))
    predicted = model.predict(X, batch_size=7)
    assert type(predicted) is type(pack([0, 0]))
    expected = pack([end(X) for end in (model.get_layer("two"), model.get_layer("one"))])
    flat = engine.structure.flatten
    assert len(flat(predicted)) == 2
    for one, other in zip(flat(predicted), flat(expected), strict=True):
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, other, 1e-6, 1e-6)


def test_predict_takes_sizes_that_the_graph_leaves_open() -> None:
    inputs = Input((None, 3))
    model = Model(inputs, layers.Dense(2)(inputs))
    assert model.predict(np.ones((5, 4, 3)), batch_size=2).shape == (5, 4, 2)
    assert model.predict(np.ones((5, 1, 3))).shape == (5, 1, 2)


def test_predict_joins_along_the_batch() -> None:
    inputs = Input((3,))
    model = Model(inputs, layers.Concatenate(axis=0)([inputs, inputs]))
    assert model.predict(X, batch_size=8).shape == (40, 3)


def test_an_input_that_is_an_output() -> None:
    inputs = Input((3,))
    model = Model(inputs, [inputs, layers.Dense(1)(inputs)])
    np.testing.assert_array_equal(model.predict(X)[0], X)


def test_flat_data_fits_an_input_of_size_one() -> None:
    model = Sequential([Input((1,)), layers.Dense(1)])
    assert model.predict(X[:, 0]).shape == (20, 1)
    np.testing.assert_array_equal(model.predict(X[:, 0]), model.predict(X[:, :1]))


def test_predict_classes() -> None:
    model = classifier()
    with pytest.warns(DeprecationWarning, match="predict_classes"):
        found = model.predict_classes(X)
    np.testing.assert_array_equal(found, model.predict(X).argmax(-1))


def test_losses_for_some_outputs_need_targets_for_those() -> None:
    model = two_ends()
    model.compile("sgd", {"q": "mse"})
    assert set(quiet(model, STARTS, {"q": ENDS[1]})) == {"loss"}


def test_sample_weights_by_output_name() -> None:
    by_name, listed = two_ends(), two_ends()
    listed.set_weights(by_name.get_weights())
    weights = RANDOM.uniform(0, 2, 20)
    one = quiet(by_name, STARTS, ENDS, sample_weight={"q": weights}, shuffle=False)
    other = quiet(listed, STARTS, ENDS, sample_weight=[np.ones(20), weights], shuffle=False)
    assert one == other


def test_shuffling_keeps_samples_targets_and_weights_together() -> None:
    seen: list[Any] = []

    def keep(y_true: Any, y_pred: Any) -> Any:
        return ops.absolute(ops.subtract(y_true, y_pred))

    inputs = Input((1,))
    model = Model(inputs, layers.Activation("linear")(inputs))
    model.compile("sgd", keep)
    rows = np.arange(50, dtype="float32")
    notes = callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(
            [buffer.copy() for buffer in model.train_program.buffers]
        )
    )
    history = quiet(
        model, rows, rows, sample_weight=rows, batch_size=8, epochs=3, callbacks=[notes]
    )
    assert history["loss"] == [0.0] * 3
    orders = []
    for epoch in range(3):
        parts = seen[epoch * 7 : epoch * 7 + 7]
        columns = [np.concatenate([p[i].reshape(-1) for p in parts]) for i in range(3)]
        assert np.array_equal(columns[0], columns[1]) and np.array_equal(columns[0], columns[2])
        assert sorted(columns[0]) == list(range(50))
        orders.append(columns[0].tolist())
    assert orders[0] != orders[1] != orders[2] != list(range(50))
