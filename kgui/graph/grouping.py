"""Nodes gathered into a block, and a block taken apart again; what is computed stays the same."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from kgui.graph.blocks import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    PORTS,
    fresh_id,
    port_nodes,
    renewed,
)
from kgui.graph.edits import new_node
from kgui.graph.names import free_name
from kgui.graph.paths import downstream
from kgui.graph.project import Graph, Inside, Node, Project, Wire
from kgui.graph.quoting import quoted
from kgui.graph.settling import settled_position
from kgui.graph.sharing import detached, owner, sharers
from kgui.language import tr

Port = tuple[str, int]
SIDE = 270.0
"""From the ports of a block to the nodes next to them, in scene units."""


def why_not_group(graph: Graph, node_ids: Iterable[str]) -> str:
    """Why nodes cannot become a block, as a sentence, or ""."""
    chosen = set(node_ids)
    nodes = [node for node in graph.nodes if node.id in chosen]
    if not nodes:
        return tr("Select the layers that are to become a block.")
    for node in nodes:
        if node.type in ("Input", *PORTS):
            sentence = tr("{name} is where data come in or go out, so it stays outside of blocks.")
            return sentence.format(name=quoted(node.name))
    for key, ids in sharers(graph.nodes).items():
        group = {key, *ids}
        if group & chosen and group - chosen:
            name = quoted(graph.node(key).name)
            sentence = tr("{name} is shared with a node outside: take all that share it, or none.")
            return sentence.format(name=name)
    outside = [wire.target for wire in graph.wires if wire.source in chosen]
    beyond = downstream((key for key in outside if key not in chosen), graph.wires)
    if beyond & chosen:
        name = quoted(graph.node(min(beyond & chosen)).name)
        sentence = tr("The way out of these layers leads back to {name}: take what lies between.")
        return sentence.format(name=name)
    return ""


def group(project: Project, node_ids: Iterable[str], name: str = "block") -> tuple[Project, str]:
    """The nodes as one block, and its id; ValueError says why they cannot be one.

    Every tensor that comes from outside gets an input, every output that is used outside an output;
    what leads nowhere gets one too where nothing else does.
    """
    chosen = set(node_ids)
    graph = project.graph
    if reason := why_not_group(graph, chosen):
        raise ValueError(reason)
    nodes = [node for node in graph.nodes if node.id in chosen]
    entering = _firsts(w for w in graph.wires if w.target in chosen and w.source not in chosen)
    leaving = _firsts(w for w in graph.wires if w.source in chosen and w.target not in chosen)
    inside, ends = _inside(graph, nodes, list(entering), list(leaving))
    taken = {node.name for node in graph.nodes if node.id not in chosen}
    block = replace(
        new_node(project, BLOCK, _middle(nodes)), name=free_name(name, taken), inside=inside
    )
    wires = [Wire(key, port, block.id, index) for index, (key, port) in enumerate(entering)]
    for wire in graph.wires:
        if wire.source in chosen and wire.target not in chosen:
            index = ends.index((wire.source, wire.source_port))
            wires.append(replace(wire, source=block.id, source_port=index))
    kept = [w for w in graph.wires if w.source not in chosen and w.target not in chosen]
    place = next(index for index, node in enumerate(graph.nodes) if node.id in chosen)
    left = [node for node in graph.nodes if node.id not in chosen]
    before = sum(1 for node in graph.nodes[:place] if node.id not in chosen)
    changed = Graph((*left[:before], block, *left[before:]), (*kept, *wires))
    return replace(project, graph=changed), block.id


def _firsts(wires: Iterable[Wire]) -> dict[Port, None]:
    """The outputs that wires come from, each once, in their order."""
    return dict.fromkeys((wire.source, wire.source_port) for wire in wires)


def _inside(
    graph: Graph, nodes: Sequence[Node], entering: Sequence[Port], leaving: Sequence[Port]
) -> tuple[Inside, list[Port]]:
    """The drawing within, and the outputs of nodes in the order of the block's outputs."""
    chosen = {node.id for node in nodes}
    inner = [wire for wire in graph.wires if wire.source in chosen and wire.target in chosen]
    ends = list(leaving) or [(key, 0) for key in _last(nodes, inner)]
    names = {node.name for node in nodes}
    left, right = _edges(nodes)
    heads = _ports(BLOCK_INPUT, "input", len(entering), left - SIDE, nodes[0].position[1], names)
    tails = _ports(BLOCK_OUTPUT, "output", len(ends), right + SIDE, nodes[-1].position[1], names)
    wires = list(inner)
    for wire in graph.wires:
        if wire.target in chosen and wire.source not in chosen:
            head = heads[entering.index((wire.source, wire.source_port))]
            wires.append(replace(wire, source=head.id, source_port=0))
    wires += [Wire(key, port, tail.id, 0) for (key, port), tail in zip(ends, tails, strict=True)]
    return Inside((*heads, *nodes, *tails), tuple(wires)), ends


def _last(nodes: Sequence[Node], wires: Sequence[Wire]) -> list[str]:
    sources = {wire.source for wire in wires}
    return [node.id for node in nodes if node.id not in sources]


def _edges(nodes: Sequence[Node]) -> tuple[float, float]:
    across = [node.position[0] for node in nodes]
    return min(across), max(across)


def _middle(nodes: Sequence[Node]) -> tuple[float, float]:
    left, right = _edges(nodes)
    down = [node.position[1] for node in nodes]
    return (left + right) / 2, (min(down) + max(down)) / 2


def _ports(kind: str, name: str, count: int, x: float, y: float, names: set[str]) -> list[Node]:
    found = []
    for index in range(count):
        own = free_name(name, names)
        names.add(own)
        place = settled_position((x, y + 110.0 * index))
        found.append(Node(fresh_id(), kind, own, position=place))
    return found


def why_not_unpack(graph: Graph, block_id: str) -> str:
    """Why a node cannot be unpacked, as a sentence, or ""."""
    node = graph.node(block_id)
    if node.type != BLOCK:
        return tr("{name} is not a block.").format(name=quoted(node.name))
    if node.options.get("repeat", 1) != 1:
        sentence = tr("{name} is repeated: set its repeat to 1 to unpack it.")
        return sentence.format(name=quoted(node.name))
    if node.bypassed:
        sentence = tr("{name} is bypassed: end that to unpack it.")
        return sentence.format(name=quoted(node.name))
    return ""


def unpack(project: Project, block_id: str) -> tuple[Project, tuple[str, ...]]:
    """The block replaced by what it holds, and the ids of that; ValueError says why not.

    A block that others share stays theirs: what comes out has layers of its own.
    """
    graph = project.graph
    if reason := why_not_unpack(graph, block_id):
        raise ValueError(reason)
    block = graph.node(block_id)
    inside = owner(graph, block_id).inside or Inside()
    if block.shares or block_id in sharers(graph.nodes):
        inside = renewed(inside)
    others = detached(graph, {node.id for node in graph.nodes} - {block_id})
    moved = _moved_out(inside, block, {node.name for node in others})
    place = next(index for index, node in enumerate(graph.nodes) if node.id == block_id)
    nodes = (*others[:place], *moved, *others[place:])
    wires = _joined(graph.wires, block_id, inside)
    changed = replace(project, graph=Graph(nodes, wires))
    return changed, tuple(node.id for node in moved)


def _moved_out(inside: Inside, block: Node, names: set[str]) -> list[Node]:
    """The nodes within, around the block's place, with free names."""
    layers = [node for node in inside.nodes if node.type not in PORTS]
    if not layers:
        return []
    middle = _middle(layers)
    found = []
    for node in layers:
        name = free_name(node.name, names)
        names.add(name)
        x = node.position[0] - middle[0] + block.position[0]
        y = node.position[1] - middle[1] + block.position[1]
        found.append(replace(node, name=name, position=settled_position((x, y))))
    return found


def _joined(wires: Sequence[Wire], block_id: str, inside: Inside) -> tuple[Wire, ...]:
    """The wires around and within a block, joined where its ports were."""
    heads = {n.id: i for i, n in enumerate(port_nodes(inside, outputs=False))}
    tails = {n.id: i for i, n in enumerate(port_nodes(inside, outputs=True))}
    fed = {w.target_port: (w.source, w.source_port) for w in wires if w.target == block_id}
    given: dict[int, Port] = {}
    found = [w for w in wires if block_id not in (w.source, w.target)]
    for wire in inside.wires:
        origin = _outside(wire, heads, fed)
        if origin is None:
            continue
        if wire.target in tails:
            given[tails[wire.target]] = origin
        else:
            found.append(replace(wire, source=origin[0], source_port=origin[1]))
    for wire in wires:
        if wire.source == block_id and wire.source_port in given:
            key, port = given[wire.source_port]
            found.append(replace(wire, source=key, source_port=port))
    return tuple(found)


def _outside(wire: Wire, heads: Mapping[str, int], fed: Mapping[int, Port]) -> Port | None:
    """Where a wire within comes from once its block is gone; None where nothing feeds it."""
    if wire.source in heads:
        return fed.get(heads[wire.source])
    return wire.source, wire.source_port
