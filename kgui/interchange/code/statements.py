"""Statements of a program; those that have nothing to do with models are passed over."""

import ast
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kgui.interchange.code.arithmetic import NoResultError
from kgui.interchange.code.expressions import bind, combined, truth, value_of
from kgui.interchange.code.faults import shown
from kgui.interchange.code.paths import WITHOUT_IMPORT, canonical
from kgui.interchange.code.program import DEEPEST_CALL, Program, Scope
from kgui.interchange.code.values import Function, Layer, Path, Tensor, Unknown
from kgui.language import tr

_KINDS = {ast.While: "while", ast.Match: "match", ast.AsyncFunctionDef: "async def",
          ast.AsyncFor: "async for", ast.AsyncWith: "async with"}  # fmt: skip


class _Returned:
    """The end of a function, and its result."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Left:
    """The end of a round of a loop; `all` is the end of the loop."""

    def __init__(self, *, all_rounds: bool) -> None:
        self.all_rounds = all_rounds


End = _Returned | _Left | None


def run(statements: Iterable[ast.stmt], scope: Scope) -> End:
    """Read statements in order; what ended them before the last one, or None."""
    for statement in statements:
        scope.program.step(statement)
        read = _READERS.get(type(statement))
        end = read(statement, scope) if read else _other(statement, scope)
        if end is not None:
            return end
    return None


def run_function(
    program: Program,
    function: Function,
    positional: list[Any],
    named: dict[str, Any],
    node: ast.AST,
) -> Any:
    """Read the body of a function with these arguments; its result."""
    if program.depth >= DEEPEST_CALL:
        sentence = tr("functions call each other more than {most} deep")
        raise program.fault(sentence.format(most=DEEPEST_CALL))
    scope = Scope(program, function.scope)
    _take_arguments(function, positional, named, scope, node)
    definition = function.definition
    program.depth += 1
    if isinstance(definition, ast.Lambda):
        result = value_of(definition.body, scope)
    else:
        end = run(definition.body, scope)
        result = end.value if isinstance(end, _Returned) else None
    program.depth -= 1
    program.step(node)
    return result


def _take_arguments(
    function: Function,
    positional: list[Any],
    named: dict[str, Any],
    scope: Scope,
    node: ast.AST,
) -> None:
    arguments = function.definition.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    given = {**dict(zip(names, positional, strict=False)), **named}
    if arguments.vararg is not None:
        given[arguments.vararg.arg] = tuple(positional[len(names) :])
    elif len(positional) > len(names):
        sentence = tr("{code} gives more arguments than the function takes")
        raise scope.program.fault(sentence.format(code=shown(node)))
    if arguments.kwarg is not None:
        known = {*names, *(argument.arg for argument in arguments.kwonlyargs)}
        given[arguments.kwarg.arg] = {
            key: value for key, value in named.items() if key not in known
        }
    defaults: dict[str, ast.expr | None] = dict.fromkeys(names)
    defaults.update(zip(reversed(names), reversed(arguments.defaults), strict=False))
    keywords = (argument.arg for argument in arguments.kwonlyargs)
    defaults.update(zip(keywords, arguments.kw_defaults, strict=True))
    for name, usual in defaults.items():
        if name in given:
            continue
        if usual is None:
            sentence = tr("{code} gives no value for {name}")
            raise scope.program.fault(sentence.format(code=shown(node), name=name))
        given[name] = value_of(usual, function.scope)
    scope.names.update(given)


def _import(statement: ast.Import, scope: Scope) -> End:
    for alias in statement.names:
        name = alias.name if alias.asname else alias.name.partition(".")[0]
        scope.names[alias.asname or name] = Path(canonical(name))
    return None


def _import_from(statement: ast.ImportFrom, scope: Scope) -> End:
    for alias in statement.names:
        if alias.name == "*":
            continue  # what names mean without an import covers it
        name = f"{statement.module or ''}.{alias.name}"
        scope.names[alias.asname or alias.name] = Path(canonical(name))
    return None


def _assign(statement: ast.Assign, scope: Scope) -> End:
    value = value_of(statement.value, scope)
    for target in statement.targets:
        bind(target, value, scope)
    return None


def _annotated(statement: ast.AnnAssign, scope: Scope) -> End:
    if statement.value is not None:
        bind(statement.target, value_of(statement.value, scope), scope)
    return None


def _augmented(statement: ast.AugAssign, scope: Scope) -> End:
    target = statement.target
    before = value_of(target, scope)
    after = value_of(statement.value, scope)
    bind(target, combined(statement, statement.op, before, after, scope), scope)
    return None


def _expression(statement: ast.Expr, scope: Scope) -> End:
    value_of(statement.value, scope)
    return None


def _for(statement: ast.For, scope: Scope) -> End:
    values = value_of(statement.iter, scope)
    if isinstance(values, dict):
        values = list(values)
    if not isinstance(values, list | tuple):
        _pass_over(statement, tr("it is not known how often a loop is run: {code}").format(
            code=shown(statement.iter)), scope)  # fmt: skip
        return None
    for value in list(values):
        scope.program.step(statement)
        bind(statement.target, value, scope)
        end = run(statement.body, scope)
        if isinstance(end, _Returned):
            return end
        if isinstance(end, _Left) and end.all_rounds:
            return None
    return run(statement.orelse, scope)


def _if(statement: ast.If, scope: Scope) -> End:
    if _is_main(statement.test):
        return run(statement.body, scope)
    try:
        holds = truth(value_of(statement.test, scope))
    except NoResultError:
        _pass_over(statement, tr("it is not known whether {code} holds").format(
            code=shown(statement.test)), scope)  # fmt: skip
        return None
    return run(statement.body if holds else statement.orelse, scope)


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and ast.unparse(test.left) == "__name__"


def _with(statement: ast.With, scope: Scope) -> End:
    for item in statement.items:
        if item.optional_vars is not None:
            bind(item.optional_vars, Unknown(item.context_expr), scope)
    return run(statement.body, scope)


def _try(statement: ast.Try, scope: Scope) -> End:
    return run((*statement.body, *statement.orelse, *statement.finalbody), scope)


def _define(statement: ast.FunctionDef, scope: Scope) -> End:
    function = Function(statement, scope)
    scope.names[statement.name] = function
    scope.program.functions.append(function)
    return None


def _class(statement: ast.ClassDef, scope: Scope) -> End:
    if any(_builds(base, scope) for base in statement.bases):
        scope.program.classes.append(statement.lineno)
    scope.names[statement.name] = Unknown(ast.Name(statement.name))
    return None


def _return(statement: ast.Return, scope: Scope) -> End:
    return _Returned(None if statement.value is None else value_of(statement.value, scope))


def _break(statement: ast.Break, scope: Scope) -> End:
    return _Left(all_rounds=True)


def _continue(statement: ast.Continue, scope: Scope) -> End:
    return _Left(all_rounds=False)


def _other(statement: ast.stmt, scope: Scope) -> End:
    kind = _KINDS.get(type(statement), type(statement).__name__)
    sentence = tr("what {kind} does is not known before the program runs")
    _pass_over(statement, sentence.format(kind=kind), scope)
    return None


def _pass_over(statement: ast.stmt, reason: str, scope: Scope) -> None:
    """Leave a statement out if it makes no part of a model; names set in it are not known."""
    if not isinstance(statement, ast.Global | ast.Nonlocal | ast.Delete) and _builds(
        statement, scope
    ):
        raise scope.program.fault(reason)
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            scope.names[node.id] = Unknown(node)


def _builds(statement: ast.AST, scope: Scope) -> bool:
    """Whether code names layers, tensors or the classes of models, or adds layers to one."""
    for node in ast.walk(statement):
        scope.program.step()
        if isinstance(node, ast.Attribute):
            if node.attr == "add" or _is_building(Path(canonical(_dotted(node, scope)))):
                return True
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = scope.find(node.id) if node.id in scope else WITHOUT_IMPORT.get(node.id)
            if isinstance(value, Layer | Tensor) or _is_building(value):
                return True
    return False


def _dotted(node: ast.expr, scope: Scope) -> str:
    """The dotted name that an expression is; "" if it is none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    value = scope.find(node.id) if node.id in scope else WITHOUT_IMPORT.get(node.id)
    first = value.name if isinstance(value, Path) else ""
    return ".".join((first, *reversed(parts))) if first else ""


def _is_building(value: Any) -> bool:
    return isinstance(value, Path) and (
        value.name in ("keras.Input", "keras.Model", "keras.Sequential")
        or (value.name.startswith("keras.layers.") and value.last[:1].isupper())
    )


_READERS: Mapping[type[ast.stmt], Callable[[Any, Scope], End]] = MappingProxyType({
    ast.Import: _import, ast.ImportFrom: _import_from, ast.Assign: _assign,
    ast.AnnAssign: _annotated, ast.AugAssign: _augmented, ast.Expr: _expression, ast.For: _for,
    ast.If: _if, ast.With: _with, ast.Try: _try, ast.FunctionDef: _define, ast.ClassDef: _class,
    ast.Return: _return, ast.Break: _break, ast.Continue: _continue,
})  # fmt: skip
