"""From raw rows to what the network takes in; learnt once, on the training rows, and kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct

from kgui.data.naming import class_name
from kgui.data.numbers import numbers_of, refuse_beyond
from kgui.data.refusal import listed, quoted, refusal
from kgui.data.values import Array
from kgui.io.errors import InputError
from kgui.language import tr

Positive = Annotated[float, Meta(gt=0)]
VERSION = 1


class NumberColumn(Struct, frozen=True, forbid_unknown_fields=True, tag="number", tag_field="kind"):
    """(value - mean) / scale."""

    name: str
    mean: float = 0.0
    scale: Positive = 1.0


class CategoryColumn(
    Struct, frozen=True, forbid_unknown_fields=True, tag="category", tag_field="kind"
):
    """1 in the place of the row's value, 0 in the others."""

    name: str
    values: tuple[str, ...]


class ArrayInput(Struct, frozen=True, forbid_unknown_fields=True):
    """An array per row, divided by a number."""

    name: str
    shape: tuple[Annotated[int, Meta(ge=1)], ...]
    divisor: Positive = 1.0


class Preparation(Struct, frozen=True, forbid_unknown_fields=True):
    """All that is needed to take raw rows: either columns of a table, or arrays."""

    version: Annotated[int, Meta(ge=1, le=VERSION)] = VERSION
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
            found = msgspec.convert(data, cls)
        except msgspec.ValidationError as error:
            raise _unreadable(str(error)) from error
        numbers = [value for column in found.columns if isinstance(column, NumberColumn)
                   for value in (column.mean, column.scale)]  # fmt: skip
        if not np.isfinite([*numbers, *(item.divisor for item in found.arrays)]).all():
            raise _unreadable(tr("a number in it is not finite"))
        return found

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
                raise refusal(sentence, name=name, column=column.name)
            values = table[column.name]
            _refuse_missing(values, column.name, name)
            if isinstance(column, NumberColumn):
                result[:, at] = _scaled(values, column, name)
                at += 1
            else:
                result[:, at : at + len(column.values)] = _one_hot(values, column, name)
                at += len(column.values)
        return result

    def apply_table(self, path: str | Path) -> dict[str, Array]:
        """The network's input, "x", from a table of raw rows; it needs no target column."""
        from kgui.data.table_reader import read_table

        words = [c.name for c in self.columns if isinstance(c, CategoryColumn)]
        table = read_table(Path(path), words)
        return {"x": self.apply_columns(table.columns, Path(path).name)}

    def apply_arrays(self, arrays: Mapping[str, Array], name: str = "") -> dict[str, Array]:
        """The network's inputs from raw arrays by name; InputError for what does not fit."""
        return {item.name: _array(arrays, item, name) for item in self.arrays}


def _unreadable(reason: str) -> InputError:
    sentence = tr("The description of the data's preparation cannot be read: {reason}.")
    return refusal(sentence, reason=reason)


def _array(arrays: Mapping[str, Array], item: ArrayInput, name: str) -> Array:
    if item.name not in arrays:
        sentence = tr("{name} has no array {array}, which the model needs.")
        raise refusal(sentence, name=name, array=item.name)
    values = arrays[item.name]
    if values.ndim == 1 and item.shape == (1,):
        values = values[:, None]
    if not values.ndim or values.shape[1:] != item.shape:
        sentence = tr("{name}: the array {array} holds rows of {found}, the model takes {wanted}.")
        found, wanted = values.shape[1:], item.shape
        raise refusal(sentence, name=name, array=item.name, found=found, wanted=wanted)
    refuse_beyond(values, tr("the array {array}").format(array=item.name), name)
    return np.divide(values, np.float32(item.divisor), dtype=np.float32)


def _scaled(values: Array, column: NumberColumn, name: str) -> Array:
    numbers = numbers_of(values, column.name, name)
    refuse_beyond(numbers, column.name, name)
    with np.errstate(over="ignore"):
        scaled = (numbers - column.mean) / column.scale
    refuse_beyond(scaled, column.name, name, shown=numbers)
    return scaled


def _refuse_missing(values: Array, column: str, name: str) -> None:
    missing = np.flatnonzero(np.ma.getmaskarray(values))
    if len(missing):
        sentence = tr("{name}, row {row}: the value of {column} is missing.")
        raise refusal(sentence, name=name, row=int(missing[0]) + 1, column=column)


def _one_hot(values: Array, column: CategoryColumn, name: str) -> Array:
    places = {value: index for index, value in enumerate(column.values)}
    result = np.zeros((len(values), len(places)), np.float32)
    for row, value in enumerate(values.tolist()):
        place = places.get(class_name(value))
        if place is None:
            sentence = tr(
                "{name}, row {row}: {column} is {value}, which the model has not seen; "
                "it knows {known}."
            )
            known, found = listed(column.values), quoted(value)
            raise refusal(
                sentence, name=name, row=row + 1, column=column.name, value=found, known=known
            )
        result[row, place] = 1
    return result
