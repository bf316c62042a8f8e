"""kgui export: a document in another form."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from kgui.commands.outputs import refuse_lost
from kgui.commands.speaking import say
from kgui.io.errors import KguiError
from kgui.language import tr

if TYPE_CHECKING:
    from kgui.data.values import Target
    from kgui.graph.project import Project

FORMATS = ("python",)


def summary() -> str:
    """What the command does."""
    return tr("write a document in another form")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE.kgui", help=tr("the document"))
    parser.add_argument(
        "--to", choices=FORMATS, required=True, help=tr("the form: python is a program for Keras")
    )
    parser.add_argument("-o", "--out", metavar="OUT", required=True, help=tr("the file to write"))


def run(arguments: Namespace) -> int:
    """Write the program; returns the exit code."""
    from kgui.compiler.builder import fault
    from kgui.compiler.checker import check
    from kgui.graph.storage import load
    from kgui.interchange.code import code_of
    from kgui.io.atomic_write import atomic_write

    refuse_lost([arguments.out], [arguments.file])
    project = load(arguments.file)
    report = check(project)
    if report.errors:
        raise fault(project.graph, report.errors[0])
    code = code_of(project, _target(project, Path(arguments.file).parent), report)
    atomic_write(arguments.out, code.encode())
    say(tr("{file} is written.").format(file=arguments.out))
    return 0


def _target(project: "Project", folder: Path) -> "Target | None":
    """What is to be predicted, as far as the data can be read."""
    from kgui.data import open_source

    if not project.data.source:
        return None
    try:
        return open_source(project.data, folder).summary.target
    except KguiError as error:
        say(tr("The loss is guessed from the drawing: {reason}").format(reason=error))
        return None
