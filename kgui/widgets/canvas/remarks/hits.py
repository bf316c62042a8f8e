"""Which frame or note is under the pointer, and by what it would be held."""

from PySide6.QtCore import QPointF, Qt

from kgui.graph.framing import Things
from kgui.widgets.canvas.remarks.frame_item import FrameItem, Grip
from kgui.widgets.canvas.scene import CanvasScene

Shape = Qt.CursorShape
CURSORS: dict[Grip, Shape] = {
    (-1, 0): Shape.SizeHorCursor,
    (1, 0): Shape.SizeHorCursor,
    (0, -1): Shape.SizeVerCursor,
    (0, 1): Shape.SizeVerCursor,
    (-1, -1): Shape.SizeFDiagCursor,
    (1, 1): Shape.SizeFDiagCursor,
    (1, -1): Shape.SizeBDiagCursor,
    (-1, 1): Shape.SizeBDiagCursor,
}


def note_at(scene: CanvasScene, position: QPointF) -> str | None:
    """Id of the note at a point; the one added last where they lie on each other."""
    for key, item in reversed(scene.remarks.notes.items()):
        if item.area.contains(position):
            return key
    return None


def frame_edge_at(scene: CanvasScene, position: QPointF, zoom: float) -> tuple[str, Grip] | None:
    """The frame whose edge is there, and which edge or corner."""
    for item in _frames(scene):
        grip = item.grip(position, zoom)
        if grip != (0, 0):
            return item.frame_id, grip
    return None


def frame_title_at(scene: CanvasScene, position: QPointF) -> str | None:
    """Id of the frame whose title bar is there."""
    for item in _frames(scene):
        if item.title_bar.contains(position):
            return item.frame_id
        if item.area.contains(position):
            return None
    return None


def cursor_at(scene: CanvasScene, position: QPointF, zoom: float) -> Shape | None:
    """What the pointer says over the edge of a frame; None elsewhere."""
    edge = frame_edge_at(scene, position, zoom)
    return CURSORS[edge[1]] if edge is not None else None


def remark_at(scene: CanvasScene, position: QPointF) -> Things | None:
    """The note or frame that is there, frames by title bar and edge."""
    note_id = note_at(scene, position)
    if note_id is not None:
        return Things(notes=frozenset([note_id]))
    edge = frame_edge_at(scene, position, 1.0)
    frame_id = edge[0] if edge is not None else frame_title_at(scene, position)
    return Things(frames=frozenset([frame_id])) if frame_id is not None else None


def _frames(scene: CanvasScene) -> list[FrameItem]:
    """The frames from the uppermost down."""
    return sorted(scene.remarks.frames.values(), key=FrameItem.zValue, reverse=True)
