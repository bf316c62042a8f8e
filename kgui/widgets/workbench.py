"""The parts of one window and how they work together; the window itself only holds them."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction

from kgui.compiler.issues import Report
from kgui.graph.project import Project
from kgui.widgets.appearance import Appearance
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.clipboard import Clipboard
from kgui.widgets.data_panel import DataPanel
from kgui.widgets.data_session import DataSession
from kgui.widgets.document import Document
from kgui.widgets.files import Files
from kgui.widgets.inspector import Inspector
from kgui.widgets.notices import NoticeBar
from kgui.widgets.palette import Palette
from kgui.widgets.plots import Plots
from kgui.widgets.problems import Problems
from kgui.widgets.questions import Questions
from kgui.widgets.services import Services
from kgui.widgets.theme import Theme
from kgui.widgets.training_desk import TrainingDesk
from kgui.widgets.training_panel import TrainingPanel
from kgui.widgets.training_session import TrainingSession


class Workbench(QObject):
    """Document, canvas, panels and sessions, joined by their signals."""

    conditions_changed = Signal()
    """What actions may do now has changed."""
    panel_wanted = Signal(str)
    """Name of the panel that should be in front."""

    def __init__(
        self,
        services: Services,
        appearance: Appearance,
        settings: QSettings,
        notices: NoticeBar,
        questions: Questions,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(notices)
        self._services, self.appearance, self.notices = services, appearance, notices
        self.desk: TrainingDesk | None = None
        self.document = Document(Project(), self._check, self)
        self.data = DataSession(self.document, services.open_source)
        self.training = TrainingSession(services.create_run, self)
        self.files = Files(
            self.document, services, questions, settings, notices.tell, self._trained
        )
        self._create_canvas(services, appearance.theme)
        self._create_panels(services, appearance.theme, actions)
        self.desk = TrainingDesk(self.document, self.data, self.training, self.plots, notices)
        self._connect_parts(self.desk)
        self._connect_conditions()
        self.data.start()

    def _create_canvas(self, services: Services, theme: Theme) -> None:
        self.scene = CanvasScene(self.document, services.node_types, theme)
        self.canvas = CanvasView(self.scene)
        self.palette = Palette(services.node_types, theme)
        self.clipboard = Clipboard(self.document, self.scene, self._warn)

    def _create_panels(
        self, services: Services, theme: Theme, actions: Mapping[str, QAction]
    ) -> None:
        document = self.document
        self.inspector = Inspector(document, services.node_types, services.check_option, theme)
        self.problems = Problems(self._node_name, theme)
        self.data_panel = DataPanel(document, self.data, services.samples(), theme)
        start, stop = actions["train.start"], actions["train.stop"]
        self.training_panel = TrainingPanel(document, services.choices, start, stop, theme)
        self.plots = Plots(theme)

    def _connect_parts(self, desk: TrainingDesk) -> None:
        self.palette.node_requested.connect(self.canvas.append_node)
        self.canvas.selection_changed.connect(self._show_selection)
        self.canvas.node_activated.connect(self._edit_node)
        self.problems.chosen.connect(self.canvas.reveal)
        desk.node_wanted.connect(self.canvas.reveal)
        desk.started.connect(self._show_plots)
        self.data_panel.file_wanted.connect(self.open_data_file)
        self.data_panel.folder_wanted.connect(self.open_data_folder)
        self.files.opened.connect(self._forget)
        self.document.changed.connect(self._fit_new)
        self.document.report_changed.connect(self._show_problems)
        self.training.running_changed.connect(self.training_panel.show_running)
        self.appearance.changed.connect(self._dress)

    def _connect_conditions(self) -> None:
        for signal in (
            self.document.history_changed,
            self.document.report_changed,
            self.canvas.selection_changed,
            self.data.changed,
            self.training.running_changed,
        ):
            signal.connect(self._renew_conditions)

    def conditions(self) -> dict[str, bool]:
        """What holds now, by the names used in the table of actions."""
        history, selected = self.document.history, self.canvas.selected_node_ids()
        running = self.training.is_running
        return {
            "can_undo": history.can_undo,
            "can_redo": history.can_redo,
            "has_nodes": bool(self.document.project.graph.nodes),
            "has_selection": bool(selected or self.scene.selected_wires()),
            "has_nodes_selected": bool(selected),
            "has_one_selected": len(selected) == 1,
            "has_model": self._trained() is not None and not running,
            "can_train": self.desk is not None and self.desk.can_train,
            "is_training": running,
        }

    def why_not_train(self) -> str:
        """What keeps a run from starting, in a sentence; "" if nothing, or if one goes on."""
        return "" if self.desk is None or self.training.is_running else self.desk.why_not()

    def train(self) -> None:
        """Start a run, or say why that is not possible."""
        if self.desk is not None:
            self.desk.train()

    def rename(self) -> None:
        """Put the cursor into the name of the selected node."""
        self.panel_wanted.emit("inspector")
        self.inspector.edit_name()

    def open_data_file(self) -> None:
        """Ask for a file to train on."""
        if path := self.files.questions.data_file(self.files.folder):
            self.data.choose_path(path.resolve())

    def open_data_folder(self) -> None:
        """Ask for a folder to train on."""
        if path := self.files.questions.data_folder(self.files.folder):
            self.data.choose_path(path.resolve())

    def open_dropped(self, path: Path) -> None:
        """A document is opened, anything else becomes the data."""
        if path.suffix.lower() == ".kgui":
            self.files.open_path(path)
        else:
            self.data.choose_path(path.resolve())
            self.panel_wanted.emit("data")

    def close(self) -> bool:
        """End all threads; false if one needs longer."""
        return self.training.close() and self.data.close()

    def _check(self, project: Project) -> Report:
        report = self._services.check(project, self.data.summary)
        return report if self.desk is None else self.desk.with_failure(project, report)

    def _trained(self) -> object:
        return self.training.trained

    def _node_name(self, node_id: str) -> str:
        names = {node.id: node.name for node in self.document.project.graph.nodes}
        return names.get(node_id, "")

    def _warn(self, text: str) -> None:
        self.notices.tell(text, "warning")

    def _show_problems(self, report: Report) -> None:
        # An empty sheet is no problem: the canvas says how to begin.
        is_empty = not self.document.project.graph.nodes
        self.problems.show_report(Report() if is_empty else report)

    def _show_selection(self) -> None:
        self.inspector.show_nodes(self.canvas.selected_node_ids())

    def _edit_node(self, node_id: str) -> None:
        self.panel_wanted.emit("inspector")
        self.inspector.show_nodes([node_id])

    def _show_plots(self) -> None:
        self.panel_wanted.emit("plots")

    def _forget(self) -> None:
        self.data.forget_choices()
        self.notices.clear()
        if self.desk is not None:
            self.desk.forget()

    def _fit_new(self, before: Project, after: Project) -> None:
        if before.id != after.id:
            self.canvas.fit()

    def _renew_conditions(self) -> None:
        self.training_panel.show_reason(self.why_not_train())
        self.conditions_changed.emit()

    def _dress(self, theme: Theme) -> None:
        panels = (self.inspector, self.problems, self.data_panel, self.training_panel)
        for part in (self.scene, self.palette, *panels, self.plots, self.notices):
            part.set_theme(theme)
