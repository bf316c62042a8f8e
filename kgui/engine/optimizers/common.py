"""What every optimizer can do besides its own step: arguments and their limits."""

import inspect
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypedDict


class CommonOptions(TypedDict, total=False):
    """Arguments that every optimizer takes after its own, in this order.

    weight_decay                 share of a weight, times the learning rate, taken off each step
    clipnorm                     longest gradient of one weight
    clipvalue                    largest element of a gradient
    global_clipnorm              longest gradient of all weights together
    use_ema, ema_momentum        keep running means of the weights, which fit ends with
    ema_overwrite_frequency      steps after which the weights take their means
    loss_scale_factor            kept for configurations of Keras; no effect here
    gradient_accumulation_steps  batches whose mean gradient makes one step
    name                         name of the optimizer
    """

    weight_decay: float | None
    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    loss_scale_factor: float | None
    gradient_accumulation_steps: int | None
    name: str | None


@dataclass
class Common:
    """The common arguments, checked."""

    weight_decay: float | None = None
    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None
    use_ema: bool = False
    ema_momentum: float = 0.99
    ema_overwrite_frequency: int | None = None
    loss_scale_factor: float | None = None
    gradient_accumulation_steps: int | None = None

    def __post_init__(self) -> None:
        """ValueError, in Keras's words, for what cannot be."""
        steps = self.gradient_accumulation_steps
        if steps and not steps >= 2:
            raise ValueError(
                "`gradient_accumulation_steps` must be an integer >= 2. "
                f"Received: gradient_accumulation_steps={steps}"
            )
        clips = self.clipnorm, self.clipvalue, self.global_clipnorm
        if sum(value is not None for value in clips) > 1:
            raise ValueError(
                "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. "
                f"Received: clipnorm={self.clipnorm}, clipvalue={self.clipvalue}, "
                f"global_clipnorm={self.global_clipnorm}"
            )
        if self.use_ema:
            self._check_average()

    def _check_average(self) -> None:
        if not 0 <= self.ema_momentum <= 1:
            raise ValueError(
                "`ema_momentum` must be in the range [0, 1]. "
                f"Received: ema_momentum={self.ema_momentum}"
            )
        often = self.ema_overwrite_frequency
        if often and (not isinstance(often, int) or often < 1):
            raise ValueError(
                "`ema_overwrite_frequency` must be an integer >= 1 or None. "
                f"Received: ema_overwrite_frequency={often}"
            )

    def config(self) -> dict[str, Any]:
        """The arguments as plain data."""
        return asdict(self)


def by_name(places: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any]:
    """The common arguments by name; TypeError for one given twice, or for too many."""
    names = list(CommonOptions.__annotations__)
    if len(places) > len(names):
        raise TypeError(f"takes {len(names)} common arguments but {len(places)} were given")
    placed = dict(zip(names, places, strict=False))
    for name in placed:
        if name in options:
            raise TypeError(f"got multiple values for argument '{name}'")
    return placed | options


def signature_with(make: Callable[..., None]) -> None:
    """Write the common arguments by name into the signature of an optimizer's `__init__`."""
    signature = inspect.signature(make)
    own = list(signature.parameters.values())
    names = [item.name for item in own]
    if "common" not in names:
        return
    place, defaults = names.index("common"), Common()
    common = [
        inspect.Parameter(
            name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=getattr(defaults, name, None),
            annotation=annotation,
        )
        for name, annotation in CommonOptions.__annotations__.items()
        if name not in names
    ]
    parameters = [*own[:place], *common, *own[place + 1 :]]
    make.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined] # read by inspect


def common_from(options: dict[str, Any]) -> Common:
    """Checked arguments; ValueError for one that does not exist."""
    unknown = {key: value for key, value in options.items() if key not in Common.__annotations__}
    if unknown:
        raise ValueError(f"Argument(s) not recognized: {unknown}")
    return Common(**options)
