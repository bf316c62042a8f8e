"""TimeDistributed: the layer inside, step by step, with masks and training."""

import numpy as np
import pytest

from kgui.engine import Input, layers

THERE = np.array([[1, 2, 0, 0], [3, 0, 0, 0], [2, 1, 4, 3]]) != 0
FLAT = np.random.default_rng(1).normal(size=(3, 4, 2)).astype("float32")


def test_time_distributed_checks_its_mask_and_input() -> None:
    layer = layers.TimeDistributed(layers.Dense(2))
    with pytest.raises(ValueError, match="at least 3 dimensions"):
        layer(np.ones((2, 3)))
    with pytest.raises(ValueError, match="must be at least 2D"):
        layer(FLAT, mask=THERE[:, 0])
    with pytest.raises(ValueError, match=r"incompatible with the input shape \(3, 4, 2\)"):
        layer(FLAT, mask=THERE[:, :2])
    with pytest.raises(ValueError, match="Please initialize `TimeDistributed` layer with"):
        layers.TimeDistributed(len)  # type: ignore[arg-type] # that is the point


def test_time_distributed_is_the_layer_at_every_step() -> None:
    inner = layers.Dense(3, activation="tanh")
    layer = layers.TimeDistributed(inner, name="steps")
    outputs = layer(FLAT)
    for step in range(4):
        np.testing.assert_allclose(outputs[:, step], inner(FLAT[:, step]), rtol=1e-6)
    assert [weight.path for weight in layer.weights] == [
        "steps/dense/kernel", "steps/dense/bias",
    ]  # fmt: skip
    again = layers.TimeDistributed.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.compute_output_shape((None, 4, 2)) == (None, 4, 3)
    assert layer(Input((None, 2))).shape == (None, None, 3)


def test_time_distributed_passes_training_on() -> None:
    layer = layers.TimeDistributed(layers.Dropout(0.5, seed=1))
    assert (layer(np.ones((8, 4, 9)), training=True) == 0).any()
    np.testing.assert_array_equal(layer(FLAT), FLAT)
