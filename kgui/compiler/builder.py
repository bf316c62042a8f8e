"""From a drawing to the engine's model."""

from collections.abc import Mapping
from typing import Any

from kgui.compiler.catalog import as_argument
from kgui.compiler.checker import check
from kgui.compiler.drawing import Drawing
from kgui.compiler.issues import Issue
from kgui.compiler.reflection import layer_classes
from kgui.engine.layers.merge import Merge
from kgui.engine.models import Model
from kgui.engine.symbolic import KerasTensor
from kgui.graph.project import Graph, Node, Project
from kgui.graph.quoting import shortened
from kgui.io.errors import InputError, KguiError, MemoryNeedError


def build(project: Project) -> Model:
    """The model that is drawn, with new weights; InputError tells the first fault.

    Layers are called as their nodes. Inputs and outputs are in document order; Inputs that feed
    nothing are left out. MemoryNeedError if the weights would not fit.
    """
    errors = check(project).errors
    if errors:
        raise fault(project.graph, errors[0])
    drawing = Drawing(project.graph)
    tensors: dict[str, KerasTensor] = {}
    for node in drawing.used_inputs:
        tensors[node.id] = _input(node)
    for node_id in drawing.order:
        node = drawing.nodes[node_id]
        if drawing.incoming.get(node_id):
            before = [tensors[wire.source] for wire in drawing.incoming[node_id]]
            tensors[node_id] = _call(node, before)
    inputs = [tensors[node.id] for node in drawing.used_inputs]
    outputs = [tensors[node.id] for node in drawing.outputs]
    return Model(_single(inputs), _single(outputs))


def _input(node: Node) -> KerasTensor:
    layer = layer_classes()[node.type](name=node.name, **_arguments(node))
    return layer.inbound_nodes[0].outputs[0]


def _call(node: Node, inputs: list[KerasTensor]) -> KerasTensor:
    layer = layer_classes()[node.type](name=node.name, **_arguments(node))
    tensor: KerasTensor = layer(inputs if isinstance(layer, Merge) else inputs[0])
    return tensor


def _arguments(node: Node) -> dict[str, Any]:
    return {option: as_argument(value) for option, value in node.options.items()}


def _single(tensors: list[KerasTensor]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors


def fault(graph: Graph, issue: Issue) -> KguiError:
    """An issue as the exception that says it: "dense: has no input. Connect a wire to it."."""
    text = f"{issue.message}. {issue.hint}" if issue.hint else issue.message
    if issue.node_id is not None:
        text = f"{shortened(graph.node(issue.node_id).name)}: {text}"
    return MemoryNeedError(f"{text}.") if issue.cause == "memory" else InputError(f"{text}.")


def node_ids(project: Project) -> Mapping[str, str]:
    """Layer name -> id of the node that the layer was built from."""
    return {node.name: node.id for node in project.graph.nodes}
