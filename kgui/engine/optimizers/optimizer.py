"""The base of optimizers: the learning rate, the state, and the configuration."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Unpack

import numpy as np

from kgui.engine.backend.memory import filled
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.optimizers.applying import OwnLoops
from kgui.engine.optimizers.common import CommonOptions, by_name, common_from, signature_with
from kgui.engine.optimizers.parameters import ParameterVector
from kgui.engine.optimizers.rates import number_from, schedule_from
from kgui.engine.optimizers.schedules import LearningRateSchedule, deserialize, serialize
from kgui.engine.optimizers.updating import Updating
from kgui.engine.stored import Stored
from kgui.engine.variables import Array, Variable


class Optimizer(Updating, OwnLoops, Stored):
    """Changes weights along their gradients.

    Args:
        learning_rate: Size of a step; may be assigned while training.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    slot_groups: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """State of the size of the weights; the slots of a group alternate in `variables`."""

    def __init__(self, learning_rate: Any, *common: Any, **options: Unpack[CommonOptions]) -> None:
        given = by_name(common, {**options})
        name = given.pop("name", None)
        self.name = name or automatic_name(snake_case(type(self).__name__))
        self.common = common_from(given)
        self._iterations = Variable(0, dtype="int64", trainable=False, name="iteration")
        self._updates = self._iterations.array
        if self.common.gradient_accumulation_steps:
            self._updates = np.zeros((), "int64")
        self.schedule = schedule_from(learning_rate)
        start = 0.0 if self.schedule else number_from(learning_rate)
        self._learning_rate = Variable(start, trainable=False, name="learning_rate")
        self.parameters = None
        self.slots = {}
        self._not_decayed = set()
        self._not_decayed_names = []

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
