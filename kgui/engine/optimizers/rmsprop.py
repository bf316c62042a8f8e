"""RMSprop."""

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack

from kgui.engine.backend.emitter import Emitter
from kgui.engine.optimizers.common import CommonOptions
from kgui.engine.optimizers.optimizer import Optimizer


class RMSprop(Optimizer):
    """Steps divided by the root of a running mean of the gradient's square.

    Args:
        learning_rate: Size of a step.
        rho: How slowly the running means move.
        momentum: Share of the last step that is made again.
        epsilon: Small number inside the root, against division by zero.
        centered: Take the running variance instead of the mean square.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    slot_groups = (("velocity",), ("momentum",), ("average_gradient",))
    option_names: ClassVar[tuple[str, ...]] = ("rho", "momentum", "epsilon", "centered")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        self.rho, self.momentum = rho, momentum
        self.epsilon, self.centered = epsilon, centered

    def own_groups(self) -> Sequence[tuple[str, ...]]:
        """What is not asked for is not kept."""
        unused = [] if self.momentum else ["momentum"]
        unused += [] if self.centered else ["average_gradient"]
        return [group for group in self.slot_groups if group[0] not in unused]

    def emit_update(self, emit: Emitter) -> None:
        """w -= rate * g / sqrt(v + epsilon), with momentum if asked for."""
        vectors, velocity = self._vectors, self.slots["velocity"]
        emit(
            "rmsprop",
            vectors.gradient,
            self._learning_rate.array,
            velocity,
            self.slots.get("momentum", velocity),
            self.slots.get("average_gradient", velocity),
            out=vectors.values,
            rho=self.rho,
            momentum=self.momentum,
            epsilon=self.epsilon,
            centered=self.centered,
        )
