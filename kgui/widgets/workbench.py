"""The parts of one window and how they work together; the window itself only holds them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction

from kgui.compiler.issues import Report
from kgui.graph.blocks import BLOCK, all_nodes
from kgui.graph.project import Project
from kgui.widgets.actions import entries
from kgui.widgets.appearance import Appearance
from kgui.widgets.block_commands import BlockCommands
from kgui.widgets.breadcrumb import Breadcrumb
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.clipboard import Clipboard
from kgui.widgets.code import CodeDesk, CodePanel
from kgui.widgets.command_palette import CommandPalette
from kgui.widgets.context_menus import ContextMenus
from kgui.widgets.data_choice import DataChoice
from kgui.widgets.data_panel import DataPanel
from kgui.widgets.data_session import DataSession
from kgui.widgets.document import Document
from kgui.widgets.files import Files
from kgui.widgets.help_desk import HelpDesk
from kgui.widgets.inspector import Inspector
from kgui.widgets.level import Level
from kgui.widgets.notices import NoticeBar
from kgui.widgets.palette import Palette
from kgui.widgets.plots import Plots
from kgui.widgets.problems import Problems
from kgui.widgets.questions import Questions
from kgui.widgets.recent_layers import RecentLayers
from kgui.widgets.services import Services
from kgui.widgets.shortcuts import Shortcuts
from kgui.widgets.snap_setting import SnapSetting
from kgui.widgets.theme import Theme
from kgui.widgets.training_desk import LastFailure, TrainingDesk
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
        self._failure = LastFailure()
        self.document = Document(Project(), self._check, self)
        self.level = Level(self.document)
        self.data = DataSession(self.document, services.open_source)
        self.training = TrainingSession(services.create_run, self)
        self.files = Files(
            self.document,
            services,
            questions,
            settings,
            notices.tell,
            self._trained,
        )
        self._create_canvas(services, appearance.theme)
        RecentLayers(self.canvas.search, settings)
        SnapSetting(self.scene.snapping, settings, actions["view.snap"])
        self._create_panels(services, appearance.theme, actions)
        self.desk = TrainingDesk(
            self.document, self.data, self.training, self.plots, notices, self._failure
        )
        self.desk.wrong_field = self._wrong_field
        window = notices.window()
        self.shortcuts = Shortcuts(actions, entries(), settings, self)
        self.commands = CommandPalette(window, settings, appearance.theme)
        self.menus = ContextMenus(self.canvas, self.scene, actions)
        self.help = HelpDesk(
            window, self.shortcuts, services.node_types, self._selected_type,
            lambda: appearance.theme,
        )  # fmt: skip
        self._connect_parts(self.desk, DataChoice(self.data, self.files))
        self._connect_conditions()
        self.data.start()

    def _create_canvas(self, services: Services, theme: Theme) -> None:
        self.scene = CanvasScene(self.level, services.node_types, theme)
        self.canvas = CanvasView(self.scene)
        self.blocks = BlockCommands(self.level, self.scene, self.canvas.refused)
        self.breadcrumb = Breadcrumb(self.canvas, self.level, theme)
        self.canvas.editor.suggest = self.data.suggestions
        self.canvas.inline.check = services.check_option
        self.palette = Palette(services.node_types, theme)
        tell = self.notices.tell
        self.code = CodeDesk(
            self.document, self.scene, services.code, lambda: self.data.summary, tell
        )
        self.clipboard = Clipboard(self.level, self.scene, tell, self.code.paste)

    def _create_panels(
        self, services: Services, theme: Theme, actions: Mapping[str, QAction]
    ) -> None:
        document = self.document
        self.inspector = Inspector(self.level, services.node_types, services.check_option, theme)
        self.problems = Problems(self._node_name, theme)
        self.data_panel = DataPanel(document, self.data, services.samples(), theme)
        start, stop = actions["train.start"], actions["train.stop"]
        self.training_panel = TrainingPanel(document, services.choices, start, stop, theme)
        self.plots = Plots(theme)
        self.code_panel = CodePanel(services.node_types, actions, theme)

    def _connect_parts(self, desk: TrainingDesk, choice: DataChoice) -> None:
        self.level.moved.connect(self._show_level)
        self.palette.node_requested.connect(self.canvas.append_node)
        self.canvas.selection_changed.connect(self._show_selection)
        self.canvas.node_activated.connect(self._edit_node)
        self.problems.chosen.connect(self.reveal)
        desk.node_wanted.connect(self.reveal)
        desk.started.connect(partial(self.panel_wanted.emit, "plots"))
        self.data_panel.file_wanted.connect(choice.open_file)
        self.data_panel.folder_wanted.connect(choice.open_folder)
        self.files.opened.connect(self._forget)
        self.code.join(self.code_panel)
        self.code.shown.connect(partial(self.panel_wanted.emit, "code"))
        self.code.drawn.connect(self.canvas.fit)
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
            self.code.edited_changed,
            self.shortcuts.changed,
        ):
            signal.connect(self._renew_conditions)

    @property
    def has_model(self) -> bool:
        """Whether there is a trained model, of this session or of an earlier one."""
        if self.training.trained is not None:
            return True
        return self._services.has_kept(self.document.project.id)

    def _trained(self) -> Any:
        kept = self._services.kept
        return self.training.trained or kept(self.document.project.id)

    def _wrong_field(self) -> str:
        page = self.inspector.page
        pages = (self.training_panel.rows, self.data_panel.rows, page.rows if page else {})
        wrong = [row for rows in pages for row in rows.values() if row.is_wrong]
        return wrong[0].label.text() if wrong else ""

    def reveal(self, node_id: str) -> None:
        """Show a node, on whichever level it is."""
        self.level.go_to_node(node_id)
        self.canvas.reveal(node_id)

    def enter_block(self) -> None:
        """Show what the selected block holds."""
        self.level.enter(*self.canvas.selected_node_ids())

    def leave_block(self) -> None:
        """Show the level that the block is on, with the block selected."""
        blocks = self.level.blocks
        self.level.leave()
        if blocks:
            self.scene.select(blocks[-1:])

    def _show_level(self) -> None:
        self.palette.show_types(inside=bool(self.level.blocks))
        self.breadcrumb.show_level()
        self.canvas.fit()
        self._renew_conditions()

    def rename(self) -> None:
        """Edit the name of the selected node, or the title of the frame, where it is."""
        if self.canvas.remarks.edit_selected():
            return
        self.canvas.renaming.open_selected()

    def open_dropped(self, path: Path) -> None:
        """A document is opened, a program is drawn, anything else becomes the data."""
        if path.suffix.lower() == ".kgui":
            self.files.open_path(path)
        elif path.suffix.lower() == ".py":
            self.code.open_path(path)
        else:
            self.data.choose_path(path.resolve())
            self.panel_wanted.emit("data")

    def open_code(self) -> None:
        """Ask for a program and draw it."""
        self.code.open(self.files.questions, self.files.folder)

    def close(self) -> bool:
        """End all threads; false if one needs longer."""
        return self.training.close() and self.data.close()

    def _check(self, project: Project) -> Report:
        report = self._services.check(project, self.data.summary)
        return self._failure.added_to(report, project)

    def _selected_type(self) -> str:
        node_ids = self.canvas.selected_node_ids()
        return self.level.project.graph.node(node_ids[0]).type if len(node_ids) == 1 else ""

    def _node_name(self, node_id: str) -> str:
        nodes = self.document.project.graph.nodes
        return next((node.name for _, node in all_nodes(nodes) if node.id == node_id), "")

    def _show_problems(self, report: Report) -> None:
        # An empty sheet is no problem: the canvas says how to begin.
        is_empty = not self.document.project.graph.nodes
        self.problems.show_report(Report() if is_empty else report)

    def _show_selection(self) -> None:
        self.inspector.show_nodes(self.canvas.selected_node_ids())

    def _edit_node(self, node_id: str) -> None:
        """Go into a block, show the options of a layer."""
        if self.level.project.graph.node(node_id).type == BLOCK:
            self.level.enter(node_id)
            return
        self.panel_wanted.emit("inspector")
        self.inspector.show_nodes([node_id])

    def _forget(self) -> None:
        self.data.forget_choices()
        self.notices.clear()
        self.code.revert()
        self.desk.forget()

    def _fit_new(self, before: Project, after: Project) -> None:
        if before.id != after.id:
            self.canvas.fit()

    def _renew_conditions(self) -> None:
        self.training_panel.show_reason(self.desk.why_not())
        self.conditions_changed.emit()

    def _dress(self, theme: Theme) -> None:
        panels = (
            self.inspector, self.problems, self.data_panel, self.training_panel, self.code_panel,
        )  # fmt: skip
        for part in (self.scene, self.breadcrumb, self.palette, *panels, self.plots, self.notices):
            part.set_theme(theme)
        self.commands.box.dress(theme)
