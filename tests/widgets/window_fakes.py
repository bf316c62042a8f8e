"""The program beneath the window, played by small stand-ins that a test can hold on to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import msgspec
from PySide6.QtCore import QObject, QSettings, Signal
from window_layers import NODE_TYPES, check, check_option

from kgui.data.values import Summary, Target
from kgui.graph import edits
from kgui.graph.project import DataSettings, OptionValue, Project, Wire
from kgui.io.errors import InputError, OutputError
from kgui.training.events import BatchProgress, EpochEnded, RunEnded, RunStarted
from kgui.widgets.appearance import Appearance
from kgui.widgets.main_window import MainWindow
from kgui.widgets.questions import Answer, Questions
from kgui.widgets.services import Services, TrainingChoices
from kgui.widgets.workbench import Workbench


@dataclass(frozen=True)
class Sample:
    name: str
    title: str
    description: str


@dataclass(frozen=True)
class Source:
    summary: Summary


@dataclass
class Sources:
    """Opens everything at once, or when `gate` is set; remembers what was asked of it."""

    asked: list[str] = field(default_factory=list)
    gate: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def open(self, settings: DataSettings, folder: Path | None) -> Source:
        self.asked.append(settings.source)
        if not self.gate.wait(10):
            raise TimeoutError
        if "broken" in settings.source:
            raise InputError(f"{settings.source}: row 3 has 2 fields, the header has 5.")
        target = Target(settings.target or "species", "classes", ("setosa", "virginica"))
        note = "2 rows with missing values are left out."
        return Source(Summary(settings.source, 150, {"x": (784,)}, target, (note,)))


class Run(QObject):
    """A run that does what the test says, in the thread of the test."""

    started_run = Signal(object)
    epoch_ended = Signal(object)
    ended = Signal(object)
    finished = Signal()

    def __init__(self, project: Project, folder: Path | None) -> None:
        super().__init__()
        self.project, self.folder = project, folder
        self.trained: object = None
        self.progress: BatchProgress | None = None
        self.is_started = self.is_stopped = self.is_slow = False

    def start(self) -> None:
        self.is_started = True
        self.started_run.emit(RunStarted(self.project.training.epochs, 10, 100))

    def stop(self) -> None:
        self.is_stopped = True

    def wait(self, milliseconds: int) -> bool:
        return milliseconds > 0 and not self.is_slow

    def latest(self) -> BatchProgress | None:
        return self.progress

    def epoch(self, number: int, **logs: float) -> None:
        self.epoch_ended.emit(EpochEnded(number, logs))

    def end(self, event: RunEnded) -> None:
        self.trained = "a trained model" if event.outcome != "failed" else None
        self.ended.emit(event)
        self.finished.emit()


class NoQuestions(Questions):
    """Answers that a test sets beforehand; `asked` says which questions came up."""

    def __init__(self, parent: MainWindow) -> None:
        super().__init__(parent)
        self.asked: list[str] = []
        self.answer: Answer = "discard"
        self.overwrite = False
        self.path: Path | None = None

    def save_changes(self, name: str) -> Answer:
        self.asked.append(f"save {name}")
        return self.answer

    def overwrite_changed(self, name: str) -> bool:
        self.asked.append(f"overwrite {name}")
        return self.overwrite

    def document_to_open(self, folder: Path) -> Path | None:
        return self._path("open")

    def document_to_save(self, proposal: Path) -> Path | None:
        return self._path("save as")

    def model_to_export(self, proposal: Path) -> Path | None:
        return self._path("export")

    def data_file(self, folder: Path) -> Path | None:
        return self._path("data")

    def data_folder(self, folder: Path) -> Path | None:
        return self._path("data folder")

    def _path(self, question: str) -> Path | None:
        self.asked.append(question)
        return self.path


@dataclass
class World:
    """A window over stand-ins, and the stand-ins."""

    window: MainWindow
    questions: NoQuestions
    sources: Sources
    runs: list[Run]
    exported: list[Path]
    settings: QSettings

    @property
    def workbench(self) -> Workbench:
        return self.window.workbench

    @property
    def project(self) -> Project:
        return self.window.document.project

    def trigger(self, name: str) -> None:
        """Do what a menu entry does."""
        self.window.actions_by_id[name].trigger()

    def draw(self, *nodes: tuple[str, dict[str, OptionValue]]) -> list[str]:
        """Nodes in a row, each wired to the one before; their ids."""
        project = self.project
        ids: list[str] = []
        for place, (type_name, options) in enumerate(nodes):
            node = edits.new_node(project, type_name, (250.0 * place, 0.0), options)
            project = edits.add_node(project, node)
            if ids:
                project = edits.connect(project, Wire(ids[-1], 0, node.id, 0))
            ids.append(node.id)
        self.window.document.apply("Draw", project)
        return ids

    def select(self, *node_ids: str) -> None:
        self.workbench.scene.select(node_ids)


def load(path: Path) -> Project:
    """A project from plain JSON."""
    if not path.exists():
        raise OutputError(f"There is no file {path.name}.")
    try:
        return msgspec.json.decode(path.read_bytes(), type=Project)
    except msgspec.MsgspecError:
        raise InputError(f"{path.name} is not a kgui document.") from None


def save(project: Project, path: Path, expected: str | None) -> str | None:
    """A project to plain JSON; a folder called "full" is a full disk."""
    assert expected is None or expected == fingerprint(path)
    if path.parent.name == "full":
        raise OutputError(f"Could not save {path.name}: the disk is full.")
    path.write_bytes(msgspec.json.encode(project))
    return fingerprint(path)


def fingerprint(path: Path) -> str | None:
    """The content itself."""
    return path.read_text() if path.exists() else None


def build_world(folder: Path, samples: Iterable[Sample] = ()) -> World:
    """A shown, furnished window; settings live in the folder."""
    settings = QSettings(str(folder / "kgui.ini"), QSettings.Format.IniFormat)
    appearance = Appearance(settings)
    window = MainWindow(settings, appearance, lambda: "the report")
    settings.setParent(window)
    appearance.setParent(window)
    appearance.use_light()
    sources, runs, exported = Sources(), [], []

    def create_run(project: Project, place: Path | None) -> Run:
        runs.append(Run(project, place))
        return runs[-1]

    def export(trained: object, path: Path) -> None:
        path.write_text(json.dumps(str(trained)))
        exported.append(path)

    services = Services(
        node_types=NODE_TYPES,
        check_option=check_option,
        check=check,
        samples=lambda: (
            tuple(samples)
            or (Sample("iris", "Iris", "150 flowers."), Sample("mnist", "MNIST", "Digits."))
        ),
        open_source=sources.open,
        create_run=create_run,
        load=load,
        save=save,
        fingerprint=fingerprint,
        export_npz=export,
        choices=TrainingChoices(
            ("adam", "sgd", "rmsprop", "lion"), ("mse",), ("accuracy",), ("sgd", "rmsprop")
        ),
    )
    questions = NoQuestions(window)
    window.furnish(
        Workbench(services, appearance, settings, window.notices, questions, window.actions_by_id)
    )
    window.show()
    return World(window, questions, sources, runs, exported, settings)
