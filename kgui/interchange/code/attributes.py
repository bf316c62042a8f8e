"""What stands behind a dot: names of libraries, ends of models, methods."""

import ast
from typing import Any

from kgui.interchange.code.faults import shown
from kgui.interchange.code.paths import canonical
from kgui.interchange.code.program import Program
from kgui.interchange.code.shapes import shape_of
from kgui.interchange.code.values import Layer, Method, Model, Path, Tensor, Unknown
from kgui.language import tr


def attribute_of(owner: Any, node: ast.Attribute, program: Program) -> Any:
    """The attribute of a value; Unknown where only the running program can tell."""
    name = node.attr
    if isinstance(owner, Path):
        return Path(canonical(f"{owner.name}.{name}"))
    if isinstance(owner, Model):
        return _of_model(owner, name)
    if isinstance(owner, Layer):
        return _of_layer(owner, node, program)
    if isinstance(owner, Tensor):
        shape = shape_of(owner) if name == "shape" else None
        return Unknown(node) if shape is None else shape
    if isinstance(owner, list | dict | str):
        return Method(owner, name)
    return Unknown(node)


def _of_model(model: Model, name: str) -> Any:
    ends = {"inputs": list(model.inputs), "outputs": list(model.outputs)}
    if name in ends and model.stack is None:
        return ends[name]
    if name in ("input", "output") and model.stack is None:
        end = ends[f"{name}s"]
        return end[0] if len(end) == 1 else end
    return Method(model, name)


def _of_layer(layer: Layer, node: ast.Attribute, program: Program) -> Any:
    if node.attr in layer.options:
        return layer.options[node.attr]
    if node.attr == "name":
        return layer.name
    if node.attr in ("input", "output"):
        calls = [call for call in program.calls if call.operation is layer]
        program.step(count=len(program.calls) // 100)
        if len(calls) != 1:
            sentence = tr("{code} is not known: the layer is called {count} times")
            raise program.fault(sentence.format(code=shown(node), count=len(calls)))
        return Tensor(calls[0]) if node.attr == "output" else calls[0].inputs[0]
    return Method(layer, node.attr)
