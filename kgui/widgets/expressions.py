"""Arithmetic in number fields: "28*28", "1/255", "2**5"; numbers and signs, nothing else."""

import ast
import math
import operator
from collections.abc import Callable

LONGEST = 60
"""Characters."""
LARGEST = 10**15
"""Of a result, and of what is on the way to it: no power takes long to reach this."""

Number = int | float

_PAIRS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_SIGNS: dict[type[ast.unaryop], Callable[[Number], Number]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def value_of(text: str) -> Number | None:
    """The number that an expression comes to; None where it is none, or comes to no number."""
    if len(text) > LONGEST:
        return None
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        # Also null bytes and brackets too deep for the parser.
        return None


def _value(node: ast.expr) -> Number:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return _held(node.value)
    if isinstance(node, ast.UnaryOp) and (sign := _SIGNS.get(type(node.op))):
        return _held(sign(_value(node.operand)))
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow):
            return _held(_power(left, right))
        if pair := _PAIRS.get(type(node.op)):
            return _held(pair(left, right))
    raise ValueError


def _power(base: Number, exponent: Number) -> Number:
    # Judged before it is computed: 9**9**9 would keep the program busy for years.
    if abs(base) > 1 and abs(exponent) * math.log(abs(base)) > math.log(LARGEST):
        raise ValueError
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError
    return _held(result)


def _held(value: object) -> Number:
    if not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise ValueError
    return value
