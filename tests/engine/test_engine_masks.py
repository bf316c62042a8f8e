"""Masks: where they come from, how far they travel, and what counts under them."""

import warnings
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, Sequential, layers, losses, metrics, ops
from kgui.engine.layers import mask_merging
from kgui.engine.masking import mask_of, with_mask

WORDS = np.array([[1, 2, 0, 0], [3, 0, 0, 0], [2, 1, 4, 3]])
THERE = WORDS != 0
FLAT = np.random.default_rng(1).normal(size=(3, 4, 2)).astype("float32")


def masked(shape: tuple[int, ...] = (3, 4, 2)) -> Any:
    """An array under the mask of the words."""
    return with_mask(np.ones(shape, "float32"), THERE)


class Weighing(layers.Layer):
    """The mean of the steps that count."""

    seen: Any = "never called"

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return None

    def call(self, inputs: Any, mask: Any = None) -> Any:
        self.seen = mask
        if mask is None:
            return ops.mean(inputs, axis=1)
        share = ops.expand_dims(ops.cast(mask, "float32"), -1)
        return ops.divide(ops.sum(ops.multiply(inputs, share), axis=1), ops.sum(share, axis=1))


class Dropping(layers.Layer):
    """Leaves values as they are, and masks behind."""

    def call(self, inputs: Any) -> Any:
        return ops.multiply(inputs, 1.0)


def embedding() -> Any:
    return layers.Embedding(5, 2, mask_zero=True)


@pytest.mark.parametrize(
    "layer",
    [layers.Dense(3), layers.Activation("relu"), layers.Dropout(0.5), layers.Rescaling(2.0),
     layers.TimeDistributed(layers.Dense(3)), layers.Normalization(mean=0.0, variance=1.0)],
    ids=lambda layer: layer.name,
)  # fmt: skip
def test_layers_that_keep_masks(layer: Any) -> None:
    assert layer.supports_masking
    np.testing.assert_array_equal(mask_of(layer(masked())), THERE)
    assert mask_of(layer(FLAT)) is None
    x = embedding()(Input((4,)))
    assert mask_of(layer(x)) is mask_of(x)


@pytest.mark.parametrize("layer", [layers.Flatten(), Dropping()], ids=lambda layer: layer.name)
def test_layers_that_lose_masks_say_so(layer: Any) -> None:
    text = f"Layer '{layer.name}' .* does not support masking and will therefore destroy the mask"
    for inputs in (masked(), embedding()(Input((4,)))):
        with pytest.warns(UserWarning, match=text):
            assert mask_of(layer(inputs)) is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer(FLAT)


def test_what_is_computed_from_a_masked_array_is_plain() -> None:
    rows = embedding()(WORDS)
    assert mask_of(rows * 2) is None
    assert mask_of(rows.sum()) is None


def test_embeddings_mask_index_0() -> None:
    layer = embedding()
    np.testing.assert_array_equal(mask_of(layer(WORDS)), THERE)
    np.testing.assert_array_equal(layer.compute_mask(WORDS.astype("float32")), THERE)
    assert layers.Embedding(5, 2).compute_mask(WORDS) is None
    assert mask_of(layers.Embedding(5, 2)(WORDS)) is None


def test_masking_marks_steps_of_one_value() -> None:
    steps = FLAT.copy()
    steps[0, 1:] = steps[2, 0] = 7.0
    steps[1, 0, 0] = 7.0
    outputs = layers.Masking(7.0)(steps)
    there = ~(steps == 7.0).all(-1)
    np.testing.assert_array_equal(mask_of(outputs), there)
    np.testing.assert_array_equal(outputs, np.where(there[..., None], steps, 0))


def test_merging_layers_join_masks() -> None:
    half = with_mask(np.ones((3, 4, 2), "float32"), ~THERE)
    for layer in (layers.Add(), layers.Average(), layers.Multiply(), layers.Maximum()):
        assert mask_of(layer([masked(), half])).all()
        np.testing.assert_array_equal(mask_of(layer([masked(), masked()])), THERE)
        assert mask_of(layer([masked(), FLAT])) is None
    assert mask_of(layers.Dot(axes=2)([masked(), half])) is None
    join = layers.Concatenate()
    assert mask_of(join([masked(), FLAT])).all()
    assert mask_of(join([FLAT, FLAT])) is None
    np.testing.assert_array_equal(mask_of(join([masked(), masked()])), THERE)
    steps = mask_of(layers.Concatenate(axis=1)([masked(), FLAT]))
    np.testing.assert_array_equal(steps, np.hstack([THERE, np.ones((3, 4), bool)]))
    with pytest.raises(ValueError, match="should have the same length"):
        layers.Add().compute_mask([FLAT, FLAT], [THERE])
    with pytest.raises(ValueError, match="`mask` should be a list"):
        layers.Add().compute_mask([FLAT, FLAT], THERE)


ONE, OTHER = FLAT, FLAT[::-1].copy()
HALF = np.array([[True, True, False, False]] * 3)


def test_products_leave_out_what_does_not_count() -> None:
    total = layers.Multiply()([with_mask(ONE.copy(), THERE), with_mask(OTHER.copy(), HALF)])
    parts = [np.where(m[..., None], x, 1) for x, m in ((ONE, THERE), (OTHER, HALF))]
    either = THERE | HALF
    expected = np.where(either[..., None], parts[0] * parts[1], 0)
    np.testing.assert_allclose(total, expected, rtol=1e-6)
    np.testing.assert_array_equal(mask_of(total), either)
    half = mask_merging.product([ONE, OTHER], [THERE, None])
    np.testing.assert_allclose(half, parts[0] * OTHER, rtol=1e-6)
    assert mask_of(half) is None


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_extremes_are_chosen_from_what_counts(name: str) -> None:
    function, reference = getattr(ops, name), getattr(np, name)
    layer = getattr(layers, name.capitalize())()
    chosen = layer([with_mask(ONE.copy(), THERE), with_mask(OTHER.copy(), HALF)])
    first, second = THERE[..., None], HALF[..., None]
    # What counts nowhere stays as the first input has it.
    expected = np.where(second, np.where(first, reference(ONE, OTHER), OTHER), ONE)
    np.testing.assert_array_equal(chosen, expected)
    np.testing.assert_array_equal(mask_of(chosen), THERE | HALF)
    half = mask_merging.extreme(function, [ONE, OTHER], [None, HALF])
    np.testing.assert_array_equal(half, np.where(second, reference(ONE, OTHER), ONE))
    assert mask_of(half) is None


def test_layers_are_given_the_mask_they_ask_for() -> None:
    layer = Weighing()
    layer(FLAT)
    assert layer.seen is None
    under = layer(with_mask(FLAT, THERE))
    np.testing.assert_array_equal(layer.seen, THERE)
    np.testing.assert_allclose(under, layer(FLAT, mask=THERE), rtol=1e-6)
    np.testing.assert_allclose(under[1], FLAT[1, 0], rtol=1e-6)


def test_masks_of_several_arguments_go_by_name() -> None:
    class Pairing(layers.Layer):
        """Takes two tensors."""

        seen: Any = None

        def call(
            self, query: Any, value: Any, query_mask: Any = None, value_mask: Any = None
        ) -> Any:
            self.seen = query_mask, value_mask
            return ops.add(query, value)

    layer = Pairing()
    layer.supports_masking = True
    outputs = layer(masked(), FLAT)
    np.testing.assert_array_equal(layer.seen[0], THERE)
    assert layer.seen[1] is None
    np.testing.assert_array_equal(mask_of(outputs), THERE)
    layer(FLAT, value=masked(), query_mask=~THERE)
    np.testing.assert_array_equal(layer.seen[0], ~THERE)
    np.testing.assert_array_equal(layer.seen[1], THERE)


def model_of(kind: str) -> Any:
    """The words' embeddings to the mean of what counts, in several ways of building."""
    x = Input((4,), dtype="int32")
    if kind == "sequential":
        return Sequential([x, embedding(), layers.Dense(2), Weighing()])
    if kind == "nested":
        inside = Input((4, 2))
        inner = Model(inside, Weighing()(layers.Dense(2)(inside)))
        return Model(x, inner(embedding()(x)))
    if kind == "embedding inside":
        inside = Input((4,))
        inner = Model(inside, embedding()(inside))
        return Model(x, Weighing()(layers.Dense(2)(inner(x))))
    hidden = layers.Dense(2)(embedding()(x))
    if kind == "explicit":
        given = Input((4,), dtype="bool")
        return Model([x, given], Weighing()(hidden, mask=given))
    return Model(x, Weighing()(hidden))


KINDS = ["functional", "sequential", "nested", "embedding inside", "explicit"]


@pytest.mark.parametrize("kind", KINDS)
def test_masks_travel_through_models_planned_and_at_once(kind: str) -> None:
    model = model_of(kind)
    rows = np.random.default_rng(3).normal(size=(5, 2)).astype("float32")
    kernel = np.array([[1.0, 0.5], [-1.0, 2.0]])
    model.set_weights([rows, kernel, np.zeros(2)])
    values = rows[WORDS] @ kernel * THERE[..., None]
    expected = values.sum(1) / THERE.sum(1, keepdims=True)
    data = [WORDS, THERE] if kind == "explicit" else WORDS
    np.testing.assert_allclose(model.predict(data), expected, rtol=1e-5)
    np.testing.assert_allclose(model(data), expected, rtol=1e-5)


def test_a_model_takes_a_mask() -> None:
    inside = Input((4, 2))
    model = Model(inside, Weighing()(inside))
    np.testing.assert_allclose(model(FLAT, mask=THERE)[1], FLAT[1, 0], rtol=1e-6)
    np.testing.assert_allclose(model(FLAT), FLAT.mean(1), rtol=1e-5)


@pytest.mark.parametrize("weights", [None, np.random.default_rng(2).uniform(size=(3, 4))])
@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "mean_with_sample_weight"])
def test_losses_of_masked_steps(reduction: str, weights: Any) -> None:
    loss = losses.MeanAbsoluteError(reduction=reduction)
    errors = np.abs(FLAT - 1).mean(-1)
    shares = THERE * (1 if weights is None else weights)
    total = (errors * shares).sum()
    counts = {"sum": 1, "mean_with_sample_weight": shares.sum(), "sum_over_batch_size": THERE.sum()}
    found = loss(FLAT, masked(), weights)
    assert float(found) == pytest.approx(total / counts[reduction], rel=1e-5)
    nothing = with_mask(np.ones((3, 4, 2), "float32"), np.zeros((3, 4), bool))
    assert float(loss(FLAT, nothing, weights)) == 0


def test_losses_of_values_that_are_finer_than_their_mask() -> None:
    loss = losses.LossFunctionWrapper(lambda y_true, y_pred: ops.absolute(y_true - y_pred))
    expected = np.abs(FLAT - 1)[THERE].mean()
    assert float(loss(FLAT, masked())) == pytest.approx(expected, rel=1e-5)


def test_metrics_of_masked_steps() -> None:
    metric = metrics.MeanAbsoluteError()
    metric.update_state(FLAT, masked())
    errors = np.abs(FLAT - 1).mean(-1)
    # Samples count as often as they have steps, each for its mean step, as in Keras.
    assert metric.result() == pytest.approx(errors[THERE].sum() / THERE.sum(), rel=1e-5)
    weights = np.random.default_rng(2).uniform(size=(3, 4))
    metric.reset_state()
    metric.update_state(FLAT, masked(), weights)
    expected = (errors * weights * THERE).sum() / (weights * THERE).sum()
    assert metric.result() == pytest.approx(expected, rel=1e-5)


def test_fit_counts_what_the_mask_leaves() -> None:
    x = Input((4,), dtype="int32")
    model = Model(x, layers.Dense(2)(embedding()(x)))
    model.compile("sgd", "mse", metrics=["mae"])
    predicted = model.predict(WORDS)
    found = model.evaluate(WORDS, FLAT, verbose=0)
    squares, errors = (predicted - FLAT) ** 2, np.abs(predicted - FLAT)
    assert found == pytest.approx([squares[THERE].mean(), errors[THERE].mean()], rel=1e-5)
    before = model.get_weights()
    model.fit(WORDS[:2], FLAT[:2], epochs=2, verbose=0)
    after = model.get_weights()
    assert not np.array_equal(before[0][1], after[0][1])
    np.testing.assert_array_equal(before[0][0], after[0][0])  # index 0 never counts
