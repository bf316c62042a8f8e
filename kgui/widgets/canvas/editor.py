"""Edits of what is selected on the canvas: asks the document, and selects what came of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from kgui.compiler.node_types import NodeType
from kgui.graph import edits
from kgui.graph.project import OptionValue, Project, Wire
from kgui.widgets.canvas import commands, moving
from kgui.widgets.canvas.adding import STEP, NewNode, add_row, inserted, label
from kgui.widgets.canvas.carried import with_held
from kgui.widgets.canvas.geometry import (
    GAP,
    NODE_HEIGHT,
    NODE_WIDTH,
    centred,
    free_position,
    snapped,
)
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.wiring import PortEnd, Wiring
from kgui.widgets.document import Document

DUPLICATE_OFFSET = 40.0
Suggest = Callable[[str], Mapping[str, OptionValue]]
Finish = Callable[[Project, Sequence[str]], Project]


def _nothing(type_name: str) -> Mapping[str, OptionValue]:
    return {}


class CanvasEditor(QObject):
    """What menu, keys and drops do to the drawing."""

    added = Signal(list)
    """Names of the types of new nodes, in the order in which they were added."""
    refused = Signal(str)
    """An edit was not possible; the sentence says why."""

    def __init__(
        self, scene: CanvasScene, document: Document, node_types: Mapping[str, NodeType]
    ) -> None:
        super().__init__(scene)
        self._scene = scene
        self._document = document
        self._types = node_types
        self.suggest: Suggest = _nothing
        """Options that a new node of a type should have here, such as the shape of the data."""

    def add_node(self, type_name: str, scene_position: QPointF, *, free: bool = False) -> str:
        """Add a node with its top left corner there, on the grid; its id, "" if refused."""
        place = self._scene.snapping.place(scene_position, free=free)
        return self._add([self._new(type_name)], place, ())

    def insert_node(self, type_name: str, scene_position: QPointF, wire: Wire) -> str:
        """Add a node with its top left corner there, into a wire; its id, "" if refused."""
        new = [self._new(type_name)]

        def finish(project: Project, ids: Sequence[str]) -> Project:
            return inserted(project, ids[0], wire)

        return self._add(new, self._scene.snapping.place(scene_position), (), finish)

    def insert_row(self, nodes: Sequence[NewNode], wire: Wire, middle: QPointF) -> str:
        """Add nodes in a row into a wire, with the first in the middle given."""

        def finish(project: Project, ids: Sequence[str]) -> Project:
            if len(ids) == 1:
                return inserted(project, ids[0], wire)
            into = Wire(wire.source, wire.source_port, ids[0], 0)
            project = edits.connect(project, into)
            return edits.connect(project, Wire(ids[-1], 0, wire.target, wire.target_port))

        return self._add(nodes, centred(middle), (), finish)

    def append_node(self, type_name: str, otherwise: QPointF) -> str:
        """Add a node to the right of the selected ones and wire it to them where that fits.

        Where nothing is selected it goes to the free place nearest below `otherwise`.
        """
        return self._append([self._new(type_name)], otherwise)

    def add_row(self, nodes: Sequence[NewNode], middle: QPointF) -> str:
        """Add nodes in a row after the selected ones, or with the first in the middle given."""
        if self._scene.selected_node_ids():
            return self._append(nodes, middle)
        return self._add(nodes, centred(middle), ())

    def add_at_wire(self, nodes: Sequence[NewNode], wiring: Wiring, place: QPointF) -> str:
        """Add nodes in a row at the loose end of a wire, and wire the one that meets it."""
        forward = wiring.wanted == "input"
        left = place.x() - (0 if forward else NODE_WIDTH + (len(nodes) - 1) * STEP)
        corner = snapped(QPointF(left, place.y() - NODE_HEIGHT / 2))

        def joined(project: Project, ids: Sequence[str]) -> Project:
            end = PortEnd(ids[0] if forward else ids[-1], wiring.wanted, 0)
            return edits.connect(project, wiring.wire_to(end))

        return self._add(nodes, corner, (), joined)

    def _append(self, nodes: Sequence[NewNode], otherwise: QPointF) -> str:
        sources = self._scene.selected_node_ids()
        cards = [self._scene.node_item(node_id).card for node_id in sources]
        if cards:
            right = max(card.right() for card in cards)
            middle = sum(card.center().y() for card in cards) / len(cards)
            wanted = QPointF(right + GAP, middle - cards[0].height() / 2)
        else:
            wanted = otherwise
        width = NODE_WIDTH + (len(nodes) - 1) * STEP
        place = free_position(snapped(wanted), self._cards(), width)
        return self._add(nodes, place, sources)

    def _new(self, type_name: str) -> NewNode:
        return NewNode(commands.type_of(self._types, type_name), {})

    def delete_selection(self) -> None:
        """Delete what is selected: nodes with their wires, wires, notes, frames alone."""
        scene = self._scene
        wires, remarks = scene.selected_wires(), scene.remarks.selected()
        commands.delete(self._document, scene.selected_node_ids(), wires, remarks)

    def heal_selection(self) -> None:
        """Delete what is selected, and join what the nodes stood between."""
        scene = self._scene
        wires, remarks = scene.selected_wires(), scene.remarks.selected()
        commands.heal(self._document, scene.selected_node_ids(), wires, remarks)

    def bypass(self) -> None:
        """Let data go past the selected nodes, or through them again."""
        try:
            commands.bypass(self._document, self._scene.selected_node_ids(), self._types)
        except ValueError as error:
            self.refused.emit(str(error))

    def collapse(self) -> None:
        """Show the selected nodes by their titles only, or in full again."""
        commands.collapse(self._document, self._scene.selected_node_ids())

    def duplicate(self) -> tuple[str, ...]:
        """Copy what is selected, and the wires among the nodes; the copies are selected."""
        things = with_held(self._scene, self._scene.chosen())
        if not things:
            return ()
        try:
            copies = moving.clone(self._document, things, (DUPLICATE_OFFSET, DUPLICATE_OFFSET))
        except ValueError as error:
            self.refused.emit(str(error))
            return ()
        self._scene.select(copies.nodes, (), copies)
        return self._scene.selected_node_ids()

    def nudge(self, step: QPointF) -> None:
        """Push what is selected a little."""
        moving.nudge(self._document, with_held(self._scene, self._scene.chosen()), step)

    def _cards(self) -> Iterable[QRectF]:
        return [self._scene.node_item(node_id).card for node_id in self._scene.node_ids()]

    def _add(
        self,
        nodes: Sequence[NewNode],
        position: QPointF,
        sources: Sequence[str],
        finish: Finish = lambda project, ids: project,
    ) -> str:
        """Add nodes as one step and select the last; its id, "" if refused."""
        full = [replace(new, options=self._options(new)) for new in nodes]
        try:
            project, ids = add_row(self._document.project, full, position.toTuple(), sources)
            project = finish(project, ids)
        except ValueError as error:
            self.refused.emit(str(error))
            return ""
        self._document.apply(label(nodes), project)
        self._scene.select(ids[-1:])
        self.added.emit([new.node_type.name for new in nodes])
        return ids[-1]

    def _options(self, new: NewNode) -> Mapping[str, OptionValue]:
        return {**self.suggest(new.node_type.name), **new.options}
