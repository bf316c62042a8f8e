"""RMSprop."""

from typing import Any, ClassVar

from kgui.engine.backend.emitter import Emitter
from kgui.engine.optimizers.optimizer import Optimizer


class RMSprop(Optimizer):
    """Steps divided by the root of a running mean of the gradient's square.

    Args:
        learning_rate: Size of a step.
        rho: How slowly the running means move.
        momentum: Share of the last step that is made again.
        epsilon: Small number inside the root, against division by zero.
        centered: Take the running variance instead of the mean square.
        name: Name of the optimizer.
    """

    slot_names: ClassVar[tuple[str, ...]] = ("velocity", "momentum", "average_gradient")

    def __init__(
        self,
        learning_rate: float = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        name: str | None = None,
    ) -> None:
        super().__init__(learning_rate, name)
        self.rho, self.momentum = rho, momentum
        self.epsilon, self.centered = epsilon, centered

    def emit_update(self, emit: Emitter) -> None:
        """w -= rate * g / sqrt(v + epsilon), with momentum if asked for."""
        parameters = self.parameters
        assert parameters is not None  # noqa: S101 - built before
        emit(
            "rmsprop",
            parameters.gradient,
            self.learning_rate.array,
            self.slots["velocity"],
            self.slots["momentum"],
            self.slots["average_gradient"],
            out=parameters.values,
            rho=self.rho,
            momentum=self.momentum,
            epsilon=self.epsilon,
            centered=self.centered,
        )
        emit("count", out=self.iterations.array)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        own = {
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "centered": self.centered,
        }
        return {**super().get_config(), **own}
