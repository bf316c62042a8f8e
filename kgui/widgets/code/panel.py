"""The code of the drawing, to read, copy and change."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from kgui.compiler.node_types import NodeType
from kgui.language import tr
from kgui.widgets.code.colours import CodeColours
from kgui.widgets.code.editor import CodeEditor
from kgui.widgets.labels import plain_label
from kgui.widgets.theme import Theme

ACTIONS = ("code.apply", "code.revert", "edit.copy_code", "file.open_code")
FOR_TYPED = ("code.apply", "code.revert")
"""Actions whose buttons are there only while there is a text to draw or to drop."""
PATIENCE = 300
"""Milliseconds without typing after which the text is looked at."""


class CodePanel(QWidget):
    """Follows the drawing until somebody types; then the text stays until drawn or dropped."""

    typed = Signal(str)
    """The text, a moment after it was changed."""
    edited_changed = Signal()

    def __init__(
        self, node_types: Mapping[str, NodeType], actions: Mapping[str, QAction], theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("code.panel")
        self._theme, self._text, self._is_own = theme, "", False
        self.is_edited = False
        self.editor = CodeEditor(theme)
        layers = {name: kind.category for name, kind in node_types.items()}
        self._colours = CodeColours(self.editor.document(), layers, theme)
        self.state = plain_label("")
        self.state.setObjectName("code.state")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = {name: _button(actions[name]) for name in ACTIONS if name in actions}
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self._tell_typed)
        self.editor.textChanged.connect(self._notice)
        self._arrange()
        self._show_buttons()
        self.set_theme(theme)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(4)
        row.addWidget(self.state, 1)
        for button in self.buttons.values():
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.editor, 1)

    @property
    def text(self) -> str:
        """What stands in the panel."""
        return self.editor.toPlainText()

    def show_code(self, text: str) -> None:
        """The code of the drawing; shown at once, or when the text that was typed is gone."""
        self._text = text
        if not self.is_edited:
            self._show(text)

    def revert(self) -> None:
        """Drop what was typed and follow the drawing again."""
        self._show(self._text)
        self._set_edited(edited=False)
        self.tell("", 0)

    def tell(self, sentence: str, line: int, remarks: Sequence[str] = ()) -> None:
        """Say what is wrong with the text that was typed, and in which line; "" if nothing is."""
        self.editor.mark(line)
        self._colour(self._theme.error if sentence else self._theme.muted)
        if not sentence and self.is_edited:
            sentence = " ".join((tr("This can be drawn."), *remarks))
        self.state.setText(sentence or _invitation())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        is_wrong = self.state.palette().color(QPalette.ColorRole.WindowText) == self._theme.error
        self._theme = theme
        self.editor.set_theme(theme)
        self._colours.set_theme(theme)
        if "code.apply" in self.buttons:
            self.buttons["code.apply"].setStyleSheet(_accent(theme))
        self._colour(theme.error if is_wrong else theme.muted)
        self.state.setText(self.state.text() or _invitation())

    def _colour(self, colour: QColor) -> None:
        palette = self.state.palette()
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.state.setPalette(palette)

    def _show(self, text: str) -> None:
        self._is_own = True
        self.editor.show_text(text)
        self._is_own = False

    def _notice(self) -> None:
        # Colours change the text, too, but not its letters.
        if self._is_own or (not self.is_edited and self.text == self._text):
            return
        self._set_edited(edited=self.text != self._text)
        self._timer.start()

    def _tell_typed(self) -> None:
        if self.is_edited:
            self.typed.emit(self.text)
        else:
            self.tell("", 0)

    def _set_edited(self, *, edited: bool) -> None:
        if edited != self.is_edited:
            self.is_edited = edited
            self._show_buttons()
            self.edited_changed.emit()

    def _show_buttons(self) -> None:
        for name in FOR_TYPED:
            if name in self.buttons:
                self.buttons[name].setVisible(self.is_edited)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setObjectName(f"{action.objectName()}.button")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setAutoRaise(True)
    return button


def _accent(theme: Theme) -> str:
    ground, ink = theme.accent.name(), theme.on_accent.name()
    off, faint = theme.border.name(), theme.muted.name()
    return (
        f"QToolButton {{ background: {ground}; color: {ink}; border: 1px solid {ground};"
        " border-radius: 4px; padding: 2px 10px; }"
        f" QToolButton:hover {{ background: {theme.accent.lighter(112).name()}; }}"
        f" QToolButton:disabled {{ background: {off}; color: {faint}; border-color: {off}; }}"
    )


def _invitation() -> str:
    return tr("Type or paste Keras code to draw it.")
