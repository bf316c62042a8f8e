"""The command line as a test sees it: exit code, stdout, stderr, and what lies in the folder."""

from pathlib import Path

import pytest
from cli_outcomes import Kgui, Outcome, write
from drawn import iris

from kgui import cli


@pytest.fixture
def kgui(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kgui:
    """Run a command in the test's folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = cli.main(arguments)
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    """A document on the bundled iris flowers, five epochs."""
    return write(iris(), tmp_path / "flowers.kgui")
