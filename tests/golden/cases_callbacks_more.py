"""Callbacks that change the learning rate, stop at NaN, write a table, swap averaged weights."""

import itertools
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from cases_callbacks import SEQUENCES, X, Y, model_of
from golden_cases import Keras, Results, case, fill, scalar, values

PLATEAUS: dict[str, dict[str, Any]] = {
    "patience 1": {"patience": 1},
    "patience 2": {"patience": 2, "factor": 0.5},
    "cooldown": {"patience": 1, "cooldown": 2},
    "min_lr": {"patience": 1, "factor": 0.2, "min_lr": 0.05},
    "min_delta": {"patience": 1, "min_delta": 0.05},
    "max": {"patience": 1, "mode": "max"},
}


def _scripted(keras: Keras, sequence: list[float], *callbacks: Any) -> Any:
    """The history of a fit whose validation losses are given, and the last learning rate."""

    class Scripted(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["val_loss"] = sequence[epoch]

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    x = values((1, 1))
    history = model.fit(x, 0 * x, epochs=len(sequence), verbose=0,
                        callbacks=[Scripted(), *callbacks])  # fmt: skip
    return history.history, scalar(model.optimizer.learning_rate)


@case()
def reduce_on_plateau(keras: Keras) -> Results:
    """The learning rate of every epoch, for scripted losses and all options."""
    results: dict[str, Any] = {}
    for sequence, options in itertools.product(SEQUENCES, PLATEAUS):
        reduce = keras.callbacks.ReduceLROnPlateau(**PLATEAUS[options])
        logs, last = _scripted(keras, SEQUENCES[sequence], reduce)
        results[f"{sequence}, {options}"] = [*logs["learning_rate"], last]
        results[f"{sequence}, {options} keys"] = list(logs)
    return results


@case()
def rate_scheduler(keras: Keras) -> Results:
    """A schedule of epoch and rate, one of the epoch alone, and one that returns no float."""
    results: dict[str, Any] = {}
    for name, schedule in (
        ("both", lambda epoch, rate: rate * 0.5 if epoch else rate),
        ("epoch", lambda epoch: 1.0 / (epoch + 1)),
    ):
        scheduler = keras.callbacks.LearningRateScheduler(schedule)
        logs, last = _scripted(keras, SEQUENCES["falling"], scheduler)
        results[name] = [*logs["learning_rate"], last]
        results[f"{name} keys"] = list(logs)
    for name, make in (
        ("no float", lambda: keras.callbacks.LearningRateScheduler(lambda epoch: "fast")),
        ("factor", lambda: keras.callbacks.ReduceLROnPlateau(factor=1.0)),
    ):
        try:
            _scripted(keras, SEQUENCES["falling"], make())
            results[name] = "taken"
        except ValueError as error:
            results[name] = str(error)
    return results


@case()
def terminate_on_nan(keras: Keras) -> Results:
    """Batches and epochs seen before a loss that is no number ends fit."""
    results: dict[str, Any] = {}
    for name, bad in (("nan", float("nan")), ("infinite", float("inf"))):
        batches: list[int] = []
        x = values((8, 1))
        x[5] = bad
        notes = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda batch, logs, seen=batches: seen.append(batch)
        )
        model = fill(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
        model.compile("sgd", "mse")
        for _ in range(2):
            history = model.fit(x, values((8, 1)), epochs=2, batch_size=2, shuffle=False,
                                verbose=0, callbacks=[keras.callbacks.TerminateOnNaN(), notes],
                                )  # fmt: skip
        results[f"{name} batches"] = batches
        results[f"{name} epochs"] = history.epoch
    try:
        strict = keras.callbacks.TerminateOnNaN(raise_error=True)
        model.fit(x, values((8, 1)), batch_size=8, verbose=0, callbacks=[strict])
    except RuntimeError as error:
        results["raised"] = str(error)
    return results


@case()
def csv_logger(keras: Keras) -> Results:
    """The text of the file: columns, rows, validation that comes late, appending."""
    logs_of = {
        "plain": [{"loss": 0.5, "accuracy": 0.25}, {"loss": 0.125, "accuracy": 1.0}],
        "validated": [{"loss": 0.5, "val_loss": 2.0}, {"loss": 0.25, "val_loss": 1.0}],
        "late": [{"loss": 0.5}, {"loss": 0.25, "val_loss": 1.0}],
        "missing": [{"loss": 0.5, "extra": 1.0}, {"loss": 0.25}],
        "odd": [{"loss": 0.5, "list": [1, 2], "text": "a, b"}],
    }
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        for name, logs in logs_of.items():
            for options in ({}, {"separator": ";"}, {"append": True}):
                logger = keras.callbacks.CSVLogger(str(path), **options)
                logger.on_train_begin()
                for epoch, each in enumerate(logs):
                    logger.on_epoch_end(epoch, each)
                logger.on_train_end()
                text = path.read_bytes().decode()
                results[f"{name} {options}"] = text.replace(chr(13), "")
    return results


@case(1e-4)
def swapped_averages(keras: Keras) -> Results:
    """Validation and evaluation with the averaged weights, and what fit leaves."""
    results: dict[str, Any] = {}
    for at_epoch in (False, True):
        seen: list[Any] = []
        notes = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs, seen=seen: seen.append(logs["val_loss"])
        )
        swap = keras.callbacks.SwapEMAWeights(swap_on_epoch=at_epoch)
        model = fill(model_of(keras))
        optimizer = keras.optimizers.SGD(0.5, use_ema=True, ema_momentum=0.8)
        model.compile(optimizer, "categorical_crossentropy")
        model.fit(X, Y, batch_size=2, epochs=3, shuffle=False, verbose=0, validation_data=(X, Y),
                  callbacks=[swap, notes])  # fmt: skip
        results[f"{at_epoch} losses"] = np.array(seen)
        results[f"{at_epoch} kernel"] = model.get_weights()[0]
        again = keras.callbacks.SwapEMAWeights()
        results[f"{at_epoch} evaluated"] = model.evaluate(X, Y, verbose=0, callbacks=[again])
    try:
        model.compile("sgd", "categorical_crossentropy")
        model.fit(X, Y, verbose=0, validation_data=(X, Y), callbacks=[swap])
    except ValueError as error:
        results["without"] = str(error)
    return results


@case()
def unknown_direction(keras: Keras) -> Results:
    """mode="auto" with a name that no compiled metric has; the other modes only warn."""
    results: dict[str, Any] = {}
    for kind in ("EarlyStopping", "ReduceLROnPlateau"):
        for options in ({}, {"mode": "min"}):
            callback = getattr(keras.callbacks, kind)("val_nothing", **options)
            try:
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always")
                    model_of(keras).fit(X, Y, verbose=0, callbacks=[callback])
                texts = [str(each.message) for each in caught]
                results[f"{kind} {options}"] = [text for text in texts if "val_nothing" in text]
            except ValueError as error:
                results[f"{kind} {options}"] = str(error)
    return results
