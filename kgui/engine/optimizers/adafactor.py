"""Adafactor: Adam's second moments kept as rows and columns, not as whole matrices."""

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.optimizers.common import CommonOptions
from kgui.engine.optimizers.optimizer import Optimizer
from kgui.engine.variables import Array, Variable


class Adafactor(Optimizer):
    """Steps divided by the root of the gradient's mean square, which is kept in factors.

    A weight of two and more axes has a mean per row and one per column; steps grow with the weight.

    Args:
        learning_rate: Largest size of a step, as a share of the weight's.
        beta_2_decay: How fast the running means slow down; negative.
        epsilon_1: Small number that is added to the gradient's square.
        epsilon_2: Least size that a weight counts with.
        clip_threshold: Root mean square that a step may have before it is shortened.
        relative_step: Taken for Keras's sake: steps are no larger than 1 / sqrt(number of the
            update) in any case.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    slot_groups = (("velocity",),)
    option_names: ClassVar[tuple[str, ...]] = (
        "beta_2_decay",
        "epsilon_1",
        "epsilon_2",
        "clip_threshold",
        "relative_step",
    )

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        self.beta_2_decay, self.clip_threshold = beta_2_decay, clip_threshold
        self.epsilon_1, self.epsilon_2 = epsilon_1, epsilon_2
        self.relative_step = relative_step
        self._rows: list[Array] = []
        self._columns: list[Array] = []

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the state: means along the last axis, and along the one before."""
        new = self.parameters is None
        super().build(variables)
        if new:
            dtype = self._vectors.values.dtype
            shapes = [weight.shape for weight in self._vectors.variables]
            # Vectors have no factors; Keras keeps a number in their place.
            self._rows = [np.zeros(s[:-1] if len(s) > 1 else (), dtype) for s in shapes]
            self._columns = [
                np.zeros((*s[:-2], s[-1]) if len(s) > 1 else (), dtype) for s in shapes
            ]

    @property
    def variables(self) -> list[Variable]:
        """State in Keras's order: every weight's rows and columns before its whole slot."""
        state = super().variables
        if self.parameters is None:
            return state
        count = len(self._vectors.variables)
        before, whole = state[:-count], state[len(state) - count :]
        parts = zip(self._vectors.variables, self._rows, self._columns, whole, strict=True)
        for weight, rows, columns, slot in parts:
            before += [_held(weight.name, rows), _held(weight.name, columns), slot]
        return before

    def emit_update(self, emit: Emitter) -> None:
        """Emit a step for every weight: each has factors of its own."""
        vectors = self._vectors
        whole = (vectors.gradient, self.slots["velocity"], vectors.values)
        parts = zip(*map(vectors.split, whole), self._rows, self._columns, strict=True)
        for gradient, velocity, weight, rows, columns in parts:
            emit(
                "adafactor",
                gradient,
                self._learning_rate.array,
                self._updates,
                rows,
                columns,
                velocity,
                out=weight,
                decay=self.beta_2_decay,
                epsilon_1=self.epsilon_1,
                epsilon_2=self.epsilon_2,
                clip=self.clip_threshold,
            )


def _held(name: str, array: Array) -> Variable:
    slot = Variable(0.0, trainable=False, name=name)
    slot.array = array
    return slot
