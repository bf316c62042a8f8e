"""Every activation, the activation, reshaping and merging layers, operators of tensors, ops."""

from collections.abc import Callable
from typing import Any

import numpy as np
from cases_layers import ACTIVATIONS, POINTS, _gradient
from golden_cases import Keras, Results, case, fill, numpy_of, values

FURTHER = (
    "gelu", "mish", "celu", "hard_silu", "hard_swish", "hard_tanh", "hard_shrink", "soft_shrink",
    "tanh_shrink", "squareplus", "sparse_plus", "sparse_sigmoid", "sparsemax", "log_sigmoid",
    "swish",
)  # fmt: skip
FLAT, STEPS, PICTURE = (4,), (3, 4), (2, 3, 4)


def _trained(
    keras: Keras, shapes: list[tuple[int, ...]], middle: Callable[..., Any]
) -> dict[str, Any]:
    """Predictions of Dense, the middle, Dense; losses and weights after three epochs."""
    inputs = [keras.Input(shape) for shape in shapes]
    hidden = [
        keras.layers.Dense(shape[-1], name=f"first_{index}")(tensor)
        for index, (shape, tensor) in enumerate(zip(shapes, inputs, strict=True))
    ]
    flat = keras.layers.Flatten()(middle(*hidden))
    model = keras.Model(inputs, keras.layers.Dense(2, name="last")(flat))
    fill(model)
    data = [values((6, *shape), index + 1) for index, shape in enumerate(shapes)]
    results = {"outputs": model.predict(data, verbose=0)}
    model.compile(keras.optimizers.SGD(0.02), "mse")
    history = model.fit(
        data, values((6, 2), 9), batch_size=3, epochs=3, shuffle=False, verbose=0
    ).history
    results["loss"] = [float(value) for value in history["loss"]]
    results["weights"] = np.concatenate([w.ravel() for w in model.get_weights()])
    return results


def _all(keras: Keras, cases: dict[str, tuple[list[Any], Callable[..., Any]]]) -> Results:
    found: dict[str, Any] = {}
    for name, (shapes, middle) in cases.items():
        keras.utils.set_random_seed(1)
        trained = _trained(keras, shapes, middle)
        found.update({f"{name} {key}": value for key, value in trained.items()})
    return found


@case(2e-5)
def further_activations(keras: Keras) -> Results:
    """Values of the activations beyond the usual ones, and with options and other axes."""
    x = numpy_of(POINTS).astype("float32")
    functions = keras.activations
    wide = values((3, 4, 2), 4)
    return {
        **{name: numpy_of(functions.get(name)(x)) for name in FURTHER},
        "far": numpy_of(functions.gelu(numpy_of([[-1e4, 1e4]]).astype("float32"))),
        "gelu by tanh": numpy_of(functions.gelu(x, approximate=True)),
        "celu 0.3": numpy_of(functions.celu(x, alpha=0.3)),
        "soft_shrink 1": numpy_of(functions.soft_shrink(x, threshold=1.0)),
        "hard_shrink 1": numpy_of(functions.hard_shrink(x, threshold=1.0)),
        "threshold": numpy_of(functions.threshold(x, 0.4, -7.0)),
        "squareplus 1": numpy_of(functions.squareplus(x, b=1)),
        "glu": numpy_of(functions.glu(wide)),
        "glu 1": numpy_of(functions.glu(wide, axis=1)),
        "softmax 1": numpy_of(functions.softmax(wide, axis=1)),
        "log_softmax 0": numpy_of(functions.log_softmax(wide, axis=0)),
        "sparsemax 1": numpy_of(functions.sparsemax(wide, axis=1)),
        "names": [functions.serialize(functions.get(name)) for name in (*ACTIVATIONS, *FURTHER)],
    }


@case(1e-4)
def further_activation_gradients(keras: Keras) -> Results:
    """Derivatives of the activations beyond the usual ones."""
    x = numpy_of([[-3.5, -1.2, -0.3, 0.2, 0.7, 2.5]]).astype("float32")
    return {name: _gradient(keras, name, x) for name in FURTHER}


@case(1e-4)
def activation_layers(keras: Keras) -> Results:
    """The layers of activations with their options, trained."""
    layers = keras.layers
    kinds: dict[str, Callable[[], Any]] = {
        "relu": layers.ReLU,
        "relu all": lambda: layers.ReLU(max_value=0.6, negative_slope=0.2, threshold=0.1),
        "relu 6": lambda: layers.ReLU(max_value=6),
        "leaky": layers.LeakyReLU,
        "elu": lambda: layers.ELU(0.4),
        "prelu": layers.PReLU,
        "prelu shared": lambda: layers.PReLU(
            shared_axes=[1], alpha_initializer="ones", alpha_regularizer="l2"
        ),
        "softmax": layers.Softmax,
        "softmax 1": lambda: layers.Softmax(axis=1),
        "softmax both": lambda: layers.Softmax(axis=(1, 2)),
    }
    return _all(
        keras, {name: ([STEPS], lambda x, kind=kind: kind()(x)) for name, kind in kinds.items()}
    )


@case()
def softmax_with_a_mask(keras: Keras) -> Results:
    """Masked places take no part; where everything is masked, all is 0."""
    x, layers = values(PICTURE, 3), keras.layers
    some = numpy_of([True, False, True, True])
    weights = numpy_of([[1, 1, 0], [1, 0, 0]])[:, :, None]
    return {
        "last": numpy_of(layers.Softmax()(x, mask=some)),
        "none": numpy_of(layers.Softmax()(x, mask=~some & some)),
        "steps": numpy_of(layers.Softmax(axis=1)(x, mask=weights)),
    }


@case(1e-4)
def reshaping_layers(keras: Keras) -> Results:
    """Layers that reorder, trained; shapes of open sizes."""
    layers = keras.layers
    kinds: dict[str, tuple[list[Any], Callable[[Any], Any]]] = {
        "reshape": ([STEPS], lambda x: layers.Dense(3)(layers.Reshape((2, -1))(x))),
        "permute": ([PICTURE], lambda x: layers.Dense(3)(layers.Permute((3, 1, 2))(x))),
        "repeat": ([FLAT], lambda x: layers.Dense(3)(layers.RepeatVector(3)(x))),
        "channels first": ([PICTURE], layers.Flatten("channels_first")),
        "identity": ([STEPS], lambda x: layers.Identity()(x)),
        "rescaling": ([STEPS], layers.Rescaling([1.0, 2.0, 0.5, 3.0], offset=[0.1, 0, 0.2, 1])),
    }
    results = dict(_all(keras, kinds))
    opened = keras.Input((None, 4))
    results["open"] = [
        list(layers.Flatten()(opened).shape),
        list(layers.Reshape((-1, 2))(opened).shape),
        list(layers.Permute((2, 1))(opened).shape),
    ]
    return results


@case(1e-4)
def merging_layers(keras: Keras) -> Results:
    """Every merge of equal and of broadcast shapes, trained; functions as well as layers."""
    layers = keras.layers
    cases: dict[str, tuple[list[Any], Callable[..., Any]]] = {}
    for name in ("add", "subtract", "multiply", "average", "maximum", "minimum"):
        merge = getattr(layers, name)
        cases[name] = ([STEPS, STEPS], lambda a, b, merge=merge: merge([a, b]))
        cases[f"{name} ranks"] = ([FLAT, PICTURE], lambda a, b, merge=merge: merge([a, b]))
    cases["concatenate"] = ([STEPS, STEPS], lambda a, b: layers.concatenate([a, b, a], axis=1))
    for name, shapes, axes in (
        ("rows", [FLAT, FLAT], 1),
        ("steps", [STEPS, STEPS], -1),
        ("mixed", [STEPS, (4, 3)], (2, 1)),
        ("rank 2 and 3", [FLAT, STEPS], (1, 2)),
        ("rank 4", [PICTURE, STEPS], (3, 2)),
    ):
        for normalize in (False, True):
            dot = layers.Dot(axes, normalize=normalize)
            kind = "cosine" if normalize else "dot"
            cases[f"{kind} {name}"] = (list(shapes), lambda a, b, dot=dot: dot([a, b]))
    return _all(keras, cases)


@case(1e-4)
def operators(keras: Keras) -> Results:
    """Operators and slices of symbolic tensors, and the ops behind them, trained."""
    ops = keras.ops
    pairs: dict[str, Callable[[Any, Any], Any]] = {
        "numbers": lambda a, b: 3 - a / 2 + 1 / (b * b + 1.0),
        "powers": lambda a, b: (a * a + 0.5) ** b + b**2 + 2.0**a,
        "remainder": lambda a, b: a % 1.3 + abs(-b),
        "slices": lambda a, b: (
            a[:, None, :, ::2] + b[:, -1][:, None, None, :2] + a[:, None, 1:2, 2:]
        ),
        "product": lambda a, b: a @ ops.transpose(b, (0, 2, 1)),
        "choice": lambda a, b: ops.where((a > b) & (b != 0), a, 3 * b),
        "moments": lambda a, b: ops.var(a, axis=1) + ops.std(b, axis=1),
        "largest": lambda a, b: (
            ops.max(a, axis=-1, keepdims=True) * b - ops.min(b, axis=1, keepdims=True)
        ),
        "stack": lambda a, b: ops.stack([a, ops.flip(b, axis=1)], axis=1),
        "split": lambda a, b: ops.split(a, 2, axis=-1)[0] * ops.split(b, 2, axis=-1)[1],
        "copies": lambda a, b: ops.repeat(a, 2, axis=1) + ops.tile(b, (1, 2, 1)),
        "norms": lambda a, b: (
            ops.normalize(a, axis=-1) + ops.norm(b, axis=-1, keepdims=True) + ops.erf(a)
        ),
        "take": lambda a, b: ops.take(a, numpy_of([0, 2, 2]), axis=1) * ops.sin(b),
        "lambda": lambda a, b: keras.layers.Lambda(
            lambda both, factor: both[0][:, 0] * factor - both[1][:, 1],
            arguments={"factor": 2.0},
        )([a, b]),
    }
    return _all(keras, {name: ([STEPS, STEPS], middle) for name, middle in pairs.items()})


def _refusal(make: Callable[[], Any]) -> str:
    """The kind of error."""
    try:
        make()
    except (ValueError, TypeError, NotImplementedError) as error:
        known = (ValueError, TypeError, NotImplementedError)
        return next(kind.__name__ for kind in known if isinstance(error, kind))
    return "none"


@case()
def refusals_of_merges_and_shapes(keras: Keras) -> Results:
    """What is misuse, and what is not."""
    layers, row, other = keras.layers, keras.Input((4,)), keras.Input((5,))
    steps = keras.Input((3, 4))
    makes: dict[str, Callable[[], Any]] = {
        "shapes": lambda: layers.Add()([row, other]),
        "single": lambda: layers.Multiply()(row),
        "one": lambda: layers.Add()([row]),
        "three": lambda: layers.Subtract()([row, row, row]),
        "batches": lambda: layers.Add()([keras.Input((4,), batch_size=n) for n in (2, 3)]),
        "dot": lambda: layers.Dot(1)([row, other]),
        "join": lambda: layers.Concatenate(axis=0)([row, other]),
        "size": lambda: layers.Reshape((3,))(row),
        "two open": lambda: layers.Reshape((-1, -1)),
        "order": lambda: layers.Permute((0, 1)),
        "rank": lambda: layers.Permute((2, 1))(row),
        "repeat": lambda: layers.RepeatVector(0),
        "slope": lambda: layers.ReLU(negative_slope=-1),
        "open alpha": lambda: layers.PReLU()(keras.Input((None, 4))),
        "index": lambda: row[:, 7],
        "indices": lambda: row[:, 1, 2],
        "iterate": lambda: list(steps),
        "truth": lambda: bool(row),
        "product": lambda: row @ other,
        "activation": lambda: layers.Activation("rellu"),
    }
    return {name: _refusal(make) for name, make in makes.items()}
