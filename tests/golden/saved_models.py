"""Models for files that Keras and kgui give each other: built alike by either library."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Keras = Any
Data = tuple[Any, Any]
Build = Callable[[Keras], Any]

MODELS: dict[str, tuple[Build, Callable[[], Data]]] = {}
"""Name -> what builds and compiles a model, and what makes data for it."""


def rows(*shapes: tuple[int, ...]) -> list[Any]:
    """Arrays of random numbers, the same every time."""
    generator = np.random.default_rng(7)
    return [generator.standard_normal((24, *shape)).astype("float32") for shape in shapes]


def labels(count: int, *size: int) -> Any:
    """Class indices, the same every time."""
    return np.random.default_rng(8).integers(0, count, (24, *size))


def model(data: Callable[[], Data]) -> Callable[[Build], Build]:
    """Enters a builder in the table."""

    def enter(build: Build) -> Build:
        MODELS[build.__name__] = build, data
        return build

    return enter


def classes() -> Data:
    """Rows of four numbers, three classes."""
    return rows((4,))[0], labels(3)


def numbers() -> Data:
    """Rows of four numbers, two numbers to predict."""
    return rows((4,))[0], rows((4,), (2,))[1]


@model(classes)
def sequential(keras: Keras) -> Any:
    """A stack with normalization, trained as most are."""
    layers = keras.layers
    net = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6, activation="relu", kernel_initializer="he_normal"),
         layers.BatchNormalization(), layers.Dense(3, activation="softmax")]
    )  # fmt: skip
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


@model(lambda: (rows((4,), (3,)), {"p": labels(2), "q": rows((1,))[0]}))
def graph(keras: Keras) -> Any:
    """Two inputs and outputs, a shared layer, models as layers, objects to train with."""
    layers = keras.layers
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    stack = keras.Sequential([keras.Input((4,)), layers.Dense(4, activation="tanh")])
    inside = keras.Input((3,))
    inner = keras.Model(inside, layers.Activation("relu")(layers.Dense(3)(inside)), name="inner")
    shared = layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.01), name="shared")
    joined = layers.Concatenate()([shared(stack(a)), shared(stack(stack(a))), inner(b)])
    p = layers.Dense(2, activation="softmax", name="p")(joined)
    q = layers.Dense(1, name="q", kernel_constraint=keras.constraints.MaxNorm(2.0))(joined)
    net = keras.Model([a, b], {"p": p, "q": q})
    net.compile(
        keras.optimizers.Nadam(0.01, use_ema=True),
        loss={"p": "sparse_categorical_crossentropy", "q": keras.losses.Huber()},
        loss_weights={"p": 1.0, "q": 0.5},
        metrics={"p": ["accuracy"], "q": [keras.metrics.MeanAbsoluteError(name="far"), "mse"]},
    )
    return net


@model(lambda: ({"x": numbers()[0]}, numbers()[1]))
def schedule(keras: Keras) -> Any:
    """A learning rate that falls, gradients that add up, a frozen layer, an Input by dict."""
    layers, inputs = keras.layers, keras.Input((4,), name="x")
    hidden = layers.Dense(4, activation="elu", trainable=False)(inputs)
    hidden = layers.Add()([hidden, layers.Dense(4)(inputs)])
    net = keras.Model({"x": inputs}, layers.Dense(2)(hidden))
    rate = keras.optimizers.schedules.CosineDecay(0.005, 30, alpha=0.1)
    net.compile(
        keras.optimizers.SGD(rate, momentum=0.9, nesterov=True, gradient_accumulation_steps=2),
        loss=keras.losses.MeanSquaredError(reduction="sum"),
        metrics=[keras.metrics.RootMeanSquaredError()],
        weighted_metrics=["mae"],
    )
    return net


OPTIMIZERS: dict[str, dict[str, Any]] = {
    "SGD": {}, "sgd_momentum": {"class": "SGD", "momentum": 0.8}, "RMSprop": {},
    "rmsprop_all": {"class": "RMSprop", "centered": True, "momentum": 0.5, "clipvalue": 0.3},
    "Adam": {}, "adam_all": {"class": "Adam", "amsgrad": True, "use_ema": True, "clipnorm": 1.0},
    "AdamW": {"weight_decay": 0.01}, "Adamax": {}, "Nadam": {}, "Adagrad": {}, "Adadelta": {},
    "Ftrl": {}, "Lion": {}, "Lamb": {},
    "accumulating": {"class": "Adam", "gradient_accumulation_steps": 3, "use_ema": True},
}  # fmt: skip


def optimized(name: str) -> Build:
    """A small network with that optimizer."""

    def build(keras: Keras) -> Any:
        options = {"learning_rate": 0.01, **OPTIMIZERS[name]}
        kind = getattr(keras.optimizers, options.pop("class", name))
        layers = keras.layers
        net = keras.Sequential(
            [keras.Input((4,)), layers.Dense(3, activation="tanh"), layers.Dense(2)]
        )
        net.compile(kind(**options), "mse")
        return net

    return build


for _name in OPTIMIZERS:
    MODELS[f"optimizer_{_name.lower()}"] = optimized(_name), numbers

LOSSES = (
    "mean_squared_error", "mae", "MAPE", "msle", "kld", "poisson", "huber", "log_cosh", "hinge",
    "squared_hinge", "cosine_similarity",
)  # fmt: skip


def _lossy(loss: str) -> Build:
    def build(keras: Keras) -> Any:
        layers = keras.layers
        net = keras.Sequential(
            [keras.Input((4,)), layers.Dense(3), layers.Dense(2, activation="softplus")]
        )
        function = getattr(keras.losses, loss, loss) if loss == "log_cosh" else loss
        net.compile("sgd", function, metrics=["mae"])
        return net

    return build


for _loss in LOSSES:
    MODELS[f"loss_{_loss}"] = _lossy(_loss), lambda: (numbers()[0], np.abs(numbers()[1]))


ACTIVATIONS = (
    "relu", "relu6", "sigmoid", "softmax", "softplus", "softsign", "tanh", "selu", "elu", "silu",
    "gelu", "exponential", "hard_sigmoid", "leaky_relu", "log_softmax", "mish", "linear",
)  # fmt: skip


@model(numbers)
def activations(keras: Keras) -> Any:
    """Every activation by name."""
    inputs = keras.Input((4,))
    ends = [keras.layers.Activation(name)(inputs) for name in ACTIVATIONS]
    net = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Concatenate()(ends)))
    net.compile("rmsprop", "mse")
    return net


@model(lambda: (rows((4,))[0], labels(2, 1)))
def binary(keras: Keras) -> Any:
    """One output of yes or no, with metrics of every kind."""
    layers, metrics = keras.layers, keras.metrics
    net = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(1)])
    net.compile(
        keras.optimizers.Adamax(0.01),
        keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
        metrics=["acc", metrics.AUC(from_logits=True), metrics.Precision(thresholds=[0.2, 0.7]),
                 metrics.BinaryAccuracy(threshold=0.3, name="third")],
    )  # fmt: skip
    return net


@model(lambda: (rows((4,))[0], [labels(2, 1), rows((3,))[0], labels(5)]))
def listed(keras: Keras) -> Any:
    """Outputs in a list, one of them without a loss of its own."""
    layers, inputs = keras.layers, keras.Input((4,))
    hidden = layers.Dense(5, activation="elu")(inputs)
    ends = [layers.Dense(1, "sigmoid", name="one")(hidden), layers.Dense(3, name="two")(hidden)]
    both = layers.Add()([hidden, layers.Dense(5, use_bias=False, name="like")(inputs)])
    ends.append(layers.Dense(5, "softmax", name="three")(both))
    net = keras.Model(inputs, ends)
    net.compile("adagrad", ["binary_crossentropy", "mse", "sparse_categorical_crossentropy"])
    return net


def flat(value: Any) -> list[Any]:
    """Arrays in a list or dict."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    return list(value) if isinstance(value, list | tuple) else [value]


def all_models() -> Iterator[tuple[str, Build, Callable[[], Data]]]:
    """Every model: its name, its builder, its data."""
    for name, (build, data) in MODELS.items():
        yield name, build, data
