"""The items of a scene and how they hang together: patched from differences, never rebuilt."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QGraphicsScene

from kgui.compiler.block_types import with_ports
from kgui.compiler.node_types import NodeType
from kgui.graph.diff import Difference
from kgui.graph.project import Node, Wire
from kgui.graph.sharing import with_layer_of
from kgui.widgets.canvas.looks import (
    NO_FACTS,
    Facts,
    Look,
    Ports,
    Sharing,
    look,
    ports_of,
    shape_text,
    sharing_of,
    unknown_type,
)
from kgui.widgets.canvas.node_item import NodeItem
from kgui.widgets.canvas.painter import NodePainter
from kgui.widgets.canvas.wire_item import WireItem
from kgui.widgets.theme import Theme

WireState = tuple[tuple[float, float], tuple[float, float], str]


@dataclass(frozen=True)
class Snapshot:
    """All that items show, as a value: a patched scene must equal a fresh one."""

    nodes: Mapping[str, tuple[tuple[float, float], Look]]
    wires: Mapping[Wire, WireState]
    remarks: Mapping[tuple[str, str], object] = field(default_factory=dict)


class SceneItems:
    """Node and wire items by what they stand for; wires are laid again once a frame."""

    def __init__(
        self,
        scene: QGraphicsScene,
        node_types: Mapping[str, NodeType],
        theme: Theme,
        ask_for_flush: Callable[[], None],
    ) -> None:
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.labels = QGraphicsRectItem()
        """Holds the labels of all wires, so that one call hides them."""
        self.labels.setZValue(1)
        self.labels.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        scene.addItem(self.labels)
        self._scene = scene
        self._types = node_types
        self._theme = theme
        self._painter = NodePainter(theme)
        self._ask_for_flush = ask_for_flush
        self._values: dict[str, Node] = {}
        self._at_node: dict[str, set[Wire]] = {}
        self._facts: Mapping[str, Facts] = {}
        self._sharing: Mapping[str, Sharing] = {}
        self._dirty: set[Wire] = set()

    def patch(self, change: Difference) -> None:
        """Follow the document."""
        touched = {wire.target for wire in change.wires_added + change.wires_removed}
        touched |= {wire.source for wire in change.wires_added + change.wires_removed}
        for wire in change.wires_removed:
            self._remove_wire(wire)
        for node in change.nodes_removed:
            self._remove_node(node.id)
        for node in change.nodes_added:
            self._add_node(node)
        for before, after in change.nodes_changed:
            self._values[after.id] = after
            if after.position != before.position:
                self.place(after.id, QPointF(*after.position))
            if _shown(after) != _shown(before):
                touched.add(after.id)
        for wire in change.wires_added:
            self._add_wire(wire)
        self._refresh(touched | self._follow_sharing(touched))

    def _follow_sharing(self, touched: Collection[str]) -> set[str]:
        """Note who shares whose layer; the nodes that look different for that."""
        old, self._sharing = self._sharing, sharing_of(self._values.values())
        changed = {key for key in old.keys() | self._sharing.keys()
                   if old.get(key) != self._sharing.get(key)}  # fmt: skip
        changed |= {key for key, sharing in self._sharing.items() if sharing.owner in touched}
        return changed

    def show_facts(self, facts: Mapping[str, Facts]) -> None:
        """Show what a new report says, at the nodes where it says something else."""
        old, self._facts = self._facts, facts
        changed = {
            node_id
            for node_id in self.nodes
            if old.get(node_id, NO_FACTS) != facts.get(node_id, NO_FACTS)
        }
        self._refresh(changed)
        for node_id in changed:
            for wire in self._at_node[node_id]:
                if wire.source == node_id:
                    self.wires[wire].show_label(self._label(wire))

    def place(self, node_id: str, position: QPointF) -> None:
        """Put a node somewhere on screen; the document does not hear of it."""
        self.nodes[node_id].setPos(position)
        self._spoil(self._at_node[node_id])

    def flush(self) -> None:
        """Lay the wires again whose ends have moved."""
        dirty, self._dirty = self._dirty, set()
        for wire in dirty:
            if wire in self.wires:
                start, end = self.ends(wire)
                self.wires[wire].lay(start, end)

    def ends(self, wire: Wire) -> tuple[QPointF, QPointF]:
        """Where a wire starts and ends."""
        source, target = self.nodes[wire.source], self.nodes[wire.target]
        return (
            source.port_position(wire.source_port, is_output=True),
            target.port_position(wire.target_port, is_output=False),
        )

    def dress(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self._theme, self._painter = theme, NodePainter(theme)
        for item in self.nodes.values():
            item.show_look(item.look, self._painter)
        for wire in self.wires.values():
            wire.dress(theme)

    def snapshot(self) -> Snapshot:
        """What is shown now."""
        self.flush()
        return Snapshot(
            {key: (item.pos().toTuple(), item.look) for key, item in self.nodes.items()},
            {wire: self._wire_state(item) for wire, item in self.wires.items()},
        )

    @staticmethod
    def _wire_state(item: WireItem) -> WireState:
        path = item.path()
        start, end = path.pointAtPercent(0), path.pointAtPercent(1)
        return (start.x(), start.y()), (end.x(), end.y()), item.label_text

    def _add_node(self, node: Node) -> None:
        self._values[node.id] = node
        self._at_node[node.id] = set()
        item = NodeItem(node.id, self._look(node.id), self._painter)
        item.setPos(*node.position)
        self.nodes[node.id] = item
        self._scene.addItem(item)

    def _remove_node(self, node_id: str) -> None:
        self._scene.removeItem(self.nodes.pop(node_id))
        del self._values[node_id], self._at_node[node_id]

    def _add_wire(self, wire: Wire) -> None:
        item = WireItem(wire, self._theme, self.labels)
        self.wires[wire] = item
        self._at_node[wire.source].add(wire)
        self._at_node[wire.target].add(wire)
        item.show_label(self._label(wire))
        self._scene.addItem(item)
        self._spoil([wire])

    def _remove_wire(self, wire: Wire) -> None:
        item = self.wires.pop(wire)
        item.drop_label()
        self._scene.removeItem(item)
        self._at_node[wire.source].discard(wire)
        self._at_node[wire.target].discard(wire)

    def _refresh(self, node_ids: Iterable[str]) -> None:
        for node_id in node_ids:
            item = self.nodes.get(node_id)
            if item is None:
                continue
            fresh = self._look(node_id)
            if fresh != item.look:
                before = item.look
                moved = (fresh.ports, fresh.collapsed) != (before.ports, before.collapsed)
                item.show_look(fresh, self._painter)
                self._spoil(self._at_node[node_id] if moved else ())

    def _look(self, node_id: str) -> Look:
        node, sharing = self._values[node_id], self._sharing.get(node_id)
        node_type = self._types.get(node.type) or unknown_type(node.type)
        own = self._values.get(sharing.owner, node) if sharing is not None else node
        if own.inside is not None:
            node_type = with_ports(node_type, own.inside)
        node = with_layer_of(node, own)
        facts = self._facts.get(node_id, NO_FACTS)
        return look(node, node_type, self._ports(node_id, node_type), facts, sharing)

    def _ports(self, node_id: str, node_type: NodeType) -> Ports:
        wires = self._at_node[node_id]
        return ports_of(
            node_type,
            frozenset(wire.target_port for wire in wires if wire.target == node_id),
            frozenset(wire.source_port for wire in wires if wire.source == node_id),
        )

    def _label(self, wire: Wire) -> str:
        shapes = self._facts.get(wire.source, NO_FACTS).shapes
        return shape_text(shapes[wire.source_port]) if wire.source_port < len(shapes) else ""

    def _spoil(self, wires: Iterable[Wire]) -> None:
        was_clean = not self._dirty
        self._dirty.update(wires)
        if was_clean and self._dirty:
            self._ask_for_flush()


def _shown(node: Node) -> tuple[object, ...]:
    """What a node's look depends on."""
    marks = (node.bypassed, node.collapsed, node.shares)
    return node.type, node.name, node.options, *marks, node.inside
