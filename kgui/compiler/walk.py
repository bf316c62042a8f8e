"""The way through a drawing in order: every layer is asked for its shape; faults stay local."""

from collections.abc import Collection, Iterator, Sequence

from kgui.compiler.block_types import BLOCK_CLASSES
from kgui.compiler.catalog import check_options, node_types, option_value, unknown_type
from kgui.compiler.drawing import Drawing
from kgui.compiler.examination import Outcome, examine
from kgui.compiler.issues import Issue, Shape
from kgui.compiler.node_types import NodeType
from kgui.compiler.ports import port_faults
from kgui.graph.paths import circles
from kgui.graph.project import Node
from kgui.graph.quoting import listed, shortened
from kgui.language import tr


class Walk:
    """Shapes and sizes of nodes as far as they can be known, and what is wrong on the way."""

    def __init__(self, drawing: Drawing, starved: Collection[str] = ()) -> None:
        self.drawing = drawing
        self._starved = starved
        self._first_calls: dict[str, tuple[Shape, ...]] = {}
        self.types = node_types()
        self.shapes: dict[str, tuple[Shape, ...]] = {}
        self.parameters: dict[str, int] = {}
        self.issues: list[Issue] = []
        self._walk()

    def _walk(self) -> None:
        for circle in circles(self.drawing.nodes, self.drawing.wires):
            names = [self.drawing.nodes[node_id].name for node_id in [*circle, circle[0]]]
            self._error(circle[0], tr("is part of a circle: {names}").format(
                names=listed(names, " → ")))  # fmt: skip
        ordered = self.drawing.order
        for node_id in ordered:
            self._visit(self.drawing.nodes[node_id])
        behind = self.drawing.nodes.keys() - set(ordered)
        for node in self.drawing.nodes.values():
            if node.id in behind:
                self._own_faults(node)

    def _error(self, node_id: str, message: str, hint: str = "", option: str = "") -> None:
        self.issues.append(Issue(node_id, "error", message, hint, option))

    def _visit(self, node: Node) -> None:
        sound = self._own_faults(node)
        before = self._shapes_before(node)
        if not sound or before is None:
            return
        first = self._first_calls.get(self.drawing.owner_id(node))
        outcome = examine(node.type, node.options, before, first)
        if outcome.fault is not None:
            hint = self._hint(node, before)
            self._error(node.id, outcome.fault.message, hint, outcome.fault.option)
            return
        self.shapes[node.id] = outcome.shapes
        if first is None:
            self._first_calls[self.drawing.owner_id(node)] = before
            self.parameters[self.drawing.owner_id(node)] = outcome.parameters
        self._look_at_values(node, outcome)
        self._look_at_options(node, before)

    def _own_faults(self, node: Node) -> bool:
        """Report what is wrong with the node itself; true if nothing is."""
        kind = self.types.get(node.type)
        if kind is None:
            self._error(node.id, unknown_type(node.type))
            return False
        if node.type in BLOCK_CLASSES or node.id in self._starved:
            return False
        wrong = {} if node.shares else check_options(node.type, node.options)
        for option, message in wrong.items():
            self._error(node.id, message, "", option)
        misplaced = list(self._ports(node, kind))
        for message in misplaced:
            hint = "" if self.drawing.incoming.get(node.id) else tr("Connect a wire to it")
            self._error(node.id, message, hint)
        sound = not check_options(node.type, node.options)
        return sound and (not misplaced or kind.inputs == 0)

    def _ports(self, node: Node, kind: NodeType) -> Iterator[str]:
        wires = self.drawing.incoming.get(node.id, [])
        nodes = (self.drawing.nodes[wire.source] for wire in wires)
        sources = {source.id: (source, self.types.get(source.type)) for source in nodes}
        return port_faults(kind, wires, sources)

    def _shapes_before(self, node: Node) -> tuple[Shape, ...] | None:
        """The shapes that arrive, by port; None if one of them is not known."""
        kind = self.types.get(node.type)
        if kind is not None and kind.inputs == 0 and not kind.growing:
            return ()
        found = []
        for wire in self.drawing.incoming.get(node.id, ()):
            shapes = self.shapes.get(wire.source, ())
            if wire.source_port >= len(shapes):
                return None
            found.append(shapes[wire.source_port])
        return tuple(found)

    def _hint(self, node: Node, shapes: Sequence[Shape]) -> str:
        """What would mend it for certain: it was tried."""
        if node.type == "Permute":  # what it is for has more axes than one
            return ""
        flat = [_flattened(shape) for shape in shapes]
        changed = [index for index, shape in enumerate(shapes) if flat[index] != shape]
        if not changed or examine(node.type, node.options, flat).fault is not None:
            return ""
        if len(shapes) == 1:
            return tr("Insert a Flatten before it")
        if len(changed) > 1:
            return tr("Insert a Flatten before each of its inputs")
        source = self.drawing.incoming[node.id][changed[0]].source
        name = self.drawing.nodes[source].name
        return tr("Insert a Flatten between {source} and it").format(source=shortened(name))

    def _look_at_options(self, node: Node, shapes: Sequence[Shape]) -> None:
        """Report what is only found out when it is trained."""
        if node.type == "GaussianDropout" and option_value(node.type, node.options, "rate") == 1:
            self._error(
                node.id, tr("rate must be below 1: the noise would be infinite"), "", "rate"
            )
        axis = option_value(node.type, node.options, "axis")
        if node.type == "Concatenate" and axis in (0, -len(shapes[0])):
            message = tr("axis {axis} joins the samples themselves: there would be more of them")
            hint = tr("Set the axis to -1")
            self._error(node.id, message.format(axis=axis), hint, "axis")

    def _look_at_values(self, node: Node, outcome: Outcome) -> None:
        if not outcome.shapes[0] or outcome.shapes[0][-1] != 1:
            return
        if option_value(node.type, node.options, "activation") == "softmax":
            message = tr("softmax of a single value is always 1")
            hint = tr("Use sigmoid, or more units")
            self.issues.append(Issue(node.id, "warning", message, hint, "activation"))


def _flattened(shape: Shape) -> Shape:
    if len(shape) < 3:
        return shape
    outcome = examine("Flatten", {}, (shape,))
    return outcome.shapes[0] if outcome.fault is None else shape
