"""Fields for option values: each shows a value, and says what was meant while it is edited.

A field never refuses a keystroke: what it holds may be wrong, and the row that owns it says why.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from kgui.compiler.node_types import Kind, Option
from kgui.graph.project import OptionValue
from kgui.language import tr
from kgui.widgets.number_fields import NumberField
from kgui.widgets.typed_text import from_text, to_text
from kgui.widgets.window_keys import WindowKeys


class Field(Protocol):
    """What a row needs of a field; every field is a QWidget as well."""

    edited: SignalInstance
    """The user changed it; carries the value meant."""
    finished: SignalInstance
    """The user left it or confirmed."""

    def show_value(self, value: OptionValue) -> None:
        """Show a value of the document, without announcing it."""

    def show_mixed(self) -> None:
        """Show that there are several values at once."""


class TextField(QLineEdit):
    """A line of text; also shapes such as "28, 28, 1", which are read from text."""

    edited = Signal(object)
    finished = Signal()

    def __init__(self, kind: Kind = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.example = ""
        """Stands in the field while it is empty."""
        self.textEdited.connect(self._announce)
        self.editingFinished.connect(self.finished)
        self.installEventFilter(WindowKeys(self))

    def show_value(self, value: OptionValue) -> None:
        """Show a value; the cursor stays where it is if the text is right already."""
        self.setPlaceholderText(self.example)
        if self.text() != (text := to_text(self._kind, value)):
            self.setText(text)

    def show_mixed(self) -> None:
        """Be empty, and say why."""
        self.clear()
        self.setPlaceholderText(tr("mixed"))

    def _announce(self, text: str) -> None:
        self.edited.emit(from_text(self._kind, text))


class PatientTextField(TextField):
    """A text that means something only when it is complete: announced when that is so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("text", parent)
        self.textEdited.disconnect(self._announce)
        self.editingFinished.connect(self._announce_all)

    def _announce_all(self) -> None:
        self._announce(self.text())


class ChoiceField(QComboBox):
    """One of several words; "(none)" where the option may be left out."""

    edited = Signal(object)
    finished = Signal()

    def __init__(
        self,
        choices: tuple[tuple[str, OptionValue], ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        for text, value in choices:
            self.addItem(text, value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(self._announce)
        self.installEventFilter(WindowKeys(self))

    def show_value(self, value: OptionValue) -> None:
        """Select a value; one that is no choice is added, so that it can be seen."""
        values = [self.itemData(index) for index in range(self.count())]
        if value not in values:
            self.addItem(str(value), value)
            values.append(value)
        self.setCurrentIndex(values.index(value))

    def show_mixed(self) -> None:
        """Have nothing chosen, and say why."""
        self.setPlaceholderText(tr("mixed"))
        self.setCurrentIndex(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel for the panel unless the field is being edited."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _announce(self, index: int) -> None:
        self.edited.emit(self.itemData(index))
        self.finished.emit()


class BooleanField(QCheckBox):
    """Yes or no."""

    edited = Signal(object)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self._announce)

    def show_value(self, value: OptionValue) -> None:
        """Show a value, without announcing it."""
        self.setTristate(False)
        self.setChecked(bool(value))

    def show_mixed(self) -> None:
        """Be half checked; the next click checks it for all."""
        self.setCheckState(Qt.CheckState.PartiallyChecked)

    def _announce(self, checked: bool) -> None:
        self.edited.emit(checked)
        self.finished.emit()


def field_for(option: Option) -> QWidget:
    """A new field for an option of a layer; it fulfils `Field`."""
    return _FIELDS[option.kind](option)


def _number_field(option: Option) -> QWidget:
    field = NumberField(option.kind, option.minimum, option.maximum)
    if option.optional:
        field.example = tr("none")
        field.lineEdit().setPlaceholderText(field.example)
    return field


def _shape_field(option: Option) -> QWidget:
    field = TextField(option.kind)
    example = {"shape": "28, 28, 1", "numbers": "0.5, 1"}.get(option.kind, "1, 2")
    field.example = tr("such as {example}").format(example=example)
    field.setPlaceholderText(field.example)
    return field


def _choice_field(option: Option) -> QWidget:
    none: tuple[tuple[str, OptionValue], ...] = ((tr("(none)"), None),) if option.optional else ()
    return ChoiceField((*none, *((choice, choice) for choice in option.choices)))


_FIELDS: dict[Kind, Callable[[Option], QWidget]] = {
    "integer": _number_field,
    "number": _number_field,
    "boolean": lambda option: BooleanField(),
    "choice": _choice_field,
    "text": lambda option: TextField(option.kind),
    "shape": _shape_field,
    "integers": _shape_field,
    "numbers": _shape_field,
}
