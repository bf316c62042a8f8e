"""What F1 and "?" show: help on the selected layer, and the sheet of shortcuts."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from kgui.compiler.node_types import NodeType
from kgui.widgets.layer_help import LayerHelp
from kgui.widgets.shortcut_sheet import ShortcutSheet
from kgui.widgets.shortcuts import Shortcuts
from kgui.widgets.theme import Theme


class HelpDesk(QObject):
    """Opens small windows beside the main one; each is there once."""

    def __init__(
        self,
        window: QWidget,
        shortcuts: Shortcuts,
        node_types: Mapping[str, NodeType],
        selected_type: Callable[[], str],
        theme: Callable[[], Theme],
    ) -> None:
        super().__init__(window)
        self._window, self._shortcuts, self._types = window, shortcuts, node_types
        self._selected_type, self._theme = selected_type, theme
        self._sheet: ShortcutSheet | None = None
        self._page: LayerHelp | None = None

    def show_shortcuts(self) -> None:
        """Open the sheet of shortcuts."""
        if self._sheet is not None:
            self._sheet.deleteLater()
        self._sheet = ShortcutSheet(self._shortcuts, self._theme(), self._window)
        self._sheet.show()

    def show_layer(self) -> None:
        """Open the help on the selected layer; without one, the sheet of shortcuts."""
        node_type = self._types.get(self._selected_type())
        if node_type is None:
            self.show_shortcuts()
            return
        if self._page is None:
            self._page = LayerHelp(self._window)
        self._page.show_type(node_type)
