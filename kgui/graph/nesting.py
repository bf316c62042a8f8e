"""What the rules ask of blocks and shared layers: how much there is, where, and what fits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from kgui.graph.blocks import BLOCK, DEEPEST
from kgui.graph.project import Graph, Node, Project
from kgui.graph.quoting import quoted
from kgui.language import tr


@dataclass
class Measures:
    """How much a project holds on all levels together."""

    nodes: list[Node] = field(default_factory=list)
    wires: int = 0
    frames: int = 0
    notes: int = 0
    depth: int = 0
    """Levels of blocks; counted to one more than there may be."""


def measured(project: Project) -> Measures:
    """The sizes of a project, however deep it is."""
    found = Measures(
        list(project.graph.nodes),
        len(project.graph.wires),
        len(project.frames),
        len(project.notes),
    )
    waiting = [node.inside for node in project.graph.nodes if node.inside is not None]
    while waiting and found.depth <= DEEPEST:
        found.depth += 1
        for inside in waiting:
            found.nodes += inside.nodes
            found.wires += len(inside.wires)
            found.frames += len(inside.frames)
            found.notes += len(inside.notes)
        below = (node.inside for inside in waiting for node in inside.nodes)
        waiting = [inside for inside in below if inside is not None]
    return found


def levels_below(project: Project, place: str = "$") -> Iterator[tuple[str, Project]]:
    """Every level below a project's own, with its place in the file; ids may be there twice."""
    for index, node in enumerate(project.graph.nodes):
        inside = node.inside
        if inside is not None:
            graph = Graph(inside.nodes, inside.wires)
            level = replace(project, graph=graph, frames=inside.frames, notes=inside.notes)
            inner = f"{place}.nodes[{index}].inside"
            yield inner, level
            yield from levels_below(level, inner)


def sharing_faults(nodes: Sequence[Node], level: str) -> Iterator[str]:
    """What contradicts itself in who shares whose layer, and in who holds a drawing."""
    by_id = {node.id: node for node in nodes}
    for index, node in enumerate(nodes):
        reason = _sharing_fault(node, by_id.get(node.shares)) if node.shares else ""
        if not node.shares and (node.type == BLOCK) != (node.inside is not None):
            reason = tr("a block, and nothing else, has an inside")
        if reason:
            sentence = tr("{place} (node {name}): {reason}")
            where = f"{level}.nodes[{index}]"
            yield sentence.format(place=where, name=quoted(node.name), reason=reason)


def _sharing_fault(node: Node, owner: Node | None) -> str:
    if owner is None:
        return tr("it shares the layer of {id}, which is no node here").format(
            id=quoted(node.shares)
        )
    if owner.shares:
        sentence = tr("it shares the layer of {owner}, which has none of its own")
        return sentence.format(owner=quoted(owner.name))
    if owner.type != node.type:
        sentence = tr("it shares the layer of {owner}, which is a {type}")
        return sentence.format(owner=quoted(owner.name), type=owner.type)
    if node.options or node.inside is not None:
        return tr("it shares a layer, so that it has no options of its own")
    return ""
