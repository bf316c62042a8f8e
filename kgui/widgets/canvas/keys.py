"""The keyboard over the canvas: walk, push, search, cancel."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from kgui.widgets.canvas.editor import CanvasEditor
from kgui.widgets.canvas.geometry import GRID
from kgui.widgets.canvas.pointing import Pointing
from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.walker import Walker

ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class CanvasKeys(QObject):
    """Arrows walk along the wires (Shift: and keep what is selected).

    With Ctrl or Alt they push the selection by the grid, with Shift as well by 1.
    """

    search_wanted = Signal()
    """A layer is to be looked for and added."""
    menu_wanted = Signal()
    """The menu of what is selected is to be opened."""
    edit_wanted = Signal(str)
    """The options of a node are to be edited."""

    def __init__(
        self,
        view: QWidget,
        scene: CanvasScene,
        editor: CanvasEditor,
        pointing: Pointing,
        walker: Walker,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._walker = walker
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
            self._arrow(ARROWS[key], event.modifiers())
        elif key == Qt.Key.Key_Space:
            self._pointing.hold_space(held=True)
        elif key == Qt.Key.Key_Menu:
            self.menu_wanted.emit()
        elif key == Qt.Key.Key_Escape:
            if not self._pointing.cancel():
                self._scene.select(())
        else:
            return self._do(key)
        return True

    def _do(self, key: Qt.Key) -> bool:
        """What actions do in a window, where their keys can be changed."""
        if self._view.actions():
            return False
        deeds = {
            Qt.Key.Key_Tab: self.search_wanted.emit,
            Qt.Key.Key_Return: self.edit,
            Qt.Key.Key_Delete: self._editor.delete_selection,
            Qt.Key.Key_Backspace: self._editor.heal_selection,
        }
        if key not in deeds:
            return False
        deeds[key]()
        return True

    def edit(self) -> None:
        """Have the options of the selected node edited."""
        selected = self._scene.selected_node_ids()
        if len(selected) == 1:
            self.edit_wanted.emit(selected[0])

    def _release_space(self, event: QKeyEvent) -> bool:
        if not event.isAutoRepeat() and self._pointing.hold_space(held=False):
            self.search_wanted.emit()
        return True

    def _arrow(self, direction: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        keys = Qt.KeyboardModifier
        shift = bool(modifiers & keys.ShiftModifier)
        if modifiers & (keys.ControlModifier | keys.AltModifier):
            self._editor.nudge(direction * (1 if shift else GRID))
        else:
            self._walker.walk(direction, extend=shift)
