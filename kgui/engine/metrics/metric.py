"""What every metric is: a number gathered over batches."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Self

import numpy as np

from kgui.engine import initializers
from kgui.engine.backend.session import floatx
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.variables import Variable


class Metric:
    """A number that is gathered over batches.

    Args:
        name: Key under which the value is reported.
        dtype: Number type, as Keras takes it; sums are kept in float64 in any case.
    """

    direction: ClassVar[Literal["up", "down"] | None] = None
    """Which way is better, where that is known."""

    def __init__(self, name: str | None = None, dtype: str | None = None) -> None:
        self.name = name or automatic_name(snake_case(type(self).__name__))
        self.dtype = dtype
        self._variables: list[Variable] = []

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any,
        dtype: str | None = None,
        aggregation: str | None = None,
        name: str | None = None,
    ) -> Variable:
        """A number, or an array, that the metric gathers in.

        Args:
            shape: Its sizes; () for a single number.
            initializer: How it starts, such as "zeros".
            dtype: Its number type; the default float type unless given.
            aggregation: Taken as Keras takes it; there is one machine here.
            name: Its name.
        """
        kind = dtype or self.dtype or floatx()
        start = initializers.get(initializer)(tuple(shape), kind)
        variable = Variable(start, dtype=kind, trainable=False, name=name or "variable")
        self._variables.append(variable)
        return variable

    def add_weight(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "zeros",
        dtype: str | None = None,
        name: str | None = None,
    ) -> Variable:
        """A number, or an array, that the metric gathers in; see `add_variable`."""
        return self.add_variable(shape, initializer, dtype, name=name)

    @property
    def variables(self) -> list[Variable]:
        """What `add_variable` made."""
        return list(self._variables)

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Take in a batch."""
        raise NotImplementedError

    def reset_state(self) -> None:
        """Start again; what `add_variable` made is set to 0."""
        for variable in self._variables:
            variable.assign(np.zeros(variable.shape))

    def result(self) -> Any:
        """The value over everything taken in since the last reset."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Take in a batch and return the value so far."""
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal metric that has taken in nothing."""
        return cls(**config)
