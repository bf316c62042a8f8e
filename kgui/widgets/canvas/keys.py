"""The keyboard over the canvas: search, delete, push, walk, cancel."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from kgui.widgets.canvas.editor import CanvasEditor
from kgui.widgets.canvas.geometry import GRID, next_in_direction
from kgui.widgets.canvas.pointing import Pointing
from kgui.widgets.canvas.scene import CanvasScene

ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class CanvasKeys(QObject):
    """Arrows push the selection by the grid (Shift: by 1), Ctrl and arrows walk to other nodes."""

    search_wanted = Signal()
    """A layer is to be looked for and added."""
    edit_wanted = Signal(str)
    """The options of a node are to be edited."""

    def __init__(
        self, view: QWidget, scene: CanvasScene, editor: CanvasEditor, pointing: Pointing
    ) -> None:
        super().__init__(view)
        self._scene = scene
        self._editor = editor
        self._pointing = pointing
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that mean something here."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._press(event)
            if event.type() == QEvent.Type.KeyRelease and event.key() == Qt.Key.Key_Space:
                return self._release_space(event)
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._pointing.hold_space(held=False)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in ARROWS:
            return self._arrow(ARROWS[key], event.modifiers())
        if key == Qt.Key.Key_Space:
            self._pointing.hold_space(held=True)
        elif key == Qt.Key.Key_Escape:
            if not self._pointing.cancel():
                self._scene.select(())
        elif key == Qt.Key.Key_Tab:
            self.search_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._edit()
        elif key == Qt.Key.Key_Delete:
            self._editor.delete_selection()
        elif key == Qt.Key.Key_Backspace:
            self._editor.heal_selection()
        else:
            return False
        return True

    def _edit(self) -> None:
        selected = self._scene.selected_node_ids()
        if len(selected) == 1:
            self.edit_wanted.emit(selected[0])

    def _release_space(self, event: QKeyEvent) -> bool:
        if not event.isAutoRepeat() and self._pointing.hold_space(held=False):
            self.search_wanted.emit()
        return True

    def _arrow(self, direction: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._walk(direction)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._editor.nudge(direction)
        else:
            self._editor.nudge(direction * GRID)
        return True

    def _walk(self, direction: QPointF) -> None:
        """Select the next node that way; with none selected, the first of the document."""
        ids = self._scene.node_ids()
        selected = self._scene.selected_node_ids()
        if not ids:
            return
        target: str | None = ids[0]
        if selected:
            centres = {key: self._scene.node_item(key).card.center() for key in ids}
            origin = centres.pop(selected[-1])
            target = next_in_direction(origin, direction, centres)
        if target is not None:
            self._scene.select([target])
            item = self._scene.node_item(target)
            self._scene.setFocusItem(item, Qt.FocusReason.TabFocusReason)
            for view in self._scene.views():
                view.ensureVisible(item, 40, 40)
