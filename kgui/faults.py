"""Exceptions from anywhere end here: one handler, a rotating log, at most one notice at a time.

Nothing of this knows Qt; who wants to hear of a fault passes a function, which is called in the
thread of the fault.
"""

import faulthandler
import hashlib
import logging
import os
import platform
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from kgui import __version__
from kgui.io.logs import crash_file, rotating_log

MOST_LINES_A_SECOND = 20
MOST_KINDS = 200
"""Different faults that are counted; a storm must not fill the memory."""
REPORT_LINES = 200

Listener = Callable[[str], None]


def state_folder() -> Path:
    """Where logs go on this system; XDG_STATE_HOME where it is set."""
    if base := os.environ.get("XDG_STATE_HOME"):
        return Path(base) / "kgui"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "kgui"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "kgui"
    return Path.home() / ".local" / "state" / "kgui"


class FaultLog:
    """Writes every new fault once with its traceback, and counts it after that."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._clock = clock
        self._lock = threading.RLock()
        self._counts: dict[str, int] = {}
        self._last_lines: deque[str] = deque(maxlen=REPORT_LINES)
        self._times: deque[float] = deque(maxlen=MOST_LINES_A_SECOND)
        self._listener: Listener | None = None
        self._handler = rotating_log(folder)

    def listen(self, listener: Listener | None) -> None:
        """Who hears of a fault that was not there before: one short line."""
        self._listener = listener

    def take(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
        place: str = "",
    ) -> None:
        """An exception that nobody caught."""
        lines = traceback.format_exception(kind, error, trace)
        stack = "".join(traceback.format_tb(trace)) + kind.__name__
        summary = f"{kind.__name__}: {error}".strip()
        self._note(stack, summary, f"{place}{''.join(lines)}".rstrip(), tell=True)

    def message(self, text: str, *, tell: bool = False) -> None:
        """A line for the log, such as a message of Qt."""
        self._note(text, text, text, tell=tell)

    def count(self, text: str) -> int:
        """How often a line was taken."""
        return self._counts.get(_key(text), 0)

    def _note(self, identity: str, summary: str, text: str, *, tell: bool) -> None:
        with self._lock:
            key = _key(identity)
            known = key in self._counts
            if known or len(self._counts) < MOST_KINDS:
                self._counts[key] = self._counts.get(key, 0) + 1
            repeated = self._counts.get(key, 0)
            # Repetitions are logged at 10, 100, ...: enough to see a storm.
            if not known:
                self._write(text)
            elif repeated >= 10 and str(repeated).strip("0") == "1":
                self._write(f"{summary} ({repeated} times)")
            listener = self._listener if tell and not known else None
        if listener is not None:
            listener(summary)

    def _write(self, text: str) -> None:
        now = self._clock()
        full = len(self._times) == MOST_LINES_A_SECOND and now - self._times[0] < 1
        if full:
            return
        self._times.append(now)
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        self._last_lines.extend(f"{stamp} {text}".splitlines())
        if self._handler is not None:
            self._handler.emit(logging.makeLogRecord({"msg": f"{stamp} {text}"}))

    def report(self) -> str:
        """Versions, system and the last lines of the log; no data, the home folder as "~"."""
        lines = [
            f"kgui {__version__}, Python {platform.python_version()}, {platform.platform()}",
            *(f"{name} {version}" for name, version in _versions()),
            "",
            *self._last_lines,
        ]
        return "\n".join(lines).replace(str(Path.home()), "~")

    def close(self) -> None:
        """Close the file of the log."""
        if self._handler is not None:
            self._handler.close()


def install(log: FaultLog) -> Callable[[], None]:
    """Send every uncaught exception of this process to the log; returns what undoes it."""
    old = sys.excepthook, threading.excepthook, sys.unraisablehook
    forward = _Forward(log)

    def on_exception(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            old[0](kind, error, trace)
        else:
            log.take(kind, error, trace)

    def on_thread(fault: threading.ExceptHookArgs) -> None:
        if not issubclass(fault.exc_type, SystemExit):
            log.take(fault.exc_type, fault.exc_value, fault.exc_traceback, "In a thread: ")

    def on_unraisable(fault: "sys.UnraisableHookArgs") -> None:
        log.take(fault.exc_type, fault.exc_value, fault.exc_traceback, "Nowhere to raise: ")

    def undo() -> None:
        logging.getLogger("kgui").removeHandler(forward)
        sys.excepthook, threading.excepthook, sys.unraisablehook = old

    sys.excepthook, threading.excepthook = on_exception, on_thread
    sys.unraisablehook = on_unraisable
    logging.getLogger("kgui").addHandler(forward)
    return undo


class _Forward(logging.Handler):
    """Takes what the program's own loggers say into the log."""

    def __init__(self, log: FaultLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """logging's: one record."""
        self._log.message(self.format(record))


def watch_crashes(folder: Path) -> None:
    """Let a crash of native code leave the stacks of all threads in crash.log."""
    # The file stays open as long as the process: the handler writes when nothing else can.
    if file := crash_file(folder):
        faulthandler.enable(file)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _versions() -> list[tuple[str, str]]:
    names = ("PySide6", "numpy", "pyqtgraph", "duckdb", "msgspec")
    found = [(name, sys.modules.get(name)) for name in names]
    return [(name, str(getattr(module, "__version__", "?"))) for name, module in found if module]
