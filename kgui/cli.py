"""The command line: the same program without a window. Nothing here imports Qt.

A command is a module of kgui.commands with `add_arguments(parser)` and `run(arguments)`, which
returns the exit code; what it needs to work is imported only when it runs, so that help is quick.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from kgui import __version__
from kgui.commands import check, export, importing, new, predict, train
from kgui.commands.speaking import UsageError, say
from kgui.io.errors import (
    InputError,
    KguiError,
    MemoryNeedError,
    OutputError,
    TrainingError,
)
from kgui.language import language, tr

COMMANDS = {
    "new": new, "check": check, "train": train, "predict": predict, "export": export,
    "import": importing,
}  # fmt: skip
"""Name -> module of every sub-command."""

USAGE, INTERRUPTED = 2, 130
UNEXPECTED = 1
"""Exit code of a fault that is this program's own, outside of training."""


class _Parser(argparse.ArgumentParser):
    """Tells a wrong call in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the call."""
        text = tr("{message}; {program} --help tells more.")
        raise UsageError(text.format(message=message, program=self.prog))


def parser() -> argparse.ArgumentParser:
    """The arguments that kgui takes, with its help."""
    top = _Parser(
        prog="kgui",
        usage=tr("kgui [FILE.kgui] | kgui COMMAND ..."),
        description=tr("Draw a neural network as nodes, watch it learn, and take it with you."),
        epilog=tr(
            "Without a command the window opens. Exit codes: 0 done, 2 wrong call, 3 bad input,"
            " 4 training failed, 5 reading or writing failed, 6 not enough memory,"
            " 130 interrupted."
        ),
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"kgui {__version__}")
    commands = top.add_subparsers(
        dest="command", prog="kgui", required=True, metavar=tr("COMMAND"), parser_class=_Parser
    )
    for name, module in COMMANDS.items():
        summary = module.summary()
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        module.add_arguments(command)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sub-command; returns the exit code, and never raises."""
    _speak_the_users_language()
    command = ""
    try:
        arguments = parser().parse_args(argv)
        command = arguments.command
        return int(COMMANDS[command].run(arguments))
    except SystemExit as end:  # argparse, after --help
        return int(end.code or 0)
    except KeyboardInterrupt:
        say(tr("Interrupted; nothing was written."))
        return INTERRUPTED
    except BrokenPipeError:  # who reads has read enough, as `head` does
        _drop_output()
        return 0
    except Exception as error:
        sentence, code = _told(error, command)
        say(sentence)
        return code


def _told(error: Exception, command: str) -> tuple[str, int]:
    """One sentence and the exit code for whatever a command raised."""
    if isinstance(error, UsageError):
        return str(error), USAGE
    if isinstance(error, KguiError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        text = tr("Reading or writing failed: {reason}.")
        return text.format(reason=error), OutputError.exit_code
    if isinstance(error, MemoryError):
        text = tr("The memory was used up; close other programs, or take less data.")
        return text, MemoryNeedError.exit_code
    if _is_engine_fault(error):
        return tr("The data do not fit the model: {reason}").format(
            reason=error
        ), InputError.exit_code
    log = _log(error)
    text = tr("Something went wrong that nobody foresaw ({kind}: {reason}); {log} says more.")
    sentence = text.format(kind=type(error).__name__, reason=error, log=log)
    return sentence, TrainingError.exit_code if command == "train" else UNEXPECTED


def _is_engine_fault(error: Exception) -> bool:
    """Whether the engine refused what it was given; asked without importing it for nothing."""
    engine = sys.modules.get("kgui.engine.errors")
    return engine is not None and isinstance(error, engine.EngineError)


def _log(error: Exception) -> str:
    """Write the traceback to the log; the file's name."""
    from kgui.faults import FaultLog, state_folder  # only when something broke

    log = FaultLog(state_folder())
    log.take(type(error), error, error.__traceback__, "kgui: ")
    log.close()
    return str(log.folder / "kgui.log")


def _drop_output() -> None:
    """Let the interpreter flush its output into nothing when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speak_the_users_language() -> None:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    language.use(chosen.partition(".")[0])
