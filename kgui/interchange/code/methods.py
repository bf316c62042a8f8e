"""Methods of models, lists and texts."""

import ast
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from kgui.interchange.code.arithmetic import NoResultError, is_scalar, limited
from kgui.interchange.code.faults import shown
from kgui.interchange.code.modelling import add_to, build
from kgui.interchange.code.program import Program
from kgui.interchange.code.settings_reading import compiled, fitted
from kgui.interchange.code.values import Layer, Method, Model, Unknown, tensors_in
from kgui.language import tr

_PLACES = re.compile(r"[^{}]*(?:\{\w{0,20}\}[^{}]*)*")


def call_method(
    program: Program,
    method: Method,
    positional: list[Any],
    named: dict[str, Any],
    node: ast.Call,
) -> Any:
    """What a method gives back; Unknown where only the running program can tell."""
    owner = method.owner
    if isinstance(owner, Model):
        return _of_model(program, owner, method.name, positional, named, node)
    if isinstance(owner, list):
        return _of_list(program, owner, method.name, positional, node)
    if isinstance(owner, dict):
        return _of_dictionary(owner, method.name, positional)
    if isinstance(owner, str):
        return limited(program, node, _of_text(owner, method.name, positional, named))
    return Unknown(node)


def _of_model(
    program: Program,
    model: Model,
    name: str,
    positional: list[Any],
    named: dict[str, Any],
    node: ast.Call,
) -> Any:
    first = positional[0] if positional else next(iter(named.values()), None)
    if name in ("add", "pop") and model.stack is None:
        raise program.fault(tr("only a Sequential model can be changed after it was made"))
    if name == "add":
        return add_to(program, model, first, node)
    if name == "pop":
        if not model.stack:
            raise program.fault(tr("there is no layer to take away"))
        return model.stack.pop()
    if name == "build" and first is not None:
        return build(program, model, first)
    if name == "compile":
        return compiled(program, model, positional, named, node)
    if name in ("fit", "fit_generator"):
        fitted(program, model, positional, named)
    elif name == "get_layer":
        return _layer_of(program, model, positional, named, node)
    return Unknown(node)


def _layer_of(
    program: Program, model: Model, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> Any:
    wanted = positional[0] if positional else named.get("name")
    operations = model.stack if model.stack is not None else []
    operations = operations or [call.operation for call in program.calls]
    program.step(count=len(operations) // 10)
    for layer in operations:
        if isinstance(layer, Layer) and isinstance(wanted, str) and layer.name == wanted:
            return layer
    raise program.fault(tr("{code} is not there").format(code=shown(node)))


def _of_list(
    program: Program, owner: list[Any], name: str, given: list[Any], node: ast.Call
) -> Any:
    first = given[0] if given else None
    if name == "append" and given:
        owner.append(first)
        program.step(count=1 + len(owner) // 1000)
        return limited(program, node, owner) and None
    if name == "extend" and isinstance(first, list | tuple):
        owner.extend(first)
        return limited(program, node, owner) and None
    if name == "insert" and len(given) == 2 and type(first) is int:
        owner.insert(first, given[1])
        return limited(program, node, owner) and None
    if name == "pop" and owner and (first is None or type(first) is int):
        place = -1 if first is None else first
        if -len(owner) <= place < len(owner):
            return owner.pop(place)
    if name == "reverse":
        return owner.reverse()
    if any(tensors_in(value) for value in given):
        sentence = tr("{code} cannot be read")
        raise program.fault(sentence.format(code=shown(node)))
    return list(owner) if name == "copy" else Unknown(node)


def _of_dictionary(owner: dict[Any, Any], name: str, given: list[Any]) -> Any:
    rows: Mapping[str, Callable[[], Any]] = MappingProxyType({
        "keys": lambda: list(owner), "values": lambda: list(owner.values()),
        "items": lambda: list(owner.items()), "copy": lambda: dict(owner),
    })  # fmt: skip
    if name in rows:
        return rows[name]()
    if name == "get" and given and isinstance(given[0], str | int):
        return owner.get(given[0], given[1] if len(given) > 1 else None)
    raise NoResultError


def _of_text(owner: str, name: str, given: list[Any], named: dict[str, Any]) -> str:
    if name in ("lower", "upper", "strip", "title") and not given:
        return str(getattr(owner, name)())
    values = (*given, *named.values())
    if name == "format" and _PLACES.fullmatch(owner) and all(map(is_scalar, values)):
        try:
            return owner.format(*given, **named)
        except (IndexError, KeyError, ValueError):
            raise NoResultError from None
    raise NoResultError
