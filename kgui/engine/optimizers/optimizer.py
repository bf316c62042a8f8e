"""The base of optimizers: one update of the flat vector of all weights.

emit_apply(emit)    all of an update: clip, decay, step, running means, constraints, count
emit_update(emit)   the step alone, an optimizer's own kernel
"""

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Unpack

import numpy as np

from kgui.engine.backend.emitter import Emitter, ListEmitter
from kgui.engine.backend.memory import filled
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.optimizers.applying import OwnLoops
from kgui.engine.optimizers.common import CommonOptions, by_name, common_from, signature_with
from kgui.engine.optimizers.parameters import ParameterVector
from kgui.engine.optimizers.rates import number_from, schedule_from
from kgui.engine.optimizers.schedules import LearningRateSchedule, deserialize, serialize
from kgui.engine.stored import Stored
from kgui.engine.variables import Array, Variable


class Optimizer(OwnLoops, Stored):
    """Changes weights along their gradients.

    Args:
        learning_rate: Size of a step; may be assigned while training.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    kernel: ClassVar[str] = ""
    """Takes gradient, learning rate, number of updates and slots; its options by name."""
    slot_groups: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """State of the size of the weights; the slots of a group alternate in `variables`."""
    option_names: ClassVar[tuple[str, ...]] = ()
    """Arguments of its own, which are attributes and in the configuration."""

    def __init__(self, learning_rate: Any, *common: Any, **options: Unpack[CommonOptions]) -> None:
        given = by_name(common, {**options})
        name = given.pop("name", None)
        self.name = name or automatic_name(snake_case(type(self).__name__))
        self.common = common_from(given)
        self._iterations = Variable(0, dtype="int64", trainable=False, name="iteration")
        self._updates = self._iterations.array
        """Number of updates as kernels read it: fewer than batches where gradients add up."""
        if self.common.gradient_accumulation_steps:
            self._updates = np.zeros((), "int64")
        self.schedule: Callable[[Any], Any] | None = schedule_from(learning_rate)
        """What says the learning rate of each update, where it is not a number."""
        start = 0.0 if self.schedule else number_from(learning_rate)
        self._learning_rate = Variable(start, trainable=False, name="learning_rate")
        self.parameters: ParameterVector | None = None
        self.slots: dict[str, Array] = {}
        self._not_decayed: set[int] = set()
        self._not_decayed_names: list[str] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Tell the common arguments by name to those who ask for the signature."""
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls):
            signature_with(cls.__init__)

    @property
    def iterations(self) -> Variable:
        """Number of updates so far."""
        steps = self.common.gradient_accumulation_steps
        if not steps:
            return self._iterations
        return Variable(self._iterations.array // steps, dtype="int64", trainable=False)

    @property
    def learning_rate(self) -> Variable:
        """The learning rate, as a variable; with a schedule, that of the next update."""
        if self.schedule:
            self._learning_rate.assign(self.schedule(self._iterations.array[()]))
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        schedule = schedule_from(value)
        if schedule is None and isinstance(self.schedule, LearningRateSchedule):
            raise TypeError(
                "This optimizer was created with a `LearningRateSchedule` object as its "
                "`learning_rate` constructor argument, hence its learning rate is not settable. "
                "If you need the learning rate to be settable, you should instantiate the "
                "optimizer with a float `learning_rate` argument."
            )
        if schedule is None:
            self._learning_rate.assign(value)
        self.schedule = schedule

    def groups(self) -> list[tuple[str, ...]]:
        """Names of the slots in use, those of the common options first."""
        common = [("average",)] if self.common.use_ema else []
        if self.common.gradient_accumulation_steps:
            common.append(("gradient_accumulator",))
        return [*common, *self.own_groups()]

    def own_groups(self) -> Sequence[tuple[str, ...]]:
        """Names of the slots that the optimizer's own step needs."""
        return self.slot_groups

    def start_of(self, slot: str) -> float:
        """What a slot holds before the first step."""
        return 0.0

    def build(self, variables: Sequence[Variable]) -> None:
        """Gather the weights into one vector and make the state; once, unless they change."""
        if self.parameters is None:
            self.parameters = ParameterVector(variables)
            like = self.parameters.values
            self.slots = {
                name: filled(like.shape, like.dtype, self.start_of(name))
                for group in self.groups()
                for name in group
            }
        elif not self.parameters.holds(variables):
            same = {id(v) for v in variables} == {id(v) for v in self.parameters.variables}
            if not same:
                raise ValueError(
                    "The optimizer was built for other variables. Compile the model again after "
                    "changing which layers are trainable."
                )
            self.parameters.take_back()

    @property
    def variables(self) -> list[Variable]:
        """State in Keras's order: iteration, learning rate, then every weight's slots."""
        state = [self._iterations, *([] if self.schedule else [self._learning_rate])]
        if self.parameters is None:
            return state
        for group in self.groups():
            parts = [self.parameters.split(self.slots[name]) for name in group]
            for index, weight in enumerate(self.parameters.variables):
                for name, part in zip(group, parts, strict=True):
                    state.append(_slot(f"{weight.path.replace('/', '_')}_{name}", part[index]))
        return state + self.own_variables()

    def stored_variables(self) -> list[Variable]:
        """All of the state."""
        return self.variables

    def load_own_variables(self, store: Mapping[str, Array]) -> None:
        """Take the state from the store; where it is that of other weights, only warn."""
        own = len(self.variables)
        if len(store) == own:
            super().load_own_variables(store)
            return
        unbuilt = " This is likely because the optimizer has not been called/built yet."
        warnings.warn(
            f"Skipping variable loading for optimizer '{self.name}', because it has {own} "
            f"variables whereas the saved optimizer has {len(store)} variables."
            + (unbuilt if self.parameters is None else ""),
            stacklevel=2,
        )

    def own_variables(self) -> list[Variable]:
        """State that is not of the size of the weights."""
        return []

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

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        own = {name: getattr(self, name) for name in self.option_names}
        rate: Any = float(self._learning_rate.array)
        if isinstance(self.schedule, LearningRateSchedule):
            rate = serialize(self.schedule)
        return {"name": self.name, "learning_rate": rate, **self.common.config(), **own}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Optimizer":
        """An equal optimizer without state."""
        rate = config.get("learning_rate")
        given = {"learning_rate": deserialize(rate)} if isinstance(rate, dict) else {}
        return cls(**config | given)


signature_with(Optimizer.__init__)


def _slot(name: str, array: Array) -> Variable:
    slot = Variable(0.0, trainable=False, name=name)
    slot.array = array
    return slot
