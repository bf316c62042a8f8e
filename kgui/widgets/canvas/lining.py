"""Nodes lined up, spread, straightened and laid out: each is one step of the history."""

from PySide6.QtCore import QObject

from kgui.graph import arranging, edits, framing, layout
from kgui.graph.arranging import Edge, Rectangle
from kgui.graph.project import Wire
from kgui.graph.settling import Position
from kgui.language import tr
from kgui.widgets.canvas.carried import node_rectangles
from kgui.widgets.canvas.geometry import GAP, NODE_WIDTH
from kgui.widgets.canvas.remarks.shown import rectangle_of
from kgui.widgets.canvas.scene import CanvasScene


class LiningUp(QObject):
    """What the menu Arrange does with the nodes that are selected on one canvas."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._document = scene.document

    def align_left(self) -> None:
        """The left edges below each other."""
        self._align("left", tr("Align left"))

    def align_right(self) -> None:
        """The right edges below each other."""
        self._align("right", tr("Align right"))

    def align_top(self) -> None:
        """The upper edges on one line."""
        self._align("top", tr("Align top"))

    def align_bottom(self) -> None:
        """The lower edges on one line."""
        self._align("bottom", tr("Align bottom"))

    def centre_horizontal(self) -> None:
        """The middles below each other."""
        self._align("centre_horizontal", tr("Centre horizontally"))

    def centre_vertical(self) -> None:
        """The middles on one line."""
        self._align("centre_vertical", tr("Centre vertically"))

    def distribute_horizontal(self) -> None:
        """The same room between the selected nodes, from left to right."""
        places = arranging.distribute(self._selected(), "horizontal")
        self._place(tr("Distribute horizontally"), places)

    def distribute_vertical(self) -> None:
        """The same room between the selected nodes, from top to bottom."""
        places = arranging.distribute(self._selected(), "vertical")
        self._place(tr("Distribute vertically"), places)

    def straighten(self) -> None:
        """The wires among the selected nodes run level."""
        wires = self._document.project.graph.wires
        places = arranging.straighten(self._selected(), wires, self._levels)
        self._place(tr("Straighten"), places)

    def layout(self) -> None:
        """Tidy columns of the selected nodes, or of all where fewer than two are; frames follow."""
        selected = self._scene.selected_node_ids()
        chosen = selected if len(selected) > 1 else None
        before = self._document.project
        nodes, notes = node_rectangles(self._scene), self._scene.remarks.note_rectangles()
        heights = {key: rectangle[3] for key, rectangle in nodes.items()}
        places = layout.arrange(before, chosen, NODE_WIDTH + GAP, heights=heights)
        after = edits.move(before, places)
        after = framing.follow(before, after, nodes, notes, places.keys())
        self._document.apply(tr("Arrange layers"), after)

    def _align(self, edge: Edge, label: str) -> None:
        self._place(label, arranging.align(self._selected(), edge))

    def _selected(self) -> dict[str, Rectangle]:
        items = self._scene.items_shown.nodes
        return {key: rectangle_of(items[key].card) for key in self._scene.selected_node_ids()}

    def _levels(self, wire: Wire) -> tuple[float, float]:
        start, end = self._scene.items_shown.ends(wire)
        items = self._scene.items_shown.nodes
        return start.y() - items[wire.source].y(), end.y() - items[wire.target].y()

    def _place(self, label: str, places: dict[str, Position]) -> None:
        self._document.apply(label, edits.move(self._document.project, places))
