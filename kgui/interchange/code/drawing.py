"""A model that was read, as nodes and wires: models inside it are taken apart."""

from collections.abc import Mapping

from kgui.graph.names import free_name
from kgui.graph.project import Graph, Node, Project, Wire
from kgui.graph.rules import HIGHEST_PORT, MOST_NODES, MOST_WIRES, faults
from kgui.interchange.code.faults import CodeError
from kgui.interchange.code.program import Program
from kgui.interchange.code.values import Call, Layer, Model, Operation, Tensor
from kgui.language import tr

DEEPEST = 20
"""Models inside models."""


def graph_of(model: Model, program: Program) -> Graph:
    """The drawing of a model, all at one place; ids are the names. CodeError if it cannot be."""
    drawer = _Drawer(program)
    if model.stack is not None:
        inputs = [drawer.first_input(model)]
    else:
        inputs = [drawer.input_node(tensor) for tensor in model.inputs]
    return drawer.graph(inputs, drawer.lead_through(model, inputs, 0))


class _Drawer:
    """Nodes and wires as they come."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._nodes: list[Node] = []
        self._wires: list[Wire] = []
        self._names: set[str] = set()
        self._drawn: dict[Layer, int] = {}

    def input_node(self, tensor: Tensor) -> str:
        """The node of an input; its id."""
        layer = tensor.call.operation
        if not isinstance(layer, Layer) or layer.type != "Input" or layer in self._drawn:
            self._program.line = tensor.call.line
            raise self._program.fault(tr("an input of the model is no Input of its own"))
        return self._node(layer, layer.line)

    def first_input(self, model: Model) -> str:
        """The Input of a sequential model: its own, or made for the shape that is stated."""
        first = _first_layer(model)
        if first is not None and first.type == "Input":
            return self._node(first, first.line)
        shape = model.input_shape
        if shape is None and first is not None:
            shape = first.input_shape
        name = model.input_name or self._program.automatic_name("Input")
        layer = Layer("Input", name, {} if shape is None else {"shape": shape}, model.line)
        if shape is None:
            sentence = tr("the code does not say which shape the input has; set it at the Input")
            self._program.remark(sentence, model.line)
        return self._node(layer, model.line)

    def _node(self, layer: Layer, line: int) -> str:
        if layer in self._drawn:
            sentence = tr("{name}, made in line {line}, is used again, which a drawing cannot show")
            raise CodeError(line, sentence.format(name=layer.name, line=layer.line))
        self._drawn[layer] = line
        name = free_name(layer.name, self._names)
        if len(self._nodes) >= MOST_NODES:
            raise CodeError(line, tr("more than {most} layers are made").format(most=MOST_NODES))
        self._names.add(name)
        if name != layer.name:
            sentence = tr("the name {name} is there already; the layer is called {other}")
            self._program.remark(sentence.format(name=layer.name, other=name), layer.line)
        self._nodes.append(Node(name, layer.type, name, layer.options))
        return name

    def lead_through(
        self, operation: Operation, before: list[str], depth: int, line: int = 0
    ) -> list[str]:
        """Ids of the nodes that a layer or model gives back for those before it."""
        self._program.step()
        if isinstance(operation, Layer):
            node_id = self._node(operation, line or operation.line)
            if len(before) > HIGHEST_PORT or len(self._wires) + len(before) > MOST_WIRES:
                raise CodeError(line, tr("there are too many wires"))
            self._wires += [Wire(source, 0, node_id, port) for port, source in enumerate(before)]
            return [node_id]
        if depth >= DEEPEST:
            sentence = tr("models stand inside each other more than {most} deep")
            raise CodeError(operation.line, sentence.format(most=DEEPEST))
        if operation.stack is None:
            return self._functional(operation, before, depth)
        for inner in operation.stack:
            if not (isinstance(inner, Layer) and inner.type == "Input"):
                before = self.lead_through(inner, before, depth + 1, line)
        return before

    def _functional(self, model: Model, before: list[str], depth: int) -> list[str]:
        known: dict[Tensor, str] = dict(zip(model.inputs, before, strict=True))
        for call in _calls(model, known, self._program):
            sources = [known[tensor] for tensor in call.inputs]
            ends = self.lead_through(call.operation, sources, depth + 1, call.line)
            known.update({Tensor(call, index): end for index, end in enumerate(ends)})
        return [known[tensor] for tensor in model.outputs]

    def graph(self, inputs: list[str], outputs: list[str]) -> Graph:
        """What was drawn; inputs and outputs in the model's order, all else as it was called."""
        nodes = _in_order(_in_order(self._nodes, inputs), outputs)
        graph = Graph(tuple(nodes), tuple(self._wires))
        if found := faults(Project(graph=graph)):
            raise CodeError(0, found[0])
        sources = {wire.source for wire in self._wires}
        for node_id in dict.fromkeys(outputs):
            if node_id in sources or outputs.count(node_id) > 1:
                sentence = tr("{name} is an output, but other layers follow it, so it is none here")
                self._program.remark(sentence.format(name=node_id), self._line(node_id))
        return graph

    def _line(self, node_id: str) -> int:
        return next((line for layer, line in self._drawn.items() if layer.name == node_id), 0)


def _first_layer(model: Model) -> Layer | None:
    operation: Operation | None = model
    for _ in range(DEEPEST):
        if not isinstance(operation, Model):
            return operation
        if operation.stack is None:
            tensors = operation.inputs
            operation = tensors[0].call.operation if len(tensors) == 1 else None
        else:
            operation = operation.stack[0] if operation.stack else None
    return None


def _calls(model: Model, known: Mapping[Tensor, str], program: Program) -> list[Call]:
    """The calls between the inputs and outputs of a model, in the order they were made."""
    found: set[Call] = set()
    waiting = [tensor for tensor in model.outputs if tensor not in known]
    while waiting:
        call = waiting.pop().call
        if call in found:
            continue
        program.step(count=1 + len(call.inputs))
        if not call.inputs:
            name = getattr(call.operation, "name", "")
            sentence = tr("an output depends on {name}, which is no input of the model")
            raise CodeError(model.line, sentence.format(name=name))
        found.add(call)
        waiting += [tensor for tensor in call.inputs if tensor not in known]
    return sorted(found, key=lambda call: call.number)


def _in_order(nodes: list[Node], ids: list[str]) -> list[Node]:
    """The nodes, those of the ids in the order of the ids, at the places they had."""
    wanted = list(dict.fromkeys(ids))
    by_id = {node.id: node for node in nodes}
    turn = iter(wanted)
    chosen = set(wanted)
    return [by_id[next(turn)] if node.id in chosen else node for node in nodes]
