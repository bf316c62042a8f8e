"""Calls: of layers on tensors, of Keras's classes, of the program's own functions."""

import ast
from typing import Any

from kgui.compiler.catalog import node_types
from kgui.interchange.code.builtin_calls import FUNCTIONS
from kgui.interchange.code.faults import shown
from kgui.interchange.code.layer_making import make_layer
from kgui.interchange.code.methods import call_method
from kgui.interchange.code.modelling import functional, sequential
from kgui.interchange.code.program import Program, Scope
from kgui.interchange.code.tensor_arithmetic import MERGES, activation_name, through
from kgui.interchange.code.values import (
    Function,
    Layer,
    Made,
    Method,
    Model,
    Path,
    Tensor,
    Unknown,
    tensors_in,
)
from kgui.language import tr

OBJECTS = (
    "callbacks", "constraints", "initializers", "losses", "metrics", "optimizers", "regularizers",
)  # fmt: skip
HARMLESS = ("builtins.print", "builtins.len", "builtins.type", "builtins.isinstance")
"""Functions that leave tensors alone."""
SEEDS = ("keras.utils.set_random_seed", "tensorflow.random.set_seed")
FORMATS = ("keras.backend.image_data_format", "keras.config.image_data_format")


def call_with(
    function: Any, positional: list[Any], named: dict[str, Any], node: ast.Call, scope: Scope
) -> Any:
    """What a call gives back; Unknown where only the running program can tell."""
    program = scope.program
    if isinstance(function, Layer | Model):
        return _apply(program, function, positional, named, node)
    if isinstance(function, Path):
        return _call_path(program, function, positional, named, node)
    if isinstance(function, Method):
        return call_method(program, function, positional, named, node)
    if isinstance(function, Function):
        function.is_called = True
        return program.run_function(function, positional, named, node)
    _refuse_tensors(program, positional, named, node)
    return Unknown(node)


def _refuse_tensors(
    program: Program, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> None:
    if any(tensors_in(value) for value in (*positional, *named.values())):
        sentence = tr("{code} is given a tensor, but is no layer that this program knows")
        raise program.fault(sentence.format(code=shown(node.func)))


def _call_path(
    program: Program, path: Path, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> Any:
    parts = path.name.split(".")
    if path.name == "keras.Sequential":
        return sequential(program, positional, named, node)
    if path.name == "keras.Model":
        return functional(program, positional, named, node)
    if path.name == "keras.Input":
        layer = make_layer(program, "Input", positional, named, node)
        return Tensor(program.call(layer, []))
    if parts[:2] == ["keras", "layers"] and len(parts) == 3:
        return _call_layers(program, path.last, positional, named, node)
    if parts[0] == "keras" and len(parts) > 2 and parts[1] in OBJECTS:
        return Made(path, tuple(positional), named, node)
    if path.name in SEEDS and positional and type(positional[0]) is int:
        program.seed = positional[0]
        return None
    if path.name in FORMATS:
        return "channels_last"
    return _call_function(program, path, positional, named, node)


def _call_layers(
    program: Program, name: str, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> Any:
    """A layer's class, or a function such as `layers.add`, which makes the layer and calls it."""
    if name not in MERGES:
        return make_layer(program, name, positional, named, node)
    inputs = positional[0] if positional else named.pop("inputs", None)
    layer = make_layer(program, MERGES[name], positional[1:], named, node)
    return _apply(program, layer, [inputs], {}, node)


def _call_function(
    program: Program, path: Path, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> Any:
    """A function of Keras, TensorFlow or Python: on tensors only what a layer can do."""
    tensors = [tensor for value in positional for tensor in tensors_in(value)]
    tensors += [tensor for value in named.values() for tensor in tensors_in(value)]
    root, last = path.name.partition(".")[0], path.last
    if root == "builtins" and last in FUNCTIONS:
        return FUNCTIONS[last](program, positional, node)
    if not tensors or path.name in HARMLESS:
        return Unknown(node)
    if root in ("keras", "tensorflow") and len(tensors) == 1 and not named:
        if (activation := activation_name(last)) and len(positional) == 1:
            return through(program, "Activation", tensors, {"activation": activation})
    elif root in ("keras", "tensorflow") and last in MERGES:
        row = isinstance(positional[0], list | tuple) if positional else False
        rest = positional[1:] if row else positional[2:]
        return _call_layers(program, last, [positional[0] if row else tensors, *rest], named, node)
    sentence = tr("{code} is given a tensor, but there is no layer for it")
    raise program.fault(sentence.format(code=shown(node.func)))


def _apply(
    program: Program,
    operation: Layer | Model,
    positional: list[Any],
    named: dict[str, Any],
    node: ast.Call,
) -> Any:
    """The tensors that a layer or model gives back for those that it is given."""
    given = positional[0] if positional else named.pop("inputs", None)
    inputs = tensors_in(given)
    if isinstance(given, dict) or len(inputs) < (len(given) if _is_row(given) else 1):
        if isinstance(operation, Model) and not inputs:
            return Unknown(node)
        sentence = tr("{code} is no tensor that the code makes from an Input")
        raise program.fault(sentence.format(code=shown(node.args[0] if node.args else node)))
    for name in named:
        if name in ("training", "mask"):
            sentence = tr("{argument} of a call is left out")
            program.remark(sentence.format(argument=name))
    if isinstance(operation, Model):
        return _apply_model(program, operation, inputs)
    _require_count(program, operation, inputs, row=_is_row(given))
    return Tensor(program.call(operation, inputs))


def _is_row(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _require_count(program: Program, layer: Layer, inputs: list[Tensor], *, row: bool) -> None:
    kind = node_types()[layer.type]
    merges = kind.growing or kind.inputs > 1
    fits = len(inputs) >= kind.inputs if kind.growing else len(inputs) == kind.inputs
    if not fits or (merges and not row):
        sentence = tr("{type} takes {count} tensors, but is given {given}")
        if kind.growing:
            sentence = tr("{type} takes a list of {count} tensors or more, but is given {given}")
        count = kind.inputs
        raise program.fault(sentence.format(type=layer.type, count=count, given=len(inputs)))


def _apply_model(program: Program, model: Model, inputs: list[Tensor]) -> Any:
    wanted = 1 if model.stack is not None else len(model.inputs)
    if len(inputs) != wanted:
        sentence = tr("the model of line {line} takes {count} tensors, but is given {given}")
        raise program.fault(sentence.format(line=model.line, count=wanted, given=len(inputs)))
    call = program.call(model, inputs)
    count = 1 if model.stack is not None else len(model.outputs)
    return Tensor(call) if count == 1 else [Tensor(call, index) for index in range(count)]
