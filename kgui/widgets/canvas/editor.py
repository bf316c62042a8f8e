"""Edits of what is selected on the canvas: asks the document, and selects what came of it."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from kgui.compiler.node_types import NodeType
from kgui.graph.project import OptionValue
from kgui.widgets.canvas import commands
from kgui.widgets.canvas.geometry import GAP, NODE_WIDTH, free_position, snapped
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.document import Document

DUPLICATE_OFFSET = 40.0
Suggest = Callable[[str], Mapping[str, OptionValue]]


def _nothing(type_name: str) -> Mapping[str, OptionValue]:
    return commands.NOTHING


class CanvasEditor(QObject):
    """What menu, keys and drops do to the drawing."""

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

    def add_node(self, type_name: str, scene_position: QPointF) -> str:
        """Add a node with its top left corner there, on the grid; its id, "" if refused."""
        return self._add(type_name, snapped(scene_position), ())

    def append_node(self, type_name: str, otherwise: QPointF) -> str:
        """Add a node to the right of the selected ones and wire it to them where that fits.

        Where nothing is selected it goes to the free place nearest below `otherwise`.
        """
        sources = self._scene.selected_node_ids()
        cards = [self._scene.node_item(node_id).card for node_id in sources]
        if cards:
            right = max(card.right() for card in cards)
            middle = sum(card.center().y() for card in cards) / len(cards)
            wanted = QPointF(right + GAP, middle - cards[0].height() / 2)
        else:
            wanted = otherwise
        place = free_position(snapped(wanted), self._cards())
        return self._add(type_name, place, sources)

    def delete_selection(self) -> None:
        """Delete the selected nodes with their wires, and the selected wires."""
        commands.delete(
            self._document, self._scene.selected_node_ids(), self._scene.selected_wires()
        )

    def heal_selection(self) -> None:
        """Delete the selected nodes and join what they stood between; delete selected wires."""
        commands.heal(self._document, self._scene.selected_node_ids(), self._scene.selected_wires())

    def bypass(self) -> None:
        """Let data go past the selected nodes, or through them again."""
        try:
            commands.bypass(self._document, self._scene.selected_node_ids(), self._types)
        except ValueError as error:
            self.refused.emit(str(error))

    def duplicate(self) -> tuple[str, ...]:
        """Copy the selected nodes and the wires among them; the copies are selected."""
        try:
            ids = commands.duplicate(
                self._document, self._scene.selected_node_ids(), DUPLICATE_OFFSET
            )
        except ValueError as error:
            self.refused.emit(str(error))
            return ()
        if ids:
            self._scene.select(ids)
        return ids

    def nudge(self, step: QPointF) -> None:
        """Push the selected nodes a little."""
        commands.nudge(self._document, self._scene.selected_node_ids(), step)

    def arrange(self) -> None:
        """Put the selected nodes in order from left to right, or all where fewer than two are."""
        selected = self._scene.selected_node_ids()
        commands.arrange(self._document, selected if len(selected) > 1 else None, NODE_WIDTH + GAP)

    def _cards(self) -> Iterable[QRectF]:
        return [self._scene.node_item(node_id).card for node_id in self._scene.node_ids()]

    def _add(self, type_name: str, position: QPointF, sources: tuple[str, ...]) -> str:
        node_type = commands.type_of(self._types, type_name)
        try:
            options = self.suggest(type_name)
            node_id = commands.add(self._document, node_type, position, sources, options)
        except ValueError as error:
            self.refused.emit(str(error))
            return ""
        self._scene.select([node_id])
        return node_id
