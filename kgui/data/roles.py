"""What each column of a table is good for, guessed from its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kgui.data.numbers import is_number, slip_in
from kgui.data.refusal import listed, quoted, refusal
from kgui.data.table_reader import missing
from kgui.data.values import Array
from kgui.io.reasons import shown
from kgui.language import tr

MOST_CATEGORIES = 50
MOST_CLASSES = 20

Role = Literal["number", "category", "text", "mixed", "date", "constant", "empty", "identifier"]


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
        return "constant" if distinct else "empty"
    if present.dtype.kind == "b":
        return "category"
    return _role_of_many(name, present, distinct)


def _role_of_many(name: str, present: Array, distinct: int) -> Role:
    if present.dtype.kind in "iuf":
        return "identifier" if _is_identifier(name, present, distinct) else "number"
    slip = slip_in(present)
    if slip is not None and slip.numbers > MOST_CLASSES:
        return "mixed"
    few = distinct <= MOST_CATEGORIES and distinct <= max(len(present) // 2, 2)
    return "category" if few else "text"


def _is_time(value: object) -> bool:
    return type(value).__module__ == "datetime"


def _is_identifier(name: str, values: Array, distinct: int) -> bool:
    """A running number: 1, 2, 3, ... over all rows, or a name that says so."""
    if values.dtype.kind == "f" or distinct != len(values) or len(values) < 10:
        return False
    return bool((np.diff(values.astype(np.int64)) == 1).all()) or _is_called_identifier(name)


def _is_called_identifier(name: str) -> bool:
    return name.lower() in ("id", "index", "row", "rowid", "") or name.lower().endswith("_id")


def inputs_of(columns: Sequence[Column], target: str) -> list[Column]:
    """The columns to learn from.

    A running number is one where there is nothing else: x = 1, 2, 3, ... in a table of x and y.
    """
    others = [column for column in columns if column.name != target]
    found = [column for column in others if column.role in ("number", "category")]
    return found or [
        Column(column.name, "number", column.values)
        for column in others
        if column.role == "identifier" and not _is_called_identifier(column.name)
    ]


def choose_target(columns: Sequence[str], wanted: str, name: str) -> str:
    """The column to predict: the one asked for, or the last."""
    if wanted and wanted not in columns:
        sentence = tr("{name} has no column {column}; there are {columns}.")
        raise refusal(sentence, name=name, column=wanted, columns=listed(columns))
    if len(columns) < 2:
        sentence = tr(
            "{name} has only one column, {column}; at least one to learn from and one to predict "
            "are needed."
        )
        raise refusal(sentence, name=name, column=columns[0] if columns else "?")
    return wanted or columns[-1]


def is_class_target(values: Array) -> bool:
    """True if the values to predict are names of classes rather than amounts."""
    if values.dtype.kind not in "iuf":
        return True
    if values.dtype.kind == "f" and not (values == np.round(values)).all():
        return False
    found = np.unique(values)
    # 0, 1, 2 in a short table are classes as well: numbers without gaps, each of them repeated.
    counted = found[0] in (0, 1) and found[-1] - found[0] == len(found) - 1 if found.size else False
    share = 0.25 if counted else 0.1
    return len(found) <= MOST_CLASSES and len(found) <= max(share * len(values), 2)


def refuse_target(column: Column, name: str) -> None:
    """InputError if a column cannot be predicted: dates, free text, numbers with words in them."""
    values = np.ma.getdata(column.values)[~missing(column.values)]
    slip = slip_in(column.values)
    if slip is not None and slip.numbers > MOST_CLASSES:
        sentence = tr(
            "{name}, row {row}: {column} should be a number, but is {value}; all other rows are "
            "numbers."
        )
        raise refusal(
            sentence, name=name, row=slip.row, column=column.name, value=quoted(slip.word)
        )
    if column.role == "date":
        sentence = tr("{name}: {column} holds dates, which cannot be predicted; choose another.")
        raise refusal(sentence, name=name, column=column.name)
    if values.dtype != object:
        return
    distinct = len(set(values.tolist()))
    if distinct > max(MOST_CLASSES, len(values) // 2):
        sentence = tr(
            "{name}: {column} holds {distinct} different words in {rows} rows, too many to "
            "predict; choose another column."
        )
        raise refusal(sentence, name=name, column=column.name, distinct=distinct, rows=len(values))


def slip_notes(columns: Sequence[Column]) -> list[str]:
    """Sentences about columns of numbers in which a few rows hold words."""
    notes = []
    for column in columns:
        slip = slip_in(column.values)
        if slip is None:
            continue
        sentence = (
            tr("{column}: left out; row {row} holds {value} where other rows hold numbers.")
            if column.role == "mixed"
            else tr("{column}: taken as names, as row {row} holds {value}, which is no number.")
        )
        values = {"row": slip.row, "value": quoted(slip.word)}
        notes.append(sentence.format(column=shown(column.name), **values))
    return notes


def left_out_notes(columns: Mapping[str, Role]) -> list[str]:
    """Sentences about columns that are not used, and why."""
    texts = {
        "text": tr("{columns}: left out, too many different words to learn from."),
        "date": tr("{columns}: left out, dates are not used yet."),
        "constant": tr("{columns}: left out, the same value in every row."),
        "empty": tr("{columns}: left out, no row holds a value."),
        "identifier": tr("{columns}: left out, a running number tells nothing."),
    }
    notes = []
    for role, text in texts.items():
        names = [name for name, found in columns.items() if found == role]
        if names:
            notes.append(text.format(columns=listed(names)))
    return notes


def refuse_infinite_words(name: str, values: Array, file: str) -> None:
    """InputError where a column of numbers became one of words because of an infinite one."""
    if values.dtype != object:
        return
    words = values.tolist()
    if not all(is_number(word) for word in words if isinstance(word, str)):
        return
    for row, word in enumerate(words):
        if isinstance(word, str) and abs(float(word)) == float("inf"):
            sentence = tr("{name}, row {row}: {column} is {value}, which is not a finite number.")
            raise refusal(sentence, name=file, row=row + 1, column=name, value=word)
