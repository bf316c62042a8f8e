"""The command line as a test sees it: exit code, stdout, stderr, and what lies in the folder."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from drawn import iris

from kgui import cli
from kgui.graph import Project
from kgui.graph.storage import save


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on stderr, without the program's name."""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("kgui: ")
        return self.err.removeprefix("kgui: ").rstrip("\n")


Kgui = Callable[..., Outcome]


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


def write(project: Project, path: Path) -> Path:
    """Save a document."""
    save(project, path)
    return path
