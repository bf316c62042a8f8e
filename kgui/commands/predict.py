"""kgui predict: answers of a trained model for raw rows."""

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kgui.commands.outputs import refuse_lost
from kgui.commands.speaking import say
from kgui.io.errors import InputError
from kgui.language import tr, trn

if TYPE_CHECKING:
    from kgui.data.preparation import Preparation
    from kgui.data.values import Array


def summary() -> str:
    """What the command does."""
    return tr("let a trained model answer for rows of data")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("model", metavar="MODEL.npz", help=tr("the trained model"))
    parser.add_argument(
        "rows",
        metavar="ROWS.csv",
        help=tr("raw rows, as they were trained on; they need no target; or arrays in an .npz"),
    )
    parser.add_argument(
        "-o", "--out", required=True, metavar="OUT.csv", help=tr("the file to write")
    )


def run(arguments: Namespace) -> int:
    """Write a table of answers, one row per row; returns the exit code."""
    from kgui.commands.tables import write_table
    from kgui.interchange.answers import answers
    from kgui.interchange.npz import load_npz

    refuse_lost([arguments.out], [arguments.model, arguments.rows])
    trained = load_npz(arguments.model)
    prepared = _prepared(trained.preparation, Path(arguments.rows))
    rows = len(next(iter(prepared.values())))
    write_table(arguments.out, answers(trained, prepared))
    text = trn("{count} answer was written to {file}.", "{count} answers were written to {file}.",
               rows)  # fmt: skip
    say(text.format(count=rows, file=arguments.out))
    return 0


def _prepared(preparation: "Preparation", path: Path) -> "Mapping[str, Array]":
    if preparation.columns:
        return preparation.apply_table(path)
    wanted = preparation.arrays
    if path.suffix.lower() in (".npz", ".npy"):
        from kgui.io.arrays import read_arrays

        arrays = read_arrays(path)
        if len(arrays) == 1 and len(wanted) == 1:
            arrays = dict.fromkeys([wanted[0].name], next(iter(arrays.values())))
    elif len(wanted) == 1:
        arrays = {wanted[0].name: _rows_of_text(wanted[0].shape, preparation.target, path)}
    else:
        text = tr("{file} is a table, but this model takes an .npz file of the arrays {names}.")
        names = ", ".join(item.name for item in wanted)
        raise InputError(text.format(file=path.name, names=names))
    return preparation.apply_arrays(arrays, path.name)


def _rows_of_text(shape: tuple[int, ...], target: str, path: Path) -> "Array":
    """Rows of an array of that shape from a table with a column for each of its numbers."""
    from kgui.data.preparation import NumberColumn, Preparation
    from kgui.data.table_reader import read_table

    columns = read_table(path).columns
    names = [name for name in columns if name != target]
    if len(names) != math.prod(shape):
        text = tr("{file} has {count} columns of numbers, but the model takes {size} per row.")
        raise InputError(text.format(file=path.name, count=len(names), size=math.prod(shape)))
    plain = Preparation(columns=tuple(NumberColumn(name) for name in names))
    return plain.apply_columns(columns, path.name).reshape(-1, *shape)
