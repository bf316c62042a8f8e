"""Models as a program makes them: functional ones, and sequential ones that grow."""

import ast
from typing import Any

from kgui.interchange.code.faults import shown
from kgui.interchange.code.layer_making import plain_value
from kgui.interchange.code.program import Program
from kgui.interchange.code.values import Layer, Model, Tensor, Unknown, tensors_in
from kgui.language import tr


def functional(
    program: Program, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> Model:
    """`Model(inputs, outputs)`."""
    ends = {**dict(zip(("inputs", "outputs", "name"), positional, strict=False)), **named}
    inputs, outputs = _end(program, ends, "inputs", node), _end(program, ends, "outputs", node)
    model = Model(program.line, inputs, outputs)
    program.models.append(model)
    return model


def _end(program: Program, ends: dict[str, Any], name: str, node: ast.Call) -> tuple[Tensor, ...]:
    value = ends.get(name, ends.get(name.removesuffix("s")))
    tensors = tensors_in(value)
    count = len(value) if isinstance(value, list | tuple | dict) else 1
    if not tensors or len(tensors) < count:
        sentence = tr("the {end} of {code} are no tensors that the code makes")
        raise program.fault(sentence.format(end=name, code=shown(node)))
    return tuple(tensors)


def sequential(
    program: Program, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> Model:
    """`Sequential()`, with or without layers."""
    model = Model(program.line, stack=[])
    rows = positional[0] if positional else named.get("layers")
    if rows is not None and not isinstance(rows, list | tuple):
        sentence = tr("{code} is no list of layers that can be read")
        raise program.fault(sentence.format(code=shown(node.args[0] if node.args else node)))
    for item in rows or ():
        add_to(program, model, item, node)
    program.models.append(model)
    return model


def add_to(program: Program, model: Model, item: Any, node: ast.Call) -> None:
    """`model.add(layer)`."""
    program.step()
    assert model.stack is not None  # noqa: S101 - only sequential models are added to
    if isinstance(item, Tensor) and not item.call.inputs:
        item = item.call.operation  # Sequential([keras.Input(...), ...])
    if item is model:
        raise program.fault(tr("a model is added to itself"))
    if isinstance(item, Layer | Model):
        if isinstance(item, Layer) and not model.stack:
            _shape_input(program, model, item.input_shape)
        if isinstance(item, Layer) and item.type == "Input" and model.stack:
            raise program.fault(tr("an Input stands behind other layers of a Sequential model"))
        model.stack.append(item)
        return
    given = item.node if isinstance(item, Unknown) else node
    sentence = tr("{code} is no layer that this program knows")
    raise program.fault(sentence.format(code=shown(given)))


def build(program: Program, model: Model, shape: Any) -> None:
    """`model.build(input_shape)`, the batch first."""
    sizes = plain_value(program, shape)
    if isinstance(sizes, list) and sizes and all(size is None or type(size) is int
                                                 for size in sizes):  # fmt: skip
        _shape_input(program, model, sizes[1:])


def _shape_input(program: Program, model: Model, shape: list[Any] | None) -> None:
    """Note the shape of an Input that Keras makes, and names, now."""
    if shape is not None:
        model.input_shape = shape
        model.input_name = model.input_name or program.automatic_name("Input")
