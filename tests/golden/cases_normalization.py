"""Normalization and regularization layers: training, inference, gradients, states, fits."""

from collections.abc import Callable
from typing import Any

import numpy as np
from golden_cases import Keras, Results, case, fill, labels, numpy_of, one_hot, scalar, values

Maker = Callable[..., Any]
X = {2: values((5, 4), 1), 3: values((3, 5, 4), 2), 4: values((2, 3, 2, 4), 3)}

BATCH: dict[str, dict[str, Any]] = {
    "default": {},
    "momentum": {"momentum": 0.6, "epsilon": 0.05},
    "no scale": {"scale": False},
    "no center": {"center": False},
    "neither": {"scale": False, "center": False},
    "axis 1": {"axis": 1, "momentum": 0.9},
    "renorm": {"renorm": True, "momentum": 0.8, "renorm_momentum": 0.7},
    "renorm clipped": {
        "renorm": True, "renorm_clipping": {"rmax": 1.2, "rmin": 0.8, "dmax": 0.3}, "axis": 1,
    },
}  # fmt: skip
"""Options of BatchNormalization, by name."""


def _others(keras: Keras, rank: int) -> dict[str, tuple[Maker, dict[str, Any]]]:
    """The other layers with options that suit all backends, by name."""
    layers = keras.layers
    several = tuple(range(1, rank))
    return {
        "layer": (layers.LayerNormalization, {}),
        "layer plain": (layers.LayerNormalization, {"scale": False, "center": False}),
        "layer no scale": (layers.LayerNormalization, {"scale": False, "epsilon": 0.1}),
        "layer no center": (layers.LayerNormalization, {"center": False}),
        "layer all": (layers.LayerNormalization, {"axis": several}),
        "group 2": (layers.GroupNormalization, {"groups": 2}),
        "group plain": (layers.GroupNormalization, {"groups": 2, "scale": False, "center": False}),
        "group each": (layers.GroupNormalization, {"groups": -1, "axis": 1}),
        "group one": (layers.GroupNormalization, {"groups": 1, "axis": -1, "epsilon": 0.01}),
        "rms": (layers.RMSNormalization, {}),
        "rms all": (layers.RMSNormalization, {"axis": several, "epsilon": 0.01}),
        "unit": (layers.UnitNormalization, {}),
        "unit all": (layers.UnitNormalization, {"axis": several}),
        "unit 1": (layers.UnitNormalization, {"axis": 1}),
    }


def _filled(layer: Any) -> Any:
    """A layer with fixed weights, none of them negative."""
    weights = layer.get_weights()
    layer.set_weights([values(w.shape, i + 5, 0.3, 1.2) for i, w in enumerate(weights)])
    return layer


@case(2e-5)
def batch_normalization(keras: Keras) -> Results:
    """Inference, two calls in training, the statistics after each, and a frozen layer."""
    results: dict[str, Any] = {}
    for rank, x in X.items():
        for name, options in BATCH.items():
            key, layer = f"{name}, rank {rank}", keras.layers.BatchNormalization(**options)
            layer(x)
            results[f"{key} inference"] = numpy_of(_filled(layer)(x))
            results[f"{key} training"] = numpy_of(layer(x, training=True))
            results[f"{key} again"] = numpy_of(layer(x * 2 + 1, training=True))
            results[f"{key} statistics"] = np.concatenate(layer.get_weights())
            layer.trainable = False
            results[f"{key} frozen"] = numpy_of(layer(x, training=True))
            results[f"{key} names"] = [weight.name for weight in layer.weights]
            results[f"{key} kept"] = np.concatenate(layer.get_weights())
    return results


@case(2e-5)
def batch_normalization_under_a_mask(keras: Keras) -> Results:
    """What the mask hides counts in no statistic; a batch of one; all hidden."""
    results: dict[str, Any] = {}
    mask = np.array([[1, 1, 0, 1, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1]], bool)
    for name, shown in (("some", mask), ("none", np.zeros_like(mask)), ("all", mask | True)):
        for axis in (-1, 1):
            layer = keras.layers.BatchNormalization(axis=axis, momentum=0.5)
            layer(X[3])
            key = f"{name} {axis}"
            results[key] = numpy_of(_filled(layer)(X[3], training=True, mask=shown))
            results[f"{key} statistics"] = np.concatenate(layer.get_weights())
            results[f"{key} inference"] = numpy_of(layer(X[3], training=False, mask=shown))
    layer = keras.layers.BatchNormalization(momentum=0.5)
    results["batch of one"] = numpy_of(layer(X[2][:1], training=True))
    results["its statistics"] = np.concatenate(layer.get_weights())
    return results


@case(2e-5)
def other_normalizations(keras: Keras) -> Results:
    """What the other layers compute, at first and with other weights."""
    results: dict[str, Any] = {}
    for rank, x in X.items():
        for name, (kind, options) in _others(keras, rank).items():
            layer = kind(**options)
            key = f"{name}, rank {rank}"
            results[f"{key} at first"] = numpy_of(layer(x))
            results[key] = numpy_of(_filled(layer)(x))
            results[f"{key} weights"] = [list(weight.shape) for weight in layer.weights]
            results[f"{key} axis"] = layer.get_config().get("axis")
            results[f"{key} shape"] = list(layer.compute_output_shape(x.shape))
    return results


def _model(keras: Keras, rank: int, make: Callable[[], Any]) -> Any:
    """Dense, the layer, Dense: the gradient goes through it, and into it."""
    layers = keras.layers
    inputs = keras.Input(X[rank].shape[1:])
    hidden = make()(layers.Dense(4)(inputs))
    return fill(keras.Model(inputs, layers.Dense(2)(layers.Flatten()(hidden))))


def _trained(keras: Keras, model: Any, rank: int, epochs: int) -> dict[str, Any]:
    x = np.concatenate([X[rank], X[rank][::-1] * 0.7 + 0.2, X[rank][:1]])
    y = values((len(x), 2), 8)
    model.compile(keras.optimizers.SGD(0.05), "mse")
    options = {"batch_size": 4, "epochs": epochs, "shuffle": False, "verbose": 0}
    history = model.fit(x, y, validation_data=(x[:3], y[:3]), **options).history
    results: dict[str, Any] = {key: np.array(numbers) for key, numbers in history.items()}
    results["weights"] = np.concatenate([w.ravel() for w in model.get_weights()])
    results["predicted"] = model.predict(x, verbose=0)
    return results


@case(1e-4)
def training_with_normalization(keras: Keras) -> Results:
    """Losses and weights of three epochs with every layer: gradients and moving statistics."""
    results: dict[str, Any] = {}
    for rank in X:
        makers: dict[str, Callable[[], Any]] = {
            name: lambda o=options: keras.layers.BatchNormalization(**o)
            for name, options in BATCH.items()
        }
        for name, (kind, options) in _others(keras, rank).items():
            makers[name] = lambda k=kind, o=options: k(**o)
        for name, make in makers.items():
            found = _trained(keras, _model(keras, rank, make), rank, 3)
            results.update((f"{name}, rank {rank} {key}", value) for key, value in found.items())
    return results


@case(1e-4)
def normalization_in_graphs(keras: Keras) -> Results:
    """Shared, frozen, with penalties and constraints, inside a model."""
    layers = keras.layers
    results: dict[str, Any] = {}
    for name in ("shared", "frozen", "options", "nested"):
        inputs = keras.Input((4,))
        hidden = layers.Dense(4)(inputs)
        options = {"gamma_regularizer": "l2", "beta_constraint": "max_norm", "momentum": 0.7}
        norm = layers.BatchNormalization(**(options if name == "options" else {}), name="norm")
        if name == "shared":
            hidden = layers.Add()([norm(hidden), norm(layers.Dense(4)(inputs))])
        elif name == "nested":
            inner = keras.Input((4,))
            hidden = keras.Model(inner, norm(layers.Dense(4)(inner)))(hidden)
        else:
            hidden = norm(hidden)
        model = keras.Model(inputs, layers.Dense(2)(hidden))
        weights = model.get_weights()
        model.set_weights([values(w.shape, i + 5, -0.2, 1.1) for i, w in enumerate(weights)])
        norm.set_weights(
            [values(w.shape, i + 5, 0.3, 1.2) for i, w in enumerate(norm.get_weights())]
        )
        norm.trainable = name != "frozen"
        found = _trained(keras, model, 2, 3)
        results.update((f"{name} {key}", value) for key, value in found.items())
    return results


@case(1e-4)
def fit_with_batch_normalization(keras: Keras) -> Results:
    """A classifier: two normalized layers, accuracy, momentum."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((6,))])
    for _ in range(2):
        model.add(layers.Dense(8, use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.8))
        model.add(layers.Activation("relu"))
    model.add(layers.Dense(3, "softmax"))
    model.set_weights([values(w.shape, i + 3, 0.1, 0.9) for i, w in enumerate(model.get_weights())])
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    model.compile(optimizer, "categorical_crossentropy", metrics=["acc"])
    x, y = values((22, 6), 1), one_hot(labels(22, 3, 2), 3)
    history = model.fit(x, y, batch_size=8, epochs=5, shuffle=False, verbose=0).history
    results: dict[str, Any] = {key: np.array(numbers) for key, numbers in history.items()}
    results["statistics"] = np.concatenate([w.ravel() for w in model.get_weights()])
    return results


@case()
def noise_outside_training(keras: Keras) -> Results:
    """Layers of noise pass their input, and all of it without noise; their configurations."""
    layers = keras.layers
    results: dict[str, Any] = {}
    for name, layer, x in (
        ("dropout", layers.Dropout(0.4, noise_shape=(None, 1, 4), seed=3), X[3]),
        ("spatial 1", layers.SpatialDropout1D(0.4, seed=3), X[3]),
        ("spatial 2", layers.SpatialDropout2D(0.4, data_format="channels_first"), X[4]),
        ("noise", layers.GaussianNoise(0.4, seed=5), X[2]),
        ("gaussian dropout", layers.GaussianDropout(0.4, seed=5), X[2]),
        ("penalty", layers.ActivityRegularization(0.1, 0.2), X[2]),
    ):
        results[name] = numpy_of(layer(x))
        results[f"{name} name"] = layer.name
        config = layer.get_config()
        options = ("rate", "stddev", "seed", "l1", "l2", "data_format", "noise_shape")
        results[f"{name} options"] = {key: config[key] for key in options if key in config}
        results[f"{name} trainable"] = "trainable" in config
    for kind in (layers.GaussianNoise, layers.GaussianDropout, layers.SpatialDropout1D):
        results[f"none of {kind.__name__}"] = numpy_of(kind(0.0)(X[3], training=True))
    return results


@case(1e-4)
def activity_penalties(keras: Keras) -> Results:
    """ActivityRegularization adds its penalty per sample, in training and evaluation."""
    layers = keras.layers
    model = fill(
        keras.Sequential(
            [keras.Input((4,)), layers.Dense(3), layers.ActivityRegularization(0.1, 0.2)]
        )
    )
    found = _trained_flat(keras, model)
    found["evaluated"] = scalar(model.evaluate(X[2], values((5, 3), 4), batch_size=2, verbose=0))
    return found


def _trained_flat(keras: Keras, model: Any) -> dict[str, Any]:
    model.compile(keras.optimizers.SGD(0.1), "mse")
    options = {"batch_size": 2, "epochs": 3, "shuffle": False, "verbose": 0}
    history = model.fit(X[2], values((5, 3), 4), **options).history
    results: dict[str, Any] = {key: np.array(numbers) for key, numbers in history.items()}
    results["weights"] = np.concatenate([w.ravel() for w in model.get_weights()])
    return results


@case()
def normalization_refusals(keras: Keras) -> Results:
    """What is refused, and in which words."""
    layers = keras.layers
    built = layers.BatchNormalization(name="built")
    built(X[2])
    results = {}
    for name, make in (
        ("groups 0", lambda: layers.GroupNormalization(groups=0)),
        ("too many groups", lambda: layers.GroupNormalization(groups=8)(X[2])),
        ("odd groups", lambda: layers.GroupNormalization(groups=3)(X[2])),
        ("unknown size", lambda: layers.GroupNormalization(2)(keras.Input((None,)))),
        ("synchronized", lambda: layers.BatchNormalization(synchronized=True)),
        ("clipping", lambda: layers.BatchNormalization(renorm=True, renorm_clipping={"x": 1})),
        ("rank", lambda: built(X[3])),
        ("size", lambda: built(X[2][:, :3])),
        ("axis", lambda: layers.LayerNormalization(axis="last")),
        ("spatial", lambda: layers.SpatialDropout1D(0.1, name="spatial")(X[2])),
    ):
        try:
            make()
            results[name] = "taken"
        except (ValueError, TypeError) as error:
            results[name] = str(error).partition("\n\nArguments received")[0]
    return results


@case()
def fixed_initializers(keras: Keras) -> Results:
    """Initializers that draw nothing, and the configurations of those that do."""
    made = keras.initializers
    results: dict[str, Any] = {
        "identity": numpy_of(made.Identity(2.0)((3, 4))),
        "identity by name": numpy_of(made.get("identity")((3, 2))),
        "constant": numpy_of(made.Constant(2.5)((2, 2))),
        "values": numpy_of(made.get(values((2, 2), 1))((2, 2))),
        "waves": numpy_of(made.STFT("real", None)((5, 1, 4))),
        "more waves": numpy_of(made.STFT("imag", values((5,), 2), "spectrum")((5, 1, 4))),
        **{name: numpy_of(made.get(name)((2, 3))) for name in ("zero", "one", "Zeros", "ones")},
    }
    for name in (
        "normal", "uniform", "random_normal", "RandomUniform", "truncated_normal", "he_normal",
        "variance_scaling", "GlorotUniform", "lecun_normal", "orthogonal", "OrthogonalInitializer",
    ):  # fmt: skip
        found = made.get(name)
        config = {key: value for key, value in found.get_config().items() if key != "module"}
        results[name] = [type(found).__name__, dict(sorted(config.items()))]
    return results
