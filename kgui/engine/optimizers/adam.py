"""Adam and its relatives: steps from running means of the gradient and of its size."""

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack

from kgui.engine.backend.emitter import Emitter
from kgui.engine.optimizers.common import CommonOptions
from kgui.engine.optimizers.optimizer import Optimizer
from kgui.engine.variables import Variable


class Moments(Optimizer):
    """The base: two decays and a small number.

    Args:
        learning_rate: Size of a step.
        beta_1: How slowly the mean of the gradient moves.
        beta_2: How slowly the mean of its square moves.
        epsilon: Small number that is added to a divisor.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    slot_groups = (("momentum", "velocity"),)
    option_names: ClassVar[tuple[str, ...]] = ("beta_1", "beta_2", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon


class Adam(Moments):
    """Steps scaled by running means of the gradient and of its square.

    Args:
        amsgrad: Divide by the largest mean of the square so far, not by the current one.
    """

    kernel = "adam"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, *common, **options)
        self.amsgrad = amsgrad

    def own_groups(self) -> Sequence[tuple[str, ...]]:
        """The largest mean is kept only where it is asked for."""
        return [*self.slot_groups, ("velocity_hat",)] if self.amsgrad else self.slot_groups

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        return {**super().get_config(), "amsgrad": self.amsgrad}


class AdamW(Adam):
    """Adam whose weights decay, biases too unless they are excluded."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        *common: Any,
        **options: Any,
    ) -> None:
        super().__init__(
            learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, *common, **options
        )
        if weight_decay is None:
            raise ValueError("Argument `weight_decay` must be a float. Received: weight_decay=None")


class Adamax(Moments):
    """Adam that divides by the largest gradient of late."""

    kernel = "adamax"
    slot_groups = (("momentum", "norm"),)


class Nadam(Moments):
    """Adam that looks ahead along its momentum."""

    kernel = "nadam"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, *common, **options)
        self._product = Variable(1.0, trainable=False, name="u_product")

    def own_variables(self) -> list[Variable]:
        """The running product of momenta."""
        return [self._product]

    def emit_update(self, emit: Emitter) -> None:
        """Emit the step, with the running product besides the slots."""
        vectors = self._vectors
        emit(
            self.kernel,
            vectors.gradient,
            self._learning_rate.array,
            self._updates,
            self.slots["momentum"],
            self.slots["velocity"],
            self._product.array,
            out=vectors.values,
            beta_1=self.beta_1,
            beta_2=self.beta_2,
            epsilon=self.epsilon,
        )


class Lamb(Moments):
    """Adam whose step is as long as the weight it changes, times the learning rate."""

    kernel = "lamb"

    def emit_update(self, emit: Emitter) -> None:
        """Emit a step for every weight: each has a length of its own."""
        vectors = self._vectors
        arrays = (vectors.gradient, self.slots["momentum"], self.slots["velocity"], vectors.values)
        for gradient, mean, variance, weight in zip(*map(vectors.split, arrays), strict=True):
            emit(
                "lamb",
                gradient,
                self._learning_rate.array,
                self._updates,
                mean,
                variance,
                out=weight,
                beta_1=self.beta_1,
                beta_2=self.beta_2,
                epsilon=self.epsilon,
            )
