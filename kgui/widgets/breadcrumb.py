"""The way back out of a block, over the upper left corner of the canvas."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from kgui.language import tr
from kgui.widgets.canvas.plate import Plate
from kgui.widgets.labels import plain_label
from kgui.widgets.level import Level
from kgui.widgets.theme import Theme

INSET = 10


class Breadcrumb(Plate):
    """Names of the levels down to the one shown; a click goes there. Hidden on the outermost."""

    def __init__(self, canvas: QWidget, level: Level, theme: Theme) -> None:
        super().__init__(canvas, theme)
        self.setObjectName("breadcrumb")
        self.setAccessibleName(tr("Way to this block"))
        self._level = level
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 3, 6, 3)
        self._row.setSpacing(2)
        level.history_changed.connect(self.show_level)
        canvas.installEventFilter(self)
        self.show_level()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.dress(theme)

    def show_level(self) -> None:
        """Show the way to the level that is shown now."""
        crumbs = self._level.crumbs()
        names = [name for name, _ in crumbs]
        if names != self._names():
            self._clear()
            for depth, (name, path) in enumerate(crumbs):
                if depth:
                    self._row.addWidget(plain_label("›"))
                self._row.addWidget(self._button(name, depth == len(crumbs) - 1, path))
        self.setVisible(len(crumbs) > 1)
        self.adjustSize()
        self.move(INSET, INSET)
        self.raise_()

    def _names(self) -> list[str]:
        return [button.text() for button in self.findChildren(QToolButton)]

    def _clear(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()

    def _button(self, name: str, is_last: bool, path: tuple[str, ...]) -> QToolButton:
        button = QToolButton(self)
        button.setText(name)
        button.setObjectName(f"breadcrumb.{len(path)}")
        button.setAutoRaise(True)
        button.setCheckable(is_last)
        button.setChecked(is_last)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self._level.go, path))
        return button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: stay above what the canvas shows."""
        if event.type() == QEvent.Type.Resize:
            self.raise_()
        return super().eventFilter(watched, event)
