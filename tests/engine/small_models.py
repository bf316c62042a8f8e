"""Small models and data that several tests train."""

from typing import Any

import numpy as np

from kgui.engine import Input, Model, Sequential, layers

RANDOM = np.random.default_rng(4)
X = RANDOM.uniform(-1, 1, (20, 3)).astype("float32")
Y = RANDOM.integers(0, 2, 20)


def classifier(**options: Any) -> Model:
    model = Sequential([Input((3,)), layers.Dense(4, "relu"), layers.Dense(2, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", **options)
    return model


def two_ends() -> Model:
    a, b = Input((3,), name="a"), Input((2,), name="b")
    hidden = layers.Dense(4, name="hidden")(layers.Concatenate()([a, b]))
    model = Model([a, b], [layers.Dense(1, name="p")(hidden), layers.Dense(2, name="q")(hidden)])
    model.compile("sgd", "mse")
    return model


STARTS = [X, X[:, :2].copy()]
ENDS = [X[:, :1].copy(), X[:, 1:].copy()]


def quiet(model: Model, *data: Any, **options: Any) -> dict[str, list[float]]:
    return model.fit(*data, verbose=0, **options).history
