"""Loops of one's own: eager calls, losses, `ops`, and updates by `optimizer.apply`."""

from typing import Any

import numpy as np
from golden_cases import Keras, Results, case, fill, labels, numpy_of, one_hot, scalar, values

SHAPES = ((4, 3), (3,), (3, 2))
PARTS = ((0, 1, 2), (0, 2), (1,), (2, 1, 0), (0, 1))
"""The variables of each step, by number."""


def _applied(keras: Keras, optimizer: Any, parts: Any, nonnegative: bool) -> list[Any]:
    variables = [keras.Variable(values(shape, i), name=f"v{i}") for i, shape in enumerate(SHAPES)]
    if nonnegative:
        variables[0].constraint = keras.constraints.NonNeg()
    optimizer.build(variables)
    for step, chosen in enumerate(parts):
        gradients = [values(shape, 10 * step + i) for i, shape in enumerate(SHAPES)]
        tensors = [keras.ops.convert_to_tensor(gradients[i]) for i in chosen]
        optimizer.apply(tensors, [variables[i] for i in chosen])
    state = [variable for variable in optimizer.variables if len(variable.shape)]
    return [numpy_of(item.numpy() if hasattr(item, "numpy") else item.value)
            for item in (*variables, *state)]  # fmt: skip


@case(1e-5)
def applied_gradients(keras: Keras) -> Results:
    """Updates of all and of some variables, with every common option."""
    made = keras.optimizers
    several: dict[str, Any] = {
        "momentum": lambda: made.SGD(0.1, momentum=0.9, nesterov=True, clipnorm=0.5),
        "adam": lambda: made.Adam(0.05, weight_decay=0.1, global_clipnorm=1.0),
        "rmsprop": lambda: made.RMSprop(0.05, clipvalue=0.3, loss_scale_factor=4.0),
        "lion": lambda: made.Lion(0.05, use_ema=True, ema_momentum=0.8),
        "overwritten": lambda: made.Adagrad(0.1, use_ema=True, ema_overwrite_frequency=2),
        "accumulated": lambda: made.Adam(0.05, gradient_accumulation_steps=2),
    }
    results: dict[str, Any] = {}
    for name, make in several.items():
        for kind, parts in (("whole", [(0, 1, 2)] * 5), ("parts", PARTS)):
            for index, array in enumerate(_applied(keras, make(), parts, name == "adam")):
                results[f"{name} {kind} {index}"] = array
    return results


@case(1e-5)
def eager_calls(keras: Keras) -> Results:
    """A model and losses called on arrays."""
    layers, losses = keras.layers, keras.losses
    model = fill(
        keras.Sequential([keras.Input((3,)), layers.Dense(4, "elu"), layers.Dense(3, "softmax")])
    )
    x, y = values((6, 3), 1), labels(6, 3, 2)
    outputs = model(x)
    weights = values((6,), 3, 0, 1)
    return {
        "outputs": numpy_of(outputs),
        "sparse": scalar(losses.SparseCategoricalCrossentropy()(y, outputs)),
        "weighted": scalar(losses.CategoricalCrossentropy()(one_hot(y, 3), outputs, weights)),
        "per sample": numpy_of(losses.mean_squared_error(one_hot(y, 3), outputs)),
    }


@case(1e-5)
def ops_at_once(keras: Keras) -> Results:
    """What `ops` compute from arrays, and the types they give."""
    ops, x, c = keras.ops, values((3, 4), 1), values((2, 3, 4), 2)
    positive, shares = np.abs(x) + 0.1, np.full((3, 4), 0.25, "float32")
    true = one_hot(labels(3, 4, 1), 4)
    found = {
        "argmax": ops.argmax(c, axis=1, keepdims=True),
        "argmin": ops.argmin(c),
        "argsort": ops.argsort(c, axis=0),
        "binary": ops.binary_crossentropy(true, x, from_logits=True),
        "categorical": ops.categorical_crossentropy(true.T, shares.T, axis=0),
        "count": ops.sum(ops.greater(x, 0.0)),
        "dot": ops.dot(x, x.T),
        "exp2": ops.exp2(x),
        "full_like": ops.full_like(x, 3),
        "linspace": ops.linspace(0.0, 1.0, 4),
        "log2": ops.log2(positive),
        "mean of whole numbers": ops.mean(labels(5, 4)),
        "moveaxis": ops.moveaxis(c, (0, 1), (1, 2)),
        "outer": ops.outer(x[0], x[1]),
        "prod": ops.prod(c, axis=(0, 2)),
        "reciprocal": ops.reciprocal(positive),
        "sparse": ops.sparse_categorical_crossentropy(labels(3, 4), x, from_logits=True),
        "tan": ops.tan(x / 2),
    }
    results: dict[str, Any] = {name: numpy_of(tensor) for name, tensor in found.items()}
    results["types"] = {name: str(array.dtype) for name, array in results.items()}
    results["shape"] = [list(ops.shape(c)), ops.ndim(c), int(ops.size(c))]
    return results
