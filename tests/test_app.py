"""The composer: window or command, quick start, one handler, a clean end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QGraphicsView, QWidget
from pytestqt.qtbot import QtBot

from kgui.app import create_window, main
from kgui.graph import Project, edits, save
from kgui.widgets.actions import entries, handler_of

ROOT = Path(__file__).resolve().parent.parent


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python process of its own, without a screen."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_command_imports_no_qt() -> None:
    code = (
        "import sys; from kgui.app import main; code = main(['new', '--list']);"
        "assert not any('PySide6' in name for name in sys.modules); sys.exit(code)"
    )
    done = run(code)
    assert (done.returncode, done.stderr) == (0, "")
    assert "mnist-dense" in done.stdout


def test_a_wrong_call_opens_no_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frobnicate"]) == 2
    assert "frobnicate" in capsys.readouterr().err


def test_without_a_display_there_is_one_sentence() -> None:
    done = run("import sys; from kgui.app import main; sys.exit(main([]))")
    if sys.platform.startswith("linux"):
        assert done.returncode == 5
        assert done.stderr == "There is no display to open a window on; see: kgui --help\n"


def test_the_window_is_shown_before_numpy_is_imported() -> None:
    code = """
import sys
from PySide6.QtWidgets import QApplication
from kgui.app import create_window
from kgui.widgets.main_window import MainWindow
def paintEvent(self, event):
    if 'paint' not in seen:
        seen['paint'] = [name for name in ('numpy', 'duckdb', 'pyqtgraph') if name in sys.modules]
def main():
    application = QApplication([])
    MainWindow.paintEvent = paintEvent
    window = create_window()
    print(seen, 'numpy' in sys.modules, 'pyqtgraph' in sys.modules)
    window.close()
seen = {}
main()
"""
    done = run(code, QT_QPA_PLATFORM="offscreen")
    assert done.stdout.strip() == "{'paint': []} True False", done.stderr


STORM = """
import os, signal, sys
from PySide6.QtCore import QTimer
import kgui.app
create_window = kgui.app.create_window
windows = []
def fail():
    raise ValueError('in a slot')
def create_and_disturb(path, log):
    windows.append(create_window(path, log))
    for _ in range(50):
        QTimer.singleShot(0, fail)
    QTimer.singleShot(100, lambda: print(windows[0].notices.texts(), flush=True))
    QTimer.singleShot(200, lambda: os.kill(os.getpid(), getattr(signal, sys.argv[1])))
    return windows[0]
kgui.app.create_window = create_and_disturb
sys.exit(kgui.app.main([]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_faults_are_told_once_and_signals_end_the_program(name: str, private_state: Path) -> None:
    code = STORM.replace("sys.argv[1]", repr(name))
    done = run(code, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Something went wrong inside kgui") == 1
    log = (private_state / "kgui" / "kgui.log").read_text("utf-8")
    assert log.count("ValueError: in a slot") == 2  # the traceback, and "(10 times)"
    assert (private_state / "kgui" / "crash.log").exists()


def test_the_window_has_the_names_that_others_rely_on(qtbot: QtBot, tmp_path: Path) -> None:
    project = Project()
    project = edits.add_node(project, edits.new_node(project, "Dense", (0.0, 0.0), {"units": 3}))
    save(project, tmp_path / "one.kgui")
    window = create_window(tmp_path / "one.kgui")
    qtbot.addWidget(window)
    assert window.isVisible()
    assert window.document.project == project
    assert window.windowTitle() == "one.kgui[*] — kgui"
    for name, kind in (
        ("palette", QAbstractItemView),
        ("canvas", QGraphicsView),
        ("inspector", QWidget),
        ("problems", QAbstractItemView),
        ("plots", QWidget),
        ("data", QWidget),
        ("data.sample", QComboBox),
    ):
        assert window.findChild(kind, name) is not None, name
    for entry in entries():
        assert window.findChild(QAction, entry.id) is not None, entry.id
        assert callable(handler_of(entry, window, window.workbench))
    assert window.workbench.data_panel.sample.findData("sample:mnist") >= 0


def test_a_document_that_is_not_there_is_a_notice(qtbot: QtBot, tmp_path: Path) -> None:
    window = create_window(tmp_path / "gone.kgui")
    qtbot.addWidget(window)
    (sentence,) = window.notices.texts()
    assert "gone.kgui" in sentence
    assert window.document.path is None
