"""From raw rows to what the network takes in; learnt once, on the training rows, and kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from kgui.data.values import Array
from kgui.io.errors import InputError
from kgui.language import tr


class NumberColumn(Struct, frozen=True, tag="number", tag_field="kind"):
    """(value - mean) / scale."""

    name: str
    mean: float = 0.0
    scale: float = 1.0


class CategoryColumn(Struct, frozen=True, tag="category", tag_field="kind"):
    """1 in the place of the row's value, 0 in the others."""

    name: str
    values: tuple[str, ...]


class ArrayInput(Struct, frozen=True):
    """An array per row, divided by a number."""

    name: str
    shape: tuple[int, ...]
    divisor: float = 1.0


class Preparation(Struct, frozen=True, forbid_unknown_fields=True):
    """All that is needed to take raw rows: either columns of a table, or arrays."""

    version: int = 1
    columns: tuple[NumberColumn | CategoryColumn, ...] = ()
    arrays: tuple[ArrayInput, ...] = ()
    target: str = ""
    classes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: Any) -> "Preparation":
        """From plain data; InputError if it is something else."""
        try:
            return msgspec.convert(data, cls)
        except msgspec.ValidationError as error:
            sentence = tr("The description of the data's preparation cannot be read: {reason}.")
            raise InputError(sentence.format(reason=error)) from error

    @property
    def width(self) -> int:
        """Numbers per row that the columns make."""
        return sum(len(c.values) if isinstance(c, CategoryColumn) else 1 for c in self.columns)

    def apply_columns(self, table: Mapping[str, Array], name: str) -> Array:
        """Rows of float32 from a table's columns; InputError names row and column at fault."""
        rows = len(next(iter(table.values()), ()))
        result = np.empty((rows, self.width), np.float32)
        at = 0
        for column in self.columns:
            if column.name not in table:
                sentence = tr("{name} has no column {column}, which the model needs.")
                raise InputError(sentence.format(name=name, column=column.name))
            values = table[column.name]
            _refuse_missing(values, column.name, name)
            if isinstance(column, NumberColumn):
                result[:, at] = (_numbers(values, column.name, name) - column.mean) / column.scale
                at += 1
            else:
                result[:, at : at + len(column.values)] = _one_hot(values, column, name)
                at += len(column.values)
        return result

    def apply_table(self, path: str | Path) -> dict[str, Array]:
        """The network's input, "x", from a table of raw rows; it needs no target column."""
        from kgui.data.table_reader import read_table

        table = read_table(Path(path))
        return {"x": self.apply_columns(table.columns, Path(path).name)}

    def apply_arrays(self, arrays: Mapping[str, Array], name: str = "") -> dict[str, Array]:
        """The network's inputs from raw arrays by name; InputError for what does not fit."""
        result: dict[str, Array] = {}
        for item in self.arrays:
            if item.name not in arrays:
                sentence = tr("{name} has no array {array}, which the model needs.")
                raise InputError(sentence.format(name=name, array=item.name))
            values = arrays[item.name]
            if values.shape[1:] != item.shape:
                sentence = tr(
                    "{name}: the array {array} holds rows of {found}, the model takes {wanted}."
                )
                found, wanted = values.shape[1:], item.shape
                raise InputError(
                    sentence.format(name=name, array=item.name, found=found, wanted=wanted)
                )
            result[item.name] = np.divide(values, np.float32(item.divisor), dtype=np.float32)
        return result


def _refuse_missing(values: Array, column: str, name: str) -> None:
    missing = np.flatnonzero(np.ma.getmaskarray(values))
    if len(missing):
        sentence = tr("{name}, row {row}: the value of {column} is missing.")
        raise InputError(sentence.format(name=name, row=int(missing[0]) + 1, column=column))


def _numbers(values: Array, column: str, name: str) -> Array:
    try:
        numbers = np.asarray(np.ma.getdata(values), np.float64)
    except (TypeError, ValueError):
        row = next(i for i, v in enumerate(values.tolist()) if not _is_number(v))
        sentence = tr("{name}, row {row}: {column} should be a number, but is {value}.")
        value = repr(str(values[row])[:80])
        raise InputError(
            sentence.format(name=name, row=row + 1, column=column, value=value)
        ) from None
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        row = int(wrong[0])
        sentence = tr("{name}, row {row}: {column} is {value}, which is not a finite number.")
        raise InputError(sentence.format(name=name, row=row + 1, column=column, value=values[row]))
    return numbers


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type] # that is what is asked
    except (TypeError, ValueError):
        return False
    return True


def _one_hot(values: Array, column: CategoryColumn, name: str) -> Array:
    from kgui.data.source import class_name

    places = {value: index for index, value in enumerate(column.values)}
    result = np.zeros((len(values), len(places)), np.float32)
    for row, value in enumerate(values.tolist()):
        place = places.get(class_name(value))
        if place is None:
            sentence = tr(
                "{name}, row {row}: {column} is {value}, which the model has not seen; "
                "it knows {known}."
            )
            known = ", ".join(column.values[:10])
            raise InputError(
                sentence.format(
                    name=name, row=row + 1, column=column.name, value=repr(value), known=known
                )
            )
        result[row, place] = 1
    return result
