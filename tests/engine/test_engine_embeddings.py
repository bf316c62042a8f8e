"""Embedding: indices of every kind, gradients of repeated ones, and what it refuses."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
from gradient_check import Check

from kgui.engine import Input, Model, Sequential, layers, ops
from kgui.engine.backend import Session, set_floatx
from kgui.engine.backend.kernels import KERNELS
from kgui.engine.errors import IndexRangeError, LayerError
from kgui.engine.ops.lookup import take_rows

WORDS = np.array([[0, 1, 1, 4], [2, 2, 2, 3], [4, 4, 0, 0]])
TARGETS = np.array([[0.5], [-1.0], [2.0]])


def network(dtype: str | None = "int32") -> Any:
    x = Input((4,), dtype=dtype)
    return Model(x, layers.Dense(1)(layers.Flatten()(layers.Embedding(5, 3, name="words")(x))))


@pytest.mark.parametrize("dtype", ["float64", "float32", "int8", "int32", "int64", "uint8"])
def test_rows_of_every_kind_of_index(dtype: str) -> None:
    layer = layers.Embedding(5, 3)
    rows = layer(WORDS.astype(dtype))
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, layer.get_weights()[0][WORDS])
    np.testing.assert_array_equal(layer(WORDS[0].astype(dtype)), rows[0])


def test_fractions_are_cut_off() -> None:
    layer = layers.Embedding(5, 3)
    np.testing.assert_array_equal(layer(WORDS + 0.9), layer(WORDS))


@pytest.mark.parametrize("block", [4, 2**16])
def test_gradients_of_repeated_indices_add_up(
    session: Session, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr("kgui.engine.backend.kernels_lookup.BLOCK", block)
    session.floatx = "float64"
    table = np.random.default_rng(1).normal(size=(5, 3))
    Check(lambda x: take_rows(x, WORDS), [table]).run()
    Check(lambda x: take_rows(ops.multiply(x, x), WORDS[0]), [table]).run()
    Check(lambda x: ops.add(take_rows(x, WORDS), take_rows(x, WORDS[:, ::-1])), [table]).run()


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32", None])
def test_inputs_of_every_type_train_alike(dtype: str | None) -> None:
    model = network(dtype)
    start = [np.linspace(-1, 1, w.size).reshape(w.shape) for w in model.get_weights()]
    model.set_weights(start)
    model.compile("sgd", "mse")
    losses = model.fit(WORDS, TARGETS, epochs=2, batch_size=2, shuffle=False, verbose=0).history
    table, kernel, bias = start
    rows = table[WORDS].reshape(3, -1)
    first = ((rows[:2] @ kernel + bias - TARGETS[:2]) ** 2).mean()
    error = 2 / 2 * (rows[:2] @ kernel + bias - TARGETS[:2])
    sums, scattered = np.zeros_like(table), error @ kernel.T
    np.add.at(sums, WORDS[:2], scattered.reshape(2, 4, 3))
    table, bias = table - 0.01 * sums, bias - 0.01 * error.sum(0)
    kernel = kernel - 0.01 * rows[:2].T @ error
    last = ((table[WORDS[2:]].reshape(1, -1) @ kernel + bias - TARGETS[2:]) ** 2).mean()
    assert losses["loss"][0] == pytest.approx((2 * first + last) / 3, rel=1e-5)
    assert losses["loss"][1] < losses["loss"][0]
    assert model.inputs[0].dtype == (dtype or "float32")


def test_float64(session: Session) -> None:
    set_floatx("float64")
    model = network()
    assert model.predict(WORDS).dtype == np.float64


def test_given_weights() -> None:
    table = np.arange(15).reshape(5, 3)
    for given in (table, [table]):
        layer = layers.Embedding(5, 3, weights=given)
        np.testing.assert_array_equal(layer(WORDS), table[WORDS])
        assert "weights" not in layer.get_config()
    with pytest.raises(ValueError, match=r"shape \(5, 3\) is not compatible"):
        layers.Embedding(5, 3, weights=table.T)


def test_arguments() -> None:
    with pytest.warns(UserWarning, match="`input_length` is deprecated"):
        layers.Embedding(5, 3, input_length=4)
    with pytest.raises(ValueError, match="`lora_rank` is not supported"):
        layers.Embedding(5, 3, lora_rank=2)
    with pytest.raises(ValueError, match="input_dim"):
        layers.Embedding(0, 3)
    with pytest.raises(AttributeError, match="You must build the layer"):
        _ = layers.Embedding(5, 3).embeddings
    config = layers.Embedding(5, 3, mask_zero=True, embeddings_regularizer="l2").get_config()
    again = layers.Embedding.from_config(config)
    assert again.get_config() == config
    assert again.supports_masking
    assert not layers.Embedding(5, 3).supports_masking


@pytest.mark.parametrize("wrong", [5, -1, 70000, float("nan")])
@pytest.mark.parametrize("dtype", ["int32", "float32"])
def test_an_index_out_of_range_is_named_before_anything_changes(wrong: float, dtype: str) -> None:
    if dtype == "int32" and wrong != wrong:
        return
    data = WORDS.astype("float32")
    data[2, 3] = wrong
    shown = "nan" if wrong != wrong else str(int(wrong))
    model = network(dtype)
    model.compile("adam", "mse")
    model.fit(WORDS, TARGETS, verbose=0)
    before = [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)]
    said = f'"words" hold the index {shown}.*input_dim=5.*from 0 to 4'
    calls = (
        lambda: model.fit(data, TARGETS, batch_size=1, verbose=0),
        lambda: model.fit(WORDS, TARGETS, validation_data=(data, TARGETS), verbose=0),
        lambda: model.evaluate(data, TARGETS, verbose=0),
        lambda: model.predict(data),
        lambda: model.train_on_batch(data, TARGETS),
    )
    for call in calls:
        with pytest.raises((IndexError, ValueError), match=said):
            call()
    after = [*model.get_weights(), *(v.numpy() for v in model.optimizer.variables)]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    if wrong == wrong:
        with pytest.raises(IndexRangeError, match=said):
            model.get_layer("words")(data)


def test_models_within_models_look_at_their_data_too() -> None:
    inner = network()
    x, other = Input((4,), dtype="int32"), Input((1,))
    model = Model([x, other], layers.Add()([inner(x), other]))
    with pytest.raises(IndexRangeError, match='"words" hold the index 9'):
        model.predict([np.full((2, 4), 9), np.zeros((2, 1))])


def test_an_index_that_comes_up_on_the_way_is_found_as_well() -> None:
    x = Input((4,))
    model = Model(x, layers.Embedding(5, 3, name="words")(layers.Rescaling(2.0)(x)))
    assert model.predict(WORDS / 2).shape == (3, 4, 3)
    with pytest.raises(LayerError, match="'words' failed in the forward pass: The index 8 is"):
        model.predict(WORDS)


def test_no_memory_is_taken_per_step() -> None:
    rows = np.random.default_rng(0).integers(0, 1000, (64, 500))
    table, gradient = np.zeros((1000, 16), "float32"), np.ones((64, 500, 16), "float32")
    out, index = np.zeros_like(gradient), np.zeros(rows.shape, np.intp)
    steps = [
        KERNELS["indices"](rows, out=index, count=1000, meaning="input_dim"),
        KERNELS["take_rows"](table, index, out=out),
        KERNELS["add_rows"](index, gradient, out=table),
    ]
    for step in steps:
        step()
    tracemalloc.start()
    for step in steps:
        step()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1000
    assert peak < 80_000  # the buffer of one broadcast, whatever the sizes
    assert table.sum() == gradient.size


def test_sequential_with_whole_numbers() -> None:
    model = Sequential([layers.Embedding(5, 3), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    assert len(model.fit(WORDS, TARGETS, epochs=2, verbose=0).history["mae"]) == 2
    assert model.predict(WORDS).shape == (3, 1)


def test_a_layer_that_was_built_by_hand_keeps_its_weights() -> None:
    for layer, shape in ((layers.Embedding(5, 3), None), (layers.Dense(3), (None, 4))):
        layer.build(shape)
        assert layer.built
        start = [np.ones(weight.shape) for weight in layer.weights]
        layer.set_weights(start)
        layer(WORDS)
        assert all(np.all(weight == 1) for weight in layer.get_weights())


def test_a_build_that_fails_leaves_the_layer_unbuilt() -> None:
    layer = layers.Dense(3)
    with pytest.raises(ValueError, match="should be defined"):
        layer.build((None, None))
    assert not layer.built
