"""Edits: pure functions from a project to the next; the same object where nothing changes.

An id that is not there is a KeyError, a change that the rules refuse a ValueError that says why
in one sentence: whatever these functions return can be saved and opened again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from kgui.graph.blocks import BLOCK, empty_inside, fresh_id, renewed
from kgui.graph.names import free_name, snake_case
from kgui.graph.paths import downstream
from kgui.graph.project import (
    DataSettings,
    Graph,
    Node,
    OptionValue,
    Project,
    TrainingSettings,
    Wire,
)
from kgui.graph.quoting import quoted
from kgui.graph.rules import (
    HIGHEST_PORT,
    MOST_NODES,
    MOST_OPTIONS,
    MOST_WIRES,
    faults,
    node_reasons,
    setting_reasons,
    sizes,
    why_not_name,
    why_not_value,
)
from kgui.graph.settling import Position, plain, settled_position
from kgui.graph.sharing import handed_on, owner
from kgui.graph.wording import explain
from kgui.language import tr

Settings = TypeVar("Settings", DataSettings, TrainingSettings)


def new_node(
    project: Project,
    type: str,
    position: Position,
    options: Mapping[str, OptionValue] | None = None,
) -> Node:
    """A node not yet in the project, with an id of its own and Keras's next free name."""
    taken = {node.name for node in project.graph.nodes}
    values = {option: plain(value) for option, value in (options or {}).items()}
    name = free_name(snake_case(type), taken)
    inside = empty_inside() if type == BLOCK else None
    position = settled_position(position)
    return Node(_fresh_id(project), type, name, values, position, inside=inside)


def _fresh_id(project: Project, also: Iterable[str] = ()) -> str:
    taken = {node.id for node in project.graph.nodes}.union(also)
    while (node_id := fresh_id()) in taken:
        pass
    return node_id


def add_node(project: Project, node: Node) -> Project:
    """The project with the node at the end; its id and name must be free."""
    _require(next(sizes(Project(graph=Graph((node,)))), ""))
    _require(next((reason for _, reason in node_reasons(node)), ""))
    nodes = project.graph.nodes
    if any(node.id == other.id for other in nodes):
        raise ValueError(tr("The id {id} is taken.").format(id=quoted(node.id)))
    if any(node.name == other.name for other in nodes):
        raise ValueError(_name_taken(node.name))
    _require_room(len(nodes) + 1, len(project.graph.wires))
    node = replace(node, position=settled_position(node.position))
    return _with_graph(project, nodes=(*nodes, node))


def remove(project: Project, node_ids: Iterable[str], wires: Iterable[Wire] = ()) -> Project:
    """Without the nodes, every wire at them, and the wires named."""
    gone, cut = set(node_ids), set(wires)
    graph = project.graph
    _require_ids(project, gone)
    for wire in cut.difference(graph.wires):
        raise KeyError(wire)
    if not gone and not cut:
        return project
    return _with_graph(
        project,
        nodes=tuple(node for node in handed_on(graph.nodes, gone) if node.id not in gone),
        wires=tuple(
            wire
            for wire in graph.wires
            if wire not in cut and wire.source not in gone and wire.target not in gone
        ),
    )


def move(project: Project, positions: Mapping[str, Position]) -> Project:
    """The nodes at new positions, held within ±1e6."""
    _require_ids(project, positions)
    held = {node_id: settled_position(position) for node_id, position in positions.items()}
    nodes = tuple(
        node
        if held.get(node.id, node.position) == node.position
        else replace(node, position=held[node.id])
        for node in project.graph.nodes
    )
    changed = any(new is not old for new, old in zip(nodes, project.graph.nodes, strict=True))
    return _with_graph(project, nodes=nodes) if changed else project


def why_not_connect(project: Project, wire: Wire) -> str:
    """Why the wire cannot be drawn, in a sentence; "" if it can, or is there already."""
    names = {node.id: node.name for node in project.graph.nodes}
    source, target = names[wire.source], names[wire.target]
    if wire.source == wire.target:
        return tr("{node} cannot be its own input.").format(node=source)
    if not (0 <= wire.source_port <= HIGHEST_PORT and 0 <= wire.target_port <= HIGHEST_PORT):
        return tr("Ports are numbered from 0 to {most}.").format(most=HIGHEST_PORT)
    if wire.source in downstream([wire.target], project.graph.wires):
        sentence = tr("{source} depends on {target} already; this wire would close a circle.")
        return sentence.format(source=source, target=target)
    wires = len(project.graph.wires) + 1
    if wires > MOST_WIRES and not _at_input(project, wire):
        return _too_many_wires(wires)
    return ""


def connect(project: Project, wire: Wire) -> Project:
    """With the wire; it replaces what was on its input port."""
    if reason := why_not_connect(project, wire):
        raise ValueError(reason)
    replaced = _at_input(project, wire)
    if replaced == [wire]:
        return project
    kept = (other for other in project.graph.wires if other not in replaced)
    return _with_graph(project, wires=(*kept, wire))


def disconnect(project: Project, wire: Wire) -> Project:
    """Without the wire."""
    return remove(project, (), [wire])


def why_not_rename(project: Project, node_id: str, name: str) -> str:
    """Why the node cannot have the name, in a sentence, or ""."""
    _require_ids(project, [node_id])
    if reason := why_not_name(name):
        return _sentence(reason)
    others = (node for node in project.graph.nodes if node.id != node_id)
    return _name_taken(name) if any(node.name == name for node in others) else ""


def rename(project: Project, node_id: str, name: str) -> Project:
    """The node by another name, which must be free."""
    if reason := why_not_rename(project, node_id, name):
        raise ValueError(reason)
    node = project.graph.node(node_id)
    return project if node.name == name else _with_node(project, replace(node, name=name))


def set_option(project: Project, node_id: str, option: str, value: OptionValue) -> Project:
    """The node, or the one it shares, with an option set.

    Whether its layer knows the option is the compiler's business.
    """
    node, value = owner(project.graph, node_id), plain(value)
    _require(why_not_name(option) or why_not_value(value))
    # 1 == 1.0 == True, but a layer may tell them apart.
    if option in node.options and repr(node.options[option]) == repr(value):
        return project
    options = {**node.options, option: value}
    if len(options) > MOST_OPTIONS:
        raise ValueError(tr("A node has at most {most} options.").format(most=MOST_OPTIONS))
    return _with_node(project, replace(node, options=options))


def reset_option(project: Project, node_id: str, option: str) -> Project:
    """The node, or the one it shares, with an option at its default, which is not kept."""
    node = owner(project.graph, node_id)
    if option not in node.options:
        return project
    options = {key: value for key, value in node.options.items() if key != option}
    return _with_node(project, replace(node, options=options))


def set_data(project: Project, **changes: Any) -> Project:
    """The project with data settings changed, by the names of DataSettings."""
    data = _changed(project.data, changes)
    return project if data == project.data else replace(project, data=data)


def set_training(project: Project, **changes: Any) -> Project:
    """The project with training settings changed, by the names of TrainingSettings."""
    training = _changed(project.training, changes)
    return project if training == project.training else replace(project, training=training)


def _changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    kind = type(settings)
    values = msgspec.to_builtins(replace(settings, **changes))
    try:
        changed = msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        name, dot, rest = explain(error, values, kind).removeprefix("$.").partition(" ")
        raise ValueError(_sentence(name.replace("_", " ") + dot + rest)) from None
    _require(next(setting_reasons(changed), ""))
    return changed


def paste(
    project: Project, nodes: Sequence[Node], wires: Iterable[Wire], offset: Position
) -> tuple[Project, tuple[str, ...]]:
    """Copies with fresh ids and free names, moved by the offset, and the wires between them.

    Returns the project and the new ids, in the order of the nodes.
    """
    known = {node.id for node in nodes}
    inner = tuple(wire for wire in wires if {wire.source, wire.target} <= known)
    _require(next(iter(faults(Project(graph=Graph(tuple(nodes), inner)))), ""))
    if not nodes:
        return project, ()
    graph = project.graph
    _require_room(len(graph.nodes) + len(nodes), len(graph.wires) + len(inner))
    copies = _copies(project, nodes, offset)
    ids = {old.id: new.id for old, new in zip(nodes, copies, strict=True)}
    rewired = (replace(wire, source=ids[wire.source], target=ids[wire.target]) for wire in inner)
    pasted = _with_graph(project, nodes=(*graph.nodes, *copies), wires=(*graph.wires, *rewired))
    return pasted, tuple(ids.values())


def _copies(project: Project, nodes: Sequence[Node], offset: Position) -> list[Node]:
    ids = {node.id for node in project.graph.nodes}
    names = {node.name for node in project.graph.nodes}
    copies: list[Node] = []
    for node in nodes:
        node_id, name = _fresh_id(project, ids), free_name(node.name, names)
        ids.add(node_id)
        names.add(name)
        x, y = node.position[0] + offset[0], node.position[1] + offset[1]
        inside = None if node.inside is None else renewed(node.inside)
        place = settled_position((x, y))
        copies.append(replace(node, id=node_id, name=name, position=place, inside=inside))
    new = {old.id: copy.id for old, copy in zip(nodes, copies, strict=True)}
    return [replace(copy, shares=new[copy.shares]) if copy.shares else copy for copy in copies]


def _with_graph(project: Project, **changes: Any) -> Project:
    return replace(project, graph=replace(project.graph, **changes))


def _with_node(project: Project, changed: Node) -> Project:
    nodes = project.graph.nodes
    return _with_graph(project, nodes=tuple(changed if n.id == changed.id else n for n in nodes))


def _at_input(project: Project, wire: Wire) -> list[Wire]:
    port = (wire.target, wire.target_port)
    return [other for other in project.graph.wires if (other.target, other.target_port) == port]


def _require_ids(project: Project, ids: Iterable[str]) -> None:
    known = {node.id for node in project.graph.nodes}
    for node_id in ids:
        if node_id not in known:
            raise KeyError(node_id)


def _require_room(nodes: int, wires: int) -> None:
    if nodes > MOST_NODES:
        sentence = tr("A project holds at most {most} nodes; this would make {number}.")
        raise ValueError(sentence.format(most=MOST_NODES, number=nodes))
    if wires > MOST_WIRES:
        raise ValueError(_too_many_wires(wires))


def _too_many_wires(wires: int) -> str:
    sentence = tr("A project holds at most {most} wires; this would make {number}.")
    return sentence.format(most=MOST_WIRES, number=wires)


def _name_taken(name: str) -> str:
    return tr("Another node has the name {name}.").format(name=quoted(name))


def _require(reason: str) -> None:
    if reason:
        raise ValueError(_sentence(reason))


def _sentence(reason: str) -> str:
    """A reason from the rules as a sentence of its own."""
    return f"{reason[0].upper()}{reason[1:]}."
