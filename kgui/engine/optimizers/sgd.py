"""Gradient descent."""

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack

from kgui.engine.backend.emitter import Emitter
from kgui.engine.optimizers.common import CommonOptions
from kgui.engine.optimizers.optimizer import Optimizer


class SGD(Optimizer):
    """Gradient descent, with momentum if asked for.

    Args:
        learning_rate: Size of a step.
        momentum: Share of the last step that is made again, from 0 to 1.
        nesterov: Look ahead along the momentum.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    kernel = "sgd_momentum"
    slot_groups = (("momentum",),)
    option_names: ClassVar[tuple[str, ...]] = ("momentum", "nesterov")

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        if not isinstance(momentum, int | float) or not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be a float between [0, 1].")
        self.momentum = momentum
        self.nesterov = nesterov

    def own_groups(self) -> Sequence[tuple[str, ...]]:
        """Without momentum there is nothing to remember."""
        return self.slot_groups if self.momentum else ()

    def emit_update(self, emit: Emitter) -> None:
        """w -= rate * g, or m = momentum * m - rate * g and w += m."""
        if self.momentum:
            super().emit_update(emit)
        else:
            vectors = self._vectors
            emit("sgd", vectors.gradient, self._learning_rate.array, out=vectors.values)
