"""What tests of the command line share."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

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


def write(project: Project, path: Path) -> Path:
    """Save a document."""
    save(project, path)
    return path
