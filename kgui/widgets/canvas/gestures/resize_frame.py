"""Pull an edge or a corner of a frame; what it holds stays where it is."""

from PySide6.QtCore import QRectF

from kgui.graph import remarks
from kgui.graph.framing import Things
from kgui.graph.remarks import LEAST_HEIGHT, LEAST_WIDTH
from kgui.language import tr
from kgui.widgets.canvas.gestures.gesture import Gesture, Pointer, Surface
from kgui.widgets.canvas.remarks.frame_item import Grip
from kgui.widgets.canvas.remarks.hits import CURSORS
from kgui.widgets.canvas.remarks.shown import rectangle_of
from kgui.widgets.canvas.scene import CanvasScene


class ResizeFrame(Gesture):
    """The edge follows the pointer, on the grid unless Shift is held."""

    def __init__(
        self, scene: CanvasScene, surface: Surface, start: Pointer, frame_id: str, grip: Grip
    ) -> None:
        super().__init__(scene, surface, start)
        self.cursor = CURSORS[grip]
        self._frame_id, self._grip = frame_id, grip
        self._item = scene.remarks.frames[frame_id]
        self._before = self._item.area
        self._moving = False
        scene.select((), (), Things(frames=frozenset([frame_id])))

    def move(self, pointer: Pointer) -> None:
        """Show the frame as large as it would be."""
        if self._moving or pointer.is_away_from(self.start):
            self._moving = True
            self._item.place(self._area(pointer))

    def release(self, pointer: Pointer) -> None:
        """Write the new size as one step."""
        self.move(pointer)
        if not self._moving:
            return
        document = self.scene.document
        rectangle = rectangle_of(self._area(pointer))
        label = tr("Resize frame {title}").format(title=self._item.title).strip()
        document.apply(label, remarks.set_rectangle(document.project, self._frame_id, rectangle))

    def cancel(self) -> None:
        """As large as it was."""
        for frame in self.scene.document.project.frames:
            if frame.id == self._frame_id:
                self._item.show_frame(frame)

    def _area(self, pointer: Pointer) -> QRectF:
        area = QRectF(self._before)
        way = pointer.position - self.start.position
        snapping = self.scene.snapping
        top_left = snapping.place(area.topLeft() + way, free=pointer.shift)
        bottom_right = snapping.place(area.bottomRight() + way, free=pointer.shift)
        across, down = self._grip
        if across < 0:
            area.setLeft(min(top_left.x(), area.right() - LEAST_WIDTH))
        elif across > 0:
            area.setRight(max(bottom_right.x(), area.left() + LEAST_WIDTH))
        if down < 0:
            area.setTop(min(top_left.y(), area.bottom() - LEAST_HEIGHT))
        elif down > 0:
            area.setBottom(max(bottom_right.y(), area.top() + LEAST_HEIGHT))
        return area
