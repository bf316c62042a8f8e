"""What the window is given to work with; app.py is the only place that fills it in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

from kgui.compiler.issues import Report
from kgui.compiler.node_types import NodeType
from kgui.data.values import Summary
from kgui.graph.project import DataSettings, OptionValue, Project
from kgui.io.errors import InputError
from kgui.language import tr
from kgui.training.events import BatchProgress


class SummarySource(Protocol):
    """An opened data source, as far as the window looks at it."""

    @property
    def summary(self) -> Summary:
        """The source in a few figures."""


class SampleText(Protocol):
    """A bundled data set: its name in files, and what people call it."""

    @property
    def name(self) -> str:
        """As in "sample:NAME"."""

    @property
    def title(self) -> str:
        """For people, translated."""

    @property
    def description(self) -> str:
        """One sentence, translated."""


class Run(Protocol):
    """A training thread: signals carry the values of kgui.training.events."""

    started_run: SignalInstance
    epoch_ended: SignalInstance
    ended: SignalInstance
    finished: SignalInstance

    def start(self) -> None:
        """Begin, in the background."""

    def stop(self) -> None:
        """Ask it to end after the current batch."""

    def wait(self, milliseconds: int) -> bool:
        """Wait for its end; false if it takes longer."""

    def latest(self) -> BatchProgress | None:
        """The newest progress inside an epoch."""

    @property
    def trained(self) -> Any:
        """The trained model once it has ended, or None."""


@dataclass(frozen=True)
class TrainingChoices:
    """Names that the training settings may hold."""

    optimizers: tuple[str, ...]
    losses: tuple[str, ...]
    metrics: tuple[str, ...]
    with_momentum: tuple[str, ...] = ("sgd",)
    """The optimizers that the setting of the momentum has an effect on."""


class CodeReader(Protocol):
    """What was read in a program."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences about what was left out."""

    def onto(self, project: Project) -> Project:
        """The project with this drawing and these settings."""


def _no_code(project: Project, summary: Summary | None, report: Report) -> str:
    return ""


def _nothing_read(text: str) -> CodeReader:
    raise InputError(tr("Code cannot be read here."))


def _never_code(text: str) -> bool:
    return False


def _no_file(path: Path) -> str:
    return ""


@dataclass(frozen=True)
class CodeServices:
    """Drawings as programs, and back; a program that cannot be read is a KguiError."""

    write: Callable[[Project, Summary | None, Report], str] = _no_code
    read: Callable[[str], CodeReader] = _nothing_read
    is_code: Callable[[str], bool] = _never_code
    """Whether a text looks like such a program."""
    load: Callable[[Path], str] = _no_file
    """The text of a file."""


def _nothing_is_kept(document_id: str) -> bool:
    return False


def _nothing_kept(document_id: str) -> None:
    return None


@dataclass(frozen=True)
class Services:
    """The program beneath the window, as functions."""

    node_types: Mapping[str, NodeType]
    check_option: Callable[[str, str, OptionValue], str]
    check: Callable[[Project, Summary | None], Report]
    samples: Callable[[], Sequence[SampleText]]
    open_source: Callable[[DataSettings, Path | None], SummarySource]
    create_run: Callable[[Project, Path | None], Run]
    load: Callable[[Path], Project]
    save: Callable[[Project, Path, Any], Any]
    """Project, path, what the file is expected to be like (or None) -> what it is like now."""
    fingerprint: Callable[[Path], Any]
    """What a file is like now, to be compared with `==`; None if there is none."""
    export_npz: Callable[[Any, Path], None]
    choices: TrainingChoices
    code: CodeServices = CodeServices()
    has_kept: Callable[[str], bool] = _nothing_is_kept
    """Whether a document, by its id, has a trained model from an earlier session."""
    kept: Callable[[str], Any] = _nothing_kept
    """That model; None if there is none."""
