"""One line of a form: label, field, reset button, and under it the sentence on what is wrong."""

from collections.abc import Callable
from typing import cast
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from kgui.graph.project import OptionValue
from kgui.language import tr
from kgui.widgets.editors import Field
from kgui.widgets.icons import icon
from kgui.widgets.labels import as_sentence, plain_label
from kgui.widgets.theme import Theme

LABEL_WIDTH = 118
RESET_WIDTH = 22

MIXED = "mixed"
"""Stands for the identity of a value where there are several: no value's text is without quotes."""

Check = Callable[[OptionValue], str]
Apply = Callable[[OptionValue, str], None]


class Row(QWidget):
    """Checks what its field says as it is typed, and applies it only while it is right."""

    def __init__(
        self,
        label: str,
        field: QWidget,
        check: Check,
        apply: Apply,
        *,
        help: str = "",
        reset: Callable[[], None] | None = None,
        has_reset_column: bool = False,
    ) -> None:
        super().__init__()
        self._field = cast(Field, field)
        self._check, self._apply = check, apply
        self._shown = ""
        self._typed_wrong, self._found_wrong = "", ""
        self._burst = uuid4().hex
        self._value: OptionValue = None
        self._before: OptionValue = None
        self._is_typing = False
        self.field = field
        self.label = plain_label(label)
        self.label.setBuddy(field)
        self.label.setToolTip(help)
        field.setToolTip(help)
        field.setAccessibleName(label)
        self.message = plain_label("")
        self.message.setObjectName("message")
        self.message.hide()
        self._reset = self._reset_button(label, reset)
        self._arrange(has_reset_column)
        self._field.edited.connect(self._take)
        self._field.finished.connect(self._end_burst)

    def _reset_button(self, label: str, reset: Callable[[], None] | None) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("reset")
        button.setAutoRaise(True)
        button.setFixedWidth(RESET_WIDTH)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tr("Back to the default"))
        button.setAccessibleName(tr("Set {option} back to the default").format(option=label))
        if reset is not None:
            button.clicked.connect(reset)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.hide()
        return button

    def _arrange(self, has_reset_column: bool) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(6)
        layout.setVerticalSpacing(2)
        self.label.setFixedWidth(LABEL_WIDTH)
        layout.addWidget(self.label, 0, 0)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout.addWidget(self.field, 0, 1)
        if has_reset_column:
            layout.addWidget(self._reset, 0, 2)
        layout.addWidget(self.message, 1, 0, 1, 2)
        layout.setColumnStretch(1, 1)

    def show_value(self, value: OptionValue, *, changed: bool) -> None:
        """Show the document's value, unless it is shown or being typed already."""
        self._reset.setVisible(changed)
        self._value = value
        if self._shown == (shown := _identity(value)):
            return
        self._shown = shown
        self._typed_wrong = ""
        self._field.show_value(value)
        self._show_message()

    def show_mixed(self, *, changed: bool) -> None:
        """Show that several nodes have several values, unless one is being typed for all."""
        self._reset.setVisible(changed)
        if self._shown != MIXED:
            self._shown, self._value = MIXED, None
            self._typed_wrong = ""
            self._field.show_mixed()
            self._show_message()

    def show_issue(self, sentence: str) -> None:
        """What the check of the whole document found wrong with the option; "" for nothing."""
        self._found_wrong = sentence
        self._show_message()

    def show_theme(self, theme: Theme) -> None:
        """Take the colours of the theme."""
        palette = self.message.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.error)
        self.message.setPalette(palette)
        self._reset.setIcon(icon("reset", theme.muted, theme.border))

    def _take(self, value: OptionValue) -> None:
        if not self._is_typing:
            self._is_typing, self._before = True, self._value
        self._typed_wrong = self._check(value)
        self._show_message()
        if not self._typed_wrong:
            self._put(value)
        elif self._before is not None and self._value != self._before:
            # What was right so far was only the beginning of what is wrong now.
            self._put(self._before)

    def _put(self, value: OptionValue) -> None:
        self._shown, self._value = _identity(value), value
        self._apply(value, self._burst)

    @property
    def is_wrong(self) -> bool:
        """Whether the field holds something that was not applied."""
        return bool(self._typed_wrong)

    def _end_burst(self) -> None:
        self._burst = uuid4().hex
        self._is_typing = False

    def _show_message(self) -> None:
        sentence = as_sentence(self._typed_wrong or self._found_wrong)
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))


def _identity(value: OptionValue) -> str:
    # By its text: 1 == True, but an editor shows them differently.
    return repr(value)
