"""Python's own functions that programs about networks use; each with a limit."""

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from kgui.interchange.code.arithmetic import NoResultError, is_scalar, limited
from kgui.interchange.code.faults import shown
from kgui.interchange.code.program import MOST_ITEMS, Program
from kgui.language import tr

Reader = Callable[[Program, list[Any], ast.AST], Any]


def _range(program: Program, given: list[Any], node: ast.AST) -> Any:
    if not 1 <= len(given) <= 3 or any(type(item) is not int for item in given):
        raise NoResultError
    if len(given) == 3 and given[2] == 0:
        raise NoResultError
    numbers = range(*given)
    if numbers and abs(numbers[-1] - numbers[0]) // abs(numbers.step) >= MOST_ITEMS:
        sentence = tr("{code} is longer than {most} items")
        raise program.fault(sentence.format(code=shown(node), most=MOST_ITEMS))
    return limited(program, node, list(numbers))


def _rows(given: list[Any]) -> list[list[Any]]:
    if not given or not all(isinstance(item, list | tuple | dict | str) for item in given):
        raise NoResultError
    return [list(item) for item in given]


def _list(program: Program, given: list[Any], node: ast.AST) -> Any:
    return limited(program, node, _rows(given)[0] if given else [])


def _tuple(program: Program, given: list[Any], node: ast.AST) -> Any:
    return tuple(_list(program, given, node))


def _reversed(program: Program, given: list[Any], node: ast.AST) -> Any:
    return limited(program, node, _rows(given)[0][::-1])


def _enumerate(program: Program, given: list[Any], node: ast.AST) -> Any:
    start = given[1] if len(given) > 1 and type(given[1]) is int else 0
    items = limited(program, node, _rows(given[:1])[0])
    return [(start + index, item) for index, item in enumerate(items)]


def _zip(program: Program, given: list[Any], node: ast.AST) -> Any:
    rows = [limited(program, node, row) for row in _rows(given)]
    return list(zip(*rows, strict=False))


def _length(program: Program, given: list[Any], node: ast.AST) -> Any:
    if len(given) == 1 and isinstance(given[0], list | tuple | dict | str):
        return len(given[0])
    raise NoResultError


def _number(function: Callable[..., Any]) -> Reader:
    def read(program: Program, given: list[Any], node: ast.AST) -> Any:
        if not given or not all(isinstance(item, int | float) for item in given):
            raise NoResultError
        try:
            return limited(program, node, function(*given))
        except (ArithmeticError, TypeError, ValueError):
            raise NoResultError from None

    return read


def _of_row(function: Callable[..., Any]) -> Reader:
    def read(program: Program, given: list[Any], node: ast.AST) -> Any:
        items = given[0] if len(given) == 1 and isinstance(given[0], list | tuple) else given
        limited(program, node, items)
        if not items or not all(isinstance(item, int | float) for item in items):
            raise NoResultError
        return limited(program, node, function(items))

    return read


def _text(program: Program, given: list[Any], node: ast.AST) -> Any:
    if len(given) == 1 and is_scalar(given[0]):
        return limited(program, node, str(given[0]))
    raise NoResultError


FUNCTIONS: Mapping[str, Reader] = MappingProxyType({
    "range": _range, "list": _list, "tuple": _tuple, "reversed": _reversed,
    "enumerate": _enumerate, "zip": _zip, "len": _length, "str": _text,
    "int": _number(int), "float": _number(float), "abs": _number(abs), "round": _number(round),
    "max": _of_row(max), "min": _of_row(min), "sum": _of_row(sum),
})  # fmt: skip
