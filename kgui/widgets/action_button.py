"""A large button that stands for an action, and can be given another one."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from kgui.widgets.icons import icon
from kgui.widgets.theme import Theme, mixed


class ActionButton(QPushButton):
    """Shows text, tooltip and state of its action, in the accent of the theme."""

    def __init__(self, action: QAction, theme: Theme) -> None:
        super().__init__()
        self._action, self._theme = action, theme
        self.setMinimumHeight(38)
        self.setIconSize(QSize(18, 18))
        self.clicked.connect(self._trigger)
        action.changed.connect(self._follow)
        self._follow()
        self.set_theme(theme)

    def set_action(self, action: QAction) -> None:
        """Stand for this action from now on."""
        self._action.changed.disconnect(self._follow)
        self._action = action
        action.changed.connect(self._follow)
        self._follow()
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setIcon(icon(self._action.objectName(), theme.on_accent, theme.muted))
        self.setStyleSheet(_style(theme))

    def _follow(self) -> None:
        self.setText(self._action.text().replace("&", ""))
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())

    def _trigger(self) -> None:
        self._action.trigger()


def _style(theme: Theme) -> str:
    accent, ink, border = theme.accent, theme.on_accent.name(), theme.border.name()
    off = mixed(theme.window, theme.muted, 0.12).name()
    return (
        f"QPushButton {{ background: {accent.name()}; color: {ink}; font-weight: bold;"
        f" border: 1px solid {accent.name()}; border-radius: 5px; padding: 6px 12px; }}"
        f" QPushButton:hover {{ background: {accent.lighter(112).name()}; }}"
        f" QPushButton:pressed {{ background: {accent.darker(112).name()}; }}"
        f" QPushButton:focus {{ border: 2px solid {theme.text.name()}; padding: 5px 11px; }}"
        f" QPushButton:disabled {{ background: {off}; color: {theme.muted.name()};"
        f" border-color: {border}; }}"
    )
