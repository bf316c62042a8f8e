"""The palette: every layer of the engine as a node type, and the check of one option."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from kgui.compiler.block_types import BLOCK_CLASSES, block_types
from kgui.compiler.node_types import NodeType
from kgui.compiler.reflection import (
    default_of,
    is_required,
    layer_classes,
    node_type_of,
    options_of,
)
from kgui.compiler.wording import explain
from kgui.engine.errors import OptionError
from kgui.engine.layers.layer import Layer
from kgui.engine.option_checks import check_value
from kgui.graph.project import OptionValue
from kgui.graph.quoting import shortened
from kgui.graph.rules import why_not_value
from kgui.graph.settling import plain
from kgui.language import language, tr


def node_types() -> Mapping[str, NodeType]:
    """Name -> node type, in the order of the palette, in the language in force."""
    return _node_types(language.translate)


@lru_cache(maxsize=2)
def _node_types(translate: Callable[[str], str]) -> Mapping[str, NodeType]:
    layers = {name: node_type_of(kind) for name, kind in layer_classes().items()}
    return MappingProxyType({**layers, **block_types()})


def _class_of(type_name: str) -> type[Layer] | None:
    """What describes a node type; None if there is none of that name."""
    return layer_classes().get(type_name) or BLOCK_CLASSES.get(type_name)


def check_option(type_name: str, option: str, value: OptionValue) -> str:
    """What is wrong with a value of an option, as a sentence without a full stop, or ""."""
    layer_class = _class_of(type_name)
    if layer_class is None:
        return unknown_type(type_name)
    argument = options_of(layer_class).get(option)
    if argument is None:
        sentence = tr("{type} has no option {option}")
        return sentence.format(type=type_name, option=shortened(option))
    if reason := why_not_value(plain(value)):
        return tr("{option} cannot be kept: {reason}").format(option=option, reason=reason)
    if value is None and not argument.optional:
        return tr("{option} is not set").format(option=option)
    try:
        check_value(option, replace(argument, objects=False), as_argument(value))
    except OptionError as error:
        return explain(error)
    return ""


def unknown_type(type_name: str) -> str:
    """The sentence for a node type that does not exist."""
    return tr("{type} is not a layer that this program knows").format(type=shortened(type_name))


def check_options(type_name: str, options: Mapping[str, OptionValue]) -> Mapping[str, str]:
    """Option -> what is wrong with it, for every option of a node that is wrong or missing."""
    try:
        text = json.dumps(options)
    except (TypeError, ValueError):  # not plain data, or integers beyond all printing
        return _check_options(type_name, options)
    return _remembered_check(type_name, text, language.translate)


@lru_cache(maxsize=10_000)
def _remembered_check(
    type_name: str, options: str, translate: Callable[[str], str]
) -> Mapping[str, str]:
    return MappingProxyType(_check_options(type_name, json.loads(options)))


def _check_options(type_name: str, options: Mapping[str, OptionValue]) -> dict[str, str]:
    wrong = {name: check_option(type_name, name, value) for name, value in options.items()}
    layer_class = _class_of(type_name)
    for name in () if layer_class is None else options_of(layer_class):
        if name not in options and layer_class and is_required(layer_class, name):
            wrong[name] = tr("{option} is not set").format(option=name)
    return {name: message for name, message in wrong.items() if message}


def as_argument(value: OptionValue) -> Any:
    """A value from a document as the engine takes it: lists become tuples."""
    return tuple(as_argument(item) for item in value) if isinstance(value, list) else value


def option_value(type_name: str, options: Mapping[str, OptionValue], option: str) -> OptionValue:
    """An option of a node, or its default; None where the type has no such option."""
    if option in options:
        return options[option]
    layer_class = _class_of(type_name)
    if layer_class is None or option not in options_of(layer_class):
        return None
    return default_of(layer_class, option)
