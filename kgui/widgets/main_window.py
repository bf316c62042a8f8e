"""The window: menus, toolbar, docks and status bar around a canvas."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from kgui.language import tr
from kgui.widgets.actions import (
    connect_actions,
    create_actions,
    create_toolbar,
    enable_actions,
    entries,
    fill_menus,
    tool_tip,
)
from kgui.widgets.appearance import Appearance
from kgui.widgets.conditions import conditions
from kgui.widgets.dialogs import About
from kgui.widgets.docks import Docks
from kgui.widgets.icons import icon
from kgui.widgets.notices import NoticeBar
from kgui.widgets.recent_menu import RecentMenu
from kgui.widgets.status_line import StatusLine
from kgui.widgets.theme import Theme

if TYPE_CHECKING:
    from kgui.widgets.document import Document
    from kgui.widgets.workbench import Workbench

VERSION = 1
"""Of the arrangement of docks: another number makes saved ones void."""
SIZE = QSize(1280, 800)
LEAST_SIZE = QSize(960, 600)
DATA_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".npz", ".gz"})


class MainWindow(QMainWindow):
    """Shown empty first, so that it is there at once; `furnish` brings in the parts."""

    gone = Signal()
    """It was closed before, and now the last thread that kept the program has ended as well."""

    def __init__(
        self, settings: QSettings, appearance: Appearance, report: Callable[[], str]
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self._report = report
        self._settings, self._appearance = settings, appearance
        self._workbench: Workbench | None = None
        self._asks = True
        self.table = entries()
        self.actions_by_id = create_actions(self, self.table)
        enable_actions(self.actions_by_id, self.table, {})
        self.menus = fill_menus(self.menuBar(), self.actions_by_id, self.table)
        self.recent_menu = RecentMenu(self)
        self.menus["file"].insertMenu(self.actions_by_id["file.save"], self.recent_menu)
        self.toolbar = create_toolbar(self.actions_by_id, self.table)
        self.addToolBar(self.toolbar)
        self.notices = NoticeBar(appearance.theme)
        self._create_centre()
        self.docks = Docks(self, self.menus["view"])
        self.status = StatusLine(self.statusBar())
        self.setAcceptDrops(True)
        self.setMinimumSize(LEAST_SIZE)
        self._restore()
        self._show_title()
        self._dress(appearance.theme)
        appearance.changed.connect(self._dress)

    def _create_centre(self) -> None:
        centre = QWidget()
        self._centre = QVBoxLayout(centre)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.setSpacing(0)
        self._centre.addWidget(self.notices)
        self.setCentralWidget(centre)

    @property
    def workbench(self) -> "Workbench":
        """The parts of the window; only once it is furnished."""
        if self._workbench is None:
            raise RuntimeError("The window is not furnished yet.")
        return self._workbench

    @property
    def document(self) -> "Document":
        """The open document."""
        return self.workbench.document

    def furnish(self, workbench: "Workbench") -> None:
        """Put the parts into their places and bring the actions to life."""
        self._workbench = workbench
        self._centre.addWidget(workbench.canvas, 1)
        self.docks.fill(
            {
                "palette": workbench.palette,
                "inspector": workbench.inspector,
                "data": workbench.data_panel,
                "training": workbench.training_panel,
                "plots": workbench.plots,
                "problems": workbench.problems,
                "code": workbench.code_panel,
            }
        )
        connect_actions(self.actions_by_id, self.table, self, workbench, workbench.canvas)
        self.actions_by_id[f"view.theme_{self._appearance.choice}"].setChecked(True)
        self._follow(workbench)
        workbench.canvas.setFocus()
        self._show_conditions()

    def _follow(self, workbench: "Workbench") -> None:
        workbench.panel_wanted.connect(self.docks.bring_forward)
        workbench.problems.counted.connect(self._count_problems)
        workbench.conditions_changed.connect(self._show_conditions)
        workbench.canvas.refused.connect(self._hint)
        workbench.canvas.zoom_changed.connect(self.status.show_zoom)
        self.status.show_zoom(workbench.canvas.zoom())
        self.recent_menu.follow(workbench.files)
        workbench.training.idle.connect(self._close_if_hidden)
        workbench.data.idle.connect(self._close_if_hidden)

    def close_without_asking(self) -> None:
        """Close because the system asks for it: there is nobody to answer."""
        self._asks = False
        self.close()

    def show_about(self) -> None:
        """Open the window about the program."""
        About(self).show()

    def copy_report(self) -> None:
        """Put the problem report on the clipboard."""
        QGuiApplication.clipboard().setText(self._report())
        self._hint(tr("The problem report is on the clipboard."))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt's: ask what to do with changes, end all threads, remember the arrangement."""
        workbench = self._workbench
        if workbench is not None and self._asks and not workbench.files.may_leave():
            event.ignore()
            return
        self._asks = False
        self._settings.setValue("window/geometry", self.saveGeometry())
        self._settings.setValue("window/state", self.saveState(VERSION))
        if workbench is not None and not workbench.close():
            # A thread must not be destroyed while it runs: the window goes, then the program.
            self.hide()
            event.ignore()
            return
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt's: take one file that means something here."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt's: open the file."""
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.workbench.open_dropped(path)

    def _restore(self) -> None:
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        self.resize(SIZE.boundedTo(screen))
        geometry = self._settings.value("window/geometry", QByteArray(), type=QByteArray)
        state = self._settings.value("window/state", QByteArray(), type=QByteArray)
        if isinstance(geometry, QByteArray) and not geometry.isEmpty():
            self.restoreGeometry(geometry)
        if not isinstance(state, QByteArray) or not self.restoreState(state, VERSION):
            self.docks.arrange()

    def _close_if_hidden(self) -> None:
        if not self._asks and self.isHidden():
            self.close()
            self.gone.emit()

    def _hint(self, text: str) -> None:
        self.statusBar().showMessage(text, 6000)

    def _count_problems(self, count: int) -> None:
        title = tr("Problems ({count})").format(count=count) if count else tr("Problems")
        self.docks.set_title("problems", title)

    def _show_conditions(self) -> None:
        workbench = self.workbench
        enable_actions(self.actions_by_id, self.table, conditions(workbench))
        history = workbench.document.history
        undo, redo = self.actions_by_id["edit.undo"], self.actions_by_id["edit.redo"]
        undo.setText(_named(tr("&Undo"), tr("&Undo {step}"), history.undo_label))
        redo.setText(_named(tr("&Redo"), tr("&Redo {step}"), history.redo_label))
        tip = tool_tip(workbench.shortcuts.entry("train.start"))
        self.actions_by_id["train.start"].setToolTip(workbench.desk.why_not() or tip)
        self._show_title()
        self.status.show_document(self.document)

    def _show_title(self) -> None:
        name = self._workbench.files.name if self._workbench else tr("Untitled")
        self.setWindowTitle(tr("{name}[*] — kgui").format(name=name))
        self.setWindowModified(self._workbench is not None and self.document.is_modified)

    def _dress(self, theme: Theme) -> None:
        self.notices.set_theme(theme)
        faint = theme.border
        inks = {"train.start": theme.success, "train.stop": theme.error}
        for entry in self.table:
            if entry.icon:
                ink = inks.get(entry.id, theme.text)
                self.actions_by_id[entry.id].setIcon(icon(entry.id, ink, faint))


def _named(plain: str, pattern: str, step: str) -> str:
    return pattern.format(step=step.replace("&", "&&")) if step else plain


def _dropped(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    suffixes = {".kgui", ".py", *DATA_SUFFIXES}
    return path if path.suffix.lower() in suffixes or path.is_dir() else None
