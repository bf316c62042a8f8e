"""The program: a window, or with a sub-command the same work without one. The only composer.

Imports stand inside functions so that sub-commands run without Qt, and so that the window is
painted before numpy and the engine are imported, which takes longer than Qt itself.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kgui.faults import FaultLog, install, state_folder, watch_crashes
from kgui.language import language, tr

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from kgui.widgets.appearance import Appearance
    from kgui.widgets.main_window import MainWindow
    from kgui.widgets.services import Services

NO_DISPLAY = 5
"""Exit code where there is no screen to show a window on."""


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, or run a sub-command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    opens_window = not arguments or (len(arguments) == 1 and arguments[0].endswith(".kgui"))
    if not opens_window:
        from kgui import cli

        return cli.main(arguments)
    if not _has_display():
        sentence = tr("There is no display to open a window on; see: kgui --help")
        sys.stderr.write(f"{sentence}\n")
        return NO_DISPLAY
    return _run_window(Path(arguments[0]) if arguments else None)


def _has_display() -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def _run_window(path: Path | None) -> int:
    from PySide6.QtCore import QLocale, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    log = FaultLog(state_folder())
    undo = install(log)
    watch_crashes(log.folder)
    qInstallMessageHandler(lambda _kind, _context, text: log.message(text or ""))
    application = QApplication(sys.argv[:1])
    application.setApplicationName("kgui")
    application.setDesktopFileName("kgui")
    language.use(QLocale.system().name())
    _translate_qt(application)
    window = create_window(path, log)
    window.gone.connect(application.quit)
    stop_listening = _close_on_signals(window.close_without_asking, application)
    try:
        return application.exec()
    finally:
        stop_listening()
        log.listen(None)
        qInstallMessageHandler(None)
        undo()
        log.close()


def _translate_qt(application: "QApplication") -> None:
    """Let Qt's own texts, such as those of its file dialogs, follow the system's language."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale.system(), "qtbase", "_", folder):
        application.installTranslator(translator)


def create_window(path: str | Path | None = None, log: FaultLog | None = None) -> "MainWindow":
    """The main window, shown, inside an existing QApplication; with the document at a path."""
    from PySide6.QtCore import QEventLoop, QSettings
    from PySide6.QtWidgets import QApplication

    from kgui.widgets.appearance import Appearance
    from kgui.widgets.fault_notice import FaultNotice
    from kgui.widgets.main_window import MainWindow

    faults = log if log is not None else FaultLog(state_folder())
    settings = QSettings(str(_settings_file()), QSettings.Format.IniFormat)
    appearance = Appearance(settings)
    appearance.apply()
    window = MainWindow(settings, appearance, faults.report)
    settings.setParent(window)
    appearance.setParent(window)
    window.show()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    _furnish(window, settings, appearance)
    faults.listen(FaultNotice(window.notices, faults.report).hear)
    if path is not None:
        window.workbench.files.open_path(Path(path))
    return window


def _furnish(window: "MainWindow", settings: "QSettings", appearance: "Appearance") -> None:
    from PySide6.QtCore import QTimer

    from kgui.widgets.questions import Questions
    from kgui.widgets.workbench import Workbench

    workbench = Workbench(
        services(), appearance, settings, window.notices, Questions(window), window.actions_by_id
    )
    window.furnish(workbench)
    QTimer.singleShot(300, workbench.plots.prepare)


def _settings_file() -> Path:
    """kgui.ini in the folder for settings of this system."""
    from PySide6.QtCore import QStandardPaths

    if base := os.environ.get("XDG_CONFIG_HOME"):
        return Path(base) / "kgui" / "kgui.ini"
    location = QStandardPaths.StandardLocation.GenericConfigLocation
    return Path(QStandardPaths.writableLocation(location)) / "kgui" / "kgui.ini"


def services() -> "Services":
    """The program beneath the window."""
    from kgui.compiler.catalog import check_option, node_types
    from kgui.compiler.checker import check
    from kgui.compiler.objective import LOSSES, METRICS, OPTIMIZERS, takes_momentum
    from kgui.data import open_source, samples
    from kgui.graph import load, save
    from kgui.interchange.code import code_of, is_code, load_code, read_code
    from kgui.interchange.npz import export_npz
    from kgui.io.atomic_write import fingerprint
    from kgui.training.keeping import has_kept, kept
    from kgui.training.thread import TrainingThread
    from kgui.widgets.services import CodeServices, Services, TrainingChoices

    return Services(
        node_types=node_types(),
        check_option=check_option,
        check=check,
        samples=samples,
        open_source=open_source,
        create_run=TrainingThread,
        load=load,
        save=lambda project, path, expected: save(project, path, expected=expected),
        fingerprint=fingerprint,
        export_npz=export_npz,
        choices=TrainingChoices(
            OPTIMIZERS, tuple(LOSSES), METRICS, tuple(filter(takes_momentum, OPTIMIZERS))
        ),
        code=CodeServices(
            write=lambda project, summary, report: code_of(
                project, summary.target if summary is not None else None, report
            ),
            read=read_code,
            is_code=is_code,
            load=load_code,
        ),
        has_kept=has_kept,
        kept=kept,
    )


def _close_on_signals(close: Callable[[], None], application: "QApplication") -> Callable[[], None]:
    """Close the window on SIGTERM, SIGINT and SIGHUP; returns what undoes it."""
    from PySide6.QtCore import QSocketNotifier

    # A Python handler runs only when Python runs; the socket wakes Qt's loop up for it.
    receiving, sending = socket.socketpair()
    for end in (receiving, sending):
        end.setblocking(False)
    old_descriptor = signal.set_wakeup_fd(sending.fileno())
    names = ("SIGTERM", "SIGINT", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    old = {number: signal.signal(number, _noted) for number in numbers}
    notifier = QSocketNotifier(receiving.fileno(), QSocketNotifier.Type.Read, application)

    def wake() -> None:
        receiving.recv(64)
        close()

    notifier.activated.connect(wake)

    def undo() -> None:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(old_descriptor)
        for number, handler in old.items():
            signal.signal(number, handler)
        receiving.close()
        sending.close()

    return undo


def _noted(number: int, frame: object) -> None:
    """A signal arrived; the notifier on the socket does what is to be done."""
