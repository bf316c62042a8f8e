"""What a drag takes along: the selected nodes, notes and frames, and all that the frames hold."""

from PySide6.QtCore import QPointF, QRectF

from kgui.graph.arranging import Rectangles
from kgui.graph.framing import Things, with_content
from kgui.widgets.canvas.remarks.shown import rectangle_of
from kgui.widgets.canvas.scene import CanvasScene


def node_rectangles(scene: CanvasScene) -> Rectangles:
    """The cards of all nodes as plain numbers."""
    items = scene.items_shown.nodes
    return {key: rectangle_of(item.card) for key, item in items.items()}


def with_held(scene: CanvasScene, chosen: Things) -> Things:
    """What was chosen, and what lies in the frames among it."""
    if not chosen.frames:
        return chosen
    nodes, notes = node_rectangles(scene), scene.remarks.note_rectangles()
    return with_content(scene.document.project, chosen, nodes, notes)


class Carried:
    """Items that move together on screen; the document hears of it at the end."""

    def __init__(self, scene: CanvasScene, things: Things) -> None:
        self._scene = scene
        shown, remarks = scene.items_shown.nodes, scene.remarks
        self.nodes = {key: shown[key].pos() for key in shown if key in things.nodes}
        self.frames = {
            key: item.pos() for key, item in remarks.frames.items() if key in things.frames
        }
        self.notes = {key: item.pos() for key, item in remarks.notes.items() if key in things.notes}

    @property
    def things(self) -> Things:
        """Ids of what is carried."""
        return Things(frozenset(self.nodes), frozenset(self.frames), frozenset(self.notes))

    def place(self, step: QPointF) -> None:
        """Put everything so far from where it was."""
        scene = self._scene
        for key, position in self.nodes.items():
            if key in scene.items_shown.nodes:
                scene.place(key, position + step)
        for key, position in self.frames.items():
            if key in scene.remarks.frames:
                scene.remarks.place_frame(key, position + step)
        for key, position in self.notes.items():
            if key in scene.remarks.notes:
                scene.remarks.notes[key].setPos(position + step)

    def put_back(self) -> None:
        """Everything where the document has it, which may have changed since the drag began."""
        project, things = self._scene.document.project, self.things
        for node in project.graph.nodes:
            if node.id in things.nodes:
                self._scene.place(node.id, QPointF(*node.position))
        for frame in project.frames:
            if frame.id in things.frames:
                self._scene.remarks.frames[frame.id].show_frame(frame)
        for note in project.notes:
            if note.id in things.notes:
                self._scene.remarks.notes[note.id].show_note(note)

    def lift(self, *, lifted: bool) -> None:
        """Nodes go above the others while they are carried."""
        for key in self.nodes:
            item = self._scene.items_shown.nodes.get(key)
            if item is not None:
                item.setZValue(3 if lifted else 2)

    def others(self) -> list[QRectF]:
        """The cards of the nodes that stay."""
        shown = self._scene.items_shown.nodes
        return [item.card for key, item in shown.items() if key not in self.nodes]
