"""More models for files: every family of layers, entered in the table of `saved_models`."""

from typing import Any

import numpy as np
from saved_models import Data, Keras, labels, model, numbers, rows


@model(numbers)
def normalizations(keras: Keras) -> Any:
    """Every normalization, with options, side by side."""
    layers, inputs = keras.layers, keras.Input((4,))
    hidden = layers.Dense(6, activation="tanh")(inputs)
    kinds = [
        layers.BatchNormalization(momentum=0.8, scale=False),
        layers.BatchNormalization(gamma_regularizer="l2", beta_constraint="non_neg", name="last"),
        layers.BatchNormalization(trainable=False),
        layers.LayerNormalization(epsilon=1e-4, center=False),
        layers.GroupNormalization(groups=3),
        layers.RMSNormalization(),
        layers.UnitNormalization(),
    ]
    ends = [kind(hidden) for kind in kinds]
    net = keras.Model(inputs, layers.Dense(2)(layers.Concatenate()(ends)))
    net.compile("rmsprop", "mse")
    return net


def words() -> Data:
    """Sequences of numbers of words, 0 for none."""
    found = labels(7, 5)
    found[:, 4] = 0
    return found, rows((2,))[0]


@model(words)
def sequences(keras: Keras) -> Any:
    """Embedding with a mask, and layers inside layers."""
    layers, inputs = keras.layers, keras.Input((5,), dtype="int32")
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu")])
    inner.add(layers.Dense(3))
    hidden = layers.Embedding(7, 3, mask_zero=True, embeddings_regularizer="l1")(inputs)
    hidden = layers.TimeDistributed(layers.Dense(3, activation="tanh"))(hidden)
    hidden = layers.TimeDistributed(inner, name="each")(hidden)
    net = keras.Model(inputs, layers.Dense(2)(layers.Flatten()(hidden)))
    net.compile("adam", keras.losses.LogCosh())
    return net


@model(numbers)
def prepared(keras: Keras) -> Any:
    """Statistics that were adapted, places and classes of numbers."""
    layers, inputs = keras.layers, keras.Input((4,))
    seen = layers.Normalization()
    seen.adapt(rows((4,))[0] * 3 + 1)
    placed = layers.Discretization(bin_boundaries=[-1.0, 0.0, 0.5])(inputs)
    counted = layers.CategoryEncoding(num_tokens=4, output_mode="multi_hot")(placed)
    known = layers.Normalization(mean=0.5, variance=2.0, invert=True)(inputs)
    ends = [seen(inputs), counted, known, layers.Rescaling(0.5, offset=1.0)(inputs)]
    net = keras.Model(inputs, layers.Dense(2)(layers.Concatenate()(ends)))
    net.compile("sgd", "mse")
    return net


@model(numbers)
def restless(keras: Keras) -> Any:
    """Layers that draw random numbers in training; here at rates that leave nothing to chance."""
    layers, inputs = keras.layers, keras.Input((4,))
    hidden = layers.Dropout(0.0, noise_shape=(None, 1), seed=3)(inputs)
    hidden = layers.GaussianDropout(0.0, seed=4)(layers.GaussianNoise(0.0)(hidden))
    hidden = layers.ActivityRegularization(l1=0.01, l2=0.02)(layers.Dense(4)(hidden))
    net = keras.Model(inputs, layers.Dense(2)(hidden))
    net.compile("sgd", "mse")
    return net


@model(lambda: (rows((4,))[0], np.abs(numbers()[1])))
def initialized(keras: Keras) -> Any:
    """Initializers, regularizers and constraints as objects, with options."""
    layers, start, own = keras.layers, keras.initializers, keras.regularizers
    limits = keras.constraints
    options = [
        {"kernel_initializer": start.RandomUniform(-0.2, 0.3, seed=1),
         "bias_initializer": start.Constant(0.25), "kernel_regularizer": own.L1L2(0.01, 0.02)},
        {"kernel_initializer": start.VarianceScaling(2.0, "fan_out", "uniform", seed=2),
         "kernel_constraint": limits.MinMaxNorm(0.1, 1.5, rate=0.5, axis=0),
         "activity_regularizer": own.L2(0.1)},
        {"kernel_initializer": start.Orthogonal(gain=0.7, seed=3),
         "bias_regularizer": "l2", "bias_constraint": limits.NonNeg()},
        {"kernel_initializer": start.TruncatedNormal(stddev=0.1, seed=4),
         "kernel_constraint": "unit_norm", "kernel_regularizer": own.L1(0.1)},
    ]  # fmt: skip
    net = keras.Sequential([keras.Input((4,)), *(layers.Dense(3, **given) for given in options)])
    net.add(layers.Dense(2))
    net.compile(keras.optimizers.Lion(keras.optimizers.schedules.PiecewiseConstantDecay(
        [4, 9], [0.01, 0.005, 0.001])), keras.losses.CosineSimilarity(axis=-1),
        metrics=[keras.metrics.CosineSimilarity(axis=1), keras.metrics.MeanMetricWrapper(
            keras.losses.mean_squared_error, name="own")])  # fmt: skip
    return net


@model(lambda: ([numbers()[0], numbers()[0] + 1], numbers()[1]))
def operators(keras: Keras) -> Any:
    """Sums and products of tensors between layers."""
    layers, a, b = keras.layers, keras.Input((4,), name="a"), keras.Input((4,), name="b")
    hidden = layers.Dense(4, activation="tanh")(a)
    hidden = (hidden + b) * 0.5 - hidden / 2.0
    hidden = keras.ops.maximum(hidden, -a) + hidden
    net = keras.Model([a, b], layers.Dense(2)(keras.ops.tanh(hidden)))
    net.compile("adam", "mse")
    return net
