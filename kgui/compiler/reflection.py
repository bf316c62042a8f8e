"""What the engine's layer classes say of themselves: names, options, documentation.

Whatever is missing for a node type is a TypeError here, when the catalogue is made.
"""

import inspect
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from kgui.compiler.node_types import Kind, NodeType, Option
from kgui.engine import layers
from kgui.engine.layers.configuring import serialize_argument, signature_of
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.merge import Merge
from kgui.engine.options import Argument, arguments_of
from kgui.graph.project import OptionValue
from kgui.language import tr

CATEGORIES = (
    "core", "sequences", "activations", "reshaping", "regularization", "normalization", "merging",
    "preprocessing",
)  # fmt: skip
"""Modules of layers in the order of the palette; others follow by name."""

NOT_OPTIONS = ("self", "name", "trainable", "dtype", "batch_size", "kwargs")
KINDS: Mapping[str, Kind] = {
    "integer": "integer", "number": "number", "boolean": "boolean", "choice": "choice",
    "text": "text", "shape": "shape", "integers": "integers", "numbers": "numbers",
}  # fmt: skip

_ARGUMENT = re.compile(r"^ {4}(\w+): +(.+)$")


def type_name(layer_class: type[Layer]) -> str:
    """The node type's name: that of the class, but "Input" for InputLayer."""
    return "Input" if layer_class is layers.InputLayer else layer_class.__name__


@cache
def layer_classes() -> Mapping[str, type[Layer]]:
    """Node type -> layer class, in the order of the palette."""
    exported = [getattr(layers, name) for name in layers.__all__]
    classes = [item for item in exported if isinstance(item, type) and issubclass(item, Layer)]
    shown = [item for item in classes if item is not Layer and item.in_palette]
    return MappingProxyType({type_name(item): item for item in sorted(shown, key=_palette_place)})


def _palette_place(layer_class: type[Layer]) -> tuple[bool, int, str, int]:
    category = _module(layer_class)
    known = category in CATEGORIES
    home = sys.modules.get(f"{layers.__name__}.{category}", sys.modules[layer_class.__module__])
    place = list(vars(home)).index(layer_class.__name__)
    rank = CATEGORIES.index(category) if known else len(CATEGORIES)
    return layer_class is not layers.InputLayer, rank, category, place


def _module(layer_class: type[Layer]) -> str:
    """The family of a layer: the module of `layers`, or the package, that it is in."""
    module = layer_class.__module__
    return module.removeprefix(f"{layers.__name__}.").partition(".")[0]


def options_of(layer_class: type[Layer]) -> Mapping[str, Argument]:
    """Option -> its constraint, in the order of the signature; TypeError if there is none."""
    annotated = arguments_of(layer_class.__init__)
    found = {}
    for name in _parameters(layer_class):
        if name not in annotated or annotated[name].kind not in KINDS:
            raise TypeError(f"{layer_class.__name__}: the option {name} states no constraint")
        required = is_required(layer_class, name)
        found[name] = replace(annotated[name], optional=False) if required else annotated[name]
    return MappingProxyType(found)


def _parameters(layer_class: type[Layer]) -> Mapping[str, inspect.Parameter]:
    if layer_class.__init__ is Layer.__init__:
        return {}
    parameters = signature_of(layer_class.__init__).parameters
    left_out = (*NOT_OPTIONS, *layer_class.code_only)
    return {name: value for name, value in parameters.items() if name not in left_out}


def is_required(layer_class: type[Layer], option: str) -> bool:
    """True for an option without a default, or with one that only programs can do without."""
    if option in layer_class.needed:
        return True
    started = arguments_of(layer_class.__init__)[option].start is not None
    return started or _parameters(layer_class)[option].default is inspect.Parameter.empty


def default_of(layer_class: type[Layer], option: str) -> OptionValue:
    """The option's default as plain data; where it is required, what a drawing begins with."""
    if is_required(layer_class, option):
        start: OptionValue = options_of(layer_class)[option].start
        return start
    value: OptionValue = serialize_argument(_parameters(layer_class)[option].default)
    if not isinstance(value, bool | int | float | str | list | None):
        raise TypeError(f"{layer_class.__name__}: the default of {option} is not plain data")
    return value


def node_type_of(layer_class: type[Layer]) -> NodeType:
    """The node type that the class describes, its texts in the user's language."""
    document = inspect.cleandoc(layer_class.__doc__ or "")
    summary = document.partition("\n")[0].strip()
    if not summary:
        raise TypeError(f"{layer_class.__name__} has no docstring")
    growing = issubclass(layer_class, Merge) and layer_class.growing
    return NodeType(
        name=type_name(layer_class),
        category=tr(_module(layer_class).capitalize()),
        summary=tr(summary),
        options=tuple(_option(layer_class, name) for name in options_of(layer_class)),
        inputs=_inputs(layer_class),
        growing=growing,
    )


def _inputs(layer_class: type[Layer]) -> int:
    if issubclass(layer_class, Merge):
        return layer_class.least_inputs
    return 0 if layer_class is layers.InputLayer else 1


def _option(layer_class: type[Layer], name: str) -> Option:
    argument = options_of(layer_class)[name]
    text = _arguments_documented(layer_class).get(name, "")
    if not text:
        raise TypeError(f"{layer_class.__name__}: the option {name} is not documented under Args:")
    return Option(
        name=name,
        kind=KINDS[argument.kind],
        default=default_of(layer_class, name),
        help=tr(text),
        required=is_required(layer_class, name),
        optional=argument.optional,
        minimum=argument.range.minimum,
        maximum=argument.range.maximum,
        exclusive=argument.range.exclusive,
        choices=argument.choices,
    )


def _arguments_documented(layer_class: type[Layer]) -> dict[str, str]:
    """Option -> help; a class may leave to its bases what they document."""
    documented: dict[str, str] = {}
    for ancestor in reversed(layer_class.__mro__):
        documented.update(arguments_in(inspect.cleandoc(ancestor.__doc__ or "")))
    return documented


def arguments_in(document: str) -> dict[str, str]:
    """The `Args:` section of a docstring: argument -> text, continuation lines joined."""
    lines = iter(document.splitlines())
    for line in lines:
        if line.strip() == "Args:":
            break
    found: dict[str, str] = {}
    last = ""
    for line in lines:
        if line and not line.startswith(" "):
            break
        entry = _ARGUMENT.match(line)
        if entry:
            last = entry[1]
            found[last] = entry[2].strip()
        elif line.strip() and last:
            found[last] += f" {line.strip()}"
    return found
