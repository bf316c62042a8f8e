"""kgui check: one line per problem of a document."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from kgui.commands.speaking import answer, say
from kgui.io.errors import InputError, KguiError
from kgui.language import tr

if TYPE_CHECKING:
    from kgui.compiler.issues import Issue
    from kgui.data.values import Summary
    from kgui.graph.project import Project


def summary() -> str:
    """What the command does."""
    return tr("name what keeps a document from being trained")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE.kgui", help=tr("the document"))


def run(arguments: Namespace) -> int:
    """Print a line per problem; warnings and remarks go to stderr. Returns the exit code."""
    from kgui.compiler.checker import check
    from kgui.graph.storage import load

    path = Path(arguments.file)
    project = load(path)
    problems, found = [], None
    try:
        found = _open_data(project, path.parent)
    except KguiError as error:
        problems.append(f"{tr('data')}: {error}")
    report = check(project, found)
    names = {node.id: node.name for node in project.graph.nodes}
    for issue in report.issues:
        line = _line(issue, names.get(issue.node_id or "", path.name))
        if issue.severity == "error":
            problems.append(line)
        else:
            say(line)
    for problem in problems:
        answer(problem)
    return InputError.exit_code if problems else 0


def _open_data(project: "Project", folder: Path) -> "Summary | None":
    """The data in figures; None where the document names none."""
    from kgui.data import open_source

    if not project.data.source:
        return None
    found = open_source(project.data, folder).summary
    for note in found.notes:
        say(note)
    return found


def _line(issue: "Issue", name: str) -> str:
    text = f"{name}: {issue.message}"
    return f"{text}. {issue.hint}." if issue.hint else text
