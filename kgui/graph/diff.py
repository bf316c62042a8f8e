"""What differs between two projects, so that a view can patch itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from kgui.graph.project import Frame, Node, Note, Project, Wire

Item = TypeVar("Item", Node, Frame, Note)


@dataclass(frozen=True)
class Difference:
    """What came, what went, and pairs (before, after) of what has kept its id."""

    nodes_added: tuple[Node, ...] = ()
    nodes_removed: tuple[Node, ...] = ()
    nodes_changed: tuple[tuple[Node, Node], ...] = ()
    wires_added: tuple[Wire, ...] = ()
    wires_removed: tuple[Wire, ...] = ()
    frames_added: tuple[Frame, ...] = ()
    frames_removed: tuple[Frame, ...] = ()
    frames_changed: tuple[tuple[Frame, Frame], ...] = ()
    notes_added: tuple[Note, ...] = ()
    notes_removed: tuple[Note, ...] = ()
    notes_changed: tuple[tuple[Note, Note], ...] = ()
    data_changed: bool = False
    training_changed: bool = False

    @property
    def graph_changed(self) -> bool:
        """Whether nodes or wires differ in anything but positions."""
        changed = any(_meaning(old) != _meaning(new) for old, new in self.nodes_changed)
        wires = self.wires_added or self.wires_removed
        return bool(changed or wires or self.nodes_added or self.nodes_removed)


def difference(before: Project, after: Project) -> Difference:
    """Added, removed and changed; in the order of the project that holds them."""
    if before is after:
        return Difference()
    nodes = _compared(before.graph.nodes, after.graph.nodes)
    frames = _compared(before.frames, after.frames)
    notes = _compared(before.notes, after.notes)
    old_wires, new_wires = set(before.graph.wires), set(after.graph.wires)
    return Difference(
        *nodes,
        tuple(wire for wire in after.graph.wires if wire not in old_wires),
        tuple(wire for wire in before.graph.wires if wire not in new_wires),
        *frames,
        *notes,
        data_changed=before.data != after.data,
        training_changed=before.training != after.training,
    )


def _compared(
    before: Sequence[Item], after: Sequence[Item]
) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[tuple[Item, Item], ...]]:
    """Added, removed, changed."""
    if before is after:
        return (), (), ()
    old = {item.id: item for item in before}
    new = {item.id: item for item in after}
    return (
        tuple(item for item in after if item.id not in old),
        tuple(item for item in before if item.id not in new),
        tuple(
            (old[item.id], item) for item in after if item.id in old and _differ(old[item.id], item)
        ),
    )


def _differ(old: Item, new: Item) -> bool:
    if old is new:
        return False
    # By their text as well: 1 == True, but an editor shows them differently.
    mixed = isinstance(old, Node) and isinstance(new, Node) and _options(old) != _options(new)
    return mixed or old != new


def _meaning(node: Node) -> tuple[object, ...]:
    return node.type, node.name, _options(node), node.bypassed, node.shares, _layers(node)


def _layers(node: Node) -> object:
    """What a block holds, without its pictures' places."""
    if node.inside is None:
        return None
    return tuple(map(_meaning, node.inside.nodes)), frozenset(node.inside.wires)


def _options(node: Node) -> str:
    return repr(sorted(node.options.items()))
