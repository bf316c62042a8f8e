"""The box of the search: a field, and under it the layers that may be meant."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kgui.language import tr
from kgui.widgets.canvas.plate import Plate
from kgui.widgets.chips import CHIP, chip
from kgui.widgets.icons import icon
from kgui.widgets.theme import Theme

WIDTH = 340
OFFSET = 8
"""Pixels from the pointer: what is under it stays to be seen."""
ROWS = 8
"""Rows shown at once."""
ROW_HEIGHT = 28
MOST_CHOICES = 60

Index = QModelIndex | QPersistentModelIndex
REMARK = Qt.ItemDataRole.UserRole + 1


class Remarks(QStyledItemDelegate):
    """Rows with a remark in paler letters at the right."""

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's: the row, then its remark."""
        super().paint(painter, option, index)
        chosen = option.state & QStyle.StateFlag.State_Selected
        painter.setPen(self.theme.on_accent if chosen else self.theme.muted)
        room: QRect = option.rect.adjusted(0, 0, -8, 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, flags, str(index.data(REMARK) or ""))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt's: rows as high as the palette's."""
        return QSize(0, ROW_HEIGHT)


class SearchBox(Plate):
    """Says what is typed and chosen; what that means is not known here."""

    typed = Signal(str)
    chosen = Signal(int)
    """The row that was clicked, or marked when Enter was pressed."""
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, theme)
        self.setObjectName("node_search")
        self._room, self._give_back = parent.rect, parent.setFocus
        self._glass = QAction(self)
        self.field = self._create_field()
        self.setFocusProxy(self.field)
        self.results = self._create_results()
        self._delegate = Remarks(self, theme)
        self.results.setItemDelegate(self._delegate)
        self.nothing = QLabel(tr("Nothing fits."))
        self.nothing.setMargin(6)
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        for part in (self.field, self.results, self.nothing):
            layout.addWidget(part)
        self.hide()
        self.dress(theme)

    def _create_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName("node_search.field")
        field.setAccessibleName(tr("Add layer"))
        field.setPlaceholderText(tr("Layer, such as dense 64 relu"))
        field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        field.textEdited.connect(self.typed)
        field.installEventFilter(self)
        return field

    def _create_results(self) -> QListWidget:
        results = QListWidget(self)
        results.setObjectName("node_search.results")
        results.setAccessibleName(tr("Layers that fit"))
        results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        results.setFrameShape(QFrame.Shape.NoFrame)
        results.viewport().setAutoFillBackground(False)
        results.setUniformItemSizes(True)
        results.setIconSize(QSize(CHIP, CHIP))
        results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        results.itemClicked.connect(self._choose_item)
        return results

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().dress(theme)
        self._delegate.theme = theme
        self._glass.setIcon(icon("search", theme.muted, theme.border))

    def open_at(self, pixel: QPoint) -> None:
        """Show an empty field beside a point of the parent, ready to type into."""
        self.field.clear()
        self.setFixedWidth(WIDTH)
        self.typed.emit("")
        self._place(pixel)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_choices(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Fill the list with names, remarks and categories; the first is marked."""
        self.results.clear()
        for name, remark, category in rows[:MOST_CHOICES]:
            item = QListWidgetItem(chip(self.theme, category), name)
            item.setData(REMARK, remark)
            self.results.addItem(item)
        self.results.setCurrentRow(0 if rows else -1)
        self.results.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.results.setFixedHeight(ROW_HEIGHT * min(max(len(rows), 1), ROWS) + 2)
        self.adjustSize()

    def close_box(self) -> None:
        """Hide, and give the keyboard back."""
        if not self.isVisible():
            return
        had_focus = self.field.hasFocus()
        self.hide()
        if had_focus:
            self._give_back()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: the keys of the field; while it has the focus no shortcut is heard."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.close_box()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _press(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            count = max(self.results.count(), 1)
            step = 1 if key == Qt.Key.Key_Down else -1
            self.results.setCurrentRow((self.results.currentRow() + step) % count)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.results.currentRow() >= 0:
                self.chosen.emit(self.results.currentRow())
        elif key == Qt.Key.Key_Escape:
            self.close_box()
        elif key == Qt.Key.Key_Tab:
            self._complete()
        else:
            return False
        return True

    def _complete(self) -> None:
        """Write the marked layer's name out, so that its values can be typed."""
        item = self.results.currentItem()
        if item is not None:
            before = "".join(f"{part.strip()} > " for part in self.field.text().split(">")[:-1])
            self.field.setText(f"{before}{item.text()} ")
            self.typed.emit(self.field.text())

    def _choose_item(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.results.row(item))

    def _place(self, pixel: QPoint) -> None:
        """Below the point, at its right or else at its left, inside the parent."""
        room, size = self._room(), self.sizeHint()
        x = pixel.x() + OFFSET
        if x + WIDTH > room.width() - 4:
            x = max(4, pixel.x() - OFFSET - WIDTH)
        y = max(4, min(pixel.y() + OFFSET, room.height() - size.height() - 4))
        self.move(x, y)
