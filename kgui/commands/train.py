"""kgui train: train a document, evaluate, export."""

import json
import math
import signal
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from kgui.commands import overrides
from kgui.commands.outputs import refuse_lost
from kgui.commands.speaking import answer, numbers_text, say
from kgui.io.errors import InputError
from kgui.language import tr, trn

if TYPE_CHECKING:
    from kgui.interchange.trained import TrainedModel

INTERRUPTED = 130


def summary() -> str:
    """What the command does."""
    return tr("train a document, evaluate it, and export the model")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE.kgui", help=tr("the document"))
    overrides.add_arguments(parser)
    parser.add_argument("--out", metavar="MODEL.npz", help=tr("write the trained model"))
    parser.add_argument("--history", metavar="HISTORY.csv", help=tr("write a row per epoch"))
    parser.add_argument(
        "--json", action="store_true", help=tr("print the result as one JSON object")
    )


def run(arguments: Namespace) -> int:
    """Train; Ctrl-C stops after the current batch and writes nothing. Returns the exit code."""
    from kgui.commands.progress import Progress
    from kgui.graph.storage import load
    from kgui.training.failures import StopRequestedError
    from kgui.training.run import train

    path = Path(arguments.file)
    project, folder = overrides.apply(load(path), arguments, path.parent)
    refuse_lost([arguments.out, arguments.history], [arguments.file, arguments.data])
    progress = Progress()
    began = time.perf_counter()
    try:
        with _stop_on_interrupt() as asked:
            trained = train(project, folder=folder, listener=progress.take, should_stop=asked)
    except StopRequestedError:
        return _interrupted(0)
    except InputError as error:
        raise InputError(_at(path, error)) from error
    finally:
        progress.end()
    if trained.stopped:
        return _interrupted(trained.epochs)
    _write(trained, arguments.out, arguments.history)
    seconds = time.perf_counter() - began
    if arguments.json:
        answer(json.dumps(result(trained, seconds, progress.notes), allow_nan=False))
    else:
        _tell(trained, seconds)
    for file in filter(None, (arguments.out, arguments.history)):
        say(tr("{file} was written.").format(file=file))
    return 0


def _at(path: Path, error: InputError) -> str:
    """The sentence with the document's name, unless it names a file of its own."""
    from kgui.training.failures import DrawingError

    return f"{path.name}: {error}" if isinstance(error, DrawingError) else str(error)


@contextmanager
def _stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed; pressed again it interrupts at once."""
    pressed: list[int] = []

    def press(number: int, frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)
        say(tr("Stopping after this batch; press Ctrl-C again to stop at once."))

    try:
        before = signal.signal(signal.SIGINT, press)
    except ValueError:  # not the main thread: signals go elsewhere
        yield lambda: False
        return
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupted(epochs: int) -> int:
    text = trn(
        "Training was interrupted after {count} whole epoch; nothing was written.",
        "Training was interrupted after {count} whole epochs; nothing was written.",
        epochs,
    )
    say(text.format(count=epochs))
    return INTERRUPTED


def _write(trained: "TrainedModel", out: str | None, history: str | None) -> None:
    if out:
        from kgui.interchange.npz import export_npz

        export_npz(trained, Path(out))
    if history:
        from kgui.commands.tables import write_table

        columns: dict[str, list[Any]] = {"epoch": list(range(1, trained.epochs + 1))}
        write_table(history, {**columns, **trained.history})


def result(trained: "TrainedModel", seconds: float, notes: tuple[str, ...]) -> dict[str, Any]:
    """What --json prints; numbers that JSON cannot hold are null."""
    return {
        "epochs": trained.epochs,
        "history": {key: list(map(_finite, row)) for key, row in trained.history.items()},
        "evaluation": {
            part: {key: _finite(value) for key, value in numbers.items()}
            for part, numbers in trained.evaluation.items()
        },
        "seconds": round(seconds, 3),
        "seed": trained.seed,
        "notes": list(notes),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _tell(trained: "TrainedModel", seconds: float) -> None:
    text = trn("{count} epoch in {seconds} s", "{count} epochs in {seconds} s", trained.epochs)
    answer(text.format(count=trained.epochs, seconds=f"{seconds:.1f}"))
    for part, values in trained.evaluation.items():
        name = {
            "train": tr("training data"),
            "validation": tr("validation data"),
            "test": tr("test data"),
        }[part]
        answer(f"{name}: {numbers_text(values)}")
