"""The mouse's own way: real drags on a virtual screen, where one can be had."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def display() -> Iterator[str]:
    """A virtual screen of the test's own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1500x1000x24",
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as screen:
        os.close(writing)
        with os.fdopen(reading) as answer:  # up to the line's end, or the screen dies of writing it
            number = answer.readline().strip()
        yield f":{number}"
        screen.terminate()


def test_layers_are_dragged_and_wired_with_the_mouse(display: str, private_state: Path) -> None:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "robot.py")],
        cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=100, check=False,
    )  # fmt: skip
    if "xcb-cursor0" in done.stderr and "could not connect" not in done.stderr:
        pytest.skip("Qt's libraries for a screen are not installed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["Input Flatten Dense Dense", "0-1 1-2 2-3"]
