"""Light, dark or as the desktop says: the theme of every window, remembered."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication

from kgui.widgets import theme as themes
from kgui.widgets.theme import Theme

KEY = "view/theme"


class Appearance(QObject):
    """Holds the theme in force."""

    changed = Signal(object)
    """The new Theme."""

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.choice = str(settings.value(KEY, "system", type=str))
        self.theme = _theme(self.choice)
        QApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def apply(self) -> None:
        """Dress the application in the theme in force."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            themes.apply(application, self.theme)

    def use_system(self) -> None:
        """Take what the desktop says."""
        self._use("system")

    def use_light(self) -> None:
        """Dark on light."""
        self._use("light")

    def use_dark(self) -> None:
        """Light on dark."""
        self._use("dark")

    def _use(self, choice: str) -> None:
        self.choice = choice
        self._settings.setValue(KEY, choice)
        self._renew()

    def _follow_system(self) -> None:
        if self.choice == "system":
            self._renew()

    def _renew(self) -> None:
        self.theme = _theme(self.choice)
        self.apply()
        self.changed.emit(self.theme)


def _theme(choice: str) -> Theme:
    makers: dict[str, Callable[[], Theme]] = {"light": themes.light, "dark": themes.dark}
    return makers.get(choice, themes.system)()
