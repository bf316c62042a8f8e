"""The documents that come with the program: resources/examples/*.kgui."""

from pathlib import Path
from uuid import uuid4

from msgspec.structs import replace

from kgui.graph.project import Project
from kgui.graph.storage import load, save
from kgui.language import RESOURCES, tr

FOLDER = RESOURCES / "examples"


def names() -> list[str]:
    """Names of the templates, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.kgui"))


def project(name: str) -> Project:
    """A document of its own from a template."""
    return replace(load(FOLDER / f"{name}.kgui"), id=uuid4().hex)


def description(name: str) -> str:
    """What the template shows: the first paragraph of its first note, on one line."""
    notes = load(FOLDER / f"{name}.kgui").notes
    paragraph = notes[0].text.partition("\n\n")[0] if notes else ""
    return tr(" ".join(paragraph.split()))


def write(name: str, path: str | Path) -> None:
    """Save a new document made from the template."""
    save(project(name), path)
