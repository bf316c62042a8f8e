"""Constraints of arguments: they validate, explain themselves and are read by the catalogue.

A layer states them once, in its signature: ``rate: Annotated[float, Range(0, 1)] = 0.5``.
"""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, Union

import numpy as np

from kgui.engine.errors import OptionError
from kgui.engine.nearest import did_you_mean

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


def check_arguments(function: Callable[..., Any], values: Mapping[str, Any]) -> None:
    """Raise OptionError for the first value that its annotation does not allow."""
    for name, argument in arguments_of(function).items():
        if name in values:
            check_value(name, argument, values[name])


def check_value(name: str, argument: Argument, value: Any) -> None:
    """Raise OptionError if the value is not allowed."""
    if value is None and argument.optional:
        return
    _CHECKS[argument.kind](name, argument, value)


def _check_integer(name: str, argument: Argument, value: Any) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    positive = argument.range.minimum == 1 and argument.range.maximum is None
    kind = "a positive integer" if positive else "an integer"
    if not hasattr(value, "__index__") or isinstance(value, bool):
        raise OptionError(
            f"Received an invalid value for `{{option}}`, expected {kind}. "
            "Received: {option}={value}",
            plain="{option} must be a whole number, not {value!r}",
            option=name,
            value=value,
        )
    number = value if whole else int(value)
    if positive and number < 1:
        raise OptionError(
            f"Received an invalid value for `{{option}}`, expected {kind}. "
            "Received: {option}={value}",
            plain="{option} must be at least 1, not {value!r}",
            option=name,
            value=value,
        )
    _check_range(name, argument.range, number)


def _check_number(name: str, argument: Argument, value: Any) -> None:
    if argument.objects and isinstance(value, list | tuple | np.ndarray):
        for item in np.ravel(value).tolist():
            _check_number(name, replace(argument, objects=False), item)
        return
    if not hasattr(value, "__float__") or isinstance(value, bool):
        raise OptionError(
            "Received an invalid value for `{option}`, expected a number. "
            "Received: {option}={value!r}",
            plain="{option} must be a number, not {value!r}",
            option=name,
            value=value,
        )
    _check_range(name, argument.range, float(value))


def _check_range(name: str, limits: Range, value: float) -> None:
    if limits.contains(value):
        return
    low, high = limits.minimum, limits.maximum
    if low is not None and high is not None:
        text = "must be between {low:g} and {high:g}"
    elif low is not None:
        text = "must be more than {low:g}" if limits.exclusive else "must be at least {low:g}"
    elif high is not None:
        text = "must be less than {high:g}" if limits.exclusive else "must be at most {high:g}"
    else:
        text = "must be a number"
    said = ": it " + text
    if low is not None and high is not None:
        said = ". Expected a float value between {low:g} and {high:g}"
    raise OptionError(
        "Invalid value received for argument `{option}`" + said + ". Received: {option}={value!r}",
        plain="{option} " + text + ", not {value!r}",
        option=name,
        value=value,
        low=0 if low is None else low,
        high=0 if high is None else high,
    )


def _check_boolean(name: str, argument: Argument, value: Any) -> None:
    if not isinstance(value, bool):
        raise OptionError(
            "Invalid value received for argument `{option}`: it must be true or false. "
            "Received: {option}={value!r}",
            plain="{option} must be true or false, not {value!r}",
            option=name,
            value=value,
        )


def _check_choice(name: str, argument: Argument, value: Any) -> None:
    if value in argument.choices if isinstance(value, str) else argument.objects:
        return
    known = isinstance(value, str) and (
        value in argument.words
        or value.lower() in argument.choices
        or (name.rpartition("_")[2] == "activation" and value in FURTHER_ACTIVATIONS)
    )
    if known and argument.objects:
        return
    kind = _KINDS.get(name.rpartition("_")[2])
    text = "" if kind is None else f"{kind} identifier: {{value}}. Received "
    raise OptionError(
        f"Could not interpret {text}"
        "{option}: {value!r}. Expected one of {choices}{nearest}",
        plain="{option} must be one of {choices}, not {value!r}",
        option=name,
        value=value,
        choices=", ".join(argument.choices),
        nearest=did_you_mean(value, argument.choices),
    )


_KINDS = {
    "activation": "activation function",
    "constraint": "constraint",
    "initializer": "initializer",
    "regularizer": "regularizer",
}
"""What Keras calls the things that an argument names."""


def _check_text(name: str, argument: Argument, value: Any) -> None:
    if not isinstance(value, str):
        raise OptionError(
            "Invalid value received for argument `{option}`: it must be text. "
            "Received: {option}={value!r}",
            plain="{option} must be text, not {value!r}",
            option=name,
            value=value,
        )


def _check_shape(name: str, argument: Argument, value: Any) -> None:
    sizes = list(value) if isinstance(value, list | tuple) else [value]
    if value is None or (argument.kind == "shape" and not isinstance(value, list | tuple)):
        sizes = ["not a shape"]
    plain = "{option} must be sizes such as 28, 28; {value!r} is not"
    if argument.kind == "integers":
        plain = "{option} must be whole numbers such as 1, 2; {value!r} is not"
    for size in sizes:
        whole = hasattr(size, "__index__") and not isinstance(size, bool)
        if not (size is None or (whole and (size > 0 or argument.kind == "integers"))):
            raise OptionError(
                "Cannot convert {option}={value!r} to a shape. Expected positive integers or None.",
                plain=plain,
                option=name,
                value=value,
            )


def _check_numbers(name: str, argument: Argument, value: Any) -> None:
    listed = list(value) if isinstance(value, list | tuple | np.ndarray) else []
    fine = [hasattr(item, "__float__") and not isinstance(item, bool) for item in listed]
    if not fine or not all(fine) or any(float(item) != float(item) for item in listed):
        raise OptionError(
            "Invalid value received for argument `{option}`: it must be a list of numbers. "
            "Received: {option}={value!r}",
            plain="{option} must be numbers such as 0.5, 1; {value!r} is not",
            option=name,
            value=value,
        )


def _check_object(name: str, argument: Argument, value: Any) -> None:
    """Anything goes; what takes the object says what is wrong with it."""


_CHECKS: dict[str, Callable[[str, Argument, Any], None]] = {
    "integer": _check_integer,
    "number": _check_number,
    "boolean": _check_boolean,
    "choice": _check_choice,
    "text": _check_text,
    "shape": _check_shape,
    "integers": _check_shape,
    "numbers": _check_numbers,
    "object": _check_object,
}
