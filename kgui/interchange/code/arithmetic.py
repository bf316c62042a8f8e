"""Calculations on numbers, texts and lists that a program may hold; none can grow without limit."""

import ast
import math
import operator
import re
from collections.abc import Callable
from typing import Any

from kgui.interchange.code.faults import shown
from kgui.interchange.code.program import LARGEST, MOST_ITEMS, Program
from kgui.language import tr

_NUMBERS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.LShift: operator.lshift, ast.RShift: operator.rshift, ast.Pow: operator.pow,
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.eq, ast.IsNot: operator.ne,
}  # fmt: skip
_FORMAT = re.compile(r"0?\d?\d?[ds]?|\.\d[fge]?")
_PERCENT = re.compile(r"%(0?\d?\d?[ds])")

Scalar = int | float | str | bool | None


class NoResultError(Exception):
    """The calculation means something only in the running program."""


def is_scalar(value: object) -> bool:
    """Whether a value is a number, a text, a truth value or None."""
    return value is None or isinstance(value, int | float | str)


def calculated(program: Program, node: ast.AST, kind: ast.operator, left: Any, right: Any) -> Any:
    """The result of an operator; NoResultError where there is none to be had."""
    if isinstance(left, str | list | tuple):
        return limited(program, node, _joined(kind, left, right))
    if isinstance(right, list | tuple | str):
        left, right = right, left
        return limited(program, node, _joined(kind, left, right))
    function = _NUMBERS.get(type(kind))
    if function is None or not _is_number(left) or not _is_number(right):
        raise NoResultError
    if isinstance(kind, ast.Pow | ast.LShift) and _is_too_large(kind, left, right):
        raise program.fault(_too_large(node))
    try:
        return limited(program, node, function(left, right))
    except (ArithmeticError, ValueError, TypeError):
        sentence = tr("{code} cannot be calculated")
        raise program.fault(sentence.format(code=shown(node))) from None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _is_too_large(kind: ast.operator, left: float, right: float) -> bool:
    if isinstance(kind, ast.LShift):
        return right > 64
    return abs(left) > 1 and right > 0 and right * math.log2(abs(left)) > 1024


def _joined(kind: ast.operator, left: Any, right: Any) -> Any:
    """Texts and lists: one behind the other, repeated, or filled in."""
    if isinstance(kind, ast.Add) and type(left) is type(right):
        if len(left) + len(right) > 2 * MOST_ITEMS:
            return ["too long"] * (MOST_ITEMS + 1)
        return left + right
    if isinstance(kind, ast.Mult) and type(right) is int:
        return left * max(0, min(right, MOST_ITEMS // max(1, len(left)) + 1))
    if isinstance(kind, ast.Mod) and isinstance(left, str):
        values = right if isinstance(right, tuple) else (right,)
        return _percent(left, values)
    raise NoResultError


def _percent(text: str, values: tuple[Any, ...]) -> str:
    """The text with values for its %d and %s."""
    places = _PERCENT.findall(text)
    if len(places) != len(values) or text.count("%") != len(places):
        raise NoResultError
    if not all(map(is_scalar, values)):
        raise NoResultError
    try:
        return text % values
    except (TypeError, ValueError):
        raise NoResultError from None


def limited(program: Program, node: ast.AST, value: Any) -> Any:
    """The value, if it is no larger than programs about networks need."""
    if isinstance(value, str | list | tuple):
        program.step(count=1 + len(value) // 10)
        if len(value) > MOST_ITEMS:
            sentence = tr("{code} is longer than {most} items")
            raise program.fault(sentence.format(code=shown(node), most=MOST_ITEMS))
    elif isinstance(value, complex) or (_is_number(value) and not abs(value) <= LARGEST):
        raise program.fault(_too_large(node))
    return value


def _too_large(node: ast.AST) -> str:
    return tr("{code} is too large a number").format(code=shown(node))


def negated(kind: ast.unaryop, value: Any) -> Any:
    """The result of an operator with one side; NoResultError where there is none."""
    if isinstance(kind, ast.Not) and (is_scalar(value) or isinstance(value, list | tuple | dict)):
        return not value
    if _is_number(value):
        if isinstance(kind, ast.USub):
            return -value
        if isinstance(kind, ast.UAdd):
            return value
    raise NoResultError


def compared(kind: ast.cmpop, left: Any, right: Any) -> bool:
    """Whether a comparison holds; NoResultError where that is not known."""
    if isinstance(kind, ast.In | ast.NotIn) and isinstance(right, list | tuple | dict | str):
        if not is_scalar(left) or (isinstance(right, str) and not isinstance(left, str)):
            raise NoResultError
        inside = left in (right if isinstance(right, str) else [i for i in right if is_scalar(i)])
        return inside is isinstance(kind, ast.In)
    if isinstance(kind, ast.Is | ast.IsNot) and None in (left, right):
        return (left is right) is isinstance(kind, ast.Is)
    if not is_scalar(left) or not is_scalar(right) or type(kind) not in _COMPARISONS:
        raise NoResultError
    try:
        return bool(_COMPARISONS[type(kind)](left, right))
    except TypeError:
        raise NoResultError from None


def formatted(value: Any, how: str) -> str:
    """A value inside an f-string."""
    if not is_scalar(value) or not _FORMAT.fullmatch(how):
        raise NoResultError
    try:
        return format(value, how)
    except (TypeError, ValueError):
        raise NoResultError from None
