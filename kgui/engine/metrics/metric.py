"""What every metric is: a number gathered over batches."""

from typing import Any, ClassVar, Literal, Self

from kgui.engine.naming import automatic_name, snake_case


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

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Take in a batch."""
        raise NotImplementedError

    def reset_state(self) -> None:
        """Start again."""
        raise NotImplementedError

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
