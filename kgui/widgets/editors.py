"""Fields for option values: each shows a value, and says what was meant while it is edited.

A field never refuses a keystroke: what it holds may be wrong, and the row that owns it says why.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLineEdit, QWidget

from kgui.compiler.node_types import Kind, Option
from kgui.graph.project import OptionValue
from kgui.language import tr
from kgui.widgets.typed_text import from_text, to_text


class Field(Protocol):
    """What a row needs of a field; every field is a QWidget as well."""

    edited: SignalInstance
    """The user changed it; carries the value meant."""
    finished: SignalInstance
    """The user left it or confirmed."""

    def show_value(self, value: OptionValue) -> None:
        """Show a value of the document, without announcing it."""


class ExportKey(QObject):
    """Leaves Ctrl+E to the window, which exports: Qt would move the cursor to the line's end."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the watched field from taking the keys that the window answers."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.is_for_window(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def is_for_window(self, event: QKeyEvent) -> bool:
        """Whether the window answers this key."""
        pressed = event.keyCombination()
        return pressed == QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_E)


class WindowKeys(ExportKey):
    """Leaves undo and redo as well: a field's own would know nothing of the document."""

    def is_for_window(self, event: QKeyEvent) -> bool:
        """Whether the window answers this key."""
        keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
        return super().is_for_window(event) or any(event.matches(key) for key in keys)


class TextField(QLineEdit):
    """A line of text; also shapes such as "28, 28, 1", which are read from text."""

    edited = Signal(object)
    finished = Signal()

    def __init__(self, kind: Kind = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.textEdited.connect(self._announce)
        self.editingFinished.connect(self.finished)
        self.installEventFilter(WindowKeys(self))

    def show_value(self, value: OptionValue) -> None:
        """Show a value; the cursor stays where it is if the text is right already."""
        if self.text() != (text := to_text(self._kind, value)):
            self.setText(text)

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


class NumberField(QAbstractSpinBox):
    """A number with arrows: Ctrl makes ten steps of one; limits hold the arrows, not the typing."""

    edited = Signal(object)
    finished = Signal()

    def __init__(
        self,
        kind: Kind,
        minimum: float | None = None,
        maximum: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind: Kind = kind
        self._minimum, self._maximum = minimum, maximum
        self.step = 1.0 if kind == "integer" else 0.1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().textEdited.connect(self._announce)
        self.editingFinished.connect(self.finished)
        self.installEventFilter(WindowKeys(self))

    def value(self) -> OptionValue:
        """The number meant, None if empty, or the text that is no number."""
        return from_text(self._kind, self.lineEdit().text())

    def show_value(self, value: OptionValue) -> None:
        """Show a value; the cursor stays where it is if the field means it already."""
        if self.lineEdit().text() != "" and self.value() == value:
            return
        self.lineEdit().setText(to_text(self._kind, value))

    def validate(self, text: str, position: int) -> object:
        """Let every keystroke through: the row explains what is wrong with the whole."""
        return QValidator.State.Acceptable, text, position

    def stepBy(self, steps: int) -> None:
        """Go so many steps up or down, within the limits."""
        value = self.value()
        start = value if isinstance(value, int | float) else (self._minimum or 0)
        step = self.step if self._kind == "integer" else _step_for(float(start), self.step)
        goal = round(self._held(start + steps * step), 10)
        text = to_text(self._kind, int(goal) if self._kind == "integer" else goal)
        self.lineEdit().setText(text)
        self._announce(text)

    def _held(self, value: float) -> float:
        if self._minimum is not None:
            value = max(self._minimum, value)
        return value if self._maximum is None else min(self._maximum, value)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both ways; `stepBy` stops at the limits."""
        flags = QAbstractSpinBox.StepEnabledFlag
        return flags.StepUpEnabled | flags.StepDownEnabled

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel for the panel unless the field is being edited."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _announce(self, text: str) -> None:
        self.edited.emit(from_text(self._kind, text))


def _step_for(value: float, coarse: float) -> float:
    """Steps that fit small numbers: a tenth of 0.01 is 0.001."""
    step = coarse
    while 0 < abs(value) <= step and step > 1e-9:
        step /= 10
    return step


class PercentField(NumberField):
    """A share from 0 to 1, shown and typed in per cent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("number", 0, 99, parent)
        self.step = 5.0

    def value(self) -> OptionValue:
        """The share meant, or the text that is no number."""
        return _share(super().value())

    def show_value(self, value: OptionValue) -> None:
        """Show a share."""
        if self.lineEdit().text() == "" or self.value() != value:
            percent = round(value * 100, 8) if isinstance(value, int | float) else value
            self.lineEdit().setText(to_text("number", percent))

    def stepBy(self, steps: int) -> None:
        """Go so many steps of five per cent up or down."""
        value = NumberField.value(self)
        start = value if isinstance(value, int | float) else 0.0
        text = to_text("number", self._held(start + steps * self.step))
        self.lineEdit().setText(text)
        self._announce(text)

    def _announce(self, text: str) -> None:
        self.edited.emit(_share(from_text("number", text)))


def _share(percent: OptionValue) -> OptionValue:
    return round(percent / 100, 10) if isinstance(percent, int | float) else percent


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
        self.setChecked(bool(value))

    def _announce(self, checked: bool) -> None:
        self.edited.emit(checked)
        self.finished.emit()


def field_for(option: Option) -> QWidget:
    """A new field for an option of a layer; it fulfils `Field`."""
    return _FIELDS[option.kind](option)


def _number_field(option: Option) -> QWidget:
    field = NumberField(option.kind, option.minimum, option.maximum)
    if option.optional:
        field.lineEdit().setPlaceholderText(tr("none"))
    return field


def _shape_field(option: Option) -> QWidget:
    field = TextField(option.kind)
    example = {"shape": "28, 28, 1", "numbers": "0.5, 1"}.get(option.kind, "1, 2")
    field.setPlaceholderText(tr("such as {example}").format(example=example))
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
