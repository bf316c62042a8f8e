"""What each column of a table is good for, guessed from its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kgui.data.table_reader import missing
from kgui.data.values import Array
from kgui.io.errors import InputError
from kgui.language import tr

MOST_CATEGORIES = 50
MOST_CLASSES = 20

Role = Literal["number", "category", "text", "date", "constant", "identifier"]


@dataclass(frozen=True)
class Column:
    """A column with the role guessed for it."""

    name: str
    role: Role
    values: Array


def role_of(name: str, values: Array) -> Role:
    """What a column seems to hold."""
    present = np.ma.getdata(values)[~missing(values)]
    if present.dtype.kind == "M" or (present.size and _is_time(present[0])):
        return "date"
    distinct = len(set(present.tolist()))
    if distinct <= 1:
        return "constant"
    if present.dtype.kind == "b":
        return "category"
    if present.dtype.kind in "iuf":
        return "identifier" if _is_identifier(name, present, distinct) else "number"
    few = distinct <= MOST_CATEGORIES and distinct <= max(len(present) // 2, 2)
    return "category" if few else "text"


def _is_time(value: object) -> bool:
    return type(value).__module__ == "datetime"


def _is_identifier(name: str, values: Array, distinct: int) -> bool:
    """A running number: 1, 2, 3, ... over all rows, or a name that says so."""
    if values.dtype.kind == "f" or distinct != len(values) or len(values) < 10:
        return False
    steps = np.diff(values.astype(np.int64))
    named = name.lower() in ("id", "index", "row", "rowid", "") or name.lower().endswith("_id")
    return bool((steps == 1).all()) or named


def choose_target(columns: Sequence[str], wanted: str, name: str) -> str:
    """The column to predict: the one asked for, or the last."""
    if wanted and wanted not in columns:
        sentence = tr("{name} has no column {column}; there are {columns}.")
        listed = ", ".join(columns[:20])
        raise InputError(sentence.format(name=name, column=wanted, columns=listed))
    if len(columns) < 2:
        sentence = tr(
            "{name} has only one column, {column}; at least one to learn from and one to predict "
            "are needed."
        )
        raise InputError(sentence.format(name=name, column=columns[0] if columns else "?"))
    return wanted or columns[-1]


def is_class_target(values: Array) -> bool:
    """True if the values to predict are names of classes rather than amounts."""
    if values.dtype.kind not in "iuf":
        return True
    whole = values.dtype.kind != "f" or bool((values == np.round(values)).all())
    distinct = len(np.unique(values))
    return whole and distinct <= MOST_CLASSES and distinct <= max(0.1 * len(values), 2)


def left_out_notes(columns: Mapping[str, Role]) -> list[str]:
    """Sentences about columns that are not used, and why."""
    texts = {
        "text": tr("{columns}: left out, too many different words to learn from."),
        "date": tr("{columns}: left out, dates are not used yet."),
        "constant": tr("{columns}: left out, the same value in every row."),
        "identifier": tr("{columns}: left out, a running number tells nothing."),
    }
    notes = []
    for role, text in texts.items():
        names = [name for name, found in columns.items() if found == role]
        if names:
            notes.append(text.format(columns=", ".join(names)))
    return notes


def refuse_infinite(column: Column, name: str) -> None:
    """Raise InputError for the first value of a number column that is infinite."""
    values = np.ma.getdata(column.values).astype(np.float64)
    wrong = np.flatnonzero(np.isinf(values) & ~missing(column.values))
    if len(wrong):
        sentence = tr("{name}, row {row}: {column} is {value}, which is not a finite number.")
        row = int(wrong[0])
        raise InputError(
            sentence.format(name=name, row=row + 1, column=column.name, value=values[row])
        )


def refuse_infinite_words(name: str, values: Array, file: str) -> None:
    """Raise InputError where a column of numbers became text because of an infinite one."""
    if values.dtype != object:
        return
    words = values.tolist()
    if not all(_is_float(word) for word in words if isinstance(word, str)):
        return
    for row, word in enumerate(words):
        if isinstance(word, str) and abs(float(word)) == float("inf"):
            sentence = tr("{name}, row {row}: {column} is {value}, which is not a finite number.")
            raise InputError(sentence.format(name=file, row=row + 1, column=name, value=word))


def _is_float(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
