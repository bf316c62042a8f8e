"""Settings of a document replaced for one run by arguments of the command line."""

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from kgui.commands.speaking import UsageError
from kgui.graph.project import Node, Project
from kgui.io.errors import InputError
from kgui.language import tr


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments that replace settings."""
    parser.add_argument("--data", metavar=tr("PATH"), help=tr("other data: a file or a folder"))
    for name, least, text in (
        ("epochs", 1, tr("number of epochs")),
        ("batch-size", 1, tr("rows per update")),
        ("seed", 0, tr("number that fixes all random draws")),
    ):
        parser.add_argument(f"--{name}", metavar="N", type=_integer(least), help=text)
    parser.add_argument(
        "--set", action="append", default=[], metavar=tr("NODE.OPTION=VALUE"),
        help=tr("another value for an option of a node, as JSON or text; may be repeated"),
    )  # fmt: skip


def _integer(least: int) -> Any:
    def read(text: str) -> int:
        wrong = ArgumentTypeError(
            tr("{text} is not a whole number from {least}").format(text=repr(text), least=least)
        )
        if not (text.isascii() and text.isdigit()) or len(text) > 15:
            raise wrong
        if int(text) < least:
            raise wrong
        return int(text)

    return read


def apply(project: Project, arguments: Namespace, folder: Path) -> tuple[Project, Path]:
    """The project to train, and the folder its data path begins in; InputError if refused."""
    from kgui.graph import edits

    given = {"epochs": arguments.epochs, "batch_size": arguments.batch_size, "seed": arguments.seed}
    changes = {name: value for name, value in given.items() if value is not None}
    try:
        project = edits.set_training(project, **changes)
        if arguments.data is not None:
            project, folder = edits.set_data(project, source=arguments.data), Path.cwd()
    except ValueError as error:
        raise InputError(str(error)) from error
    for text in arguments.set:
        project = _with_option(project, text)
    return project, folder


def _with_option(project: Project, text: str) -> Project:
    from kgui.compiler.catalog import check_option
    from kgui.graph import edits

    place, equals, value_text = text.partition("=")
    name, dot, option = place.partition(".")
    if not (equals and dot and name and option):
        sentence = tr("--set takes NODE.OPTION=VALUE, such as dense.units=64, and not {text}.")
        raise UsageError(sentence.format(text=repr(text)))
    node, value = _node(project, name), read_value(value_text)
    if reason := check_option(node.type, option, value):
        raise InputError(f"--set {text}: {name}: {reason}.")
    try:
        return edits.set_option(project, node.id, option, value)
    except ValueError as error:
        raise InputError(f"--set {text}: {error}") from error


def _node(project: Project, name: str) -> Node:
    for node in project.graph.nodes:
        if node.name == name:
            return node
    names = ", ".join(node.name for node in project.graph.nodes)
    text = tr("There is no node called {name}; the document has {names}.")
    raise InputError(text.format(name=repr(name), names=names))


def read_value(text: str) -> Any:
    """JSON if it is that, else the text itself: 64, 0.5, true, null, [28, 28], relu."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
