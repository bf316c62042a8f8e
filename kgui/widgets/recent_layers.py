"""Which layers were added last, kept from one start to the next."""

from PySide6.QtCore import QObject, QSettings

from kgui.widgets.canvas.search import NodeSearch

KEY = "canvas/recent_layers"


class RecentLayers(QObject):
    """Gives a search what was used before, and writes down what it adds."""

    def __init__(self, search: NodeSearch, settings: QSettings) -> None:
        super().__init__(search)
        self._settings = settings
        # One text: a list of a single name would come back as something else.
        kept = str(settings.value(KEY, "", type=str))
        search.recent = tuple(name for name in kept.split() if name in search.known)
        search.recent_changed.connect(self._write)

    def _write(self, names: tuple[str, ...]) -> None:
        self._settings.setValue(KEY, " ".join(names))
