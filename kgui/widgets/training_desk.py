"""Whether the network can be trained, the start of a run, and what is said at its end."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from kgui.compiler.issues import Issue, Report
from kgui.graph.project import Project
from kgui.language import tr, trn
from kgui.training.events import RunEnded
from kgui.widgets.data_session import DataSession
from kgui.widgets.document import Document
from kgui.widgets.notices import NoticeBar, Offer
from kgui.widgets.plots import Plots
from kgui.widgets.training_session import TrainingSession


class LastFailure:
    """What the last run failed of; a problem of the drawing as long as that is the same."""

    def __init__(self) -> None:
        self._failure: tuple[Project, RunEnded] | None = None

    def note(self, project: Project | None, event: RunEnded | None) -> None:
        """A run of the project failed; None forgets the last one."""
        self._failure = None if project is None or event is None else (project, event)

    def added_to(self, report: Report, project: Project) -> Report:
        """The report of a project, with the failure where it is about the same drawing."""
        if self._failure is None or self._failure[0].graph is not project.graph:
            return report
        failure = self._failure[1]
        issue = Issue(failure.node_id, "warning", failure.message)
        return Report(report.shapes, report.parameters, (*report.issues, issue))


class TrainingDesk(QObject):
    """Stands between the document with its data and the training session."""

    started = Signal()
    """A run was asked for."""
    node_wanted = Signal(str)
    """Id of the node that the user wants to see."""

    def __init__(
        self,
        document: Document,
        data: DataSession,
        session: TrainingSession,
        plots: Plots,
        notices: NoticeBar,
        failure: LastFailure,
    ) -> None:
        super().__init__(document)
        self._document, self._data, self._session = document, data, session
        self._plots, self._notices = plots, notices
        self._starts_when_ready = False
        self._failure = failure
        self.wrong_field: Callable[[], str] = str
        """Label of a field whose value was not accepted; "" if there is none."""
        progress = plots.progress
        session.started.connect(progress.start)
        session.progressed.connect(progress.show_batch)
        session.epoch_ended.connect(progress.end_epoch)
        session.epoch_ended.connect(plots.end_epoch)
        session.ended.connect(progress.end)
        session.ended.connect(self._tell_end)
        data.changed.connect(self._start_if_ready)

    @property
    def can_train(self) -> bool:
        """Whether a run can be asked for; while data are being read it begins when they are."""
        waits = self._data.state == "reading" and not self._document.report.errors
        return not self._session.is_running and (waits or not self.why_not())

    def why_not(self) -> str:
        """What has to be done first, in a sentence; "" if nothing, or while a run goes on."""
        if self._session.is_running:
            return ""
        if not self._document.project.graph.nodes:
            return tr("Draw a network first: drag layers from the left onto the canvas.")
        if self._data.state == "none":
            return tr("Choose the data to train on first.")
        if errors := len(self._document.report.errors):
            text = trn("Mend the problem first.", "Mend the {count} problems first.", errors)
            return text.format(count=errors)
        reasons = {
            "waiting": tr("Load the data first."),
            "reading": tr("The data are being read."),
            "failed": self._data.message,
        }
        return reasons.get(self._data.state, "")

    def train(self) -> None:
        """Start a run, as soon as the data are read."""
        if self._session.is_running:
            return
        if not self.can_train:
            self._notices.tell(self.why_not(), "warning")
            return
        if field := self.wrong_field():
            text = tr("{field} holds a value that was not accepted; correct it first.")
            self._notices.tell(text.format(field=field), "warning")
            return
        self._plots.clear()
        self._plots.progress.prepare()
        self.started.emit()
        if self._data.state == "reading":
            self._starts_when_ready = True
        else:
            self._failure.note(None, None)
            self._document.recheck()
            self._session.start(self._document.project, self._data.folder)

    def forget(self) -> None:
        """Another document is open: its curves, its model and its failure are not these."""
        self._failure.note(None, None)
        self._starts_when_ready = False
        self._session.forget()
        self._plots.clear()
        self._plots.progress.clear()

    def _start_if_ready(self) -> None:
        if not self._starts_when_ready or self._data.state == "reading":
            return
        self._starts_when_ready = False
        self._plots.progress.clear()
        self.train()

    def _tell_end(self, event: RunEnded) -> None:
        if event.outcome != "failed":
            return
        self._failure.note(self._session.project, event)
        self._document.recheck()
        known = {node.id for node in self._document.project.graph.nodes}
        if event.node_id in known:
            show = partial(self.node_wanted.emit, event.node_id)
            self._notices.tell(event.message, "error", Offer(tr("Show the layer"), show))
        else:
            self._notices.tell(event.message, "error")
