"""Constraints of arguments at work: they validate and say what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from kgui.engine.errors import OptionError
from kgui.engine.nearest import did_you_mean
from kgui.engine.options import FURTHER_ACTIVATIONS, Argument, Range, arguments_of


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
