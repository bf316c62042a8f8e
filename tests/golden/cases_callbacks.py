"""The hooks of fit, evaluate and predict, and the decisions of EarlyStopping."""

import itertools
import warnings
from typing import Any

from golden_cases import Keras, Results, case, fill, labels, numpy_of, one_hot, values

HOOKS = (
    "on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end", "on_train_batch_begin",
    "on_train_batch_end", "on_test_begin", "on_test_end", "on_test_batch_begin",
    "on_test_batch_end", "on_predict_begin", "on_predict_end", "on_predict_batch_begin",
    "on_predict_batch_end",
)  # fmt: skip

X, Y = values((5, 3), 1), one_hot(labels(5, 2, 1), 2)


def _recorder(keras: Keras, calls: list[Any], prefix: str = "", stop_at: str = "") -> Any:
    """A callback that notes every hook: name, index, keys of the logs in order."""

    def hook(name: str) -> Any:
        def call(self: Any, *args: Any, **keywords: Any) -> None:
            index = [item for item in args if isinstance(item, int)]
            logs = [item for item in args if isinstance(item, dict)]
            logs += [item for item in keywords.values() if isinstance(item, dict)]
            keys = list(logs[0]) if logs else []
            calls.append([prefix + name, *index, ",".join(keys)])
            if stop_at == name:
                self.model.stop_training = True

        return call

    methods = {name: hook(name) for name in HOOKS}
    return type("Recorder", (keras.callbacks.Callback,), methods)()


def model_of(keras: Keras) -> Any:
    """A small compiled classifier."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, activation="softmax")])
    fill(model).compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model


@case()
def life_cycle(keras: Keras) -> Results:
    """Every hook of two callbacks, in order, in fit, evaluate and predict."""
    results = {}
    for name in ("fit", "fit with validation", "evaluate", "predict"):
        calls: list[Any] = []
        both = [_recorder(keras, calls), _recorder(keras, calls, "second ")]
        options = {"batch_size": 2, "verbose": 0, "callbacks": both}
        model = model_of(keras)
        if name == "fit":
            model.fit(X, Y, epochs=1, **options)
        elif name == "fit with validation":
            model.fit(X, Y, epochs=2, validation_split=0.4, **options)
        elif name == "evaluate":
            model.evaluate(X, Y, **options)
        else:
            model.predict(X, **options)
        results[name] = calls
        results[f"{name} params"] = dict(sorted(both[0].params.items()))
    return results


@case()
def old_batch_hooks(keras: Keras) -> Results:
    """on_batch_begin and on_batch_end, which the new hooks call; LambdaCallback."""
    calls: list[Any] = []

    class Old(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_batch_begin(self, batch: int, logs: Any = None) -> None:
            calls.append(["begin", batch, list(logs)])

        def on_batch_end(self, batch: int, logs: Any = None) -> None:
            calls.append(["end", batch, list(logs)])

    lambdas = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: calls.append(["epoch", epoch, list(logs)]),
        on_train_batch_end=lambda batch, logs: calls.append(["lambda", batch, list(logs)]),
        on_train_end=lambda logs: calls.append(["train end", list(logs)]),
    )
    model_of(keras).fit(X, Y, batch_size=3, verbose=0, callbacks=[Old(), lambdas])
    return {"calls": calls}


@case()
def stopping_in_hooks(keras: Keras) -> Results:
    """stop_training set in each hook of fit."""
    results = {}
    for name in HOOKS[:10]:
        calls: list[Any] = []
        options = {"epochs": 3, "batch_size": 2, "verbose": 0, "validation_split": 0.2}
        history = model_of(keras).fit(
            X, Y, callbacks=[_recorder(keras, calls, stop_at=name)], **options
        )
        results[name] = [call[:2] for call in calls]
        results[f"{name} epochs"] = history.epoch
    return results


@case()
def added_logs(keras: Keras) -> Results:
    """What a callback adds to an epoch's logs reaches the next one and the history."""
    seen: list[str] = []

    class Adds(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["extra"] = float(epoch)

    class Reads(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.extend(logs)

    model = model_of(keras)
    history = model.fit(X, Y, epochs=2, verbose=0, callbacks=[Adds(), Reads()])
    again = model.fit(X, Y, epochs=1, verbose=0)
    return {
        "seen": seen,
        "extra": history.history["extra"],
        "same": [model.history is again, history is again],
    }


@case(1e-4)
def running_means(keras: Keras) -> Results:
    """The numbers that batch hooks get: means over the epoch so far."""
    numbers: list[float] = []

    class Notes(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            numbers.extend(float(value) for value in logs.values())

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            numbers.extend(float(value) for value in logs.values())

    model_of(keras).fit(X, Y, batch_size=2, epochs=2, shuffle=False, verbose=0,
                      callbacks=[Notes()], validation_split=0.4)  # fmt: skip
    return {"numbers": numbers}


@case()
def predicted_batches(keras: Keras) -> Results:
    """The outputs in the logs of on_predict_batch_end are the batch's own."""
    outputs: list[Any] = []

    class Notes(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            outputs.append(numpy_of(logs["outputs"]))

    model_of(keras).predict(X, batch_size=2, verbose=0, callbacks=[Notes()])
    return {f"batch {index}": output for index, output in enumerate(outputs)}


SEQUENCES = {
    "falling": [5.0, 4.0, 3.0, 2.0, 1.0, 0.5],
    "rising": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    "flat": [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    "dip": [3.0, 2.0, 2.5, 2.4, 1.0, 1.5],
    "slow": [1.0, 0.99, 0.98, 0.97, 0.96, 0.95],
    "first best": [1.0, 2.0, 1.5, 1.2, 1.1, 1.0],
    "not numbers": [1.0, float("nan"), 0.5, float("nan"), 0.4, 0.6],
}

OPTIONS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "patience 2": {"patience": 2},
    "min_delta": {"min_delta": 0.05, "patience": 1},
    "negative min_delta": {"min_delta": -0.05, "patience": 1},
    "max": {"mode": "max", "patience": 1},
    "max min_delta": {"mode": "max", "patience": 1, "min_delta": 0.05},
    "baseline": {"baseline": 2.2, "patience": 2},
    "restore": {"restore_best_weights": True, "patience": 1},
    "restore baseline": {"restore_best_weights": True, "patience": 1, "baseline": 0.9},
    "start": {"start_from_epoch": 3, "patience": 1},
    "start restore": {"start_from_epoch": 2, "restore_best_weights": True},
}


def _decision(keras: Keras, sequence: list[float], options: dict[str, Any]) -> list[Any]:
    """[epochs run, stopped_epoch, wait, best_epoch, epoch of the weights at the end]."""

    class Scripted(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["val_loss"] = sequence[epoch]
            self.model.set_weights([0 * w + epoch for w in self.model.get_weights()])

    stopping = keras.callbacks.EarlyStopping(**options)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    x = values((1, 1))
    history = model.fit(x, x, epochs=len(sequence), verbose=0, callbacks=[Scripted(), stopping])
    last = int(model.get_weights()[1][0])
    return [len(history.epoch), stopping.stopped_epoch, stopping.wait, stopping.best_epoch, last]


@case()
def early_stopping(keras: Keras) -> Results:
    """When it stops and which weights stay, for scripted losses and all options."""
    return {
        f"{sequence}, {options}": _decision(keras, SEQUENCES[sequence], OPTIONS[options])
        for sequence, options in itertools.product(SEQUENCES, OPTIONS)
    }


@case()
def early_stopping_direction(keras: Keras) -> Results:
    """Which way is better, from the name of what is monitored; a name that is not in the logs."""
    results: dict[str, Any] = {}
    for monitor in ("val_loss", "loss", "accuracy", "val_accuracy", "val_mse"):
        stopping = keras.callbacks.EarlyStopping(monitor, patience=1)
        model = model_of(keras)
        model.compile("sgd", "categorical_crossentropy", metrics=["accuracy", "mse"])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            history = model.fit(X, Y, epochs=3, verbose=0, callbacks=[stopping])
        results[f"{monitor} epochs"] = len(history.epoch)
        messages = [str(warning.message) for warning in caught]
        results[f"{monitor} warned"] = any("not available" in text for text in messages)
    return results
