"""kgui new: a document from a template."""

from argparse import ArgumentParser, Namespace

from kgui.commands.speaking import UsageError, answer, say
from kgui.language import tr


def summary() -> str:
    """What the command does."""
    return tr("make a document from a template")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "template", nargs="?", metavar=tr("TEMPLATE"), help=tr("name of the template")
    )
    parser.add_argument(
        "-o", "--out", metavar="FILE.kgui", help=tr("the file to write; an old one becomes .bak")
    )
    parser.add_argument("--list", action="store_true", help=tr("name the templates"))


def run(arguments: Namespace) -> int:
    """List the templates, or write one; returns the exit code."""
    from kgui.commands import templates

    if arguments.list:
        width = max(map(len, templates.names()))
        for name in templates.names():
            answer(f"{name:{width}}  {templates.description(name)}")
        return 0
    if arguments.template is None or arguments.out is None:
        raise UsageError(tr("Give a template and -o FILE.kgui; kgui new --list names them all."))
    if arguments.template not in templates.names():
        text = tr("There is no template called {name}; possible are {names}.")
        raise UsageError(text.format(name=arguments.template, names=", ".join(templates.names())))
    templates.write(arguments.template, arguments.out)
    say(tr("{file} is ready; see: kgui train {file}").format(file=arguments.out))
    return 0
