"""Whether a wire fits by the shapes at its ends: asked of the layer itself, before it is drawn."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kgui.compiler.catalog import check_options, node_types
from kgui.compiler.drawing import Drawing
from kgui.compiler.examination import examine
from kgui.compiler.issues import Report, Shape
from kgui.compiler.node_types import NodeType
from kgui.compiler.walk import Walk
from kgui.graph.blocks import BLOCK, inside_of, port_nodes
from kgui.graph.expansion import expand
from kgui.graph.project import Graph, Node, OptionValue, Wire
from kgui.graph.sharing import owner
from kgui.language import tr

Options = Mapping[str, OptionValue]


class Fitting:
    """Judges wires that might be added to a graph whose shapes are known from a report.

    What is not known fits: a wire is only refused for a reason.
    """

    def __init__(self, graph: Graph, report: Report) -> None:
        self._graph = graph
        self._nodes = {node.id: node for node in graph.nodes}
        self._shapes = report.shapes
        self._incoming: dict[str, dict[int, Wire]] = defaultdict(dict)
        for wire in graph.wires:
            self._incoming[wire.target][wire.target_port] = wire

    def why_not(self, wire: Wire) -> str:
        """Why the layer at the wire's end would refuse what comes, as a sentence, or ""."""
        target = self._nodes[wire.target]
        if target.bypassed:
            return ""
        wires = {**self._incoming.get(wire.target, {}), wire.target_port: wire}
        shapes = [self.shape_in(wires[port]) for port in sorted(wires)]
        known = [shape for shape in shapes if shape is not None]
        if known != shapes:
            return ""
        if target.type == BLOCK:
            return why_not_into_block(self._graph, target, known)
        own = owner(self._graph, target.id)
        return why_not_take(target.type, own.options, known)

    def shape_in(self, wire: Wire) -> Shape | None:
        """The shape that flows in a wire, where it is known."""
        return self.output_shape(wire.source, wire.source_port)

    def output_shape(self, node_id: str, port: int) -> Shape | None:
        """The shape that an output gives, where it is known."""
        shapes = self._shapes.get(node_id, ())
        return shapes[port] if port < len(shapes) else None

    def why_not_feed(self, node_type: NodeType, options: Options, node_id: str, port: int) -> str:
        """Why a new layer of a type could not feed an input, as far as its shape is known."""
        if node_type.outputs == 0:
            return tr("{type} has no output.").format(type=node_type.name)
        if node_type.inputs or node_type.growing:
            return ""
        given = examine(node_type.name, options, ())
        if given.fault is not None or not given.shapes:
            return ""
        target = self._nodes[node_id]
        others = {
            number: self.shape_in(wire)
            for number, wire in self._incoming.get(node_id, {}).items()
            if number != port
        }
        shapes = [shape for _, shape in sorted({**others, port: given.shapes[0]}.items())]
        known = [shape for shape in shapes if shape is not None]
        return why_not_take(target.type, target.options, known) if known == shapes else ""


def why_not_take(kind: str, options: Options, shapes: Sequence[Shape]) -> str:
    """Why a layer does not take tensors of these shapes, as a sentence; "" if it does.

    Wrong options are another matter: they are no reason against a wire.
    """
    node_type = node_types().get(kind)
    if node_type is None:
        return ""
    if not node_type.inputs and not node_type.growing:
        return tr("{type} has no input.").format(type=kind)
    if len(shapes) < node_type.inputs or check_options(kind, options):
        return ""
    fault = examine(kind, options, shapes).fault
    if fault is None or fault.option:
        return ""
    return tr("{type} {reason}.").format(type=kind, reason=fault.message.rstrip("."))


def why_not_into_block(graph: Graph, block: Node, shapes: Sequence[Shape]) -> str:
    """Why a layer within a block would refuse tensors of these shapes at its inputs, or ""."""
    inside = inside_of(graph, block)
    if inside is None or len(shapes) != len(port_nodes(inside, outputs=False)):
        return ""
    alone = Node("block", block.type, block.name, block.options, inside=inside)
    sources = [
        Node(f"input_{port}", "Input", f"input_{port}", {"shape": list(shape[1:])})
        for port, shape in enumerate(shapes)
    ]
    wires = [Wire(source.id, 0, alone.id, port) for port, source in enumerate(sources)]
    flat = expand(Graph((*sources, alone), tuple(wires)))
    drawing = Drawing(flat.graph, flat.no_outputs)
    names = {key: node.name for key, node in drawing.nodes.items()}
    for issue in Walk(drawing, flat.starved).issues:
        if issue.severity == "error" and issue.node_id is not None:
            reason = tr("{layer} in {block} {reason}.")
            return reason.format(
                layer=names[issue.node_id], block=block.name, reason=issue.message.rstrip(".")
            )
    return ""
