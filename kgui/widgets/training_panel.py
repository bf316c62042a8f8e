"""How the network is trained: the settings of the document, and the button that starts."""

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from kgui.graph import edits
from kgui.graph.project import OptionValue, Project
from kgui.language import tr
from kgui.widgets.action_button import ActionButton
from kgui.widgets.document import Document
from kgui.widgets.editors import ChoiceField
from kgui.widgets.labels import muted, plain_label
from kgui.widgets.number_fields import NumberField
from kgui.widgets.rows import Apply, Row
from kgui.widgets.services import TrainingChoices
from kgui.widgets.theme import Theme

Fields = tuple[tuple[str, str, QWidget, str], ...]


class TrainingPanel(QScrollArea):
    """Everything here is a step of the document's history, and applies to the next run."""

    def __init__(
        self,
        document: Document,
        choices: TrainingChoices,
        start: QAction,
        stop: QAction,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.setObjectName("training")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._document, self._start, self._stop = document, start, stop
        self._with_momentum = choices.with_momentum
        self.button = ActionButton(start, theme)
        self.button.setObjectName("training.button")
        self.state = plain_label("")
        self.state.setObjectName("training.state")
        self.rows = self._setting_rows(choices)
        self._arrange()
        document.changed.connect(self._follow)
        self._show_settings(document.project)
        self.show_running(False)
        self.set_theme(theme)

    def _setting_rows(self, choices: TrainingChoices) -> dict[str, Row]:
        rows = {}
        for name, label, field, tip in (*_learning_fields(choices), *_run_fields()):
            field.setObjectName(f"training.{name}")
            rows[name] = Row(label, field, partial(self._check, name), self._set(name), help=tip)
        return rows

    def _set(self, name: str) -> Apply:
        def apply(value: OptionValue, burst: str) -> None:
            label = tr("Change the training settings")
            self._document.apply(label, self._with(name, value), burst)

        return apply

    def _with(self, name: str, value: OptionValue) -> Project:
        setting = () if value is None else (value,)
        changes = {name: setting if name == "metrics" else value}
        return edits.set_training(self._document.project, **changes)

    def _check(self, name: str, value: OptionValue) -> str:
        try:
            self._with(name, value)
        except ValueError as error:
            return str(error)
        return ""

    def _arrange(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.button)
        layout.addWidget(self.state)
        for row in self.rows.values():
            layout.addWidget(row)
        layout.addStretch(1)
        self.setWidget(content)

    def show_running(self, running: bool) -> None:
        """The big button does what can be done now."""
        self.button.set_action(self._stop if running else self._start)

    def show_reason(self, sentence: str) -> None:
        """Why training cannot start; "" if it can."""
        self.state.setText(sentence)
        self.state.setVisible(bool(sentence))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        muted(self.state, theme)
        self.button.set_theme(theme)
        for row in self.rows.values():
            row.show_theme(theme)

    def _follow(self, before: Project, after: Project) -> None:
        if before.training != after.training:
            self._show_settings(after)

    def _show_settings(self, project: Project) -> None:
        training = project.training
        for name, row in self.rows.items():
            value = getattr(training, name)
            if name == "metrics":
                value = value[0] if value else None
            row.show_value(value, changed=False)
        self.rows["momentum"].setVisible(training.optimizer in self._with_momentum)


def _learning_fields(choices: TrainingChoices) -> Fields:
    automatic: tuple[tuple[str, OptionValue], ...] = ((tr("automatic"), "auto"),)
    none: tuple[tuple[str, OptionValue], ...] = ((tr("(none)"), None),)
    rate = NumberField("number", 0, None)
    rate.step = 0.01
    rate.lineEdit().setPlaceholderText(tr("automatic"))
    return (
        ("epochs", tr("Epochs"), NumberField("integer", 1), tr("Times the data is gone through")),
        ("batch_size", tr("Batch size"), NumberField("integer", 1),
         tr("Rows in one step of training")),
        ("optimizer", tr("Optimizer"), ChoiceField(_plain(choices.optimizers)),
         tr("How the weights are moved")),
        ("learning_rate", tr("Learning rate"), rate, tr("How far the weights move in a step")),
        ("momentum", tr("Momentum"), NumberField("number", 0, 1),
         tr("How much of the last step is kept")),
        ("loss", tr("Loss"), ChoiceField((*automatic, *_plain(choices.losses))),
         tr("What training makes small; automatic fits the target")),
        ("metrics", tr("Metric"), ChoiceField((*automatic, *none, *_plain(choices.metrics))),
         tr("What is reported beside the loss")),
    )  # fmt: skip


def _run_fields() -> Fields:
    patience = NumberField("integer", 0)
    patience.lineEdit().setPlaceholderText(tr("never"))
    return (
        ("patience", tr("Stop early after"), patience,
         tr("Epochs without improvement before training stops by itself")),
        ("seed", tr("Seed"), NumberField("integer", 0, 2**32 - 1),
         tr("The same seed gives the same result")),
    )  # fmt: skip


def _plain(names: tuple[str, ...]) -> tuple[tuple[str, OptionValue], ...]:
    return tuple((name, name) for name in names)
