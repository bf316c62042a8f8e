"""A table as data to learn from: columns in, one column out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from kgui.data.naming import class_name, natural
from kgui.data.numbers import refuse_beyond, spread_of
from kgui.data.preparation import CategoryColumn, NumberColumn, Preparation
from kgui.data.refusal import refusal
from kgui.data.roles import (
    Column,
    choose_target,
    inputs_of,
    is_class_target,
    left_out_notes,
    refuse_infinite_words,
    refuse_target,
    role_of,
    slip_notes,
)
from kgui.data.source import check_classes, divide, title_of
from kgui.data.table_reader import Table, missing, read_table
from kgui.data.values import Array, Part, Parts, Summary, Target
from kgui.graph.project import DataSettings
from kgui.io.reasons import shown
from kgui.language import tr


def open_table(path: Path, settings: DataSettings) -> "TableSource":
    """Read a CSV, TSV or TXT file."""
    return TableSource(read_table(path), settings, path)


class TableSource:
    """The usable rows and columns of a table."""

    def __init__(self, table: Table, settings: DataSettings, path: Path) -> None:
        self._settings, self._name = settings, path.name
        self.fingerprint = table.fingerprint
        name = choose_target(list(table.columns), settings.target, path.name)
        for key, values in table.columns.items():
            refuse_infinite_words(key, values, path.name)
        everything = [Column(key, role_of(key, v), v) for key, v in table.columns.items()]
        target = next(column for column in everything if column.name == name)
        columns = inputs_of(everything, name)
        if not columns:
            sentence = tr("{name} has no column of numbers or categories to learn from.")
            raise refusal(sentence, name=path.name)
        keep, notes = self._usable(columns, target)
        refuse_target(target, path.name)
        self._columns = [Column(c.name, c.role, c.values[keep]) for c in columns]
        self._labels, self._target = _target(target, keep)
        check_classes(self._target, path.name)
        width = self._preparation(np.arange(len(self._labels))).width
        scaled = settings.scaling == "auto" and all(c.role != "category" for c in self._columns)
        notes = [*notes, *_notes(everything, columns, target, table.header)]
        rows, shapes = len(self._labels), {"x": (width,)}
        self.summary = Summary(title_of(path), rows, shapes, self._target, tuple(notes), scaled)

    def _usable(self, columns: Sequence[Column], target: Column) -> tuple[Array, list[str]]:
        """Which rows are whole, and what is said of the others."""
        for column in (*columns, target):
            if column.values.dtype.kind == "f":
                present = np.where(missing(column.values), 0.0, np.ma.getdata(column.values))
                refuse_beyond(present, column.name, self._name)
        used = [*columns, target]
        gaps = np.stack([missing(column.values) for column in used])
        bad = np.asarray(gaps.any(0))
        if not bad.any():
            return np.flatnonzero(~bad), []
        row = int(np.flatnonzero(bad)[0])
        first = shown(used[int(np.flatnonzero(gaps[:, row])[0])].name)
        values = {"count": int(bad.sum()), "rows": len(bad), "row": row + 1, "column": first}
        if self._settings.missing == "refuse" or bad.all():
            sentence = tr(
                "{name}: {count} of {rows} rows have missing values, the first is row {row}, "
                "column {column}."
            )
            raise refusal(sentence, name=self._name, **values)
        note = tr(
            "{count} of {rows} rows have missing values and are left out; the first is row {row}, "
            "column {column}."
        )
        return np.flatnonzero(~bad), [note.format(**values)]

    def _preparation(self, rows: Array) -> Preparation:
        standardise = self._settings.scaling == "auto"
        columns: list[NumberColumn | CategoryColumn] = []
        for column in self._columns:
            values = np.ma.getdata(column.values)
            if column.role == "category":
                words = tuple(class_name(value) for value in natural(values))
                columns.append(CategoryColumn(column.name, words))
            elif standardise:
                part = values[rows].astype(np.float64)
                mean = float(part.mean())
                columns.append(NumberColumn(column.name, mean, spread_of(part, mean)))
            else:
                columns.append(NumberColumn(column.name))
        return Preparation(
            columns=tuple(columns), target=self._target.name, classes=self._target.classes
        )

    def split(self, seed: int) -> tuple[Parts, Preparation]:
        """Training, validation and test part; scaling is learnt on the training rows."""
        train, validation, test = divide(
            self._labels, self._target.kind, self._settings, seed, own_test=False
        )
        preparation = self._preparation(train)
        raw = {column.name: column.values for column in self._columns}
        inputs = preparation.apply_columns(raw, self._name)

        def part(rows: Array) -> Part:
            return Part({"x": inputs[rows]}, self._labels[rows])

        parts = Parts(
            part(train),
            part(validation) if len(validation) else None,
            part(test) if len(test) else None,
        )
        return parts, preparation


def _notes(
    everything: Sequence[Column], used: Sequence[Column], target: Column, header: bool
) -> list[str]:
    """What else the user should read: columns left out, and guesses that may be wrong."""
    names = {target.name, *(column.name for column in used)}
    unused = {column.name: column.role for column in everything if column.name not in names}
    notes = slip_notes(
        [c for c in everything if c is not target and c.role in ("category", "mixed")]
    )
    notes += left_out_notes(unused)
    if not header:
        notes.append(tr("The first line is taken as data, for it looks like the others."))
    return notes


def _target(target: Column, keep: Array) -> tuple[Array, Target]:
    values = np.ma.getdata(target.values)[keep]
    if not is_class_target(values):
        return values.astype(np.float32)[:, None], Target(target.name, "numbers")
    classes = natural(values)
    places = {value: index for index, value in enumerate(classes)}
    labels = np.array([places[value] for value in values.tolist()], np.int32)
    return labels, Target(target.name, "classes", tuple(class_name(value) for value in classes))
