"""Regularizers and constraints: their values, and networks that train with them."""

from typing import Any

import numpy as np
from golden_cases import Keras, Results, case, fill, numpy_of, scalar, values

W = values((4, 3), 3)


@case()
def regularizers(keras: Keras) -> Results:
    """The penalty of every regularizer on a matrix, by object and by name."""
    made = keras.regularizers
    results: dict[str, Any] = {}
    for name, regularizer in (
        ("l1", made.L1(0.3)),
        ("l2", made.L2(0.3)),
        ("l1l2", made.L1L2(0.1, 0.2)),
        ("l1l2 of l1", made.L1L2(l1=0.1)),
        ("nothing", made.L1L2()),
        *((text, made.get(text)) for text in ("l1", "l2", "l1l2", "L2")),
    ):
        results[name] = scalar(regularizer(W))
        config = regularizer.get_config().items()
        results[f"{name} config"] = [str(item) for item in sorted(config) if item[0] == "mode"]
    results["none"] = made.get(None)
    return results


@case()
def constraints(keras: Keras) -> Results:
    """What every constraint makes of a matrix."""
    made = keras.constraints
    results: dict[str, Any] = {}
    for name, constraint in (
        ("max 2", made.MaxNorm()),
        ("max 1 of rows", made.MaxNorm(1.0, axis=1)),
        ("max 1 of all", made.MaxNorm(1.0, axis=[0, 1])),
        ("unit", made.UnitNorm()),
        ("not negative", made.NonNeg()),
        ("between", made.MinMaxNorm(0.5, 1.0, rate=0.7)),
        ("below", made.MinMaxNorm(3.0, 4.0, axis=1)),
        *((text, made.get(text)) for text in ("max_norm", "UnitNorm", "non_neg", "min_max_norm")),
    ):
        results[name] = numpy_of(constraint(W))
        results[f"{name} config"] = [str(item) for item in sorted(constraint.get_config().items())]
    return results


def _options(keras: Keras) -> dict[str, dict[str, Any]]:
    regularizer, constraint = keras.regularizers, keras.constraints
    return {
        "l2": {"kernel_regularizer": "l2"},
        "l1 and bias": {"kernel_regularizer": regularizer.L1(0.1), "bias_regularizer": "l2"},
        "l1l2": {"kernel_regularizer": regularizer.L1L2(0.05, 0.1)},
        "orthogonal": {"kernel_regularizer": regularizer.OrthogonalRegularizer(0.3)},
        "orthogonal columns": {
            "kernel_regularizer": regularizer.OrthogonalRegularizer(0.3, "columns")
        },
        "activity": {"activity_regularizer": regularizer.L2(0.2)},
        "activity l1": {"activity_regularizer": "l1", "kernel_regularizer": "l1"},
        "unit": {"kernel_constraint": "unit_norm"},
        "max": {"kernel_constraint": constraint.MaxNorm(0.5), "bias_constraint": "non_neg"},
        "between": {"kernel_constraint": constraint.MinMaxNorm(0.4, 0.6, rate=0.5)},
    }


@case(1e-4)
def penalized_training(keras: Keras) -> Results:
    """Losses reported by fit and evaluate, and weights, with every option of Dense."""
    results: dict[str, Any] = {}
    x, y = values((7, 3), 1), values((7, 2), 2)
    for name, options in _options(keras).items():
        layers = keras.layers
        model = keras.Sequential(
            [keras.Input((3,)), layers.Dense(4, "tanh", **options), layers.Dense(2, **options)]
        )
        fill(model).compile(keras.optimizers.SGD(0.1, momentum=0.5), "mse", metrics=["mse"])
        history = model.fit(x, y, batch_size=3, epochs=3, shuffle=False, verbose=0,
                            validation_data=(x[:4], y[:4])).history  # fmt: skip
        for key, numbers in history.items():
            results[f"{name} {key}"] = np.array(numbers)
        results[f"{name} evaluated"] = model.evaluate(x, y, batch_size=4, verbose=0)
        for index, weight in enumerate(model.get_weights()):
            results[f"{name} {index}"] = weight
    return results


@case(1e-4)
def penalties_in_graphs(keras: Keras) -> Results:
    """A shared layer, a frozen one, two outputs: whose penalties count, and in which number."""
    layers = keras.layers
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    shared = layers.Dense(2, kernel_regularizer="l2", activity_regularizer="l2", name="shared")
    frozen = layers.Dense(2, kernel_regularizer="l1", name="frozen", trainable=False)
    ends = [layers.Dense(1, name="p")(layers.Add()([shared(a), shared(b)])), frozen(shared(a))]
    model = fill(keras.Model([a, b], ends))
    model.compile(keras.optimizers.Adam(0.05), ["mse", "mse"], loss_weights=[1.0, 0.5])
    data = [values((6, 3), 1), values((6, 3), 2)], [values((6, 1), 3), values((6, 2), 4)]
    history = model.fit(*data, batch_size=4, epochs=2, shuffle=False, verbose=0).history
    results: dict[str, Any] = {key: np.array(numbers) for key, numbers in history.items()}
    results["penalty"] = scalar(model.losses[-1])
    results["kernel"] = model.get_layer("shared").get_weights()[0]
    return results


@case()
def regularizer_refusals(keras: Keras) -> Results:
    """Arguments that are refused, and in which words."""
    results = {}
    for name, make in (
        ("l1", lambda: keras.regularizers.L1(-1.0)),
        ("l2", lambda: keras.regularizers.L2("much")),
        ("unknown regularizer", lambda: keras.regularizers.get("nothing such")),
        ("unknown constraint", lambda: keras.constraints.get("round")),
        ("rank", lambda: keras.regularizers.OrthogonalRegularizer()(values((3,)))),
    ):
        try:
            make()
            results[name] = "taken"
        except ValueError as error:
            results[name] = str(error).partition(". Did you mean")[0]  # ours go on
    return results
