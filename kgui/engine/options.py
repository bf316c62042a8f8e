"""Constraints of arguments, as signatures state them; they are read by the catalogue.

A layer states them once, in its signature: ``rate: Annotated[float, Range(0, 1)] = 0.5``.
"""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Union

ActivationName = Literal[
    "linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "leaky_relu", "relu6",
    "softplus", "softsign", "silu", "exponential", "hard_sigmoid", "log_softmax", "gelu", "mish",
    "celu", "hard_silu", "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink",
    "squareplus", "sparse_plus", "sparse_sigmoid", "sparsemax", "log_sigmoid",
]  # fmt: skip
FURTHER_ACTIVATIONS = ("glu", "hard_swish", "swish", "threshold")
"""Names that code may use; a drawing offers no aliases and nothing that changes a shape."""
InitializerName = Literal[
    "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform",
    "lecun_normal", "zeros", "ones", "random_uniform", "random_normal", "truncated_normal",
    "orthogonal",
]  # fmt: skip

RegularizerName = Literal["l1", "l2", "l1l2", "orthogonal_regularizer"]
ConstraintName = Literal["max_norm", "unit_norm", "non_neg", "min_max_norm"]


@dataclass(frozen=True)
class Range:
    """A number between two limits; None is no limit."""

    minimum: float | None = None
    maximum: float | None = None
    exclusive: bool = False

    def contains(self, value: float) -> bool:
        """True if the value is within the limits; NaN never is."""
        low = float("-inf") if self.minimum is None else self.minimum
        high = float("inf") if self.maximum is None else self.maximum
        if value != value:
            return False
        return low < value < high if self.exclusive else low <= value <= high


@dataclass(frozen=True)
class Start:
    """What an argument without a default begins with in a drawing."""

    value: Any


@dataclass(frozen=True)
class Argument:
    """What an annotation says about one argument."""

    kind: str
    """integer, number, boolean, choice, text, shape, integers, numbers or object."""
    optional: bool = False
    range: Range = Range()
    choices: tuple[str, ...] = ()
    objects: bool = False
    """Objects (callables, initializers) are taken as well."""
    words: tuple[str, ...] = ()
    """Further strings that stand for objects, for code; a drawing is not offered them."""
    start: Any = None
    """What the argument begins with in a drawing, where it has no default."""


@cache
def arguments_of(function: Callable[..., Any]) -> Mapping[str, Argument]:
    """The constraints that a signature states, by argument."""
    hints = typing.get_type_hints(function, include_extras=True)
    return {name: _read(hint) for name, hint in hints.items() if name not in ("return", "kwargs")}


def _read(hint: Any) -> Argument:
    start = _start(hint)
    hint, limits = _bare(hint)
    parts = _alternatives(hint)
    optional = types.NoneType in parts
    pairs = [_bare(part) for part in parts if part is not types.NoneType]
    parts = [part for part, _ in pairs]
    limits = next((stated for _, stated in pairs if stated != Range()), limits)
    choices = [part for part in parts if typing.get_origin(part) is Literal]
    if choices:
        words = tuple(str(word) for word in typing.get_args(choices[0]))
        further = tuple(name for part in parts for name in getattr(part, "names", ()))
        return Argument("choice", optional, limits, words, len(parts) > 1, further, start)
    kind = _kind(parts)
    objects = kind == "object" or (kind == "number" and bool(set(parts) - {int, float}))
    return Argument(kind, optional, limits, (), objects, (), start)


def _start(hint: Any) -> Any:
    """The value that an annotation suggests to begin with; None where there is none."""
    extras = typing.get_args(hint)[1:] if typing.get_origin(hint) is typing.Annotated else ()
    return next((extra.value for extra in extras if isinstance(extra, Start)), None)


def _bare(hint: Any) -> tuple[Any, Range]:
    """A hint without its annotation, and the limits that the annotation states."""
    if typing.get_origin(hint) is not typing.Annotated:
        return hint, Range()
    hint, *extras = typing.get_args(hint)
    return hint, next((extra for extra in extras if isinstance(extra, Range)), Range())


def _alternatives(hint: Any) -> list[Any]:
    if typing.get_origin(hint) in (Union, types.UnionType):
        return list(typing.get_args(hint))
    return [hint]


def _kind(parts: list[Any]) -> str:
    simple = {bool: "boolean", int: "integer", float: "number", str: "text"}
    origins = [typing.get_origin(part) or part for part in parts]
    if tuple in origins:
        if float in typing.get_args(parts[origins.index(tuple)]):
            return "numbers"
        return "integers" if int in origins else "shape"
    for origin in origins:
        if origin in simple:
            return simple[origin]
    return "object"
