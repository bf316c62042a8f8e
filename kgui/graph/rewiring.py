"""Edits that keep a chain a chain: heal where nodes go, insert into a wire, attach copies."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from kgui.graph.edits import connect, disconnect, remove
from kgui.graph.project import Graph, Project, Wire
from kgui.graph.sharing import handed_on

Origin = tuple[str, int]
"""Where data comes from: a node's id and its output port."""


def without(graph: Graph, gone: Collection[str]) -> Graph:
    """The graph without some nodes: what their first input brought goes on to what they fed."""
    into = _first_inputs(graph.wires, gone)
    wires = []
    for wire in graph.wires:
        if wire.target in gone:
            continue
        origin = _origin((wire.source, wire.source_port), into, gone)
        if origin is not None:
            wires.append(replace(wire, source=origin[0], source_port=origin[1]))
    nodes = handed_on(graph.nodes, gone)
    return Graph(tuple(node for node in nodes if node.id not in gone), tuple(wires))


def _first_inputs(wires: Iterable[Wire], ids: Collection[str]) -> dict[str, Origin]:
    """Id -> where the wire at its lowest input port comes from."""
    first: dict[str, Wire] = {}
    for wire in wires:
        known = first.get(wire.target)
        if wire.target in ids and (known is None or wire.target_port < known.target_port):
            first[wire.target] = wire
    return {node_id: (wire.source, wire.source_port) for node_id, wire in first.items()}


def _origin(start: Origin, into: dict[str, Origin], gone: Collection[str]) -> Origin | None:
    """Upstream to the first node that stays; None where the way begins at one that goes."""
    origin: Origin | None = start
    while origin is not None and origin[0] in gone:
        origin = into.get(origin[0])
    return origin


def origins(wires: Iterable[Wire], gone: Collection[str]) -> dict[str, Origin]:
    """Node that goes -> the output of one that stays which its first input leads back to."""
    into = _first_inputs(wires, gone)
    found = {node_id: _origin((node_id, 0), into, gone) for node_id in gone}
    return {node_id: origin for node_id, origin in found.items() if origin is not None}


def heal(project: Project, node_ids: Iterable[str], wires: Iterable[Wire] = ()) -> Project:
    """Without the nodes and the wires named; what fed a node feeds what it fed."""
    cut = remove(project, (), wires)
    gone = set(node_ids)
    remove(cut, gone)  # ids that are not there are a KeyError
    return replace(cut, graph=without(cut.graph, gone)) if gone else cut


def insert(project: Project, node_id: str, wire: Wire, port: int = 0) -> Project:
    """The node between the two ends of a wire; ValueError where that would close a circle."""
    cut = disconnect(project, wire)
    joined = connect(cut, Wire(wire.source, wire.source_port, node_id, port))
    return connect(joined, Wire(node_id, 0, wire.target, wire.target_port))


def attach(project: Project, wires: Iterable[Wire]) -> Project:
    """With those of the wires whose ends are there and whose input is free.

    For new nodes only: nothing leads from them yet, so that no circle can be closed.
    """
    ids = {node.id for node in project.graph.nodes}
    taken = {(wire.target, wire.target_port) for wire in project.graph.wires}
    added = []
    for wire in wires:
        if {wire.source, wire.target} <= ids and (wire.target, wire.target_port) not in taken:
            taken.add((wire.target, wire.target_port))
            added.append(wire)
    if not added:
        return project
    return replace(project, graph=replace(project.graph, wires=(*project.graph.wires, *added)))
