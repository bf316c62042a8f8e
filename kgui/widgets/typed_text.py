"""Option values as people type them: text to value and back, pure functions by kind of option."""

import math
import re
from collections.abc import Callable

from kgui.compiler.node_types import Kind
from kgui.graph.project import OptionValue
from kgui.widgets.expressions import value_of

_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 30
"""Characters; more digits than this are a slip, and would make an integer of any size."""
_EXPRESSION = re.compile(r"[0-9.eE\s()]*[-+*/%][-+*/%0-9.eE\s()]*")
_ANY = ("none", "any", "?")


def to_text(kind: Kind, value: OptionValue) -> str:
    """A value as its field shows it: 64, 0.001, "28, 28, 1"; "" for None."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join("any" if part is None else to_text(kind, part) for part in value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def from_text(kind: Kind, text: str) -> OptionValue:
    """The value that was meant; text that means nothing of the kind comes back as it is."""
    return _READERS.get(kind, str)(text.strip())


def is_expression(text: str) -> bool:
    """Whether a text is meant as a sum or product rather than as a plain number."""
    plain = text.strip()
    return bool(_EXPRESSION.fullmatch(plain)) and not _NUMBER.fullmatch(plain)


def _whole(text: str) -> OptionValue:
    if not text:
        return None
    if len(text) <= _LONGEST_NUMBER and _WHOLE.fullmatch(text):
        return int(text)
    number = _number(text)
    is_sum = isinstance(number, float) and not _NUMBER.fullmatch(text)
    return int(number) if is_sum and isinstance(number, float) and number.is_integer() else number


def _number(text: str) -> OptionValue:
    if not text:
        return None
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else text
    result = value_of(text) if is_expression(text) else None
    return text if result is None else float(result)


def _shape(text: str) -> OptionValue:
    body = text.removeprefix("(").removesuffix(")").rstrip(",").strip()
    if not body:
        return None
    sizes = [_size(part.strip()) for part in re.split(r"[,×x]", body)]
    return text if any(isinstance(size, str) for size in sizes) else list(sizes)


def _size(text: str) -> OptionValue:
    if text.lower() in _ANY:
        return None
    value = _whole(text)
    return text if value is None else value


def _numbers(text: str) -> OptionValue:
    body = text.removeprefix("[").removesuffix("]").rstrip(",").strip()
    if not body:
        return None
    values = [_number(part.strip()) for part in body.split(",")]
    return values if all(isinstance(value, float) for value in values) else text


def _integers(text: str) -> OptionValue:
    value = _shape(text)
    single = isinstance(value, list) and len(value) == 1 and "," not in text
    return value[0] if single and isinstance(value, list) else value


_READERS: dict[Kind, Callable[[str], OptionValue]] = {
    "integer": _whole,
    "number": _number,
    "shape": _shape,
    "integers": _integers,
    "numbers": _numbers,
}
