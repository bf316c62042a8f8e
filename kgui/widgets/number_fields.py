"""Fields for numbers: typed as text, stepped by arrows, keys and wheel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from kgui.compiler.node_types import Kind
from kgui.graph.project import OptionValue
from kgui.language import tr
from kgui.widgets.typed_text import from_text, is_expression, to_text
from kgui.widgets.window_keys import WindowKeys


class NumberField(QAbstractSpinBox):
    """A number with arrows: Shift makes ten steps of one; limits hold the arrows, not typing."""

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
        self.example = ""
        """Stands in the field while it is empty."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().textEdited.connect(self._announce)
        self.editingFinished.connect(self._write_out)
        self.editingFinished.connect(self.finished)
        self.installEventFilter(WindowKeys(self))

    def value(self) -> OptionValue:
        """The number meant, None if empty, or the text that is no number."""
        return from_text(self._kind, self.lineEdit().text())

    def show_value(self, value: OptionValue) -> None:
        """Show a value; the cursor stays where it is if the field means it already."""
        self.lineEdit().setPlaceholderText(self.example)
        if self.lineEdit().text() != "" and self.value() == value:
            return
        self.lineEdit().setText(to_text(self._kind, value))

    def show_mixed(self) -> None:
        """Be empty, and say why."""
        self.lineEdit().clear()
        self.lineEdit().setPlaceholderText(tr("mixed"))

    def validate(self, text: str, position: int) -> object:
        """Let every keystroke through: the row explains what is wrong with the whole."""
        return QValidator.State.Acceptable, text, position

    def stepBy(self, steps: int) -> None:
        """Go so many steps up or down, within the limits."""
        value, steps = self.value(), _with_shift(steps)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's: Shift with an arrow makes ten steps; Qt itself knows only Ctrl for that."""
        arrows = {Qt.Key.Key_Up: 10, Qt.Key.Key_Down: -10}
        steps = arrows.get(Qt.Key(event.key()))
        if steps is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stepBy(steps)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel for the panel unless the field is being edited."""
        if not self.hasFocus():
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            turn = event.angleDelta()
            self.stepBy(10 if turn.y() + turn.x() > 0 else -10)
            event.accept()
        else:
            super().wheelEvent(event)

    def _write_out(self) -> None:
        """In the place of an expression, what it comes to."""
        text = self.lineEdit().text()
        value = from_text(self._kind, text)
        if is_expression(text) and isinstance(value, int | float):
            self.lineEdit().setText(to_text(self._kind, value))

    def _announce(self, text: str) -> None:
        self.edited.emit(from_text(self._kind, text))


def _with_shift(steps: int) -> int:
    """Ten steps for one of the mouse while Shift is held."""
    held = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
    return steps * 10 if held and abs(steps) == 1 else steps


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
        value, steps = NumberField.value(self), _with_shift(steps)
        start = value if isinstance(value, int | float) else 0.0
        text = to_text("number", self._held(start + steps * self.step))
        self.lineEdit().setText(text)
        self._announce(text)

    def _announce(self, text: str) -> None:
        self.edited.emit(_share(from_text("number", text)))


def _share(percent: OptionValue) -> OptionValue:
    return round(percent / 100, 10) if isinstance(percent, int | float) else percent
