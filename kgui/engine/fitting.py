"""One call of fit or evaluate: epochs, batches and validation, with the hooks around them."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kgui.engine.arranging import check_batch
from kgui.engine.backend.choice import prepare
from kgui.engine.batches import ArrayData, count_rows
from kgui.engine.callbacks import CallbackList, TerminateOnNaN
from kgui.engine.compiling import Compiled, Objective, resolve
from kgui.engine.feeding import BatchReader, Feed, fitting_in
from kgui.engine.kept_programs import Kept, Programs, outline_of
from kgui.engine.pacing import Pacing
from kgui.engine.programs import Program, ProgramBuilder, eager_metrics
from kgui.engine.sources import ArraySource, StreamSource
from kgui.engine.variables import Array

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

LASTING = 0.5
"""Seconds of training after which compiled kernels are worth loading."""
LOOK_EVERY = 256
"""Steps after which a training looks whether compiled kernels have become ready."""


class Fit:
    """One call of fit."""

    def __init__(
        self, model: "Model", compiled: Compiled, feed: Feed, validation: Feed | None
    ) -> None:
        self.model, self.feed, self.optimizer = model, feed, compiled.optimizer
        self.compiled = compiled
        first = look_ahead(model, feed)
        feed.reset()
        self.objective = resolve(compiled, model.output_keys, model.outputs, first.targets)
        self._first = first
        self.testing: Testing | None = None
        if validation is not None:
            self.testing = Testing(model, compiled, validation)
            self.testing.resolve()
        model.objective = self.objective
        self.optimizer.build(model.trainable_weights)
        self.programs = Programs(self._make, compiled.run_eagerly)
        self._take_kept()
        self.callbacks = CallbackList()
        self.validation_freq: int | Sequence[int] = 1
        self._pacing = Pacing()
        self._start = time.perf_counter()
        self.began = False
        """True once every callback has let the training begin."""

    def _take_kept(self) -> None:
        """Go on with the programs of the fit before, if they would be made alike now."""
        self._outline = outline_of(self.model, self.compiled, self.objective, self._first)
        kept, self.model.kept = self.model.kept, None
        if kept is not None and self._outline is not None and kept.outline == self._outline:
            self.objective = self.model.objective = kept.objective
            self.programs = kept.programs
            self.programs.serve(self._make)

    def keep(self) -> None:
        """Leave the programs to the next fit."""
        self.programs.release()
        if self._outline is not None and not self.compiled.run_eagerly:
            self.model.kept = Kept(self._outline, self.objective, self.programs)

    def _make(self, data: ArrayData, count: int) -> Program:
        with fitting_in(self.feed):
            builder = ProgramBuilder(self.model, data.arrays, count)
            return builder.train(self.objective, self.optimizer)

    def prepare(self) -> None:
        """Look through the data and plan the first batches: what is wrong shows before a step."""
        finite = not any(isinstance(item, TerminateOnNaN) for item in self.callbacks.callbacks)
        guard(self.model, self.objective, self.feed, self._first, "" if finite else None)
        plan_ahead(self.programs, self.feed, self._first)
        if self.testing is not None:
            self.testing.prepare("validation " if finite else None)

    def run(self, initial_epoch: int, epochs: int) -> None:
        """All epochs, with the hooks around them."""
        model, call = self.model, self.callbacks
        model.stop_training = False
        logs: dict[str, Any] = {}
        call.call("on_train_begin", {})
        self.began = True
        start = model.take_resumed_epoch() or initial_epoch
        self.feed.skip(min(start, epochs))
        for epoch in range(start, epochs):
            call.call("on_epoch_begin", epoch, {})
            self.objective.reset()
            # An epoch without a batch has nothing to tell.
            logs = self.objective.logs() if self._epoch() else {}
            logs = dict(sorted((logs | self._validate(epoch)).items()))
            call.call("on_epoch_end", epoch, dict(logs))
            if model.stop_training:
                break
        if epochs > 0:
            self.optimizer.finalize_variable_values()
        call.call("on_train_end", logs)

    def _epoch(self) -> bool:
        """One epoch; False if the data had no batch for it."""
        begin = self.callbacks.hooks("on_train_batch_begin")
        end = self.callbacks.hooks("on_train_batch_end")
        eager = eager_metrics(self.objective)
        arrays = isinstance(self.feed.source, ArraySource)
        if arrays and not (begin or end or eager or self.compiled.run_eagerly):
            return self._unwatched_epoch()
        return self._watched_epoch(begin, end, eager)

    def _unwatched_epoch(self) -> bool:
        """Batches in groups, since nobody wants to hear of single ones."""
        data = None
        for data, batches in self._pacing.groups(self.feed.epoch()):
            self._take_compiled()
            program = self.model.train_program = self.programs.get(data, count_rows(batches[0]))
            program.steps(data.arrays, batches)
            if self.model.stop_training:
                break
        return data is not None

    def _watched_epoch(
        self, begin: Sequence[Any], end: Sequence[Any], eager: Sequence[Any]
    ) -> bool:
        programs, model = self.programs, self.model
        group, step = self.compiled.steps_per_execution, -1
        for step, (data, rows) in enumerate(self.feed.epoch()):
            if step % LOOK_EVERY == 0:
                self._take_compiled()
            if step % group == 0:
                each(begin, step, {})
            program = model.train_program = programs.get(data, count_rows(rows))
            program.step(data.arrays, rows)
            update_eager(eager, data, program, rows)
            if (step + 1) % group == 0:
                if end:
                    each(end, step, self.objective.logs())
                if model.stop_training:
                    return True
        if end and (step + 1) % group:
            each(end, step - step % group + group - 1, self.objective.logs())
        return step >= 0

    def _take_compiled(self) -> None:
        """Load compiled kernels beside a training that lasts, and use them once they are there."""
        if time.perf_counter() - self._start > LASTING:
            prepare()
        self.programs.take_compiled()
        if self.testing is not None:
            self.testing.programs.take_compiled()

    def _validate(self, epoch: int) -> dict[str, float]:
        if self.testing is None or not is_due(self.validation_freq, epoch):
            return {}
        logs = self.testing.run(self.callbacks)
        return {f"val_{key}": value for key, value in logs.items()}


class Testing:
    """Losses and metrics over data, as often as asked for."""

    def __init__(self, model: "Model", compiled: Compiled, feed: Feed) -> None:
        self.model, self.compiled, self.feed = model, compiled, feed
        self.objective: Objective | None = None
        self.programs = Programs(self._make, compiled.run_eagerly)
        self._first: ArrayData | None = None

    def resolve(self) -> Objective:
        """Losses and metrics for the data's targets."""
        self._first = look_ahead(self.model, self.feed)
        return self._resolve(self._first)

    def _resolve(self, data: ArrayData) -> Objective:
        model = self.model
        if self.objective is None:
            names, outputs = model.output_keys, model.outputs
            self.objective = resolve(self.compiled, names, outputs, data.targets)
            guard(model, self.objective, self.feed, data, None)
        return self.objective

    def _make(self, data: ArrayData, count: int) -> Program:
        with fitting_in(self.feed):
            return ProgramBuilder(self.model, data.arrays, count).test(self._resolve(data))

    def prepare(self, finite: str | None) -> None:
        """Look through the data and plan the first batches."""
        assert self._first is not None and self.objective is not None  # noqa: S101 - resolved
        guard(self.model, self.objective, self.feed, self._first, finite)
        plan_ahead(self.programs, self.feed, self._first)

    def run(self, callbacks: CallbackList) -> dict[str, Any]:
        """One pass over the data, with the test hooks; returns the logs."""
        model, programs = self.model, self.programs
        self.feed.reset()
        model.stop_evaluating = False
        callbacks.call("on_test_begin", {})
        if self.objective is not None:
            self.objective.reset()
        begin, end = callbacks.hooks("on_test_batch_begin"), callbacks.hooks("on_test_batch_end")
        group, step = self.compiled.steps_per_execution, -1
        for step, (data, rows) in enumerate(self.feed.epoch()):
            if step % group == 0:
                each(begin, step, {})
            objective = self.objective or self._resolve(data)
            program = programs.get(data, count_rows(rows))
            program.step(data.arrays, rows)
            update_eager(eager_metrics(objective), data, program, rows)
            if (step + 1) % group == 0:
                if end:
                    each(end, step, objective.logs())
                if model.stop_evaluating:
                    break
        logs = self.objective.logs() if self.objective is not None and step >= 0 else {}
        if end and (step + 1) % group:
            each(end, step - step % group + group - 1, logs)
        callbacks.call("on_test_end", dict(logs))
        return logs


def look_ahead(model: "Model", feed: Feed) -> ArrayData:
    """The first data; after `compile`, datasets see an epoch begin for it, as in Keras."""
    if model.objective is None:
        feed.source.on_epoch_begin()
    return feed.source.first()


def guard(
    model: "Model", objective: Objective, feed: Feed, first: ArrayData, finite: str | None
) -> None:
    """Look through arrays now, and through the batches of a stream when they come."""

    def check(data: ArrayData) -> None:
        check_batch(model, objective, data, finite)

    check(first)
    source = feed.source
    if isinstance(source, StreamSource) and isinstance(source.read, BatchReader):
        source.read.check = check


def plan_ahead(programs: Programs, feed: Feed, first: ArrayData) -> None:
    """Make the programs of the batches whose sizes are known."""
    source = feed.source
    if not isinstance(source, ArraySource):
        programs.get(first, len(first))
        return
    whole, rest = divmod(len(source.data), source.size)
    if whole:
        programs.get(source.data, source.size)
    if rest and (feed.steps is None or not whole or feed.steps > whole):
        programs.get(source.data, rest)


def is_due(freq: int | Sequence[int], epoch: int) -> bool:
    """True if an epoch, counted from 0, ends with a validation."""
    return (epoch + 1) % freq == 0 if isinstance(freq, int) else epoch + 1 in freq


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
