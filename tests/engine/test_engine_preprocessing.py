"""Normalization, Discretization, CategoryEncoding: adapted, in models, and what they refuse."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from kgui.engine import Input, Model, layers
from kgui.engine.errors import IndexRangeError, LayerError, OptionError

TABLE = np.random.default_rng(1).normal(3, 2, (40, 3)).astype("float32")
TOKENS = np.array([[0, 1], [2, 2], [3, 0]])


class Numbered:
    """Batches by number, without an iterator."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> Any:
        return TABLE[index * 10 : index * 10 + 10], None


def batches() -> Iterator[Any]:
    yield TABLE[:7]
    yield TABLE[7:32], "targets"
    yield TABLE[32:]


@pytest.mark.parametrize(
    "data", [TABLE, batches, [TABLE[:30], TABLE[30:]], Numbered()],
    ids=["array", "generator", "list", "numbered"],
)  # fmt: skip
def test_normalization_takes_in_data(data: Any) -> None:
    layer = layers.Normalization(name="norm")
    layer.adapt(data() if callable(data) else data)
    outputs = layer(TABLE)
    np.testing.assert_allclose(outputs.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(outputs.std(0), 1, atol=1e-5)
    paths = [weight.path for weight in layer.weights]
    assert paths == ["norm/mean", "norm/variance", "norm/count"]
    assert layer.trainable_weights == []
    np.testing.assert_allclose(layer.get_weights()[1], TABLE.var(0), rtol=1e-5)


@pytest.mark.parametrize("axis", [None, -1, 1, (1, 2)])
def test_normalization_and_its_inverse(axis: Any) -> None:
    data = np.random.default_rng(2).normal(3, 2, (6, 4, 3)).astype("float32")
    layer, back = layers.Normalization(axis), layers.Normalization(axis, invert=True)
    layer.adapt(data)
    back.adapt(data)
    np.testing.assert_allclose(back(layer(data)), data, rtol=1e-4, atol=1e-4)


def test_normalization_within_models() -> None:
    layer, x = layers.Normalization(), Input((3,))
    model = Model(x, layer(x))
    np.testing.assert_allclose(model.predict(TABLE, verbose=0), TABLE, rtol=1e-6)
    layer.adapt(TABLE)
    np.testing.assert_allclose(model.predict(TABLE, verbose=0), layer(TABLE), rtol=1e-5)
    again = layers.Normalization.from_config(layer.get_config())
    again(TABLE)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(TABLE), layer(TABLE))


def test_normalization_refuses() -> None:
    with pytest.raises(OptionError, match="both `mean` and `variance` must be set"):
        layers.Normalization(mean=1.0)
    with pytest.raises(OptionError, match="must have the same shape"):
        layers.Normalization(mean=1.0, variance=[1.0])
    with pytest.raises(OptionError, match="The rank of `mean`"):
        layers.Normalization(axis=None, mean=[1.0], variance=[1.0])
    with pytest.raises(ValueError, match="must have a known shape"):
        layers.Normalization(axis=1)(Input((None, 3)))
    with pytest.raises(ValueError, match="must be in the range"):
        layers.Normalization(axis=3)(TABLE)
    layer = layers.Normalization()
    layer.adapt(TABLE)
    with pytest.raises(ValueError, match=r"data.shape=\(40, 2\)"):
        layer.adapt(TABLE[:, :2])
    for data, error, text in (
        ([], ValueError, "empty iterable"),
        (3, TypeError, "Unsupported data type"),
        ([[1.0, 2.0]], TypeError, "Got an element of type list"),
    ):
        with pytest.raises(error, match=text):
            layers.Normalization().adapt(data)
    with pytest.raises(ValueError, match="was not given `mean`"):
        layers.Normalization(mean=0.0, variance=1.0).adapt(TABLE)


@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
def test_bins_eagerly_and_planned(mode: str) -> None:
    x = Input((3,))
    layer = layers.Discretization([0.0, 2.0, 5.0], output_mode=mode)
    model = Model(x, layer(x))
    data = np.vstack([TABLE, [[0.0, 2.0, np.nan]]]).astype("float32")
    places = np.digitize(data, [0.0, 2.0, 5.0])
    rows = np.eye(4)[places]
    expected = {"int": places, "one_hot": rows, "count": rows.sum(1), "multi_hot": rows.max(1)}
    for outputs in (layer(data), model.predict(data, verbose=0)):
        np.testing.assert_array_equal(outputs, expected[mode])
    assert layer(data).dtype == ("int32" if mode == "int" else "float32")


@pytest.mark.parametrize("data", ["array", "batches"])
def test_bins_of_equally_many_values(data: str) -> None:
    layer = layers.Discretization(num_bins=4, epsilon=0.001)
    values = np.random.default_rng(3).normal(size=1000)
    with pytest.raises(ValueError, match="You need to either pass"):
        layer(values)
    layer.adapt(values if data == "array" else (values[i::5] for i in range(5)))
    counts = np.bincount(np.asarray(layer(values)), minlength=4)
    assert np.all(np.abs(counts - 250) < 8)
    again = layers.Discretization.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    np.testing.assert_array_equal(again(values), layer(values))
    layer.adapt(iter([values] * 9), steps=1)
    assert layer.summary[1].sum() == pytest.approx(1000)


def test_bins_refuse() -> None:
    with pytest.raises(OptionError, match="You need to set either"):
        layers.Discretization()
    with pytest.raises(ValueError, match="should not be set"):
        layers.Discretization([1.0], num_bins=2)
    with pytest.raises(OptionError, match="rising order"):
        layers.Discretization([2.0, 1.0])
    with pytest.raises(ValueError, match="Cannot adapt"):
        layers.Discretization([2.0]).adapt(TABLE)
    for mode in ("int", "count"):
        with pytest.raises(ValueError, match="sparse=True"):
            layers.Discretization([1.0], sparse=True, output_mode=mode)


@pytest.mark.parametrize("dtype", ["int32", "float32"])
@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
def test_categories_eagerly_and_planned(mode: str, dtype: str) -> None:
    x = Input((2,), dtype=dtype)
    layer = layers.CategoryEncoding(4, mode)
    rows = np.eye(4)[TOKENS]
    expected = {"one_hot": rows, "count": rows.sum(1), "multi_hot": rows.max(1)}[mode]
    for outputs in (
        layer(TOKENS),
        layer(TOKENS.tolist()),
        Model(x, layer(x)).predict(TOKENS, verbose=0),
    ):
        np.testing.assert_array_equal(outputs, expected)


def test_categories_with_weights_in_a_model() -> None:
    x, weights = Input((2,), dtype="int32"), Input((2,))
    layer = layers.CategoryEncoding(4, "count")
    model = Model([x, weights], layer(x, count_weights=weights))
    given = np.array([[0.5, 2.0], [1.0, 0.25], [3.0, 0.0]])
    expected = [[0.5, 2, 0, 0], [0, 0, 1.25, 0], [0, 0, 0, 3]]
    np.testing.assert_allclose(model.predict([TOKENS, given]), expected)
    with pytest.raises(ValueError, match="`count_weights` is not used"):
        layers.CategoryEncoding(4)(TOKENS, count_weights=given)


@pytest.mark.parametrize("wrong", [4, -1])
def test_categories_out_of_range(wrong: int) -> None:
    x = Input((2,), dtype="int32")
    model = Model(x, layers.CategoryEncoding(4, name="kinds")(x))
    with pytest.raises(IndexRangeError, match=f'"kinds" hold the index {wrong}.*num_tokens=4'):
        model.predict(np.full((2, 2), wrong))
    with pytest.raises(IndexRangeError, match=f"The index {wrong} is out of range"):
        layers.CategoryEncoding(4)([wrong])
    scaled = Model(x, layers.CategoryEncoding(4, name="kinds")(layers.Rescaling(3.0)(x)))
    with pytest.raises(LayerError, match="num_tokens=4"):
        scaled.predict(np.full((2, 2), wrong))


def test_categories_refuse() -> None:
    with pytest.raises(ValueError, match="num_tokens must be set"):
        layers.CategoryEncoding()
    with pytest.raises(ValueError, match="num_tokens"):
        layers.CategoryEncoding(0)
    with pytest.raises(ValueError, match="output_mode"):
        layers.CategoryEncoding(3, output_mode="int")  # type: ignore[arg-type] # that is the point
