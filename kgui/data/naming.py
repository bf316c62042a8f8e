"""Names of classes and categories, and their order."""

import re

from kgui.data.values import Array


def natural(values: Array) -> list[object]:
    """The distinct values in the order a person expects: by size, and a2 before a10."""
    return sorted(set(values.tolist()), key=_natural_key)


def _natural_key(value: object) -> tuple[object, ...]:
    if not isinstance(value, str):
        return (value,)
    # Every second part is a number, so that numbers are compared with numbers only.
    parts = re.split(r"(\d+)", value, flags=re.ASCII)
    return (*(_by_size(part) if place % 2 else part for place, part in enumerate(parts)), value)


def _by_size(digits: str) -> tuple[int, str]:
    """What sorts digits like the numbers they stand for, however many there are."""
    plain = digits.lstrip("0")
    return len(plain), plain


def class_name(value: object) -> str:
    """A class as it is shown: 3.0 is "3"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
