"""The sheet of shortcuts: every action with its keys, to read, to search and to change."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kgui.language import tr
from kgui.widgets.actions import Entry, menu_titles
from kgui.widgets.announcing import announce
from kgui.widgets.fuzzy import answers
from kgui.widgets.icons import icon
from kgui.widgets.labels import plain_label
from kgui.widgets.shortcuts import Shortcuts, fixed_keys, native
from kgui.widgets.theme import Theme

NAME, MENU, KEY, ALSO, RESET = range(5)
ACTION_ID = Qt.ItemDataRole.UserRole
SIZE = (760, 620)
ROW_HEIGHT = 26

Index = QModelIndex | QPersistentModelIndex


class KeyTyping(QStyledItemDelegate):
    """Takes the next key pressed, whichever it is; Esc leaves the old one."""

    typed = Signal(str, int, str)
    """Id of the action, which of its keys, and the key."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Qt's: a field for one key."""
        editor = QKeySequenceEdit(parent)
        editor.setObjectName("shortcuts.key")
        editor.setAccessibleName(tr("Press the new key"))
        editor.setMaximumSequenceLength(1)
        editor.editingFinished.connect(partial(self._finish, editor))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Qt's: empty, since the next key replaces what was there."""

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Qt's: say what was pressed; the sheet decides."""
        if isinstance(editor, QKeySequenceEdit) and not editor.keySequence().isEmpty():
            key = editor.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
            self.typed.emit(str(index.data(ACTION_ID)), index.column() - KEY, key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: Tab and Enter are keys like others here."""
        if isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self.closeEditor.emit(watched, QStyledItemDelegate.EndEditHint.NoHint)
                return True
            return False
        return super().eventFilter(watched, event)

    def _finish(self, editor: QKeySequenceEdit) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)


class ShortcutSheet(QDialog):
    """Enter or a double-click on a key waits for another one; Delete takes it away."""

    def __init__(self, shortcuts: Shortcuts, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.resize(*SIZE)
        self._shortcuts, self._theme = shortcuts, theme
        self.filter = self._create_filter()
        self.table = self._create_table()
        self.message = plain_label(_how_to())
        self.message.setObjectName("shortcuts.message")
        self.reset_all = QPushButton(tr("Reset all"))
        self.reset_all.setObjectName("shortcuts.reset_all")
        self.reset_all.clicked.connect(self._reset_all)
        self._arrange()
        self._fill()
        shortcuts.changed.connect(self._refresh)
        self.filter.setFocus()

    def _create_filter(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("shortcuts.filter")
        field.setPlaceholderText(tr("Search for a command or a key"))
        field.setAccessibleName(tr("Search for a command or a key"))
        field.setClearButtonEnabled(True)
        field.textChanged.connect(self._narrow)
        return field

    def _create_table(self) -> QTableWidget:
        table = QTableWidget(0, 5)
        table.setObjectName("shortcuts.table")
        table.setAccessibleName(tr("Keyboard shortcuts"))
        table.setHorizontalHeaderLabels([tr("Command"), tr("Menu"), tr("Key"), tr("Also"), ""])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        triggers = QAbstractItemView.EditTrigger
        table.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        typing = KeyTyping(table)
        typing.typed.connect(self._set)
        table.setItemDelegateForColumn(KEY, typing)
        table.setItemDelegateForColumn(ALSO, typing)
        table.installEventFilter(self)
        return table

    def _arrange(self) -> None:
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.reset_all)
        buttons.addStretch(1)
        buttons.addWidget(close)
        for button in (self.reset_all, close):
            button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        for part in (self.filter, self.table, self.message):
            layout.addWidget(part)
        layout.addLayout(buttons)

    def _fill(self) -> None:
        titles = menu_titles()
        for entry in self._shortcuts.table:
            row = self.table.rowCount()
            self.table.insertRow(row)
            menu = titles[entry.menu].replace("&", "")
            for column, text in ((NAME, entry.plain_text), (MENU, menu), (KEY, ""), (ALSO, "")):
                cell = _cell(text, entry.id, column in (KEY, ALSO))
                cell.setToolTip(entry.tip)
                self.table.setItem(row, column, cell)
            self.table.setCellWidget(row, RESET, self._reset_button(entry))
        for text, keys in (*_walking(), *_gestures()):
            row = self.table.rowCount()
            self.table.insertRow(row)
            for column, said in ((NAME, text), (MENU, tr("Canvas")), (KEY, keys), (ALSO, "")):
                item = _cell(said, "", False)
                if column == KEY:
                    item.setForeground(self._theme.muted)
                self.table.setItem(row, column, item)
        self._refresh()
        self.table.setCurrentCell(0, KEY)

    def _reset_button(self, entry: Entry) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"shortcuts.reset.{entry.id}")
        button.setAutoRaise(True)
        button.setToolTip(tr("Back to the default"))
        name = tr("Set the keys of {action} back to the default")
        button.setAccessibleName(name.format(action=entry.plain_text))
        button.clicked.connect(partial(self._reset, entry.id))
        return button

    def _refresh(self) -> None:
        """Show the keys in force."""
        for row, entry in enumerate(self._shortcuts.table):
            keys = [*entry.shortcuts, "", ""]
            for column in (KEY, ALSO):
                self._item(row, column).setText(native(keys[column - KEY]))
            font = self._item(row, NAME).font()
            font.setBold(self._shortcuts.is_changed(entry.id))
            self._item(row, NAME).setFont(font)
            self._show_reset(row, changed=self._shortcuts.is_changed(entry.id))

    def _show_reset(self, row: int, *, changed: bool) -> None:
        button = self.table.cellWidget(row, RESET)
        if isinstance(button, QToolButton):
            # Not hidden: the table shows its widgets whenever it lays them out.
            button.setEnabled(changed)
            picture = icon("reset", self._theme.muted, self._theme.border)
            button.setIcon(picture if changed else QIcon())

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.table.item(row, column)
        assert item is not None  # noqa: S101  # every cell but the buttons' has one
        return item

    def _narrow(self, text: str) -> None:
        for row in range(self.table.rowCount()):
            cells = (self._item(row, column).text() for column in (NAME, MENU, KEY, ALSO))
            self.table.setRowHidden(row, not answers(text, " ".join(cells)))

    def _set(self, action_id: str, place: int, key: str) -> None:
        self._do(partial(self._shortcuts.set_key, action_id, place, key))

    def _reset(self, action_id: str) -> None:
        self._do(partial(self._shortcuts.reset, action_id))

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._say("")

    def _do(self, change: Callable[[], str]) -> None:
        self._say(change())

    def _say(self, refusal: str) -> None:
        self.message.setText(refusal or _how_to())
        palette = self.palette()
        if refusal:
            palette.setColor(self.message.foregroundRole(), self._theme.error)
            announce(self.table, refusal, urgent=True)
        self.message.setPalette(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's: Enter types a key, Delete takes one away."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            item = self.table.currentItem()
            if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self.table.editItem(item)
                    return True
                if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                    self._set(str(item.data(ACTION_ID)), item.column() - KEY, "")
                    return True
        return super().eventFilter(watched, event)


def _cell(text: str, action_id: str, can_change: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setData(ACTION_ID, action_id)
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if can_change else flags)
    return item


def _how_to() -> str:
    return tr("Enter or a double-click on a key, then press the new one; Delete takes it away.")


def _walking() -> list[tuple[str, str]]:
    fixed = fixed_keys()
    places = ("Left", "Shift+Left", "Ctrl+Left", "Ctrl+Shift+Left", "Esc", "Space", "Menu")
    names = {
        "Left": tr("arrows"),
        "Shift+Left": tr("Shift and arrows"),
        "Ctrl+Left": tr("Ctrl or Alt and arrows"),
        "Ctrl+Shift+Left": tr("Ctrl, Shift and arrows"),
    }
    return [
        (f"{fixed[key][:1].upper()}{fixed[key][1:]}", names.get(key, native(key))) for key in places
    ]


def _gestures() -> list[tuple[str, str]]:
    return [
        (tr("Add a layer"), tr("drag it, or double-click it in the list")),
        (tr("Search for a layer"), tr("double-click the ground")),
        (tr("Edit on the layer"), tr("double-click it")),
        (tr("Connect"), tr("drag from port to port")),
        (tr("Zoom"), tr("wheel")),
        (tr("Move the view"), tr("middle button, or Space and drag")),
        (tr("Copy layers"), tr("Alt and drag")),
        (tr("Move off the grid"), tr("Shift and drag")),
    ]
