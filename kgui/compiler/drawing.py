"""A drawing looked up from all sides: nodes, wires into and out of them, order."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property

from kgui.compiler.reflection import layer_classes
from kgui.engine.layers.core import InputLayer
from kgui.graph.bypass import active
from kgui.graph.paths import in_order
from kgui.graph.project import Graph, Node, Wire
from kgui.graph.sharing import with_options


class Drawing:
    """What is computed of a graph: no bypassed nodes, no wires that lead nowhere.

    A graph with blocks is laid flat before (`kgui.graph.expansion`).
    """

    def __init__(self, graph: Graph, no_outputs: Collection[str] = ()) -> None:
        graph = active(graph)
        self._no_outputs = no_outputs
        self.nodes: Mapping[str, Node] = with_options(graph.nodes)
        """Id -> node, in document order; one that shares a layer has the options of that."""
        self.wires = [w for w in graph.wires if w.source in self.nodes and w.target in self.nodes]
        self.incoming: dict[str, list[Wire]] = defaultdict(list)
        """Id -> wires that end there, by port."""
        self.sources = {wire.source for wire in self.wires}
        """Ids of nodes that feed another."""
        for wire in sorted(self.wires, key=lambda wire: wire.target_port):
            self.incoming[wire.target].append(wire)

    def owner_id(self, node: Node) -> str:
        """Id of the node whose layer a node uses: its own, or that of the one it shares."""
        return node.shares if node.shares in self.nodes else node.id

    @cached_property
    def order(self) -> list[str]:
        """Ids so that wires lead forward, else in document order; none on or behind circles."""
        return in_order(list(self.nodes), self.wires)

    @cached_property
    def inputs(self) -> list[Node]:
        """The Input nodes, in document order."""
        return [node for node in self.nodes.values() if is_input(node)]

    @cached_property
    def used_inputs(self) -> list[Node]:
        """The Input nodes that feed something, in document order."""
        return [node for node in self.inputs if node.id in self.sources]

    @cached_property
    def outputs(self) -> list[Node]:
        """The nodes that feed nothing, unused Inputs apart, in document order."""
        return [
            node
            for node in self.nodes.values()
            if node.id not in self.sources
            and node.id not in self._no_outputs
            and not is_input(node)
        ]


def is_input(node: Node) -> bool:
    """True for nodes that data enter at."""
    layer_class = layer_classes().get(node.type)
    return layer_class is not None and issubclass(layer_class, InputLayer)
