"""What the canvas asks of the document: each function is one named step of the history."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF

from kgui.compiler.block_types import kind_of
from kgui.compiler.node_types import NodeType
from kgui.graph import edits, rewiring
from kgui.graph.bypass import set_bypassed
from kgui.graph.collapsing import set_collapsed
from kgui.graph.framing import Things
from kgui.graph.project import Graph, Node, Project, Wire
from kgui.language import tr, trn
from kgui.widgets.canvas import moving
from kgui.widgets.canvas.adding import inserted
from kgui.widgets.canvas.looks import ports_of, unknown_type
from kgui.widgets.document import Document

NOTHING = Things()


def delete(
    document: Document,
    node_ids: Iterable[str],
    wires: Iterable[Wire],
    remarks: Things = NOTHING,
) -> None:
    """Delete nodes with their wires, wires, notes and frames; what frames hold stays."""
    nodes, lines = tuple(node_ids), tuple(wires)
    if not nodes and not lines and not remarks:
        return
    if len(nodes) == 1:
        label = tr("Delete {name}").format(name=document.project.graph.node(nodes[0]).name)
    elif nodes:
        label = trn("Delete {count} layer", "Delete {count} layers", len(nodes)).format(
            count=len(nodes)
        )
    elif lines:
        label = trn("Delete wire", "Delete {count} wires", len(lines)).format(count=len(lines))
    else:
        label = moving.remove_label(remarks)
    rest = moving.removed(document.project, remarks)
    document.apply(label, edits.remove(rest, nodes, lines))


def heal(
    document: Document,
    node_ids: Iterable[str],
    wires: Iterable[Wire],
    remarks: Things = NOTHING,
) -> None:
    """Delete nodes and join what they stood between; all else that is named is deleted."""
    nodes, lines = tuple(node_ids), tuple(wires)
    if not nodes:
        delete(document, (), lines, remarks)
        return
    if len(nodes) == 1:
        name = document.project.graph.node(nodes[0]).name
        label = tr("Delete {name} and reconnect").format(name=name)
    else:
        label = trn(
            "Delete {count} layer and reconnect", "Delete {count} layers and reconnect", len(nodes)
        ).format(count=len(nodes))
    rest = moving.removed(document.project, remarks)
    document.apply(label, rewiring.heal(rest, nodes, lines))


def bypass(document: Document, node_ids: Iterable[str], node_types: Mapping[str, NodeType]) -> None:
    """Take nodes out of the computation; back in where all are out. ValueError for Inputs alone."""
    project = document.project
    chosen = [project.graph.node(node_id) for node_id in node_ids]
    able = [n for n in chosen if _takes_wires(type_of_node(node_types, project.graph, n))]
    if not chosen:
        return
    if not able:
        raise ValueError(tr("{name} has no input, so that nothing can go past it.").format(
            name=chosen[0].name))  # fmt: skip
    back = all(node.bypassed for node in able)
    one, many = tr("Bypass {name}"), trn("Bypass {count} layer", "Bypass {count} layers", len(able))
    if back:
        one = tr("Use {name} again")
        many = trn("Use {count} layer again", "Use {count} layers again", len(able))
    label = one if len(able) == 1 else many
    project = set_bypassed(project, [node.id for node in able], bypassed=not back)
    document.apply(label.format(name=able[0].name, count=len(able)), project)


def collapse(document: Document, node_ids: Iterable[str]) -> None:
    """Show nodes by their titles; in full again where all are collapsed."""
    chosen = [document.project.graph.node(node_id) for node_id in node_ids]
    if not chosen:
        return
    back, count = all(node.collapsed for node in chosen), len(chosen)
    if back:
        label = trn("Expand {name}", "Expand {count} layers", count)
    else:
        label = trn("Collapse {name}", "Collapse {count} layers", count)
    ids = [node.id for node in chosen]
    project = set_collapsed(document.project, ids, collapsed=not back)
    document.apply(label.format(name=chosen[0].name, count=count), project)


def _takes_wires(node_type: NodeType) -> bool:
    return node_type.inputs > 0 or node_type.growing


def insert(document: Document, node_id: str, wire: Wire, place: QPointF) -> None:
    """Put a node at a place and into a wire; what follows moves over."""
    name = document.project.graph.node(node_id).name
    project = edits.move(document.project, {node_id: (place.x(), place.y())})
    document.apply(tr("Insert {name}").format(name=name), inserted(project, node_id, wire))


def free_input(project: Project, node_type: NodeType, node_id: str) -> int:
    """The first input port without a wire; the first port where all have one."""
    used = frozenset(wire.target_port for wire in project.graph.wires if wire.target == node_id)
    shown = ports_of(node_type, used, frozenset()).inputs
    return next((port for port in range(shown) if port not in used), 0)


def type_of_node(node_types: Mapping[str, NodeType], graph: Graph, node: Node) -> NodeType:
    """The type of a node with the ports it has, or a stand-in where the program has none."""
    return kind_of(node_types, graph, node) or unknown_type(node.type)


def type_of(node_types: Mapping[str, NodeType], name: str) -> NodeType:
    """The type of that name, or a stand-in where the program has none."""
    return node_types.get(name) or unknown_type(name)
