"""A drawing with blocks laid flat: every layer that is computed as a node of one graph.

Blocks are replaced by what they hold, as often as they are repeated; their ports are joined. A
node that stands in no block keeps its id; the ids of the others are made up, and `origins` says
which node of which level each of them is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from kgui.graph.blocks import BLOCK, PORTS, inside_of, port_nodes, repeats
from kgui.graph.bypass import bypassed_ids
from kgui.graph.project import Graph, Inside, Node, Wire
from kgui.graph.rewiring import origins as origins_of
from kgui.graph.rewiring import without
from kgui.graph.rules import MOST_NODES
from kgui.graph.sharing import detached

Port = tuple[str, int]


@dataclass(frozen=True)
class Origin:
    """Which drawn node a node of the flat graph is."""

    node_id: str
    blocks: tuple[str, ...] = ()
    """Ids of the blocks it stands in, outermost first."""
    copy_of: str = ""
    """Id of the block whose repetition or sharing made it; "" for what is drawn itself."""
    repetition: int = 1


@dataclass(frozen=True)
class Expansion:
    """The flat graph, and how it belongs to the drawing."""

    graph: Graph
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Id in the flat graph -> where it comes from, for nodes in blocks."""
    ends: Mapping[str, tuple[Port | None, ...]] = field(default_factory=dict)
    """Block's id -> the flat output that each of its outputs gives, None where nothing feeds it."""
    ports: Mapping[str, Port] = field(default_factory=dict)
    """A port's node within a block -> the flat output that comes in or goes out there."""
    no_outputs: frozenset[str] = frozenset()
    """Nodes in blocks whose results do not leave the drawing, even where nothing takes them."""
    starved: frozenset[str] = frozenset()
    """Nodes in blocks that miss an input because the block does."""
    too_large: Mapping[str, int] = field(default_factory=dict)
    """Block that is left out because of its size -> the layers it would make."""


def expand(graph: Graph) -> Expansion:
    """The graph laid flat; the same object where nothing is a block."""
    if not any(node.type == BLOCK for node in graph.nodes):
        return Expansion(graph)
    layer = _Layer()
    layer.lay(graph, "", (), "", 1)
    return layer.finished({wire.source for wire in graph.wires})


class _Layer:
    """Lays level after level; ports stay as nodes until all wires are there."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._wires: list[Wire] = []
        self._origins: dict[str, Origin] = {}
        self._tails: dict[str, list[str]] = {}
        self._too_large: dict[str, int] = {}

    def lay(
        self, graph: Graph, prefix: str, blocks: tuple[str, ...], copy_of: str, repetition: int
    ) -> None:
        """One level; `prefix` goes before its ids, `copy_of` is the block that made the copy."""
        gone = bypassed_ids(graph)
        staying = detached(graph, {node.id for node in graph.nodes} - gone) if gone else graph.nodes
        ends: dict[str, tuple[list[str], list[str]]] = {}
        for node in staying:
            flat = prefix + node.id
            inside = inside_of(Graph(staying), node) if node.type == BLOCK else None
            if inside is not None and self._has_room(node, inside):
                ends[node.id] = self._block(node, inside, flat, blocks, copy_of)
                if not copy_of:
                    self._tails[node.id] = ends[node.id][1]
                continue
            shares = prefix + node.shares if node.shares else ""
            self._nodes.append(replace(node, id=flat, shares=shares))
            if prefix:
                self._origins[flat] = Origin(node.id, blocks, copy_of, repetition)
        for node in graph.nodes:
            if node.id in gone:
                self._nodes.append(replace(node, id=prefix + node.id, shares=""))
                if prefix:
                    self._origins[prefix + node.id] = Origin(node.id, blocks, copy_of, repetition)
        for wire in graph.wires:
            self._wires += self._laid(wire, prefix, ends)

    def _has_room(self, node: Node, inside: Inside) -> bool:
        count = repeats(node) * weight(inside)
        if len(self._nodes) + count <= MOST_NODES:
            return True
        self._too_large[node.id] = count
        return False

    def _block(
        self, node: Node, inside: Inside, flat: str, blocks: tuple[str, ...], copy_of: str
    ) -> tuple[list[str], list[str]]:
        """The first repetition's inputs, and the last one's outputs."""
        graph = Graph(inside.nodes, inside.wires)
        inputs = [port.id for port in port_nodes(inside, outputs=False)]
        outputs = [port.id for port in port_nodes(inside, outputs=True)]
        first, last = "", ""
        for number in range(1, repeats(node) + 1):
            here = f"{flat}/" if number == 1 else f"{flat}#{number}/"
            origin = node.id if number > 1 or node.shares else ""
            start = len(self._nodes)
            self.lay(graph, here, (*blocks, node.id), copy_of or origin, number)
            if node.shares:
                self._share(start, flat, flat.removesuffix(node.id) + node.shares)
            if last:
                self._chain(inputs, outputs, last, here, first)
            first, last = first or here, here
        return [first + key for key in inputs], [last + key for key in outputs]

    def _share(self, start: int, flat: str, owner: str) -> None:
        """Let the layers laid last be those of the block that is shared."""
        for index in range(start, len(self._nodes)):
            node = self._nodes[index]
            own = owner + (node.shares or node.id).removeprefix(flat)
            if node.type not in PORTS:
                self._nodes[index] = replace(node, shares=own)

    def _chain(
        self, inputs: Sequence[str], outputs: Sequence[str], before: str, here: str, first: str
    ) -> None:
        """Lead the outputs of one repetition into the next; other inputs get what the first got."""
        for index, key in enumerate(inputs):
            source = before + outputs[index] if index < len(outputs) else first + key
            self._wires.append(Wire(source, 0, here + key, 0))

    @staticmethod
    def _laid(
        wire: Wire, prefix: str, ends: Mapping[str, tuple[list[str], list[str]]]
    ) -> list[Wire]:
        source, source_port = prefix + wire.source, wire.source_port
        target, target_port = prefix + wire.target, wire.target_port
        if wire.source in ends:
            tails = ends[wire.source][1]
            if source_port >= len(tails):
                return []
            source, source_port = tails[source_port], 0
        if wire.target in ends:
            heads = ends[wire.target][0]
            if target_port >= len(heads):
                return []
            target, target_port = heads[target_port], 0
        return [Wire(source, source_port, target, target_port)]

    def finished(self, feeding: Collection[str]) -> Expansion:
        """The graph without ports; `feeding` are the nodes of the outermost level that do."""
        ports = {n.id for n in self._nodes if n.type in PORTS and n.id in self._origins}
        behind = origins_of(self._wires, ports)
        ends = {key: tuple(map(behind.get, tails)) for key, tails in self._tails.items()}
        last = {port[0] for key, found in ends.items() if key not in feeding
                for port in found if port is not None}  # fmt: skip
        drawn = {key: self._origins[key] for key in ports}
        return Expansion(
            without(Graph(tuple(self._nodes), tuple(self._wires)), ports),
            {key: origin for key, origin in self._origins.items() if key not in ports},
            ends,
            {o.node_id: behind[k] for k, o in drawn.items() if k in behind and not o.copy_of},
            frozenset(self._origins.keys() - last),
            self._starved(ports, behind),
            self._too_large,
        )

    def _starved(self, ports: Collection[str], behind: Mapping[str, Port]) -> frozenset[str]:
        """Nodes at ports that lead back to a block's input without a wire."""
        return frozenset(
            wire.target
            for wire in self._wires
            if wire.target not in ports and wire.source in ports and wire.source not in behind
        )


def weight(inside: Inside) -> int:
    """How many nodes a block lays flat each time."""
    return sum(
        1 if node.inside is None else repeats(node) * weight(node.inside) for node in inside.nodes
    )
