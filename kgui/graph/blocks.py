"""Blocks: nodes that hold a drawing of their own, and the way into them and back.

A path is the ids of the blocks that lead to a level, outermost first; () is the document itself.
`within` gives a level as a project, so that every edit works there; `put` takes it back.
"""

from collections.abc import Iterator, Sequence
from uuid import uuid4

from msgspec.structs import replace

from kgui.graph.project import Graph, Inside, Node, Project, Wire

BLOCK, BLOCK_INPUT, BLOCK_OUTPUT = "Block", "BlockInput", "BlockOutput"
PORTS = (BLOCK_INPUT, BLOCK_OUTPUT)
DEEPEST = 8
"""Blocks inside blocks."""
MOST_REPEATS = 1_000

Path = tuple[str, ...]


def inside_of(graph: Graph, node: Node) -> Inside | None:
    """What a block holds, or the block whose layers it shares; None for all other nodes."""
    if not node.shares:
        return node.inside
    return next((other.inside for other in graph.nodes if other.id == node.shares), None)


def port_nodes(inside: Inside, *, outputs: bool) -> list[Node]:
    """The nodes that stand for a block's ports, in the order of the ports."""
    kind = BLOCK_OUTPUT if outputs else BLOCK_INPUT
    return [node for node in inside.nodes if node.type == kind]


def within(project: Project, path: Path) -> Project:
    """The level at a path, as a project of the same settings; KeyError where there is none."""
    for block_id in path:
        inside = project.graph.node(block_id).inside
        if inside is None:
            raise KeyError(block_id)
        graph = Graph(inside.nodes, inside.wires)
        project = replace(project, graph=graph, frames=inside.frames, notes=inside.notes)
    return project


def put(project: Project, path: Path, level: Project) -> Project:
    """The project with a level changed; data and training settings come from the level as well."""
    if not path:
        return level
    outer = within(project, path[:-1])
    node = outer.graph.node(path[-1])
    graph = level.graph
    inside = Inside(graph.nodes, graph.wires, level.frames, level.notes)
    if inside != node.inside:
        changed = replace(node, inside=inside)
        nodes = tuple(changed if other is node else other for other in outer.graph.nodes)
        outer = replace(outer, graph=replace(outer.graph, nodes=nodes))
    outer = replace(outer, data=level.data, training=level.training)
    return put(project, path[:-1], outer)


def reachable(project: Project, path: Path) -> Path:
    """The path as far as its blocks are there."""
    for depth in range(len(path)):
        nodes = {node.id: node for node in within(project, path[:depth]).graph.nodes}
        block = nodes.get(path[depth])
        if block is None or block.inside is None:
            return path[:depth]
    return path


def levels(nodes: Sequence[Node], path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every block of these nodes and of all levels below, each with the path that leads to it."""
    for node in nodes:
        if node.inside is not None:
            yield path, node
            yield from levels(node.inside.nodes, (*path, node.id))


def all_nodes(nodes: Sequence[Node]) -> Iterator[tuple[Path, Node]]:
    """Every node of every level, each with the path that leads to it."""
    for node in nodes:
        yield (), node
    for path, block in levels(nodes):
        assert block.inside is not None  # noqa: S101 - levels gives blocks only
        for node in block.inside.nodes:
            yield (*path, block.id), node


def path_to(project: Project, node_id: str) -> Path | None:
    """The path of the level that a node is on; None if it is nowhere."""
    for path, node in all_nodes(project.graph.nodes):
        if node.id == node_id:
            return path
    return None


def fresh_id() -> str:
    """An id that no node has."""
    return uuid4().hex[:12]


def renewed(inside: Inside) -> Inside:
    """The same drawing with other ids on every level, for a copy of its block."""
    ids = {node.id: fresh_id() for node in inside.nodes}
    return replace(
        inside,
        nodes=tuple(
            replace(
                node,
                id=ids[node.id],
                shares=ids.get(node.shares, ""),
                inside=None if node.inside is None else renewed(node.inside),
            )
            for node in inside.nodes
        ),
        wires=tuple(
            replace(wire, source=ids[wire.source], target=ids[wire.target]) for wire in inside.wires
        ),
    )


def empty_inside() -> Inside:
    """What a new block holds: one input that leads to one output."""
    ends = (
        Node(fresh_id(), BLOCK_INPUT, "input", position=(0.0, 0.0)),
        Node(fresh_id(), BLOCK_OUTPUT, "output", position=(560.0, 0.0)),
    )
    return Inside(ends, (Wire(ends[0].id, 0, ends[1].id, 0),))


def repeats(node: Node) -> int:
    """How many times in a row a block stands for; 1 where its option is wrong."""
    value = node.options.get("repeat", 1)
    right = type(value) is int and 1 <= value <= MOST_REPEATS
    return value if right else 1  # type: ignore[return-value] # type() tells an int from a bool


def depth_of(node: Node) -> int:
    """How many levels a node holds: 0 for a layer, 1 for a block of layers."""
    if node.inside is None:
        return 0
    return 1 + max(map(depth_of, node.inside.nodes), default=0)
