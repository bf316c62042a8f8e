"""The panels around the canvas: where they stand, what they are called, how they are shown."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabWidget, QWidget

from kgui.language import tr

LEFT_WIDTH, RIGHT_WIDTH, BOTTOM_HEIGHT = 224, 310, 240
"""Pixels in the arrangement of the first start."""
LEAST_WIDTHS = {"palette": 150, "inspector": 290, "data": 290, "training": 290}

Area = Qt.DockWidgetArea


class Docks:
    """Three docks, "dock.palette", "dock.side" and "dock.bottom"; two of them hold tabs.

    The tabs are QTabWidgets: QMainWindow leaves a stray bar behind when two areas are tabbed.
    """

    def __init__(self, window: QMainWindow, menu: QMenu) -> None:
        self._window = window
        window.setCorner(Qt.Corner.BottomLeftCorner, Area.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
        self._palette = self._create("palette", tr("Layers"), Area.LeftDockWidgetArea)
        self._side = self._create("side", tr("Settings"), Area.RightDockWidgetArea)
        self._bottom = self._create("bottom", tr("Results"), Area.BottomDockWidgetArea)
        self.side, self.bottom = _tabs("side"), _tabs("bottom")
        self._side.setWidget(self.side)
        self._bottom.setWidget(self.bottom)
        self._panels: dict[str, QWidget] = {}
        for name in (*_side_titles(), *_bottom_titles()):
            self._put(name, QWidget())
        self._add_to(menu)

    def _create(self, name: str, title: str, area: Area) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock.{name}")
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        # The tabs, or the search field of the palette, say enough.
        dock.setTitleBarWidget(QWidget(dock))
        self._window.addDockWidget(area, dock)
        return dock

    def _add_to(self, menu: QMenu) -> None:
        menu.addSeparator()
        panels = menu.addMenu(tr("&Panels"))
        panels.setObjectName("menu.panels")
        for dock in (self._palette, self._side, self._bottom):
            action = dock.toggleViewAction()
            action.setObjectName(f"view.{dock.objectName()}")
            panels.addAction(action)

    def arrange(self) -> None:
        """The arrangement of the first start."""
        sides, across = [self._palette, self._side], Qt.Orientation.Horizontal
        self._window.resizeDocks(sides, [LEFT_WIDTH, RIGHT_WIDTH], across)
        self._window.resizeDocks([self._bottom], [BOTTOM_HEIGHT], Qt.Orientation.Vertical)

    def fill(self, panels: Mapping[str, QWidget]) -> None:
        """Put the panels in, by name."""
        for name, panel in panels.items():
            panel.setMinimumWidth(LEAST_WIDTHS.get(name, 0))
            self._put(name, panel)
        for tabs in (self.side, self.bottom):
            tabs.setCurrentIndex(0)

    def _put(self, name: str, panel: QWidget) -> None:
        if name == "palette":
            self._palette.setWidget(panel)
            return
        tabs, title = self._tabs_of(name), {**_side_titles(), **_bottom_titles()}[name]
        if (old := self._panels.get(name)) is None:
            tabs.addTab(panel, title)
        else:
            index = tabs.indexOf(old)
            tabs.removeTab(index)
            tabs.insertTab(index, panel, title)
            old.deleteLater()
        self._panels[name] = panel

    def bring_forward(self, name: str) -> None:
        """Show a panel, in front of those that share its place."""
        (self._side if name in _side_titles() else self._bottom).show()
        self._tabs_of(name).setCurrentWidget(self._panels[name])

    def set_title(self, name: str, title: str) -> None:
        """Call a panel something else."""
        tabs = self._tabs_of(name)
        tabs.setTabText(tabs.indexOf(self._panels[name]), title)

    def _tabs_of(self, name: str) -> QTabWidget:
        return self.side if name in _side_titles() else self.bottom


def _tabs(name: str) -> QTabWidget:
    tabs = QTabWidget()
    tabs.setObjectName(f"tabs.{name}")
    tabs.setDocumentMode(True)
    return tabs


def _side_titles() -> dict[str, str]:
    return {"inspector": tr("Inspector"), "data": tr("Data"), "training": tr("Training")}


def _bottom_titles() -> dict[str, str]:
    return {"plots": tr("Curves"), "problems": tr("Problems"), "code": tr("Code")}
