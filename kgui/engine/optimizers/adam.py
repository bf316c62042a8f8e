"""Adam."""

from typing import Any, ClassVar

from kgui.engine.backend.emitter import Emitter
from kgui.engine.optimizers.optimizer import Optimizer


class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    Args:
        learning_rate: Size of a step.
        beta_1: How slowly the mean of the gradient moves.
        beta_2: How slowly the mean of its square moves.
        epsilon: Small number beside the root, against division by zero.
        name: Name of the optimizer.
    """

    slot_names: ClassVar[tuple[str, ...]] = ("momentum", "velocity")

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        name: str | None = None,
    ) -> None:
        super().__init__(learning_rate, name)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def emit_update(self, emit: Emitter) -> None:
        """w -= rate' * m / (sqrt(v) + epsilon)."""
        parameters = self.parameters
        assert parameters is not None  # noqa: S101 - built before
        emit(
            "adam",
            parameters.gradient,
            self.learning_rate.array,
            self.iterations.array,
            self.slots["momentum"],
            self.slots["velocity"],
            out=parameters.values,
            beta_1=self.beta_1,
            beta_2=self.beta_2,
            epsilon=self.epsilon,
        )
        emit("count", out=self.iterations.array)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        own = {"beta_1": self.beta_1, "beta_2": self.beta_2, "epsilon": self.epsilon}
        return {**super().get_config(), **own}
