"""Embeddings, masks, layers over steps, preprocessing and the utilities for sequences."""

from typing import Any

import numpy as np
from golden_cases import Keras, Results, case, fill, labels, numpy_of, values

COUNT, STEPS = 14, 5
WORDS = (values((COUNT, STEPS), 3, 0, 1) * 9).astype("int32")
WORDS[:, 3:] *= (values((COUNT, 2), 5, 0, 1) > 0.4).astype("int32")
WORDS[3] = 0
PAIRS = values((COUNT, STEPS, 2), 8)
WEIGHTS = values((COUNT, STEPS), 2, 0, 2)
REDUCTIONS = ("sum_over_batch_size", "sum", "mean_with_sample_weight")


def _words(keras: Keras) -> Any:
    return keras.Input((STEPS,), dtype="int32")


def _embedding(keras: Keras, mask_zero: bool = True, **options: Any) -> Any:
    return keras.layers.Embedding(9, 4, mask_zero=mask_zero, **options)


def _tagger(keras: Keras, activation: str | None = None) -> Any:
    """A value or class for every word."""
    x = _words(keras)
    hidden = keras.layers.Activation("tanh")(_embedding(keras)(x))
    dense = keras.layers.Dense(2, activation=activation)
    return fill(keras.Model(x, keras.layers.TimeDistributed(dense)(hidden)))


def _fit(model: Any, *data: Any, **options: Any) -> Results:
    options = {"epochs": 3, "batch_size": 6, "shuffle": False, "verbose": 0, **options}
    history = model.fit(*data, **options).history
    weights = [float(abs(weight).sum()) for weight in model.get_weights()]
    return {k: [float(v) for v in numbers] for k, numbers in history.items()} | {"w": weights}


@case(1e-4)
def masked_losses(keras: Keras) -> Results:
    """Every reduction, with and without weights of the steps, and metrics of the steps."""
    results = {}
    for reduction in REDUCTIONS:
        for name, weights in (("", None), (" weighted", WEIGHTS)):
            model = _tagger(keras)
            loss = keras.losses.MeanSquaredError(reduction=reduction)
            model.compile(keras.optimizers.SGD(0.05), loss, metrics=["mae"])
            found = _fit(model, WORDS, PAIRS, sample_weight=weights)
            results.update((f"{reduction}{name} {key}", value) for key, value in found.items())
    return results


@case(1e-4)
def masked_classes(keras: Keras) -> Results:
    """Classes of steps under a mask, with metrics, and validation data."""
    classes = labels(COUNT * STEPS, 2, 3).reshape(COUNT, STEPS)
    model = _tagger(keras, "softmax")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    results = dict(_fit(model, WORDS, classes, validation_data=(WORDS[:5], classes[:5])))
    return results | {"predicted": numpy_of(model.predict(WORDS, verbose=0))}


def _shared(keras: Keras) -> Any:
    x, z, layer = _words(keras), _words(keras), _embedding(keras)
    joined = keras.layers.Concatenate()([layer(x), layer(z)])
    return keras.Model([x, z], keras.layers.Dense(2)(joined))


def _half_masked(keras: Keras) -> Any:
    x, z = _words(keras), _words(keras)
    parts = [_embedding(keras)(x), _embedding(keras, mask_zero=False)(z)]
    return keras.Model([x, z], keras.layers.Dense(2)(keras.layers.Add()(parts)))


def _nested(keras: Keras) -> Any:
    x, z, inside = _words(keras), _words(keras), keras.Input((STEPS, 4))
    inner = keras.Model(inside, keras.layers.Dense(3, activation="tanh")(inside))
    layer = _embedding(keras)
    joined = keras.layers.Add()([inner(layer(x)), inner(layer(z))])
    return keras.Model([x, z], keras.layers.Dense(2)(joined))


@case(1e-4)
def masked_graphs(keras: Keras) -> Results:
    """Masks of several inputs joined, lost, and carried through a model in a model."""
    results = {}
    for make in (_shared, _half_masked, _nested):
        model = fill(make(keras))
        model.compile("adam", "mse")
        found = _fit(model, [WORDS, WORDS[::-1].copy()], PAIRS)
        results.update((f"{make.__name__} {key}", value) for key, value in found.items())
    return results


@case(1e-4)
def embeddings(keras: Keras) -> Results:
    """Embedding, Flatten, Dense: with every optimizer's own way of using the sums."""
    results = {}
    for optimizer in ("sgd", "adam", "rmsprop"):
        x = _words(keras)
        layer = _embedding(
            keras, False, embeddings_regularizer="l2", embeddings_constraint="max_norm"
        )
        flat = keras.layers.Flatten()(layer(x))
        model = fill(keras.Model(x, keras.layers.Dense(2)(flat)))
        model.compile(optimizer, "mse")
        found = _fit(model, WORDS, PAIRS[:, 0])
        results.update((f"{optimizer} {key}", value) for key, value in found.items())
    layer = keras.layers.Embedding(9, 3, weights=[values((9, 3), 1)])
    return results | {
        "whole": numpy_of(layer(WORDS)),
        "floats": numpy_of(layer(WORDS.astype("float32"))),
        "rank 1": numpy_of(layer(WORDS[:, 0])),
        "mask": numpy_of(_embedding(keras).compute_mask(WORDS)).tolist(),
    }


@case(1e-4)
def masking_layer(keras: Keras) -> Results:
    """Steps marked by a value: outputs, masks and a fit."""
    steps = values((COUNT, STEPS, 3), 4)
    steps[2:6, 3:], steps[7], steps[8, 1] = 1.0, 1.0, 1.0
    layer = keras.layers.Masking(1.0)
    x = keras.Input((STEPS, 3))
    hidden = keras.layers.Dense(4, activation="relu")(keras.layers.Masking(1.0)(x))
    model = fill(keras.Model(x, keras.layers.Dense(2)(hidden)))
    model.compile("adam", "mse", metrics=["mae"])
    results = dict(_fit(model, steps, PAIRS))
    mask = numpy_of(layer.compute_mask(steps)).tolist()
    return results | {"outputs": numpy_of(layer(steps)), "mask": mask}


@case(1e-4)
def over_steps(keras: Keras) -> Results:
    """TimeDistributed around a layer that keeps statistics, one and a model."""
    results = {}
    inside = keras.Input((4,))
    inner = keras.Model(inside, keras.layers.Dense(2, activation="relu")(inside))
    for name, layer in (("norm", keras.layers.BatchNormalization()), ("model", inner)):
        x = keras.Input((STEPS, 4))
        outputs = keras.layers.TimeDistributed(layer)(x)
        model = keras.Model(x, keras.layers.Dense(2)(outputs))
        model.set_weights([abs(w) + 0.1 for w in fill(model).get_weights()])
        model.compile(keras.optimizers.SGD(0.05), "mse")
        found = _fit(model, values((COUNT, STEPS, 4), 2), PAIRS)
        results.update((f"{name} {key}", value) for key, value in found.items())
    return results


@case(1e-5)
def prepared_numbers(keras: Keras) -> Results:
    """Normalization given and adapted, and bins."""
    layers, x = keras.layers, values((6, 4, 3), 2, -3, 5)
    results = {}
    for axis in (-1, 1, None, (1, 2)):
        layer = layers.Normalization(axis=axis)
        layer.adapt(x)
        results[f"adapted {axis}"] = numpy_of(layer(x))
        results[f"weights {axis}"] = numpy_of(layer.get_weights()[0])
        for invert in (False, True):
            layer = layers.Normalization(axis=axis, mean=0.5, variance=2.0, invert=invert)
            results[f"given {axis} {invert}"] = numpy_of(layer(x))
    for mode in ("int", "one_hot", "multi_hot", "count"):
        layer = layers.Discretization([-1.0, 0.0, 2.5], output_mode=mode)
        results[f"bins {mode}"] = numpy_of(layer(x[:, :, 0])).astype("float32")
        results[f"bins {mode} column"] = numpy_of(layer(x[:, :1, 0])).astype("float32")
    for bins, precision, count in ((3, 0.01, 10), (4, 0.01, 1000), (5, 0.1, 57)):
        layer = layers.Discretization(num_bins=bins, epsilon=precision)
        layer.update_state(values((count,), 1))
        layer.update_state(values((count,), 2))
        layer.finalize_state()
        results[f"limits {bins}"] = [float(limit) for limit in layer.bin_boundaries]
    return results


@case(1e-5)
def prepared_categories(keras: Keras) -> Results:
    """CategoryEncoding of single indices, rows and matrices, with weights."""
    results = {}
    for mode in ("one_hot", "multi_hot", "count"):
        layer = keras.layers.CategoryEncoding(9, output_mode=mode)
        for name, x in (("row", WORDS[0]), ("column", WORDS[:3, :1]), ("rows", WORDS[:3])):
            results[f"{mode} {name}"] = numpy_of(layer(x))
    layer = keras.layers.CategoryEncoding(9, output_mode="count")
    results["weighted"] = numpy_of(layer(WORDS[:3], count_weights=WEIGHTS[:3]))
    return results


@case()
def sequence_utilities(keras: Keras) -> Results:
    """pad_sequences, to_categorical and normalize."""
    utils, lists = keras.utils, [[1], [2, 3], [4, 5, 6], []]
    results = {
        "padded": utils.pad_sequences(lists),
        "cut": utils.pad_sequences(lists, maxlen=2),
        "cut behind": utils.pad_sequences(lists, maxlen=2, truncating="post"),
        "filled behind": utils.pad_sequences(lists, padding="post", value=-1.5, dtype="float32"),
        "rows": utils.pad_sequences([[[1, 2]], [[3, 4], [5, 6]]], maxlen=3),
        "classes": utils.to_categorical([[0], [2], [-1]]),
        "matrix": utils.to_categorical([[0, 1], [2, 1]], num_classes=4),
        "one": utils.to_categorical(2),
    }
    for order in (1, 2, np.inf):
        results[f"norm {order}"] = utils.normalize(values((3, 4), 1), order=order)
    results["middle"] = utils.normalize(values((2, 3, 4), 1), axis=1)
    results["flat"] = utils.normalize(values((4,), 1))
    return {key: np.asarray(value, "float32") for key, value in results.items()}
