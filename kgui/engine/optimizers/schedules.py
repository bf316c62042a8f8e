"""Learning rates that change with the number of updates, as `keras.optimizers.schedules`.

A schedule is called with the number of updates before the one at hand, and computes in the
session's number type: at the edge of a period, Keras's rounding decides on which side it is.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from kgui.engine.backend.session import floatx

Number = Any
"""A NumPy scalar of the session's number type."""


class LearningRateSchedule:
    """The base: a function from the number of updates to the learning rate."""

    option_names: ClassVar[tuple[str, ...]] = ()

    def __call__(self, step: Any) -> Any:
        """The learning rate of the update after `step` others."""
        raise NotImplementedError(
            f"Learning rate schedule '{type(self).__name__}' must override `__call__(self, step)`."
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {name: getattr(self, name) for name in self.option_names}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "LearningRateSchedule":
        """An equal schedule."""
        return cls(**config)


class Decay(LearningRateSchedule):
    """A learning rate that falls step by step, or in stairs.

    Args:
        initial_learning_rate: Learning rate of the first update.
        decay_steps: Updates in which it falls once.
        decay_rate: How much it falls.
        staircase: Fall all at once at the end of those updates.
        name: Name of the schedule.
    """

    option_names = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name")

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str | None = None,
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps, self.decay_rate = _positive("decay_steps", decay_steps), decay_rate
        self.staircase, self.name = staircase, name or type(self).__name__

    def periods(self, step: Any) -> Number:
        """How often the learning rate has fallen."""
        number = _kind()
        passed = number(step) / number(self.decay_steps)
        return np.floor(passed) if self.staircase else passed


class ExponentialDecay(Decay):
    """initial_learning_rate * decay_rate ** (step / decay_steps)."""

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = _kind()
        return number(self.initial_learning_rate) * number(self.decay_rate) ** self.periods(step)


class InverseTimeDecay(Decay):
    """initial_learning_rate / (1 + decay_rate * step / decay_steps)."""

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = _kind()
        below = number(1) + number(self.decay_rate) * self.periods(step)
        return number(self.initial_learning_rate) / below


class PiecewiseConstantDecay(LearningRateSchedule):
    """values[i] up to and with boundaries[i]; the last value after that.

    Args:
        boundaries: Numbers of updates, rising.
        values: Learning rates, one more than boundaries.
        name: Name of the schedule.
    """

    option_names = ("boundaries", "values", "name")

    def __init__(
        self,
        boundaries: Sequence[float],
        values: Sequence[float],
        name: str = "PiecewiseConstant",
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. "
                f"Received: boundaries={boundaries} of length {len(boundaries)}, and "
                f"values={values} of length {len(values)}."
            )
        self.boundaries, self.values, self.name = boundaries, values, name

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        kind = np.asarray(step).dtype.type
        place = sum(step > kind(boundary) for boundary in self.boundaries)
        return _kind()(self.values[place])


class PolynomialDecay(LearningRateSchedule):
    """From one learning rate to another along a power of the updates left.

    Args:
        initial_learning_rate: Learning rate of the first update.
        decay_steps: Updates until the end is reached.
        end_learning_rate: Learning rate at the end, and after it.
        power: The power; 1 is a straight line.
        cycle: Begin again after the end, each time with a longer way.
        name: Name of the schedule.
    """

    option_names = (
        "initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle", "name",
    )  # fmt: skip

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive("decay_steps", decay_steps)
        self.end_learning_rate, self.power = end_learning_rate, power
        self.cycle, self.name = cycle, name

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = _kind()
        now, length, end = number(step), number(self.decay_steps), number(self.end_learning_rate)
        if self.cycle:
            length = length * (number(1) if now == 0 else np.ceil(now / length))
        else:
            now = min(now, length)
        left = (number(1) - now / length) ** number(self.power)
        return (number(self.initial_learning_rate) - end) * left + end


class CosineDecay(LearningRateSchedule):
    """Half a wave of a cosine downwards, after a linear rise if asked for.

    Args:
        initial_learning_rate: Learning rate of the first update.
        decay_steps: Updates from the top to the end.
        alpha: Learning rate at the end, as a share of that at the top.
        name: Name of the schedule.
        warmup_target: Learning rate at the top; without it there is no rise.
        warmup_steps: Updates of the rise.
    """

    option_names = (
        "initial_learning_rate", "decay_steps", "alpha", "name", "warmup_target", "warmup_steps",
    )  # fmt: skip

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: float = 0,
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive("decay_steps", decay_steps)
        self.alpha, self.name = alpha, name
        self.warmup_target, self.warmup_steps = warmup_target, warmup_steps

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = _kind()
        now, start = number(step), number(self.initial_learning_rate)
        if self.warmup_target is None:
            return self._fall(now, start)
        top, rise = number(self.warmup_target), number(self.warmup_steps)
        return (top - start) * (now / rise) + start if now < rise else self._fall(now - rise, top)

    def _fall(self, now: Number, top: Number) -> Number:
        number = _kind()
        length = number(self.decay_steps)
        wave = _wave(min(now, length) / length)
        return top * (number(1 - self.alpha) * wave + number(self.alpha))


class CosineDecayRestarts(LearningRateSchedule):
    """Cosine decay that begins again, each time with a longer way.

    Args:
        initial_learning_rate: Learning rate of the first update.
        first_decay_steps: Updates of the first way.
        t_mul: How much longer every next way is.
        m_mul: What the learning rate is multiplied with at every restart.
        alpha: Learning rate at the end, as a share of the first.
        name: Name of the schedule.
    """

    option_names = (
        "initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha", "name",
    )  # fmt: skip

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: float,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = _positive("first_decay_steps", first_decay_steps)
        self.t_mul, self.m_mul = t_mul, m_mul
        self.alpha, self.name = alpha, name

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = _kind()
        restarts, way = self._place(number(step) / number(self.first_decay_steps))
        alpha = number(self.alpha)
        wave = number(self.m_mul) ** restarts * _wave(way)
        return number(self.initial_learning_rate) * ((number(1) - alpha) * wave + alpha)

    def _place(self, passed: Number) -> tuple[Number, Number]:
        """Restarts so far, and the share of the present way that is done."""
        one, growth = _kind()(1), _kind()(self.t_mul)
        if growth == one:
            return np.floor(passed), passed - np.floor(passed)
        restarts = np.floor(np.log(one - passed * (one - growth)) / np.log(growth))
        before = (one - growth**restarts) / (one - growth)
        return restarts, (passed - before) / growth**restarts


_ALL = (
    ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay, CosineDecay,
    CosineDecayRestarts,
)  # fmt: skip
SCHEDULES: dict[str, type[LearningRateSchedule]] = {kind.__name__: kind for kind in _ALL}


def serialize(learning_rate_schedule: LearningRateSchedule) -> dict[str, Any]:
    """A schedule as plain data."""
    return {
        "module": "keras.optimizers.schedules",
        "class_name": type(learning_rate_schedule).__name__,
        "config": learning_rate_schedule.get_config(),
        "registered_name": None,
    }


def deserialize(
    config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> LearningRateSchedule:
    """The schedule that `serialize` described; ValueError for an unknown one."""
    name = config.get("class_name")
    if custom_objects and isinstance(name, str) and name in custom_objects:
        own: LearningRateSchedule = custom_objects[name].from_config(config["config"])
        return own
    if name not in SCHEDULES:
        raise ValueError(f"Unknown learning rate schedule: {name}. Known: {', '.join(SCHEDULES)}.")
    return SCHEDULES[name].from_config(config["config"])


def _kind() -> Any:
    return np.dtype(floatx()).type


def _wave(way: Number) -> Number:
    number = _kind()
    return number(0.5) * (number(1) + np.cos(number(math.pi) * way))


def _positive(name: str, value: float) -> float:
    if value <= 0:
        raise ValueError(f"Argument `{name}` must be > 0. Received: {name}={value}")
    return value
