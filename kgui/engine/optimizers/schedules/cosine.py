"""Learning rates that fall along half a wave of a cosine."""

import math
from typing import Any

import numpy as np

from kgui.engine.optimizers.schedules.schedule import LearningRateSchedule, Number, kind, positive


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
        self.decay_steps = positive("decay_steps", decay_steps)
        self.alpha, self.name = alpha, name
        self.warmup_target, self.warmup_steps = warmup_target, warmup_steps

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = kind()
        now, start = number(step), number(self.initial_learning_rate)
        if self.warmup_target is None:
            return self._fall(now, start)
        top, rise = number(self.warmup_target), number(self.warmup_steps)
        return (top - start) * (now / rise) + start if now < rise else self._fall(now - rise, top)

    def _fall(self, now: Number, top: Number) -> Number:
        number = kind()
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
        self.first_decay_steps = positive("first_decay_steps", first_decay_steps)
        self.t_mul, self.m_mul = t_mul, m_mul
        self.alpha, self.name = alpha, name

    def __call__(self, step: Any) -> Number:
        """The learning rate of the update after `step` others."""
        number = kind()
        restarts, way = self._place(number(step) / number(self.first_decay_steps))
        alpha = number(self.alpha)
        wave = number(self.m_mul) ** restarts * _wave(way)
        return number(self.initial_learning_rate) * ((number(1) - alpha) * wave + alpha)

    def _place(self, passed: Number) -> tuple[Number, Number]:
        """Restarts so far, and the share of the present way that is done."""
        one, growth = kind()(1), kind()(self.t_mul)
        if growth == one:
            return np.floor(passed), passed - np.floor(passed)
        restarts = np.floor(np.log(one - passed * (one - growth)) / np.log(growth))
        before = (one - growth**restarts) / (one - growth)
        return restarts, (passed - before) / growth**restarts


def _wave(way: Number) -> Number:
    number = kind()
    return number(0.5) * (number(1) + np.cos(number(math.pi) * way))
