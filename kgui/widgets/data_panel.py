"""The data of the document: which source, how it is divided, and what it holds."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kgui.data.values import Summary
from kgui.graph import edits
from kgui.graph.project import OptionValue, Project
from kgui.language import tr, trn
from kgui.widgets.data_session import SAMPLE, DataSession
from kgui.widgets.document import Document
from kgui.widgets.editors import ChoiceField, PatientTextField
from kgui.widgets.labels import muted, plain_label
from kgui.widgets.number_fields import PercentField
from kgui.widgets.rows import Apply, Row
from kgui.widgets.services import SampleText
from kgui.widgets.theme import Theme

MOST_CLASSES = 10
"""Class names listed before the rest is only counted."""


class DataPanel(QScrollArea):
    """Everything here is a step of the document's history."""

    file_wanted = Signal()
    """The user wants to choose a file."""
    folder_wanted = Signal()

    def __init__(
        self,
        document: Document,
        session: DataSession,
        samples: Sequence[SampleText],
        theme: Theme,
    ) -> None:
        super().__init__()
        self.setObjectName("data")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._document, self._session, self._theme = document, session, theme
        self.sample = self._sample_box(samples)
        self.open_file = _button("data.open", tr("Open file…"), self.file_wanted)
        self.open_file.setToolTip(tr("A table (CSV), NumPy arrays (NPZ) or IDX images"))
        self.open_folder = _button("data.open_folder", tr("Open folder…"), self.folder_wanted)
        self.open_folder.setToolTip(tr("A folder that holds IDX files, such as MNIST"))
        self.load = QPushButton(tr("Load"))
        self.load.setObjectName("data.load")
        self.load.clicked.connect(session.load)
        self.source = plain_label("")
        self.state = plain_label("")
        self.state.setObjectName("data.state")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notes = plain_label("")
        self.notes.setObjectName("data.notes")
        self.rows = self._setting_rows()
        self._arrange()
        document.changed.connect(self._follow)
        session.changed.connect(self._show_session)
        self._show_settings(document.project)
        self._show_session()
        self.set_theme(theme)

    def _sample_box(self, samples: Sequence[SampleText]) -> QComboBox:
        box = QComboBox()
        box.setObjectName("data.sample")
        box.setAccessibleName(tr("Bundled sample"))
        box.setPlaceholderText(tr("Choose a sample…"))
        for sample in samples:
            box.addItem(sample.title, SAMPLE + sample.name)
            box.setItemData(box.count() - 1, sample.description, Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(-1)
        box.activated.connect(self._choose_sample)
        return box

    def _setting_rows(self) -> dict[str, Row]:
        target = PatientTextField()
        target.setPlaceholderText(tr("automatic"))
        missing = ChoiceField(
            ((tr("leave out the row"), "drop"), (tr("refuse to train"), "refuse"))
        )
        scaling = ChoiceField(((tr("automatic"), "auto"), (tr("none"), "none")))
        fields: tuple[tuple[str, str, QWidget, str], ...] = (
            ("target", tr("Target column"), target,
             tr("What to predict; automatic takes the last column")),
            ("validation", tr("Validation, %"), PercentField(),
             tr("Rows held out to judge every epoch")),
            ("test", tr("Test, %"), PercentField(),
             tr("Rows held out to judge the finished model")),
            ("missing", tr("Missing values"), missing, tr("What happens to incomplete rows")),
            ("scaling", tr("Scaling"), scaling,
             tr("Automatic: standardise columns, divide pixels by 255")),
        )  # fmt: skip
        rows = {}
        for name, label, field, tip in fields:
            field.setObjectName(f"data.{name}")
            rows[name] = Row(label, field, partial(self._check, name), self._set(name), help=tip)
        return rows

    def _set(self, name: str) -> Apply:
        def apply(value: OptionValue, burst: str) -> None:
            label = tr("Change the data settings")
            self._document.apply(label, self._with(name, value), burst)

        return apply

    def _with(self, name: str, value: OptionValue) -> Project:
        return edits.set_data(self._document.project, **{name: value})

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
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_file)
        buttons.addWidget(self.open_folder)
        layout.addWidget(self.sample)
        layout.addLayout(buttons)
        for widget in (self.source, self.state, self.load, self.notes):
            layout.addWidget(widget)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        layout.addWidget(line)
        for row in self.rows.values():
            layout.addWidget(row)
        layout.addStretch(1)
        self.setWidget(content)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        muted(self.source, theme)
        for row in self.rows.values():
            row.show_theme(theme)
        self._show_session()

    def _choose_sample(self, index: int) -> None:
        self._session.choose(self.sample.itemData(index))

    def _follow(self, before: Project, after: Project) -> None:
        if before.data != after.data:
            self._show_settings(after)

    def _show_settings(self, project: Project) -> None:
        data = project.data
        for name, row in self.rows.items():
            row.show_value(getattr(data, name), changed=False)
        sources = [self.sample.itemData(index) for index in range(self.sample.count())]
        self.sample.setCurrentIndex(sources.index(data.source) if data.source in sources else -1)
        is_file = bool(data.source) and data.source not in sources
        self.source.setText(tr("File: {path}").format(path=data.source) if is_file else "")
        self.source.setVisible(is_file)

    def _show_session(self) -> None:
        session = self._session
        texts = {
            "none": tr("No data yet: choose a sample or open a file."),
            "waiting": tr("Not loaded. Files named in a document are opened only when you ask."),
            "reading": tr("Reading…"),
            "ready": summary_text(session.summary, self.sample.currentText())
            if session.summary
            else "",
            "failed": session.message,
        }
        self.state.setText(texts[session.state])
        palette = self.state.palette()
        failed = session.state == "failed"
        ink = self._theme.error if failed else self._theme.text
        palette.setColor(self.state.foregroundRole(), ink)
        self.state.setPalette(palette)
        self.load.setText(tr("Try again") if failed else tr("Load"))
        self.load.setVisible(session.state in ("waiting", "failed"))
        notes = session.summary.notes if session.summary else ()
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))


def summary_text(summary: Summary, title: str = "") -> str:
    """A source in a few lines: title (its own unless one is given), rows, shapes, target."""
    rows = trn("{count} row", "{count} rows", summary.rows).format(count=f"{summary.rows:,}")
    lines = [f"{title or summary.title}: {rows}"]
    for name, shape in summary.input_shapes.items():
        lines.append(tr("Input {name}: {shape}").format(name=name, shape=str(tuple(shape))))
    target = summary.target
    if target.kind == "classes":
        count = len(target.classes)
        text = trn("Target {name}: {count} class", "Target {name}: {count} classes", count)
        lines.append(text.format(name=target.name, count=count))
        lines.append(_listed(target.classes))
    else:
        text = trn("Target {name}: a number", "Target {name}: {count} numbers", target.width)
        lines.append(text.format(name=target.name, count=target.width))
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_CLASSES])
    return f"{shown}, …" if len(names) > MOST_CLASSES else shown


def _button(name: str, text: str, clicked: SignalInstance) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.clicked.connect(clicked)
    return button
