"""The list of what is wrong with the drawing; a click shows the layer at fault."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kgui.compiler.issues import Issue, Report
from kgui.language import tr
from kgui.widgets.icons import icon
from kgui.widgets.labels import as_sentence, muted, plain_label
from kgui.widgets.theme import Theme

NODE_ID = Qt.ItemDataRole.UserRole


class Problems(QWidget):
    """Issues of the latest report in the order found; errors and warnings differ by shape too."""

    chosen = Signal(str)
    """Id of the node that the user wants to see."""
    counted = Signal(int)
    """How many problems there are."""

    def __init__(self, node_name: Callable[[str], str], theme: Theme) -> None:
        super().__init__()
        self._node_name, self._theme = node_name, theme
        self._report = Report()
        self.list = QListWidget()
        self.list.setObjectName("problems")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.setAccessibleName(tr("Problems"))
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self.empty: QLabel = plain_label(tr("No problems found."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.list)
        layout.addWidget(self.empty)
        self.set_theme(theme)

    def show_report(self, report: Report) -> None:
        """List the issues of a report."""
        if report.issues != self._report.issues:
            self._report = report
            self._fill()
        self.counted.emit(len(report.issues))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        muted(self.empty, theme)
        self._fill()

    def _fill(self) -> None:
        theme = self._theme
        icons = {
            "error": icon("error", theme.error, theme.error),
            "warning": icon("warning", theme.warning, theme.warning),
        }
        row = self.list.currentRow()
        self.list.clear()
        for issue in self._report.issues:
            self.list.addItem(self._item(issue, icons[issue.severity]))
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.list.setVisible(self.list.count() > 0)
        self.empty.setVisible(self.list.count() == 0)

    def _item(self, issue: Issue, picture: QIcon) -> QListWidgetItem:
        name = self._node_name(issue.node_id) if issue.node_id is not None else ""
        # Some sentences name the layer themselves.
        names_it = not name or name in issue.message
        text = issue.message if names_it else f"{name}: {issue.message}"
        item = QListWidgetItem(picture, as_sentence(text, issue.hint))
        item.setData(NODE_ID, issue.node_id or "")
        return item

    def _choose(self, item: QListWidgetItem) -> None:
        if node_id := item.data(NODE_ID):
            self.chosen.emit(node_id)
