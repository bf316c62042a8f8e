"""Small windows to read: the shortcut sheet and what the program is."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kgui import __version__
from kgui.language import tr
from kgui.widgets.actions import Entry, Menu, menu_titles


class ShortcutSheet(QDialog):
    """Every shortcut by menu, and what the mouse does; made from the table of actions."""

    def __init__(self, table: Iterable[Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self.setWindowTitle(tr("Keyboard shortcuts"))
        entries = tuple(table)
        columns: tuple[tuple[Menu, ...], ...] = (
            ("file", "edit"),
            ("view", "arrange"),
            ("train", "help"),
        )
        side_by_side = QHBoxLayout()
        side_by_side.setSpacing(40)
        for menus in columns:
            sections = [(menu_titles()[menu], _lines(entries, menu)) for menu in menus]
            if "help" in menus:
                sections.append((tr("On the canvas"), _gestures()))
            side_by_side.addLayout(_column(sections))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(side_by_side)
        layout.addWidget(_close_box(self))


def _lines(entries: Iterable[Entry], menu: Menu) -> list[tuple[str, str]]:
    style = QKeySequence.SequenceFormat.NativeText
    return [
        (entry.plain_text, ", ".join(QKeySequence(key).toString(style) for key in entry.shortcuts))
        for entry in entries
        if entry.menu == menu and entry.shortcuts
    ]


def _gestures() -> list[tuple[str, str]]:
    return [
        (tr("Add a layer"), tr("drag it, or double-click it in the list")),
        (tr("Search for a layer"), tr("Space, or double-click the ground")),
        (tr("Edit on the layer"), tr("double-click it, or Enter")),
        (tr("Connect"), tr("drag from port to port")),
        (tr("Zoom"), tr("Ctrl and wheel")),
        (tr("Move the view"), tr("middle button, or Space and drag")),
        (tr("Move layers"), tr("arrow keys")),
        (tr("Copy layers"), tr("Alt and drag")),
        (tr("Move off the grid"), tr("Shift and drag")),
    ]


def _column(sections: list[tuple[str, list[tuple[str, str]]]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    row = 0
    for title, lines in sections:
        heading = QLabel(title.replace("&", ""))
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setContentsMargins(0, 10 if row else 0, 0, 2)
        grid.addWidget(heading, row, 0, 1, 2)
        for number, (text, keys) in enumerate(lines, row + 1):
            grid.addWidget(QLabel(text), number, 0)
            grid.addWidget(QLabel(keys), number, 1)
        row += len(lines) + 1
    grid.setRowStretch(row, 1)
    grid.setColumnStretch(1, 1)
    return grid


class About(QDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(tr("About kgui"))
        title = QLabel(tr("kgui {version}").format(version=__version__))
        font = title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.4)
        title.setFont(font)
        text = QLabel(
            tr(
                "Draw a neural network as nodes, watch it learn, and take it with you.\n\n"
                "Free software under the MIT licence. "
                "The program uses no network and sends nothing."
            )
        )
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setMinimumWidth(360)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addWidget(_close_box(self))


def _close_box(dialog: QDialog) -> QDialogButtonBox:
    box = QDialogButtonBox()
    button = QPushButton(tr("Close"))
    box.addButton(button, QDialogButtonBox.ButtonRole.RejectRole)
    box.rejected.connect(dialog.reject)
    return box
