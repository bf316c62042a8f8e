"""New nodes as pure functions on projects: in a row, wired to what they fit, inserted in wires."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kgui.compiler.node_types import NodeType
from kgui.graph import edits, rewiring
from kgui.graph.paths import downstream
from kgui.graph.project import OptionValue, Project, Wire
from kgui.language import tr, trn
from kgui.widgets.canvas.geometry import GAP, GRID, NODE_WIDTH

Position = tuple[float, float]
STEP = NODE_WIDTH + GAP
LEAST_GAP = 40.0
"""Width left free on both sides of a node that was put into a wire."""


@dataclass(frozen=True)
class NewNode:
    """A node that is to be added: its type, and the options that it begins with."""

    node_type: NodeType
    options: Mapping[str, OptionValue]


def add_row(
    project: Project, nodes: Sequence[NewNode], position: Position, sources: Sequence[str] = ()
) -> tuple[Project, tuple[str, ...]]:
    """Nodes from left to right, each fed by the one before, the first by the sources that fit."""
    ids: list[str] = []
    x, y = position
    for place, new in enumerate(nodes):
        options = {**first_options(new.node_type), **new.options}
        node = edits.new_node(project, new.node_type.name, (x + place * STEP, y), options)
        project = edits.add_node(project, node)
        before = [ids[-1]] if ids else sources
        project = _wired(project, node.id, new.node_type, before)
        ids.append(node.id)
    return project, tuple(ids)


def first_options(node_type: NodeType) -> dict[str, OptionValue]:
    """Values for the options that have to be given, where the type suggests one."""
    return {
        option.name: option.default
        for option in node_type.options
        if option.required and option.default is not None
    }


def _wired(project: Project, node_id: str, node_type: NodeType, sources: Sequence[str]) -> Project:
    port = 0
    for source in sources:
        wire = Wire(source, 0, node_id, port)
        has_room = port < node_type.inputs or node_type.growing
        if has_room and not edits.why_not_connect(project, wire):
            project = edits.connect(project, wire)
            port += 1
    return project


def inserted(project: Project, node_id: str, wire: Wire) -> Project:
    """The node in the wire, and what follows it moved to the right as far as it needs room."""
    project = rewiring.insert(project, node_id, wire)
    graph = project.graph
    node, source, target = (graph.node(key) for key in (node_id, wire.source, wire.target))
    if target.position[0] < source.position[0]:
        return project
    left = max(node.position[0], _after(source.position[0]))
    project = edits.move(project, {node_id: (left, node.position[1])})
    missing = _after(left) - target.position[0]
    if missing <= 0:
        return project
    step = math.ceil(missing / GRID) * GRID
    followers = downstream([wire.target], graph.wires)
    places = {one.id: one.position for one in graph.nodes if one.id in followers}
    return edits.move(project, {key: (x + step, y) for key, (x, y) in places.items()})


def _after(left: float) -> float:
    """Where a node may begin that follows one that begins at `left`."""
    return left + NODE_WIDTH + LEAST_GAP


def label(nodes: Sequence[NewNode]) -> str:
    """What the step of the history is called."""
    if len(nodes) == 1:
        return tr("Add {type}").format(type=nodes[0].node_type.name)
    return trn("Add {count} layer", "Add {count} layers", len(nodes)).format(count=len(nodes))
