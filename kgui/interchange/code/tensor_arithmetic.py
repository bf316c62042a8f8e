"""Operators and functions on tensors, as the layers that do the same."""

import ast
from typing import Any, get_args

from kgui.engine.options import ActivationName
from kgui.graph.project import OptionValue
from kgui.interchange.code.choices import USUAL
from kgui.interchange.code.faults import shown
from kgui.interchange.code.program import Program
from kgui.interchange.code.values import Layer, Tensor
from kgui.language import tr

MERGES = {
    "add": "Add", "subtract": "Subtract", "multiply": "Multiply", "average": "Average",
    "maximum": "Maximum", "minimum": "Minimum", "concatenate": "Concatenate",
    "concat": "Concatenate", "dot": "Dot",
}  # fmt: skip
"""Functions of tensors -> the layer that does it."""
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "Add", ast.Sub: "Subtract", ast.Mult: "Multiply",
}  # fmt: skip


def merged(program: Program, node: ast.AST, kind: ast.operator, left: Any, right: Any) -> Tensor:
    """The tensor that an operator makes of two tensors, or of a tensor and a number."""
    name = _OPERATORS.get(type(kind))
    if isinstance(left, Tensor) and isinstance(right, Tensor) and name is not None:
        return through(program, name, [left, right])
    if isinstance(left, Tensor) and type(right) in (int, float):
        change = _changed(kind, right)
        if change is not None:
            return _rescaled(program, left, *change)
    if isinstance(right, Tensor) and type(left) in (int, float):
        if isinstance(kind, ast.Sub):
            return _rescaled(program, right, -1.0, left)
        if isinstance(kind, ast.Add | ast.Mult):
            return _rescaled(program, right, *(_changed(kind, left) or (1.0, 0.0)))
    sentence = tr("for {code} there is no layer")
    raise program.fault(sentence.format(code=shown(node)))


def _changed(kind: ast.operator, number: float) -> tuple[float, float] | None:
    """Factor and summand that an operator with a number stands for."""
    if isinstance(kind, ast.Div) and number:
        return 1 / number, 0.0
    changes: dict[type[ast.operator], tuple[float, float]] = {
        ast.Add: (1.0, number), ast.Sub: (1.0, -number), ast.Mult: (number, 0.0),
    }  # fmt: skip
    return changes.get(type(kind))


def _rescaled(program: Program, tensor: Tensor, scale: float, offset: float) -> Tensor:
    options: dict[str, OptionValue] = {"scale": scale}
    if offset:
        options["offset"] = offset
    return through(program, "Rescaling", [tensor], options)


def through(
    program: Program,
    type_name: str,
    inputs: list[Tensor],
    options: dict[str, OptionValue] | None = None,
) -> Tensor:
    """The tensors led through a new layer of that type."""
    name = program.automatic_name(type_name)
    layer = program.made(Layer(type_name, name, options or {}, program.line))
    return Tensor(program.call(layer, inputs))


def activation_name(function: str) -> str:
    """The activation that a function of that name is; "" if it is none."""
    name = USUAL.get(function, function)
    return name if name in get_args(ActivationName) else ""
