"""A field over a list: what is typed narrows the list, Enter takes the marked row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
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
from kgui.widgets.announcing import announce
from kgui.widgets.canvas.plate import Plate
from kgui.widgets.icons import icon
from kgui.widgets.labels import muted
from kgui.widgets.theme import Theme

ROWS = 10
"""Rows shown at once."""
ROW_HEIGHT = 28
MOST_CHOICES = 200

Index = QModelIndex | QPersistentModelIndex
DETAIL = Qt.ItemDataRole.UserRole + 1
REMARK = Qt.ItemDataRole.UserRole + 2
TIP = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True)
class Choice:
    """One row."""

    text: str
    detail: str = ""
    """Stands behind the text in paler letters."""
    remark: str = ""
    """Stands at the right in paler letters."""
    tip: str = ""
    """A sentence under the list while the row is marked: what it does, or why it cannot be."""
    is_possible: bool = True
    is_pale: bool = False
    """Of less weight, though possible."""

    @property
    def spoken(self) -> str:
        """The row in one line, for those who hear it."""
        parts = (self.text, self.detail, self.remark, "" if self.is_possible else tr("not now"))
        return ", ".join(part for part in parts if part)


class ChoiceRows(QStyledItemDelegate):
    """Rows with a detail behind the text and a remark at the right."""

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's: the row, then what stands beside its text."""
        super().paint(painter, option, index)
        chosen = option.state & QStyle.StateFlag.State_Selected
        painter.setPen(self.theme.on_accent if chosen else self.theme.muted)
        metrics, room = option.fontMetrics, option.rect.adjusted(0, 0, -8, 0)
        remark, detail = str(index.data(REMARK) or ""), str(index.data(DETAIL) or "")
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, remark)
        used = metrics.horizontalAdvance(str(index.data())) + 18
        taken = metrics.horizontalAdvance(remark) + 12 if remark else 0
        place: QRect = room.adjusted(used, 0, -taken, 0)
        shown = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | middle, shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt's: rows as high as the palette's."""
        return QSize(0, ROW_HEIGHT)


class ChoiceBox(Plate):
    """Over its parent; says what is typed and chosen, and gives the keyboard back at the end."""

    typed = Signal(str)
    chosen = Signal(int)
    """The possible row that was clicked, or marked when Enter was pressed."""
    closed = Signal()

    def __init__(self, parent: QWidget, theme: Theme, name: str, title: str, width: int) -> None:
        super().__init__(parent, theme)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        self._room = parent.rect
        self._before: QWidget | None = None
        self._choices: tuple[Choice, ...] = ()
        self._glass = QAction(self)
        self.field = self._create_field(title)
        self.setFocusProxy(self.field)
        self.results = self._create_results(title)
        self._delegate = ChoiceRows(self, theme)
        self.results.setItemDelegate(self._delegate)
        self.tip = QLabel()
        self.tip.setObjectName(f"{name}.tip")
        self.tip.setTextFormat(Qt.TextFormat.PlainText)
        self.tip.setWordWrap(True)
        self.tip.setContentsMargins(6, 2, 6, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        for part in (self.field, self.results, self.tip):
            layout.addWidget(part)
        self.hide()
        self.dress(theme)

    def _create_field(self, title: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(f"{self.objectName()}.field")
        field.setAccessibleName(title)
        field.setPlaceholderText(title)
        field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        field.textEdited.connect(self.typed)
        field.installEventFilter(self)
        return field

    def _create_results(self, title: str) -> QListWidget:
        results = QListWidget(self)
        results.setObjectName(f"{self.objectName()}.results")
        results.setAccessibleName(title)
        results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        results.setFrameShape(QFrame.Shape.NoFrame)
        results.viewport().setAutoFillBackground(False)
        results.setUniformItemSizes(True)
        results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        results.itemClicked.connect(self._take_item)
        results.currentRowChanged.connect(self._mark)
        return results

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().dress(theme)
        self._delegate.theme = theme
        self._glass.setIcon(icon("search", theme.muted, theme.border))
        muted(self.tip, theme)

    def open_box(self, before: QWidget | None, place: Callable[[QSize], None]) -> None:
        """Show an empty field; `before` gets the keyboard back, `place` moves the box."""
        self._before = before
        self.field.clear()
        self.typed.emit("")
        place(self.sizeHint())
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Fill the list; the first possible row is marked."""
        self._choices = tuple(choices)[:MOST_CHOICES]
        self.results.clear()
        for choice in self._choices:
            self.results.addItem(_item(choice, self.theme))
        possible = (row for row, choice in enumerate(self._choices) if choice.is_possible)
        self.results.setCurrentRow(next(possible, 0 if self._choices else -1))
        self.results.setVisible(bool(self._choices))
        if not self._choices:
            self.tip.setText(tr("Nothing fits."))
        self.results.setFixedHeight(ROW_HEIGHT * min(max(len(self._choices), 1), ROWS) + 2)
        self.adjustSize()

    def close_box(self) -> None:
        """Hide, and give the keyboard back."""
        if not self.isVisible():
            return
        had_focus, before = self.field.hasFocus(), self._before
        self._before = None
        self.hide()
        if had_focus and before is not None:
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: the keys of the field; while it has the focus no shortcut is heard."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QFocusEvent) and event.lostFocus() and not _is_for_a_moment(event):
            self.close_box()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _press(self, key: Qt.Key) -> bool:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -ROWS,
                 Qt.Key.Key_PageDown: ROWS}  # fmt: skip
        if key in steps:
            self._go(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.results.currentRow())
        elif key == Qt.Key.Key_Escape:
            self.close_box()
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _go(self, step: int) -> None:
        count, row = len(self._choices), self.results.currentRow() + step
        if count:
            wraps = abs(step) == 1
            self.results.setCurrentRow(row % count if wraps else min(max(row, 0), count - 1))

    def _take_item(self, item: QListWidgetItem) -> None:
        self._take(self.results.row(item))

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._choices) and self._choices[row].is_possible:
            self.chosen.emit(row)

    def _mark(self, row: int) -> None:
        choice = self._choices[row] if 0 <= row < len(self._choices) else Choice("")
        self.tip.setText(choice.tip)
        self.tip.setVisible(bool(choice.tip))
        self.adjustSize()
        self._stay_inside()
        announce(self.field, choice.spoken)

    def _stay_inside(self) -> None:
        """Go up where a longer tip would reach over the lower edge."""
        lowest = self._room().height() - 4
        if self.isVisible() and self.geometry().bottom() > lowest:
            self.move(self.x(), max(4, lowest - self.height()))


def _is_for_a_moment(event: QFocusEvent) -> bool:
    """Whether the keyboard comes back: another window is in front, or a menu of the field."""
    if event.reason() == Qt.FocusReason.PopupFocusReason:
        return QApplication.activePopupWidget() is not None
    return event.reason() == Qt.FocusReason.ActiveWindowFocusReason


def _item(choice: Choice, theme: Theme) -> QListWidgetItem:
    item = QListWidgetItem(choice.text)
    item.setData(DETAIL, choice.detail)
    item.setData(REMARK, choice.remark)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, choice.spoken)
    item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, choice.tip)
    if choice.is_pale or not choice.is_possible:
        item.setForeground(theme.muted)
    return item
