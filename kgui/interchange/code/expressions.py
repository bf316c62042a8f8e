"""Expressions: what a piece of a program stands for, without running it."""

import ast
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kgui.interchange.code.arithmetic import (
    NoResultError,
    calculated,
    compared,
    formatted,
    is_scalar,
    limited,
    negated,
)
from kgui.interchange.code.attributes import attribute_of
from kgui.interchange.code.calling import call_with
from kgui.interchange.code.faults import shown
from kgui.interchange.code.paths import WITHOUT_IMPORT
from kgui.interchange.code.program import Scope
from kgui.interchange.code.tensor_arithmetic import merged
from kgui.interchange.code.values import Function, Path, Tensor, Unknown
from kgui.language import tr


def value_of(node: ast.expr, scope: Scope) -> Any:
    """What an expression stands for; Unknown where only the running program can tell."""
    scope.program.step(node)
    read = _READERS.get(type(node))
    if read is None:
        return Unknown(node)
    try:
        return read(node, scope)
    except NoResultError:
        return Unknown(node)


def _constant(node: ast.Constant, scope: Scope) -> Any:
    if not is_scalar(node.value):
        return Unknown(node)
    return limited(scope.program, node, node.value)


def _name(node: ast.Name, scope: Scope) -> Any:
    try:
        return scope.find(node.id)
    except KeyError:
        return WITHOUT_IMPORT.get(node.id) or Path(f"builtins.{node.id}")


def _attribute(node: ast.Attribute, scope: Scope) -> Any:
    owner = value_of(node.value, scope)
    return attribute_of(owner, node, scope.program)


def _operation(node: ast.BinOp, scope: Scope) -> Any:
    left, right = value_of(node.left, scope), value_of(node.right, scope)
    return combined(node, node.op, left, right, scope)


def combined(node: ast.AST, kind: ast.operator, left: Any, right: Any, scope: Scope) -> Any:
    """What an operator makes of two values."""
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return merged(scope.program, node, kind, left, right)
    try:
        return calculated(scope.program, node, kind, left, right)
    except NoResultError:
        return Unknown(node)


def _sign(node: ast.UnaryOp, scope: Scope) -> Any:
    value = value_of(node.operand, scope)
    if isinstance(value, Tensor) and isinstance(node.op, ast.USub):
        return merged(scope.program, node, ast.Mult(), value, -1)
    return negated(node.op, value)


def _comparison(node: ast.Compare, scope: Scope) -> Any:
    left = value_of(node.left, scope)
    for kind, other in zip(node.ops, node.comparators, strict=True):
        right = value_of(other, scope)
        if not compared(kind, left, right):
            return False
        left = right
    return True


def _all_or_any(node: ast.BoolOp, scope: Scope) -> Any:
    value = None
    for item in node.values:
        value = value_of(item, scope)
        if truth(value) is isinstance(node.op, ast.Or):
            return value
    return value


def truth(value: Any) -> bool:
    """Whether a value counts as true; NoResultError where that is not known."""
    if isinstance(value, Unknown | Path):
        raise NoResultError
    return bool(value) if is_scalar(value) or isinstance(value, list | tuple | dict) else True


def _choice(node: ast.IfExp, scope: Scope) -> Any:
    return value_of(node.body if truth(value_of(node.test, scope)) else node.orelse, scope)


def _subscript(node: ast.Subscript, scope: Scope) -> Any:
    owner = value_of(node.value, scope)
    if isinstance(node.slice, ast.Slice):
        return _slice(node, node.slice, owner, scope)
    key = value_of(node.slice, scope)
    if isinstance(owner, list | tuple | str) and type(key) is int:
        if -len(owner) <= key < len(owner):
            return owner[key]
        sentence = tr("{code} does not exist: there are {count} items")
        raise scope.program.fault(sentence.format(code=shown(node), count=len(owner)))
    if isinstance(owner, dict) and isinstance(key, str | int) and key in owner:
        return owner[key]
    if isinstance(owner, Tensor):
        sentence = tr("{code} takes a part of a tensor, for which there is no layer")
        raise scope.program.fault(sentence.format(code=shown(node)))
    return Unknown(node)


def _slice(node: ast.Subscript, part: ast.Slice, owner: Any, scope: Scope) -> Any:
    ends = [None if end is None else value_of(end, scope)
            for end in (part.lower, part.upper, part.step)]  # fmt: skip
    whole = all(end is None or type(end) is int for end in ends) and ends[2] != 0
    if not whole or not isinstance(owner, list | tuple | str):
        return Unknown(node)
    return limited(scope.program, node, owner[slice(*ends)])


def items_of(nodes: list[ast.expr], whole: ast.expr, scope: Scope) -> list[Any]:
    """The values of expressions in a whole; what stands behind a star is spread out."""
    limited(scope.program, whole, nodes)
    found: list[Any] = []
    for node in nodes:
        if not isinstance(node, ast.Starred):
            found.append(value_of(node, scope))
            continue
        spread = value_of(node.value, scope)
        if not isinstance(spread, list | tuple):
            raise scope.program.fault(tr("{code} is not known").format(code=shown(node)))
        found += spread
        limited(scope.program, node, found)
    return found


def _list(node: ast.List, scope: Scope) -> Any:
    return limited(scope.program, node, items_of(node.elts, node, scope))


def _tuple(node: ast.Tuple, scope: Scope) -> Any:
    return limited(scope.program, node, tuple(items_of(node.elts, node, scope)))


def _dictionary(node: ast.Dict, scope: Scope) -> Any:
    found: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        name = None if key is None else value_of(key, scope)
        item = value_of(value, scope)
        if key is None and isinstance(item, dict):
            found.update(item)
        elif isinstance(name, str | int):
            found[name] = item
    return found


def _text(node: ast.JoinedStr, scope: Scope) -> Any:
    found = ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            how = _text(part.format_spec, scope) if part.format_spec is not None else ""  # type: ignore[arg-type]  # Python's grammar has nothing else there
            found += formatted(value_of(part.value, scope), how)
        else:
            found += str(value_of(part, scope))
        limited(scope.program, node, found)
    return found


def _comprehension(node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Any:
    inner = Scope(scope.program, scope)
    found = []
    for _ in _rounds(node.generators, inner):
        found.append(value_of(node.elt, inner))
        limited(scope.program, node, found)
    return found


def _rounds(generators: list[ast.comprehension], scope: Scope) -> Iterator[None]:
    first, rest = generators[0], generators[1:]
    values = value_of(first.iter, scope)
    if not isinstance(values, list | tuple):
        raise NoResultError
    for value in values:
        bind(first.target, value, scope)
        if all(truth(value_of(test, scope)) for test in first.ifs):
            if rest:
                yield from _rounds(rest, scope)
            else:
                yield


def bind(target: ast.expr, value: Any, scope: Scope) -> None:
    """Give a name, or names in brackets, a value."""
    scope.program.step(target)
    if isinstance(target, ast.Name):
        scope.names[target.id] = value
    elif isinstance(target, ast.Starred):
        bind(target.value, value, scope)
    elif isinstance(target, ast.Tuple | ast.List):
        _bind_row(target, value, scope)
    elif isinstance(target, ast.Subscript):
        _bind_item(value_of(target.value, scope), value_of(target.slice, scope), value)


def _bind_item(owner: Any, key: Any, value: Any) -> None:
    is_place = isinstance(owner, list) and type(key) is int and -len(owner) <= key < len(owner)
    if is_place or (isinstance(owner, dict) and isinstance(key, str | int)):
        owner[key] = value


def _bind_row(target: ast.Tuple | ast.List, value: Any, scope: Scope) -> None:
    count = len(target.elts)
    starred = any(isinstance(item, ast.Starred) for item in target.elts)
    if starred or not isinstance(value, list | tuple):
        value = [Unknown(target)] * count
    elif len(value) != count:
        sentence = tr("{code} gets {count} values")
        raise scope.program.fault(sentence.format(code=shown(target), count=len(value)))
    for inner, item in zip(target.elts, value, strict=True):
        bind(inner, item, scope)


def _call(node: ast.Call, scope: Scope) -> Any:
    function = value_of(node.func, scope)
    positional = items_of(node.args, node, scope)
    named: dict[str, Any] = {}
    for argument in node.keywords:
        value = value_of(argument.value, scope)
        if argument.arg is not None:
            named[argument.arg] = value
        elif isinstance(value, dict):
            named.update({str(key): item for key, item in value.items()})
    scope.program.step(node)
    return call_with(function, positional, named, node, scope)


def _function(node: ast.Lambda, scope: Scope) -> Any:
    return Function(node, scope)


def _named(node: ast.NamedExpr, scope: Scope) -> Any:
    value = value_of(node.value, scope)
    bind(node.target, value, scope)
    return value


_READERS: Mapping[type[ast.expr], Callable[[Any, Scope], Any]] = MappingProxyType({
    ast.Constant: _constant, ast.Name: _name, ast.Attribute: _attribute, ast.BinOp: _operation,
    ast.UnaryOp: _sign, ast.Compare: _comparison, ast.BoolOp: _all_or_any, ast.IfExp: _choice,
    ast.Subscript: _subscript, ast.List: _list, ast.Tuple: _tuple, ast.Dict: _dictionary,
    ast.JoinedStr: _text, ast.ListComp: _comprehension, ast.GeneratorExp: _comprehension,
    ast.Call: _call, ast.Lambda: _function, ast.NamedExpr: _named,
})  # fmt: skip
