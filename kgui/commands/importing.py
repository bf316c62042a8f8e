"""kgui import: a document from a program that uses Keras."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from kgui.commands.outputs import refuse_lost
from kgui.commands.speaking import UsageError, say
from kgui.io.errors import InputError
from kgui.language import tr


def summary() -> str:
    """What the command does."""
    return tr("make a document of a Python program that uses Keras")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="CODE.py", help=tr("the program; it is never executed"))
    parser.add_argument(
        "-o", "--out", metavar="FILE.kgui", required=True,
        help=tr("the file to write; an old one becomes .bak"),
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    """Read the program and write the document; returns the exit code."""
    from kgui.graph import Project, save
    from kgui.interchange.code import CodeError, load_code, read_code

    path = Path(arguments.file)
    if path.suffix.lower() != ".py":
        text = tr("{file} is no Python program; only files that end in .py can be imported.")
        raise UsageError(text.format(file=path.name))
    refuse_lost([arguments.out], [arguments.file])
    try:
        reading = read_code(load_code(path))
    except CodeError as error:
        raise InputError(tr("{file}: {reason}").format(file=path.name, reason=error)) from None
    for remark in reading.remarks:
        say(remark)
    save(reading.onto(Project()), arguments.out)
    say(tr("{file} is ready; see: kgui train {file}").format(file=arguments.out))
    return 0
