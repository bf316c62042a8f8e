"""The one handler: everything ends in the log, once, and nothing floods."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgui.faults import FaultLog, install, state_folder


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[FaultLog]:
    made = FaultLog(tmp_path / "kgui", clock)
    yield made
    made.close()


def fail(log: FaultLog, text: str = "broken") -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        log.take(ValueError, error, error.__traceback__)


def written(log: FaultLog) -> str:
    return (log.folder / "kgui.log").read_text("utf-8")


def test_a_fault_is_logged_with_its_traceback(log: FaultLog) -> None:
    fail(log)
    assert "ValueError: broken" in written(log)
    assert "in fail" in written(log)


def test_a_storm_is_told_once_and_logged_rarely(log: FaultLog) -> None:
    told: list[str] = []
    log.listen(told.append)
    for number in range(5000):
        fail(log, f"broken {number}")
    assert told == ["ValueError: broken 0"]
    assert written(log).count("Traceback") == 1
    assert "(1000 times)" in written(log)
    assert len(written(log).splitlines()) < 30


def test_different_faults_are_limited_each_second(log: FaultLog, clock: Clock) -> None:
    for number in range(100):
        log.message(f"message {number}")
    assert len(written(log).splitlines()) == 20
    clock.now = 1.5
    log.message("later")
    assert "later" in written(log)


def test_many_kinds_of_faults_take_no_memory_for_ever(log: FaultLog) -> None:
    for number in range(5000):
        log.message(f"message {number}")
    assert len(log._counts) == 200


def test_the_report_hides_the_home_folder(log: FaultLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    log.message("cannot read /home/ada/secret.csv")
    assert "~/secret.csv" in log.report()
    assert "/home/ada" not in log.report()
    assert log.report().startswith("kgui 0.1.0, Python 3.")


def test_the_log_rotates(log: FaultLog, clock: Clock) -> None:
    for number in range(30):
        clock.now += 2
        log.message(f"{number}" + "x" * 200_000)
    files = sorted(path.name for path in log.folder.iterdir())
    assert files == ["kgui.log", *(f"kgui.log.{n}" for n in range(1, 5))]
    assert all(path.stat().st_size < 1_300_000 for path in log.folder.iterdir())


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = FaultLog(tmp_path / "file" / "kgui")
    fail(log)
    assert "ValueError: broken" in log.report()
    log.close()


def test_uncaught_exceptions_arrive_from_everywhere(log: FaultLog) -> None:
    undo = install(log)
    try:
        sys.excepthook(KeyError, KeyError("slot"), None)
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        logging.getLogger("kgui.training").error("the run failed")
    finally:
        undo()
    assert "the run failed" in written(log)
    assert "KeyError: 'slot'" in written(log)
    assert "In a thread: " in written(log)
    assert "ZeroDivisionError" in written(log)


def test_undoing_gives_the_hooks_back(log: FaultLog) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    install(log)()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_logs_go_to_the_state_folder(private_state: Path) -> None:
    assert state_folder() == private_state / "kgui"
