"""compile, fit, evaluate, predict: Keras's training interface."""

import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from kgui.engine import optimizers
from kgui.engine.backend.session import floatx, get_session
from kgui.engine.backend.threads import limit_threads
from kgui.engine.batches import (
    ArrayData,
    Results,
    as_input,
    as_target,
    batches,
    split_validation,
    weigh_classes,
)
from kgui.engine.callbacks import Callback, CallbackList, History
from kgui.engine.compiling import Compiled, Objective, per_output, resolve
from kgui.engine.errors import DataError
from kgui.engine.fitting import Fit, count_rows, each, test
from kgui.engine.programs import Program, ProgramBuilder
from kgui.engine.structure import Structure, pack
from kgui.engine.variables import Array

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


class Trainer:
    """Training of a model; the model's graph is compiled to plans, once per batch size."""

    def __init__(self) -> None:
        self.compiled: Compiled | None = None
        self.stop_training = False
        self.history: History | None = None
        self.train_program: Program | None = None
        self.objective: Objective | None = None
        """Losses and metrics of the last fit."""

    @property
    def optimizer(self) -> optimizers.Optimizer:
        """The optimizer of the last compile."""
        return self._require_compiled().optimizer

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
    ) -> None:
        """Choose how to train.

        Args:
            optimizer: Name or object.
            loss: Name, object or function; a list or dict for several outputs.
            loss_weights: Factor of each output's loss.
            metrics: Names, objects or functions; a list or dict for several outputs.
            weighted_metrics: Metrics in which samples count by their weights.
        """
        before = self.compiled
        self.compiled = Compiled(
            optimizers.get(optimizer),
            loss if loss is not None or before is None else before.loss,
            loss_weights if loss_weights is not None or before is None else before.loss_weights,
            metrics if metrics is not None or before is None else before.metrics,
            before.weighted_metrics
            if weighted_metrics is None and before is not None
            else weighted_metrics,
        )

    def _require_compiled(self) -> Compiled:
        if self.compiled is None:
            raise ValueError("You must call `compile()` before using the model.")
        return self.compiled

    @property
    def _self(self) -> "Model":
        return cast("Model", self)

    def fit(
        self,
        x: Structure = None,
        y: Structure = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
        nb_epoch: int | None = None,
    ) -> History:
        """Train for a number of epochs; returns the History.

        Args:
            x: Input arrays: one, a list, or a dict by input name.
            y: Target arrays: one, a list, or a dict by output name.
            batch_size: Samples per update; 32 unless given.
            epochs: Number of the last epoch, counted from `initial_epoch`.
            verbose: 0 silent, 1 ("auto") a progress bar, 2 a line per epoch.
            callbacks: Callbacks, called in this order.
            validation_split: Share of the samples, the last ones, held out.
            validation_data: (x, y) or (x, y, weights) held out, instead of a share.
            shuffle: A new order of the samples for every epoch.
            class_weight: Weight of each class's samples in the loss.
            sample_weight: Weight of each sample in the loss.
            initial_epoch: Epoch to begin with.
            validation_batch_size: Samples per validation batch; `batch_size` unless given.
            validation_freq: Validate every so many epochs, or at the epochs listed (from 1).
            nb_epoch: Old name of `epochs`.
        """
        compiled = self._require_compiled()
        if nb_epoch is not None:
            warnings.warn("The `nb_epoch` argument in `fit` has been renamed `epochs`.",
                          DeprecationWarning, stacklevel=2)  # fmt: skip
            epochs = nb_epoch
        size = _batch_size(batch_size)
        data = self._data(x, y, sample_weight)
        validation = None
        if validation_data is not None:
            validation = self._data(*validation_data)
        elif validation_split > 0:
            data, validation = split_validation(data, validation_split)
        if class_weight is not None:
            data = weigh_classes(data, class_weight)
        self._self.build_for(data.inputs[0])
        run = Fit(self._self, compiled, data, validation, size)
        run.shuffle = shuffle
        run.validation_size = validation_batch_size or size
        run.validation_freq = validation_freq
        level = 1 if verbose == "auto" else int(verbose)
        steps = -(-len(data) // size)
        run.callbacks = CallbackList(
            callbacks, add_history=True, add_progbar=level != 0, model=self,
            verbose=level, epochs=epochs, steps=steps,
        )  # fmt: skip
        with _numerics():
            run.run(initial_epoch, epochs)
        history = run.callbacks.history
        assert history is not None  # noqa: S101 - the list adds one
        return history

    def _data(self, x: Structure, y: Structure = None, weights: Any = None) -> ArrayData:
        model = self._self
        if not model.built and x is not None:
            model.build_for(np.asarray(x))
        pairs = zip(model.arrange_inputs(x), model.inputs, strict=True)
        inputs = [as_input(array, tensor.dtype) for array, tensor in pairs]
        count = len(inputs[0])
        if count == 0:
            raise DataError("There are no samples.")
        if y is None:
            return ArrayData(inputs)
        names = model.output_names
        nothing, ones = np.zeros((count, 0)), np.ones(count)
        targets = [nothing if value is None else value for value in _targets(y, names)]
        given = [] if weights is None else per_output(weights, names, "sample_weight")
        given = [ones if value is None else value for value in given]
        return ArrayData(
            inputs,
            [as_target(value, floatx()) for value in targets],
            [as_input(value, floatx()) for value in given],
        )

    def evaluate(
        self,
        x: Structure = None,
        y: Structure = None,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: Any = None,
        callbacks: Sequence[Callback] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Loss and metrics on data: a number, a list, or a dict."""
        compiled = self._require_compiled()
        size = _batch_size(batch_size)
        data = self._data(x, y, sample_weight)
        model = self._self
        objective = resolve(compiled, model.output_names, model.outputs, data.targets)
        level = 1 if verbose == "auto" else int(verbose)
        steps = -(-len(data) // size)
        listed = CallbackList(
            callbacks, add_progbar=level != 0, model=self, verbose=level, epochs=1, steps=steps
        )
        with _numerics():
            test(model, objective, data, size, listed)
        if return_dict:
            return objective.logs()
        values = objective.ordered()
        return values[0] if len(values) == 1 else values

    def predict(
        self,
        x: Structure,
        batch_size: int | None = None,
        verbose: str | int = 0,
        callbacks: Sequence[Callback] | None = None,
    ) -> Any:
        """Outputs for inputs, as arrays in the structure of the model's outputs."""
        size = _batch_size(batch_size)
        data = self._data(x)
        model = self._self
        steps = -(-len(data) // size)
        level = int(verbose == 1)
        hooks = CallbackList(callbacks, model=self, verbose=level, epochs=1, steps=steps)
        programs: dict[int, Program] = {}
        results = Results(len(data))
        hooks.call("on_predict_begin", {})
        with _numerics():
            for step, rows in enumerate(batches(len(data), size)):
                each(hooks.hooks("on_predict_batch_begin"), step, {})
                count = count_rows(rows)
                if count not in programs:
                    programs[count] = ProgramBuilder(model, data.inputs, count).predict()
                program = programs[count]
                program.load(data.inputs, rows)
                program.run()
                outputs = results.take(program.outputs, count)
                each(
                    hooks.hooks("on_predict_batch_end"),
                    step,
                    {"outputs": pack(model.outputs_structure, outputs)},
                )
        hooks.call("on_predict_end", {})
        return pack(model.outputs_structure, results.arrays)

    def predict_classes(self, x: Structure, batch_size: int | None = None) -> Array:
        """Class indices: the likeliest class, or probability above one half."""
        warnings.warn(
            "`predict_classes` was removed from Keras; use `predict` and `argmax(-1)`.",
            DeprecationWarning,
            stacklevel=2,
        )
        result: Array = self.predict(x, batch_size)
        if result.shape[-1] > 1:
            return np.asarray(result.argmax(-1))
        return np.asarray(result > 0.5, "int32")

    def first_non_finite(self) -> str:
        """Name of the layer where NaN or infinity came up first in the last batch; "" if none."""
        program = self.train_program
        found = program.plan.first_non_finite() if program is not None else None
        return found.owner if found is not None else ""


def _batch_size(size: int | None) -> int:
    if size is None:
        return 32
    if size < 1:
        raise ValueError(f"`batch_size` should be a positive integer. Received: {size}")
    return int(size)


def _targets(y: Structure, names: Sequence[str]) -> list[Any]:
    listed = isinstance(y, list | tuple) and (len(names) > 1 or (len(y) == 1 and np.ndim(y[0]) > 0))
    if isinstance(y, dict) or listed:
        return per_output(y, names, "y")
    return [y]


def _numerics() -> AbstractContextManager[Any]:
    return limit_threads(get_session().threads)
