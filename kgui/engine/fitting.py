"""One call of fit: epochs, batches and validation, with the hooks around them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine.backend.session import get_session
from kgui.engine.batches import ArrayData, batches
from kgui.engine.callbacks import CallbackList
from kgui.engine.compiling import Compiled, Objective, check_targets, resolve
from kgui.engine.programs import Program, ProgramBuilder, eager_metrics
from kgui.engine.variables import Array

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


class Fit:
    """One call of fit."""

    def __init__(
        self,
        model: "Model",
        compiled: Compiled,
        data: ArrayData,
        validation: ArrayData | None,
        size: int,
    ) -> None:
        self.model, self.data, self.validation, self.size = model, data, validation, size
        self.optimizer = compiled.optimizer
        names, outputs = model.output_names, model.outputs
        self.objective = resolve(compiled, names, outputs, data.targets)
        check_targets(self.objective, outputs, data.targets)
        model.objective = self.objective
        self.test_objective: Objective | None = None
        if validation is not None:
            self.test_objective = resolve(compiled, names, outputs, validation.targets)
            check_targets(self.test_objective, outputs, validation.targets)
        self.optimizer.build(model.trainable_weights)
        self.generator = np.random.default_rng(get_session().draw_seed())
        self.programs: dict[int, Program] = {}
        self.callbacks = CallbackList()
        self.shuffle = True
        self.validation_size = size
        self.validation_freq: int | Sequence[int] = 1

    def run(self, initial_epoch: int, epochs: int) -> None:
        """All epochs, with the hooks around them."""
        self.model.stop_training = False
        logs: dict[str, Any] = {}
        self.callbacks.call("on_train_begin", {})
        for epoch in range(initial_epoch, epochs):
            self.callbacks.call("on_epoch_begin", epoch, {})
            self.objective.reset()
            self._epoch()
            logs = self.objective.logs()
            logs = dict(sorted((logs | self._validate(epoch)).items()))
            self.callbacks.on_epoch_end(epoch, logs)
            if self.model.stop_training:
                break
        if epochs > 0:
            self.optimizer.finalize_variable_values()
        self.callbacks.call("on_train_end", logs)

    def _epoch(self) -> None:
        arrays, count = self.data.arrays, len(self.data)
        order = self.generator.permutation(count) if self.shuffle else None
        begin = self.callbacks.hooks("on_train_batch_begin")
        end = self.callbacks.hooks("on_train_batch_end")
        eager = eager_metrics(self.objective)
        for step, rows in enumerate(batches(count, self.size, order)):
            each(begin, step, {})
            program = self._program(count_rows(rows))
            program.load(arrays, rows)
            program.run()
            update_eager(eager, self.data, program, rows)
            if end:
                each(end, step, self.objective.logs())
            if self.model.stop_training:
                break

    def _program(self, count: int) -> Program:
        if count not in self.programs:
            builder = ProgramBuilder(self.model, self.data.arrays, count)
            self.programs[count] = builder.train(self.objective, self.optimizer)
        self.model.train_program = self.programs[count]
        return self.programs[count]

    def _validate(self, epoch: int) -> dict[str, float]:
        freq = self.validation_freq
        due = (epoch + 1) % freq == 0 if isinstance(freq, int) else epoch + 1 in freq
        if self.validation is None or self.test_objective is None or not due:
            return {}
        test(self.model, self.test_objective, self.validation, self.validation_size, self.callbacks)
        return {f"val_{key}": value for key, value in self.test_objective.logs().items()}


def test(
    model: "Model", objective: Objective, data: ArrayData, size: int, callbacks: CallbackList
) -> None:
    """Run losses and metrics over data, with the test hooks."""
    callbacks.call("on_test_begin", {})
    check_targets(objective, model.outputs, data.targets)
    objective.reset()
    begin, end = callbacks.hooks("on_test_batch_begin"), callbacks.hooks("on_test_batch_end")
    programs: dict[int, Program] = {}
    eager = eager_metrics(objective)
    for step, rows in enumerate(batches(len(data), size)):
        each(begin, step, {})
        count = count_rows(rows)
        if count not in programs:
            programs[count] = ProgramBuilder(model, data.arrays, count).test(objective)
        program = programs[count]
        program.load(data.arrays, rows)
        program.run()
        update_eager(eager, data, program, rows)
        if end:
            each(end, step, objective.logs())
    callbacks.call("on_test_end", objective.logs())


def each(hooks: Sequence[Any], step: int, logs: dict[str, Any]) -> None:
    """Call batch hooks."""
    for hook in hooks:
        hook(step, logs=logs)


def update_eager(
    eager: Sequence[Any], data: ArrayData, program: Program, rows: Array | slice
) -> None:
    """Hand the batch to metrics that no plan computes."""
    for tracker in eager:
        target, output = data.targets[tracker.output][rows], program.outputs[tracker.output]
        if tracker.weighted and data.weights:
            weights = data.weights[tracker.output][rows]
            tracker.metric.update_state(target, output, sample_weight=weights)
        else:
            tracker.metric.update_state(target, output)


def count_rows(rows: Array | slice) -> int:
    """Number of samples of a batch."""
    return rows.stop - rows.start if isinstance(rows, slice) else len(rows)
