"""Streams of batches, steps that go on, single-batch steps, checkpoints, Adafactor."""

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cases_callbacks import HOOKS, model_of
from golden_cases import Keras, Results, case, fill, labels, numpy_of, one_hot, scalar, values

X, Y = values((23, 3), 3), one_hot(labels(23, 2, 3), 2)
W = values((23,), 5, 0.5, 2.0)


def _batches(count: int, sizes: tuple[int, ...] = (4,), weighted: bool = False) -> Iterator[Any]:
    """Batches that go through the rows again and again."""
    start = 0
    for index in range(count):
        size = sizes[index % len(sizes)]
        rows = [(start + i) % 23 for i in range(size)]
        start += size
        yield (X[rows], Y[rows], W[rows]) if weighted else (X[rows], Y[rows])


def _recorder(keras: Keras, calls: list[Any], numbers: list[float]) -> Any:
    """Notes every hook with its index, and all numbers of the logs."""

    def hook(name: str) -> Any:
        def call(self: Any, *args: Any, **keywords: Any) -> None:
            index = [item for item in args if isinstance(item, int)]
            logs = [i for i in [*args, *keywords.values()] if isinstance(i, dict)]
            calls.append([name, *index])
            if logs and "outputs" not in logs[0]:
                numbers.extend(float(value) for value in logs[0].values())

        return call

    methods = {name: hook(name) for name in HOOKS}
    return type("Recorder", (keras.callbacks.Callback,), methods)()


def _noted(keras: Keras, results: dict[str, Any], name: str, method: str, *data: Any, **options: Any
           ) -> Any:  # fmt: skip
    calls: list[Any] = []
    numbers: list[float] = []
    model = fill(model_of(keras))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = getattr(model, method)(
            *data, verbose=0, callbacks=[_recorder(keras, calls, numbers)], **options
        )
    results[f"{name} calls"] = " ".join("".join(map(str, call))[3:] for call in calls)
    results[f"{name} numbers"] = [*numbers, 0.0]
    results[f"{name} ran out"] = any("ran out of data" in str(w.message) for w in caught)
    return found


@case(1e-4)
def streams(keras: Keras) -> Results:
    """Hooks and numbers with generators that end, go on, or end early."""
    results: dict[str, Any] = {}
    for count, steps in ((5, None), (7, 3), (5, 3), (3, 5), (8, 4)):
        name = f"{count} in steps of {steps}"
        options = {"epochs": 3, "steps_per_epoch": steps, "shuffle": False}
        _noted(keras, results, f"fit {name}", "fit", _batches(count), **options)
        _noted(keras, results, f"evaluate {name}", "evaluate", _batches(count), steps=steps)
        found = _noted(keras, results, f"predict {name}", "predict", _batches(count), steps=steps)
        results[f"predict {name}"] = numpy_of(found)
    sizes = {"epochs": 2, "steps_per_epoch": 5, "shuffle": False}
    _noted(keras, results, "sizes", "fit", _batches(10, (3, 5, 1, 7)), **sizes)
    _noted(keras, results, "weighted", "fit", _batches(10, weighted=True), **sizes)
    held = {"validation_data": _batches(9), "validation_steps": 3, "shuffle": False}
    _noted(keras, results, "held out", "fit", X, Y, epochs=3, batch_size=8, **held)
    return results


@case(1e-4)
def steps_of_arrays(keras: Keras) -> Results:
    """steps_per_epoch with arrays: the next epoch goes on where the last one stopped."""
    results: dict[str, Any] = {}
    for size, steps in ((4, 4), (4, 9), (None, 5), (23, 1), (30, 2)):
        name = f"{size} {steps}"
        options = {"epochs": 4, "shuffle": False, "batch_size": size}
        _noted(keras, results, f"fit {name}", "fit", X, Y, steps_per_epoch=steps, **options)
        held = {"validation_data": (X, Y, W), "validation_steps": steps, "epochs": 1}
        _noted(keras, results, f"held {name}", "fit", X, Y, shuffle=False, batch_size=8,
               validation_batch_size=size, **held)  # fmt: skip
        evaluated = {"batch_size": size, "steps": steps}
        _noted(keras, results, f"evaluate {name}", "evaluate", X, Y, sample_weight=W, **evaluated)
    return results


@case(1e-4)
def datasets(keras: Keras) -> Results:
    """What a PyDataset is asked for, and when; class weights."""
    results: dict[str, Any] = {}

    class Rows(keras.utils.PyDataset):  # type: ignore[name-defined, misc] # keras is an argument
        def __init__(self, asked: list[Any]) -> None:
            super().__init__()
            self.asked = asked

        def __len__(self) -> int:
            return 5

        def __getitem__(self, index: int) -> Any:
            self.asked.append(index)
            return X[index * 4 : index * 4 + 4], Y[index * 4 : index * 4 + 4]

        def on_epoch_begin(self) -> None:
            self.asked.append("begin")

        def on_epoch_end(self) -> None:
            self.asked.append("end")

    for steps in (None, 2):
        for weights in (None, {0: 2.0, 1: 0.5}):
            asked: list[Any] = []
            name = f"steps {steps}, weights {weights}"
            _noted(keras, results, name, "fit", Rows(asked), epochs=3, shuffle=False,
                   steps_per_epoch=steps, class_weight=weights)  # fmt: skip
            results[f"{name} asked"] = " ".join(map(str, asked))
    for method in ("evaluate", "predict"):
        asked = []
        _noted(keras, results, method, method, Rows(asked))
        results[f"{method} asked"] = " ".join(map(str, asked))
    return results


@case(1e-4)
def single_batches(keras: Keras) -> Results:
    """train_on_batch and its like: numbers, their order, names of metrics."""
    results: dict[str, Any] = {}
    for kind in ("metrics", "none", "weighted"):
        metrics = {"none": None, "metrics": ["accuracy"], "weighted": ["mae"]}[kind]
        model = fill(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "softmax")]))
        also = {"weighted_metrics": ["mse"]} if kind == "weighted" else {}
        model.compile("sgd", "categorical_crossentropy", metrics=metrics, **also)
        weights = W if kind == "weighted" else None
        numbers: list[float] = []
        for start in (0, 5, 12):
            rows = slice(start, start + 5 + start % 2)
            data = X[rows], Y[rows], None if weights is None else weights[rows]
            for method in (model.train_on_batch, model.test_on_batch):
                found = method(*data)
                numbers += map(float, found if isinstance(found, list) else [found])
                by_name = method(*data, return_dict=True)
                numbers += map(float, by_name.values())
                results[f"{kind} keys"] = list(by_name)
                results[f"{kind} is list"] = isinstance(found, list)
        numbers.append(float(numpy_of(model.predict_on_batch(X[:3])).sum()))
        results[f"{kind} numbers"] = numbers
        results[f"{kind} names"] = list(model.metrics_names)
        results[f"{kind} weights"] = numpy_of(model.get_weights()[0])
    return results


@case()
def checkpoints(keras: Keras) -> Results:
    """Which files ModelCheckpoint writes, for scripted losses and its options."""
    results: dict[str, Any] = {}
    choices = ("epoch", 2, 5), (False, True), ("min", "max"), (None, 2.2), (False, True)
    for freq, best, mode, threshold, weights in itertools.product(*choices):
        if weights and (threshold or mode == "max"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            ending = ".weights.h5" if weights else ".keras"
            checkpoint = keras.callbacks.ModelCheckpoint(
                os.path.join(folder, "in", "{epoch:02d}-{val_loss:.1f}" + ending)  # noqa: PTH118 - Keras takes a text
                if freq == "epoch"
                else Path(folder, "in", "{epoch}-{batch}" + ending),
                save_freq=freq, save_best_only=best, mode=mode, save_weights_only=weights,
                initial_value_threshold=threshold,
            )  # fmt: skip
            results[f"{freq} {best} {mode} {threshold} {weights}"] = _saved(keras, checkpoint)
    return results


def _saved(keras: Keras, checkpoint: Any) -> list[str]:
    names: list[str] = []

    class Scripted(keras.callbacks.Callback):  # type: ignore[name-defined, misc] # keras is an argument
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["val_loss"] = [3.0, 2.0, 2.5, 2.4, 1.0][epoch]

    model = model_of(keras)

    def note(path: Any, overwrite: bool = True) -> None:
        names.append(Path(path).name)

    for method in ("save", "save_weights"):
        object.__setattr__(model, method, note)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, Y, batch_size=8, epochs=5, verbose=0, callbacks=[Scripted(), checkpoint])
    return names


@case(1e-4)
def adafactor(keras: Keras) -> Results:
    """Histories, weights and the shapes of the state, with all options."""
    results: dict[str, Any] = {}
    made = keras.optimizers.Adafactor
    decay = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    for name, optimizer in (
        ("by name", "adafactor"),
        ("rate", made(0.05)),
        ("not relative", made(0.05, relative_step=False)),
        ("decay", made(0.05, beta_2_decay=-0.5)),
        ("epsilons", made(0.05, epsilon_1=1e-3, epsilon_2=0.1)),
        ("clipping", made(0.05, clip_threshold=0.2)),
        ("schedule", made(decay)),
        ("common", made(0.05, weight_decay=0.1, clipnorm=0.5, use_ema=True)),
    ):
        layers = keras.layers
        model = fill(keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh"),
                                       layers.Dense(2)]))  # fmt: skip
        model.compile(optimizer, "mse")
        history = model.fit(X, values((23, 2), 8), batch_size=8, epochs=3, shuffle=False, verbose=0)
        results[f"{name} loss"] = history.history["loss"]
        results[f"{name} kernel"] = numpy_of(model.get_weights()[0])
        results[f"{name} bias"] = numpy_of(model.get_weights()[1])
        shapes = [list(variable.shape) for variable in model.optimizer.variables]
        results[f"{name} shapes"] = shapes
    config = made(0.5, clip_threshold=2.0).get_config()
    results["options"] = sorted(config)
    results["threshold"] = scalar(config["clip_threshold"])
    return results
