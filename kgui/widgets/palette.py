"""The palette: every kind of layer by category, to search, to drag and to double-click."""

from collections.abc import Collection, Mapping
from html import escape

from PySide6.QtCore import (
    QEvent,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QDrag,
    QKeyEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from kgui.compiler.block_types import offered_types
from kgui.compiler.finding import NOT_FOUND, rank
from kgui.compiler.node_types import NodeType
from kgui.language import tr
from kgui.widgets.canvas.geometry import MARGIN, NODE_HEIGHT, NODE_WIDTH
from kgui.widgets.canvas.looks import palette_look
from kgui.widgets.canvas.mime import MIME_TYPE, node_mime_data
from kgui.widgets.canvas.painter import NodePainter, node_pixmap
from kgui.widgets.chips import CHIP, chip
from kgui.widgets.icons import icon
from kgui.widgets.theme import Theme
from kgui.widgets.window_keys import ExportKey

TYPE_NAME = Qt.ItemDataRole.UserRole
"""The role under which the model keeps a type's name; empty for the heading of a category."""
ROW_HEIGHT = 28

Index = QModelIndex | QPersistentModelIndex


class PaletteModel(QStandardItemModel):
    """Categories with their layers; its MIME data is what the canvas takes."""

    def __init__(
        self, node_types: Mapping[str, NodeType], theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._headings: dict[str, QStandardItem] = {}
        for node_type in node_types.values():
            self._heading(node_type.category).appendRow(self._entry(node_type))
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for category, heading in self._headings.items():
            heading.setForeground(theme.muted)
            for row in range(heading.rowCount()):
                heading.child(row).setIcon(chip(theme, category))

    def mimeTypes(self) -> list[str]:
        """Qt's: a node's type and nothing else."""
        return [MIME_TYPE]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # type: ignore[override]  # PySide's stub says Sequence
        """Qt's: the name of the first layer among the entries."""
        names = [str(index.data(TYPE_NAME)) for index in indexes if index.data(TYPE_NAME)]
        return node_mime_data(names[0]) if names else QMimeData()

    def _heading(self, category: str) -> QStandardItem:
        if category not in self._headings:
            heading = QStandardItem(tr(category))
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = heading.font()
            font.setBold(True)
            heading.setFont(font)
            heading.setSizeHint(QSize(0, ROW_HEIGHT))
            self._headings[category] = heading
            self.appendRow(heading)
        return self._headings[category]

    @staticmethod
    def _entry(node_type: NodeType) -> QStandardItem:
        entry = QStandardItem(node_type.name)
        entry.setData(node_type.name, TYPE_NAME)
        entry.setToolTip(f"<p><b>{escape(node_type.name)}</b><br>{escape(node_type.summary)}</p>")
        entry.setData(node_type.summary, Qt.ItemDataRole.AccessibleDescriptionRole)
        entry.setSizeHint(QSize(0, ROW_HEIGHT))
        entry.setFlags(
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )
        return entry


class PaletteView(QTreeView):
    """The list of layers; a drag carries a picture of the node that will be made."""

    chosen = Signal(str)
    """A layer was double-clicked or Enter was pressed on it."""

    def __init__(
        self, node_types: Mapping[str, NodeType], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAccessibleName(tr("Layers"))
        self.theme = theme
        self._types = node_types
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setIconSize(QSize(CHIP, CHIP))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.doubleClicked.connect(self._choose)
        self.clicked.connect(self._fold)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803  # Qt's
        """Qt's: drag the selected layer as a copy."""
        indexes = self.selectedIndexes()
        name = str(indexes[0].data(TYPE_NAME)) if indexes else ""
        if not name:
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData(indexes))
        look = palette_look(self._types[name])
        drag.setPixmap(node_pixmap(NodePainter(self.theme), look, self.devicePixelRatioF()))
        middle = QPoint(round(MARGIN + NODE_WIDTH / 2), round(MARGIN + NODE_HEIGHT / 2))
        drag.setHotSpot(middle)
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's: Enter adds the layer that is marked."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _choose(self, index: Index) -> None:
        name = index.data(TYPE_NAME)
        if name:
            self.chosen.emit(str(name))

    def _fold(self, index: Index) -> None:
        if not index.data(TYPE_NAME) and isinstance(index, QModelIndex):
            self.setExpanded(index, not self.isExpanded(index))


class Found(QSortFilterProxyModel):
    """The layers that a text may mean, under their headings."""

    def __init__(self, node_types: Mapping[str, NodeType], parent: QObject) -> None:
        super().__init__(parent)
        self._types = node_types
        self._text = ""
        self._offered: Collection[str] = node_types
        self.setRecursiveFilteringEnabled(True)

    def seek(self, text: str) -> None:
        """Leave what the text may mean."""
        self._text = text.strip()
        self.invalidate()

    def show_types(self, names: Collection[str]) -> None:
        """Leave only these of all types."""
        self._offered = names
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Qt's: headings stay for what is under them."""
        name = self.sourceModel().index(source_row, 0, source_parent).data(TYPE_NAME)
        offered = bool(name) and str(name) in self._offered
        return offered and self.distance(str(name)) < NOT_FOUND

    def distance(self, name: str) -> int:
        """How far a layer is from the text."""
        return rank(self._types[name], self._text)


class Palette(QWidget):
    """A search field over the list of layers."""

    node_requested = Signal(str)
    """The name of a type that is to be added where it fits."""

    def __init__(
        self, node_types: Mapping[str, NodeType], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = PaletteModel(node_types, theme, self)
        self._found = Found(node_types, self)
        self._found.setSourceModel(self._model)
        self._types = node_types
        self._glass = QAction(self)
        self.search = self._search_field()
        self.view = PaletteView(node_types, theme, self)
        self.view.setModel(self._found)
        self.view.expandAll()
        self.view.chosen.connect(self.node_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.view)
        self.setFocusProxy(self.search)
        self.set_theme(theme)
        self.show_types(inside=False)

    def show_types(self, *, inside: bool) -> None:
        """Offer what has a place within blocks, or outside of them."""
        self._found.show_types(offered_types(self._types, inside=inside))
        self._filter(self.search.text())

    def set_theme(self, theme: Theme) -> None:
        """Show the list in another theme."""
        self.view.theme = theme
        self._model.dress(theme)
        self._glass.setIcon(icon("search", theme.muted, theme.border))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: Down leaves the search field for the list."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self.view.setFocus()
            self.view.setCurrentIndex(self._best())
            return True
        return super().eventFilter(watched, event)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName("palette_search")
        field.setPlaceholderText(tr("Search layers"))
        field.setAccessibleName(tr("Search layers"))
        field.setClearButtonEnabled(True)
        field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(self._filter)
        field.returnPressed.connect(self._add_best)
        field.installEventFilter(self)
        field.installEventFilter(ExportKey(field))
        return field

    def _filter(self, text: str) -> None:
        self._found.seek(text)
        self.view.expandAll()
        if text.strip():
            self.view.setCurrentIndex(self._best())

    def _best(self) -> QModelIndex:
        """What was most likely meant: the name itself, a synonym, one that begins so."""
        rows = [
            self._found.index(row, 0, heading)
            for heading in (self._found.index(top, 0) for top in range(self._found.rowCount()))
            for row in range(self._found.rowCount(heading))
        ]

        def distance(index: QModelIndex) -> int:
            return self._found.distance(str(index.data(TYPE_NAME)))

        return min(rows, key=distance, default=QModelIndex())

    def _add_best(self) -> None:
        name = self._best().data(TYPE_NAME)
        if name and self.search.text().strip():
            self.node_requested.emit(str(name))
