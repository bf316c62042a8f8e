"""Gradient descent."""

from typing import Any, ClassVar

from kgui.engine.backend.emitter import Emitter
from kgui.engine.optimizers.optimizer import Optimizer


class SGD(Optimizer):
    """Gradient descent, with momentum if asked for.

    Args:
        learning_rate: Size of a step.
        momentum: Share of the last step that is made again, from 0 to 1.
        nesterov: Look ahead along the momentum.
        name: Name of the optimizer.
    """

    slot_names: ClassVar[tuple[str, ...]] = ("momentum",)

    def __init__(
        self,
        learning_rate: float = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        name: str | None = None,
    ) -> None:
        super().__init__(learning_rate, name)
        if not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be a float between [0, 1].")
        self.momentum = momentum
        self.nesterov = nesterov

    def emit_update(self, emit: Emitter) -> None:
        """w -= rate * g, or m = momentum * m - rate * g and w += m."""
        parameters = self.parameters
        assert parameters is not None  # noqa: S101 - built before
        rate = self.learning_rate.array
        if self.momentum == 0:
            emit("sgd", parameters.gradient, rate, out=parameters.values)
        else:
            emit(
                "sgd_momentum",
                parameters.gradient,
                rate,
                self.slots["momentum"],
                out=parameters.values,
                momentum=self.momentum,
                nesterov=self.nesterov,
            )
        emit("count", out=self.iterations.array)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        own = {"momentum": self.momentum, "nesterov": self.nesterov}
        return {**super().get_config(), **own}
