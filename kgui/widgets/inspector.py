"""Shows what is selected, and edits it: every option of a layer, checked as it is typed."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kgui.compiler.issues import Report
from kgui.compiler.node_types import NodeType
from kgui.graph.project import Project
from kgui.language import tr, trn
from kgui.widgets.document import Document
from kgui.widgets.group_page import GroupPage
from kgui.widgets.labels import muted, plain_label
from kgui.widgets.node_page import CheckOption, NodePage
from kgui.widgets.theme import Theme


class Inspector(QStackedWidget):
    """The overview of the document, or the page of the selected node or nodes."""

    node_shown = Signal(str)
    """Id of the node that the page is about, "" for the overview."""

    def __init__(
        self,
        document: Document,
        node_types: Mapping[str, NodeType],
        check_option: CheckOption,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self._document, self._node_types = document, node_types
        self._check_option, self._theme = check_option, theme
        self.overview = Overview(theme)
        self.page: NodePage | None = None
        """The page of one node."""
        self.group: GroupPage | None = None
        """The page of several nodes."""
        self._selected = 0
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.addWidget(self.overview)
        self.addWidget(self._scroll)
        document.changed.connect(self._follow)
        document.report_changed.connect(self._show_report)
        self.overview.show_project(document.project, document.report, 0)

    def show_nodes(self, node_ids: Sequence[str]) -> None:
        """Show what is selected; the overview for nothing."""
        node_id = node_ids[0] if len(node_ids) == 1 else ""
        self._selected = len(node_ids)
        if len(node_ids) > 1:
            self._open_group(node_ids)
        elif self.group is not None or self.page is None or self.page.node_id != node_id:
            self._open(node_id)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.overview.set_theme(theme)
        for page in (self.page, self.group):
            if page is not None:
                page.set_theme(theme)

    def _clear(self) -> None:
        # Not deleted at once: the edit that leads here may come from one of its fields.
        if old := self._scroll.takeWidget():
            old.deleteLater()
        self.page, self.group = None, None

    def _open_group(self, node_ids: Sequence[str]) -> None:
        wanted = set(node_ids)
        nodes = self._document.project.graph.nodes
        names = tuple(dict.fromkeys(node.type for node in nodes if node.id in wanted))
        if self.group is None or self.group.type_names != names:
            self._clear()
            self.group = GroupPage(
                self._document, self._node_types, names, self._check_option, self._theme
            )
            self._scroll.setWidget(self.group)
            self.setCurrentWidget(self._scroll)
            self.node_shown.emit("")
        self.group.show_nodes(node_ids)

    def _open(self, node_id: str) -> None:
        node_type = self._type_of(node_id) if node_id else None
        self._clear()
        if node_type is None:
            self._show_overview()
            return
        self.page = NodePage(self._document, node_id, node_type, self._check_option, self._theme)
        self._scroll.setWidget(self.page)
        self.setCurrentWidget(self._scroll)
        self.node_shown.emit(node_id)

    def _type_of(self, node_id: str) -> NodeType | None:
        return self._node_types.get(self._document.project.graph.node(node_id).type)

    def _show_overview(self) -> None:
        self.setCurrentWidget(self.overview)
        self.overview.show_project(self._document.project, self._document.report, self._selected)
        self.node_shown.emit("")

    def _follow(self, before: Project, after: Project) -> None:
        if self.group is not None:
            self._follow_group(after)
        if self.page is None:
            return
        old = {node.id: node for node in before.graph.nodes}.get(self.page.node_id)
        new = {node.id: node for node in after.graph.nodes}.get(self.page.node_id)
        if new is None:
            self._open("")
        elif old is None or old.type != new.type:
            self._open(new.id)
        elif new is not old or before.graph.wires != after.graph.wires:
            self.page.refresh()

    def _follow_group(self, after: Project) -> None:
        assert self.group is not None  # noqa: S101  # asked where there is one
        ids = {node.id for node in after.graph.nodes}
        left = [node_id for node_id in self.group.node_ids if node_id in ids]
        if len(left) == len(self.group.node_ids):
            self.group.refresh()
        else:
            self.show_nodes(left)

    def _show_report(self, report: Report) -> None:
        self.overview.show_project(self._document.project, report, self._selected)
        if self.page is not None:
            self.page.refresh()


class Overview(QWidget):
    """The document in three figures, and what to do next."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.title = plain_label("")
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.figures = plain_label("")
        self.hint = plain_label("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        for label in (self.title, self.figures, self.hint):
            layout.addWidget(label)
        layout.addStretch(1)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        muted(self.hint, theme)

    def show_project(self, project: Project, report: Report, selected: int) -> None:
        """Count what is drawn; `selected` layers are selected."""
        self.title.setText(_title(selected))
        nodes, wires = len(project.graph.nodes), len(project.graph.wires)
        figures = (
            trn("{count} layer", "{count} layers", nodes).format(count=nodes),
            trn("{count} wire", "{count} wires", wires).format(count=wires),
            parameter_count(report.total_parameters),
        )
        self.figures.setText("\n".join(figures))
        self.figures.setVisible(nodes > 0)
        self.hint.setText(
            tr("Select one layer to see and change its options.")
            if nodes
            else tr("Drag a layer from the left onto the canvas to begin.")
        )


def _title(selected: int) -> str:
    if selected > 1:
        return trn("{count} layer selected", "{count} layers selected", selected).format(
            count=selected
        )
    return tr("Network")


def parameter_count(count: int) -> str:
    """ "1,234 parameters"."""
    return trn("{count} parameter", "{count} parameters", count).format(count=f"{count:,}")
