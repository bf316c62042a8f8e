"""Whether the canvas snaps, kept from one start to the next."""

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction

from kgui.widgets.canvas.snapping import Snapping

KEY = "canvas/snap"


class SnapSetting(QObject):
    """Sets a canvas as it was set last, writes down what changes, and ticks the action."""

    def __init__(self, snapping: Snapping, settings: QSettings, action: QAction) -> None:
        super().__init__(snapping)
        self._settings = settings
        snapping.use(settings.value(KEY, "yes", type=str) != "no")
        action.setCheckable(True)
        action.setChecked(snapping.is_on)
        snapping.changed.connect(action.setChecked)
        snapping.changed.connect(self._write)

    def _write(self, on: bool) -> None:
        self._settings.setValue(KEY, "yes" if on else "no")
