"""From a functional model of the engine back to a drawing; weights are not part of it."""

import typing
from collections.abc import Callable, Mapping
from typing import Any

from kgui.compiler.catalog import check_option
from kgui.compiler.reflection import default_of, is_required, layer_classes, options_of, type_name
from kgui.engine import constraints, initializers, regularizers
from kgui.engine.backend import Session, use_session
from kgui.engine.layers.configuring import serialize_argument, signature_of
from kgui.engine.layers.layer import Layer
from kgui.engine.models import Model
from kgui.engine.naming import snake_case
from kgui.engine.options import ConstraintName, InitializerName, RegularizerName
from kgui.engine.symbolic import Node as Call
from kgui.engine.symbolic import Operation
from kgui.graph import edits
from kgui.graph.layout import arrange
from kgui.graph.project import Graph, Node, OptionValue, Project, Wire
from kgui.graph.quoting import shortened
from kgui.io.errors import InputError
from kgui.language import tr


def project_from_model(model: Model) -> Project:
    """The drawing of a model, arranged; InputError names a layer that cannot be drawn.

    Options equal to their default are left out.
    """
    nodes: list[Node] = []
    wires: list[Wire] = []
    ids: dict[Operation, str] = {}
    for call in _calls(model):
        layer = _drawable(call.operation, ids)
        node = edits.new_node(Project(), type_name(type(layer)), (0.0, 0.0))
        nodes.append(Node(node.id, node.type, layer.name, _options(layer)))
        ids[layer] = node.id
        for port, tensor in enumerate(call.inputs):
            history = tensor.history
            assert history is not None  # noqa: S101 - calls are registered
            wires.append(Wire(ids[history.operation], history.tensor_index, node.id, port))
    project = Project(graph=Graph(tuple(nodes), tuple(wires)))
    return edits.move(project, arrange(project))


def _calls(model: Model) -> list[Call]:
    """The calls of layers, Inputs first in the model's order, then as they are carried out."""
    inputs = [tensor.node for tensor in model.inputs if tensor.node is not None]
    return inputs + [call for call in model.nodes if call.inputs]


def _drawable(layer: Any, known: Mapping[Operation, str]) -> Layer:
    if type(layer) not in layer_classes().values():
        message = tr("{name} is a {type}, for which there is no node.")
        raise InputError(message.format(name=shortened(layer.name), type=type(layer).__name__))
    if layer in known:
        message = tr("{name} is used more than once, which a drawing cannot show.")
        raise InputError(message.format(name=shortened(layer.name)))
    drawable: Layer = layer
    return drawable


def _options(layer: Any) -> dict[str, OptionValue]:
    kind, config = type(layer), {**layer.get_config(), **layer.short_config}
    parameters = signature_of(kind.__init__).parameters
    for option in kind.code_only:
        usual = parameters[option].default if option in parameters else None
        if config[option] and config[option] != usual:
            message = tr("{name} has the option {option}, which a drawing cannot hold.")
            raise InputError(message.format(name=shortened(layer.name), option=option))
    found: dict[str, OptionValue] = {}
    for option, argument in options_of(kind).items():
        value = _plain(config[option])
        if argument.kind == "integers" and isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not is_required(kind, option) and value == default_of(kind, option):
            continue
        reason = check_option(type_name(kind), option, value)
        if reason:
            raise InputError(f"{shortened(layer.name)}: {reason}.")
        found[option] = value
    return found


_NAMED: tuple[tuple[Any, Callable[[str], Any]], ...] = (
    (InitializerName, initializers.get),
    (RegularizerName, regularizers.get),
    (ConstraintName, constraints.get),
)


def _plain(value: Any) -> Any:
    """A value of a configuration; an object without settings of its own by its name."""
    if isinstance(value, dict) and "class_name" in value:
        name = snake_case(value["class_name"])
        with use_session(Session(seed=0)):  # trying an initializer must not draw a seed
            for names, get in _NAMED:
                if name in typing.get_args(names):
                    return name if value == serialize_argument(get(name)) else value
    return value
