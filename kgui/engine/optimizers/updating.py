"""An update as an optimizer emits it, and the running means of the weights.

emit_apply(emit)    all of an update: clip, decay, step, running means, constraints, count
emit_update(emit)   the step alone, an optimizer's own kernel
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from kgui.engine.backend.emitter import Emitter, ListEmitter
from kgui.engine.optimizers.common import Common
from kgui.engine.optimizers.parameters import ParameterVector
from kgui.engine.variables import Array, Variable


class Updating:
    """What an optimizer does to the flat vector of all weights."""

    kernel: ClassVar[str] = ""
    """Takes gradient, learning rate, number of updates and slots; its options by name."""
    option_names: ClassVar[tuple[str, ...]] = ()
    """Arguments of its own, which are attributes and in the configuration."""

    common: Common
    parameters: ParameterVector | None
    schedule: Callable[[Any], Any] | None
    """What says the learning rate of each update, where it is not a number."""
    slots: dict[str, Array]
    _iterations: Variable
    _learning_rate: Variable
    _updates: Array
    """Number of updates as kernels read it: fewer than batches where gradients add up."""
    _not_decayed: set[int]
    _not_decayed_names: list[str]

    def own_groups(self) -> Sequence[tuple[str, ...]]:
        """Names of the slots that the optimizer's own step needs."""
        raise NotImplementedError

    def exclude_from_weight_decay(
        self,
        var_list: Sequence[Variable] | None = None,
        var_names: Sequence[str] | None = None,
    ) -> None:
        """Spare these weights the decay, and those with one of the texts in their name."""
        self._not_decayed = {id(variable) for variable in var_list or ()}
        self._not_decayed_names = list(var_names or ())

    def _decays(self, variable: Variable) -> bool:
        named = any(re.search(text, variable.name) for text in self._not_decayed_names)
        return not named and id(variable) not in self._not_decayed

    def not_decayed(self) -> list[Any]:
        """What is spared the decay: ids of weights and texts in names."""
        return [*sorted(self._not_decayed), *self._not_decayed_names]

    def emit_apply(self, emit: Emitter) -> None:
        """Emit one update of the vector of parameters from its gradient."""
        self.emit_changes(emit)
        self.emit_average(emit)
        self.emit_end(emit, self._vectors.variables)

    def emit_changes(self, emit: Emitter) -> None:
        """Emit the first part of an update: the step, or adding up the gradients for it."""
        steps, iterations = self.common.gradient_accumulation_steps, self._iterations.array
        if self.schedule:
            rate = self._learning_rate.array
            emit("schedule_rate", iterations, out=rate, schedule=self.schedule)
        if steps:
            emit("floor_divide", iterations, out=self._updates, divisor=steps)
            due = ListEmitter()
            self._emit_step(due)
            emit(
                "accumulate_gradients",
                iterations,
                self.slots["gradient_accumulator"],
                out=self._vectors.gradient,
                steps=steps,
                due=due.instructions,
            )
        else:
            self._emit_step(emit)

    def emit_end(self, emit: Emitter, variables: Sequence[Variable]) -> None:
        """Emit the last part of an update: constraints on these variables, and the count."""
        changed = {id(variable) for variable in variables}
        parts = self._vectors.split(self._vectors.values)
        for variable, part in zip(self._vectors.variables, parts, strict=True):
            if variable.constraint is not None and id(variable) in changed:
                emit("constrain", out=part, constraint=variable.constraint)
        emit("count", out=self._iterations.array)

    def _emit_step(self, emit: Emitter) -> None:
        self._emit_clip(emit)
        if self.common.weight_decay is not None:
            self._emit_decay(emit, self.common.weight_decay)
        self.emit_update(emit)

    def _emit_clip(self, emit: Emitter) -> None:
        common, gradient = self.common, self._vectors.gradient
        if common.clipnorm and common.clipnorm > 0:
            for part in self._vectors.split(gradient):
                emit("clip_norm", part, out=part, limit=common.clipnorm)
        elif common.global_clipnorm and common.global_clipnorm > 0:
            emit("clip_norm", gradient, out=gradient, limit=common.global_clipnorm)
        elif common.clipvalue and common.clipvalue > 0:
            emit("clip", gradient, out=gradient, low=-common.clipvalue, high=common.clipvalue)

    def _emit_decay(self, emit: Emitter, factor: float) -> None:
        vectors, rate = self._vectors, self._learning_rate.array
        pairs = zip(vectors.variables, vectors.split(vectors.values), strict=True)
        if all(self._decays(variable) for variable in vectors.variables):
            emit("decay_weights", rate, out=vectors.values, factor=factor)
            return
        for variable, part in pairs:
            if self._decays(variable):
                emit("decay_weights", rate, out=part, factor=factor)

    def emit_update(self, emit: Emitter) -> None:
        """Emit the step itself."""
        emit(
            self.kernel,
            self._vectors.gradient,
            self._learning_rate.array,
            self._updates,
            *(self.slots[name] for group in self.own_groups() for name in group),
            out=self._vectors.values,
            **{name: getattr(self, name) for name in self.option_names},
        )

    def emit_average(self, emit: Emitter) -> None:
        """Emit the second part of an update: the running means of the weights, if kept."""
        if not self.common.use_ema:
            return
        emit(
            "average_weights",
            self._vectors.values,
            self._updates,
            out=self.slots["average"],
            momentum=self.common.ema_momentum,
        )
        often = self.common.ema_overwrite_frequency
        if often:
            emit(
                "take_average",
                self.slots["average"],
                self._updates,
                out=self._vectors.values,
                often=often,
            )

    def finalize_variable_values(self) -> None:
        """At the end of fit: with `use_ema`, the weights take their running means."""
        if self.common.use_ema and self.parameters is not None:
            np.copyto(self.parameters.values, self.slots["average"])

    def swap_averages(self) -> None:
        """Let the weights and their running means change places."""
        values, average = self._kept_averages()
        values[...], average[...] = average.copy(), values.copy()

    def restart_averages(self) -> None:
        """Take the weights as their own running means."""
        values, average = self._kept_averages()
        average[...] = values

    def _kept_averages(self) -> tuple[Array, Array]:
        if self.parameters is None or not self.common.use_ema:
            raise ValueError(
                "SwapEMAWeights must be used when `use_ema=True` is set on the optimizer. "
                f"Received: use_ema={self.common.use_ema}"
            )
        self.parameters.take_back()
        return self.parameters.values, self.slots["average"]

    @property
    def _vectors(self) -> ParameterVector:
        assert self.parameters is not None  # noqa: S101 - built before
        return self.parameters
