"""Learning rates that fall by a rule, or as a table says."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine.optimizers.schedules.schedule import LearningRateSchedule, Number, kind, positive


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
        self.decay_steps, self.decay_rate = positive("decay_steps", decay_steps), decay_rate
        self.staircase, self.name = staircase, name or type(self).__name__

    def periods(self, step: Any) -> Number:
        """How often the learning rate has fallen."""
        number = kind()
        passed = number(step) / number(self.decay_steps)
        return np.floor(passed) if self.staircase else passed


class ExponentialDecay(Decay):
    """initial_learning_rate * decay_rate ** (step / decay_steps)."""

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = kind()
        return number(self.initial_learning_rate) * number(self.decay_rate) ** self.periods(step)


class InverseTimeDecay(Decay):
    """initial_learning_rate / (1 + decay_rate * step / decay_steps)."""

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = kind()
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
        like = np.asarray(step).dtype.type
        place = sum(step > like(boundary) for boundary in self.boundaries)
        return kind()(self.values[place])


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
        self.decay_steps = positive("decay_steps", decay_steps)
        self.end_learning_rate, self.power = end_learning_rate, power
        self.cycle, self.name = cycle, name

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = kind()
        now, length, end = number(step), number(self.decay_steps), number(self.end_learning_rate)
        if self.cycle:
            length = length * (number(1) if now == 0 else np.ceil(now / length))
        else:
            now = min(now, length)
        left = (number(1) - now / length) ** number(self.power)
        return (number(self.initial_learning_rate) - end) * left + end
