"""Layers from the arguments in a program: checked by the catalogue, defaults left out."""

import ast
import inspect
from collections.abc import Mapping
from typing import Any

from kgui.compiler.catalog import check_option, unknown_type
from kgui.compiler.reflection import default_of, is_required, layer_classes, options_of
from kgui.engine.layers import Input
from kgui.engine.layers.configuring import signature_of
from kgui.engine.nearest import did_you_mean
from kgui.engine.options import Argument
from kgui.graph.names import LONGEST_NAME, NAME
from kgui.graph.project import OptionValue
from kgui.graph.quoting import quoted, shortened
from kgui.interchange.code.choices import choice_of
from kgui.interchange.code.faults import shown
from kgui.interchange.code.program import Program
from kgui.interchange.code.values import Layer, Path, Unknown
from kgui.language import tr

RENAMED = {("LeakyReLU", "alpha"): "negative_slope", ("Reshape", "shape"): "target_shape",
           ("Dropout", "p"): "rate", ("Dense", "output_dim"): "units"}  # fmt: skip
"""Arguments of older versions of Keras."""
SHAPES = ("input_shape", "batch_input_shape", "input_dim", "input_length", "batch_shape")
WITHOUT_EFFECT: Mapping[str, tuple[Any, ...]] = {
    "trainable": (True,), "dtype": (None, "float32"), "batch_size": (None,), "autocast": (True,),
    "sparse": (False, None), "ragged": (False, None), "optional": (False,), "tensor": (None,),
    "weights": (None,),
}  # fmt: skip
"""Arguments that a drawing does not hold -> values that change nothing."""
OF_INPUTS = ("dtype", "batch_size")
"""Such arguments of an Input are left to the data: told, not refused."""


def make_layer(
    program: Program, type_name: str, positional: list[Any], named: dict[str, Any], node: ast.Call
) -> Layer:
    """The layer that a call makes; CodeError names what a drawing cannot hold."""
    if type_name not in layer_classes():
        meant = did_you_mean(type_name, layer_classes()) if type_name[:1].isupper() else ""
        raise program.fault(unknown_type(type_name) + meant)
    given = _bound(program, type_name, positional, named)
    wanted = given.pop("name", None)
    name = _settled(program, wanted) if isinstance(wanted, str) else ""
    layer = Layer(type_name, name or program.automatic_name(type_name), {}, program.line)
    _take_shape(program, layer, given)
    known = options_of(layer_classes()[type_name])
    for argument, value in given.items():
        if argument in known:
            _set(program, layer, argument, known[argument], value, node)
        else:
            _require_without_effect(program, layer, argument, value)
    _require_all(program, layer)
    return program.made(layer)


def _bound(
    program: Program, type_name: str, positional: list[Any], named: dict[str, Any]
) -> dict[str, Any]:
    """The arguments by name, in the names of today."""
    layer_class = layer_classes()[type_name]
    function = Input if type_name == "Input" else layer_class.__init__
    names = [
        name
        for name, parameter in signature_of(function).parameters.items()
        if name != "self" and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    if len(positional) > len(names):
        sentence = tr("{type} takes at most {most} arguments without a name")
        raise program.fault(sentence.format(type=type_name, most=len(names)))
    found = dict(zip(names, positional, strict=False))
    for name, value in named.items():
        today = RENAMED.get((type_name, name), name)
        if today in found:
            sentence = tr("{type} is given {argument} twice")
            raise program.fault(sentence.format(type=type_name, argument=shortened(today)))
        found[today] = value
    return found


def _settled(program: Program, name: str) -> str:
    """The name as a drawing can hold it."""
    letters = "".join(c if NAME.fullmatch(f"_{c}") else "_" for c in name[:LONGEST_NAME])
    settled = letters if NAME.fullmatch(letters) else f"_{letters}"[:LONGEST_NAME]
    if settled != name:
        sentence = tr("the name {name} becomes {settled}")
        program.remark(sentence.format(name=quoted(name), settled=quoted(settled)))
    return settled


def _take_shape(program: Program, layer: Layer, given: dict[str, Any]) -> None:
    """Note the shape of the input that a first layer states, in any of its spellings."""
    found = {name: given.pop(name) for name in SHAPES
             if name in given and not _is_option(layer.type, name)}  # fmt: skip
    given_whole = found.get("batch_input_shape", found.get("batch_shape"))
    if given_whole is not None:
        whole = plain_value(program, given_whole)
        if not isinstance(whole, list) or not whole:
            raise program.fault(tr("the shape of the input is not known"))
        shape: Any = whole[1:]
    elif "input_shape" in found:
        shape = plain_value(program, found["input_shape"])
    elif found.get("input_dim") is not None:
        shape = [plain_value(program, found["input_dim"])]
    elif found.get("input_length") is not None:
        shape = [plain_value(program, found["input_length"])]
    else:
        return
    shape = [shape] if isinstance(shape, int) else shape
    if reason := check_option("Input", "shape", shape):
        raise program.fault(reason)
    if layer.type == "Input":
        layer.options["shape"] = shape
    else:
        layer.input_shape = shape


def _is_option(type_name: str, name: str) -> bool:
    return name in options_of(layer_classes()[type_name])


def _set(
    program: Program, layer: Layer, name: str, argument: Argument, value: Any, node: ast.Call
) -> None:
    if isinstance(value, Unknown):
        sentence = tr("{option} of {type} is not known before the program runs: {code}")
        raise program.fault(sentence.format(option=name, type=layer.type, code=shown(value.node)))
    if argument.choices:
        value = choice_of(program, value, argument.choices, node)
    option = plain_value(program, value)
    if layer.type == "Input" and isinstance(option, int):
        option = [option]  # Input(shape=8), which Keras takes for (8,)
    if reason := check_option(layer.type, name, option):
        raise program.fault(tr("{type}: {reason}").format(type=layer.type, reason=reason))
    layer_class = layer_classes()[layer.type]
    usual = default_of(layer_class, name)
    same = option == usual and isinstance(option, bool) is isinstance(usual, bool)
    if is_required(layer_class, name) or not same:
        layer.options[name] = option


def plain_value(program: Program, value: Any) -> OptionValue:
    """A value as a document holds it; CodeError for anything but numbers, texts and lists."""
    program.step()
    if isinstance(value, list | tuple):
        return [plain_value(program, item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Unknown | Path):
        code = shown(value.node) if isinstance(value, Unknown) else shortened(value.last)
        raise program.fault(tr("{code} is not known before the program runs").format(code=code))
    kind = getattr(value, "type", getattr(value, "path", value))
    kind = getattr(kind, "name", kind)
    text = kind if isinstance(kind, str) else type(value).__name__
    sentence = tr("{value} stands where a drawing holds a number, a text or a list of them")
    raise program.fault(sentence.format(value=shortened(text)))


def _require_without_effect(program: Program, layer: Layer, name: str, value: Any) -> None:
    """Refuse an argument that the drawing would have to hold."""
    if name in WITHOUT_EFFECT and any(value is usual or value == usual
                                      for usual in WITHOUT_EFFECT[name]):  # fmt: skip
        return
    if layer.type == "Input" and name in OF_INPUTS:
        sentence = tr("{argument} of the Input is left out: it follows from the data")
        program.remark(sentence.format(argument=name))
        return
    parameters = signature_of(layer_classes()[layer.type].__init__).parameters
    if name not in parameters and name not in WITHOUT_EFFECT:
        sentence = tr("{type} has no argument {name}")
        names = {*parameters, "name"} - {"self", "kwargs"}
        text = sentence.format(type=layer.type, name=shortened(name))
        raise program.fault(text + did_you_mean(name, names))
    if name in parameters and _is_usual(value, parameters[name].default):
        return
    sentence = tr("{type} has the argument {name}, which a drawing cannot hold")
    raise program.fault(sentence.format(type=layer.type, name=shortened(name)))


def _is_usual(value: Any, usual: Any) -> bool:
    return isinstance(value, bool | int | float | str | None) and value == usual


def _require_all(program: Program, layer: Layer) -> None:
    layer_class = layer_classes()[layer.type]
    for name in options_of(layer_class):
        if name not in layer.options and is_required(layer_class, name):
            sentence = tr("{type} needs {option}")
            raise program.fault(sentence.format(type=layer.type, option=name))
