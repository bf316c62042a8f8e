"""From a drawing to the engine's model."""

from collections.abc import Mapping
from typing import Any

from kgui.compiler.catalog import as_argument
from kgui.compiler.checker import check
from kgui.compiler.drawing import Drawing
from kgui.compiler.issues import Issue
from kgui.compiler.levels import copies_of
from kgui.compiler.reflection import layer_classes
from kgui.engine.layers import Input
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.merge import Merge
from kgui.engine.models import Model
from kgui.engine.structure import flatten
from kgui.engine.symbolic import KerasTensor
from kgui.graph.blocks import BLOCK, BLOCK_OUTPUT, all_nodes, port_nodes, repeats
from kgui.graph.project import Graph, Inside, Node, Project
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
    tensors = {node.id: [_input(node)] for node in drawing.used_inputs}
    _Level(drawing).call(tensors)
    inputs = [tensors[node.id][0] for node in drawing.used_inputs]
    outputs = [tensor for node in drawing.outputs for tensor in tensors[node.id]]
    return Model(_single(inputs), _single(outputs))


Tensors = list[KerasTensor]


class _Level:
    """The layers and nested models of one level, each made when it is first called."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._layers: dict[str, Layer] = {}
        self._blocks: dict[str, list[Model]] = {}

    def call(self, tensors: dict[str, Tensors]) -> None:
        """Fill in what every node gives, beginning with what the given ones do."""
        drawing = self._drawing
        for node_id in drawing.order:
            wires = drawing.incoming.get(node_id)
            if not wires or node_id in tensors:
                continue
            before = [tensors[wire.source][wire.source_port] for wire in wires]
            node = drawing.nodes[node_id]
            own = drawing.nodes[drawing.owner_id(node)]
            tensors[node_id] = self._called(own, before)

    def _called(self, node: Node, before: Tensors) -> Tensors:
        if node.type == BLOCK_OUTPUT:
            return before
        if node.type == BLOCK:
            return self._block(node, before)
        layer = self._layers.get(node.id)
        if layer is None:
            layer = layer_classes()[node.type](name=node.name, **_arguments(node))
            self._layers[node.id] = layer
        return flatten(layer(before if isinstance(layer, Merge) else before[0]))

    def _block(self, node: Node, before: Tensors) -> Tensors:
        known = self._blocks.setdefault(node.id, [])
        inside = node.inside
        assert inside is not None  # noqa: S101 - checked
        used = _used_ports(inside)
        names = copies_of(node)
        given = before
        for number in range(repeats(node)):
            if number == len(known):
                known.append(_nested(inside, names[number], given))
            fed = [tensor for tensor, is_used in zip(given, used, strict=True) if is_used]
            outputs = flatten(known[number](_single(fed)))
            given = [*outputs[: len(before)], *before[len(outputs) :]]
        return outputs


def _used_ports(inside: Inside) -> list[bool]:
    feeding = {wire.source for wire in Drawing(Graph(inside.nodes, inside.wires)).wires}
    return [node.id in feeding for node in port_nodes(inside, outputs=False)]


def _nested(inside: Inside, name: str, before: Tensors) -> Model:
    """The model of a block that takes tensors like those given."""
    drawing = Drawing(Graph(inside.nodes, inside.wires))
    ports = port_nodes(inside, outputs=False)
    tensors = {
        port.id: [Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=port.name)]
        for port, tensor in zip(ports, before, strict=True)
    }
    _Level(drawing).call(tensors)
    used = _used_ports(inside)
    inputs = [tensors[p.id][0] for p, is_used in zip(ports, used, strict=True) if is_used]
    outputs = [tensors[port.id][0] for port in port_nodes(inside, outputs=True)]
    return Model(_single(inputs), _single(outputs), name=name)


def _input(node: Node) -> KerasTensor:
    layer = layer_classes()[node.type](name=node.name, **_arguments(node))
    return layer.inbound_nodes[0].outputs[0]


def _arguments(node: Node) -> dict[str, Any]:
    return {option: as_argument(value) for option, value in node.options.items()}


def _single(tensors: Tensors) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors


def fault(graph: Graph, issue: Issue) -> KguiError:
    """An issue as the exception that says it: "dense: has no input. Connect a wire to it."."""
    text = f"{issue.message}. {issue.hint}" if issue.hint else issue.message
    if issue.node_id is not None:
        text = f"{full_name(graph, issue.node_id)}: {text}"
    return MemoryNeedError(f"{text}.") if issue.cause == "memory" else InputError(f"{text}.")


def full_name(graph: Graph, node_id: str) -> str:
    """A node's name behind those of the blocks it stands in: "encoder/dense"."""
    names = {node.id: node.name for _, node in all_nodes(graph.nodes)}
    path = next((path for path, node in all_nodes(graph.nodes) if node.id == node_id), ())
    return "/".join(shortened(names[key]) for key in (*path, node_id))


def node_ids(project: Project) -> Mapping[str, str]:
    """Layer name -> id of the node that the layer was built from."""
    found: dict[str, str] = {}
    for _, node in all_nodes(project.graph.nodes):
        for name in copies_of(node):
            found.setdefault(name, node.id)
    return found
