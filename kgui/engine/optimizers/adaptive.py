"""Optimizers that adapt every weight's step to the gradients it has seen, and Lion."""

from typing import Any, ClassVar, Unpack

from kgui.engine.optimizers.common import CommonOptions
from kgui.engine.optimizers.optimizer import Optimizer


class Adagrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients.

    Args:
        learning_rate: Size of a step.
        initial_accumulator_value: What the sum starts with.
        epsilon: Small number inside the root, against division by zero.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    kernel = "adagrad"
    slot_groups = (("accumulator",),)
    option_names: ClassVar[tuple[str, ...]] = ("epsilon",)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def start_of(self, slot: str) -> float:
        """The sum starts with a value of its own."""
        return self.initial_accumulator_value if slot == "accumulator" else 0.0

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        own = {"initial_accumulator_value": self.initial_accumulator_value}
        return {**super().get_config(), **own}


class Adadelta(Optimizer):
    """Steps scaled by running means of squared steps over squared gradients.

    Args:
        learning_rate: Size of a step.
        rho: How slowly the running means move.
        epsilon: Small number inside both roots.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    kernel = "adadelta"
    slot_groups = (("accumulated_grad", "accumulated_delta_var"),)
    option_names: ClassVar[tuple[str, ...]] = ("rho", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-7,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        self.rho, self.epsilon = rho, epsilon


class Ftrl(Optimizer):
    """Follow the regularized leader: made for sparse features and weights.

    Args:
        learning_rate: Size of a step.
        learning_rate_power: How steps shrink with the gradients seen; 0 or negative.
        initial_accumulator_value: What the sum of squared gradients starts with.
        l1_regularization_strength: Weights below it are 0.
        l2_regularization_strength: Pull of every weight towards 0.
        l2_shrinkage_regularization_strength: The same, on the gradient.
        beta: Number added to the root of the sum.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    kernel = "ftrl"
    slot_groups = (("accumulator", "linear"),)
    option_names: ClassVar[tuple[str, ...]] = (
        "learning_rate_power",
        "l1_regularization_strength",
        "l2_regularization_strength",
        "l2_shrinkage_regularization_strength",
        "beta",
    )

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        _not_negative("initial_accumulator_value", initial_accumulator_value)
        if learning_rate_power > 0:
            raise ValueError(
                "`learning_rate_power` needs to be negative or zero. "
                f"Received: learning_rate_power={learning_rate_power}."
            )
        _not_negative("l1_regularization_strength", l1_regularization_strength)
        _not_negative("l2_regularization_strength", l2_regularization_strength)
        _not_negative("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength)
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def start_of(self, slot: str) -> float:
        """The sum starts with a value of its own."""
        return self.initial_accumulator_value if slot == "accumulator" else 0.0

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer."""
        own = {"initial_accumulator_value": self.initial_accumulator_value}
        return {**super().get_config(), **own}


class Lion(Optimizer):
    """Steps of one size along the sign of a running mean of the gradient.

    Args:
        learning_rate: Size of a step.
        beta_1: Share of the running mean in a step's direction.
        beta_2: How slowly the running mean moves.
        common: Common arguments by place; see `CommonOptions`.
        options: Common arguments by name.
    """

    kernel = "lion"
    slot_groups = (("momentum",),)
    option_names: ClassVar[tuple[str, ...]] = ("beta_1", "beta_2")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        *common: Any,
        **options: Unpack[CommonOptions],
    ) -> None:
        super().__init__(learning_rate, *common, **options)
        if beta_1 <= 0 or beta_1 > 1:
            raise ValueError(
                "Argument `beta_1` must be in the [0, 1] range. Otherwise, the optimizer "
                f"degenerates to SignSGD. Received: beta_1={beta_1}."
            )
        self.beta_1, self.beta_2 = beta_1, beta_2


def _not_negative(name: str, value: float) -> None:
    if value < 0:
        raise ValueError(f"`{name}` needs to be positive or zero. Received: {name}={value}.")
