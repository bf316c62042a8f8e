"""Arrays given to fit, evaluate and predict: checked, converted once, handed out in batches."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.memory import address
from kgui.engine.errors import DataError
from kgui.engine.variables import Array

FEW = 1024
"""Rows whose numbers are copied sooner than looked at."""


class ArrayData:
    """Inputs, targets and weights of equal length, in the model's order."""

    def __init__(
        self, inputs: Sequence[Array], targets: Sequence[Array] = (), weights: Sequence[Array] = ()
    ) -> None:
        self.inputs = list(inputs)
        self.targets = list(targets)
        self.weights = list(weights)
        self.arrays: list[Array] = [*self.inputs, *self.targets, *self.weights]
        """Inputs, targets and weights, in this order."""
        self._check_cardinality()

    def _check_cardinality(self) -> None:
        groups = {"x": self.inputs, "y": self.targets, "sample_weight": self.weights}
        sizes = {key: [len(array) for array in group] for key, group in groups.items() if group}
        if len({size for group in sizes.values() for size in group}) > 1:
            listed = "; ".join(f"'{key}' sizes: {', '.join(map(str, group))}"
                               for key, group in sizes.items())  # fmt: skip
            raise DataError(
                "Data cardinality is ambiguous. Make sure all arrays contain the same number of "
                "samples. {sizes}",
                sizes=listed,
            )

    def __len__(self) -> int:
        return len(self.inputs[0]) if self.inputs else 0

    def part(self, start: int, stop: int) -> "ArrayData":
        """A range of the samples, not copied."""

        def cut(arrays: Sequence[Array]) -> list[Array]:
            return [array[start:stop] for array in arrays]

        return ArrayData(cut(self.inputs), cut(self.targets), cut(self.weights))


def split_validation(data: ArrayData, share: float) -> tuple[ArrayData, ArrayData]:
    """Training and validation part: the last samples, before any shuffling."""
    count = len(data)
    at = int(np.floor(count * (1.0 - share)))
    if at == 0 or at == count:
        raise ValueError(
            f"Training data contains {count} samples, which is not sufficient to split it into a "
            f"validation and training set as specified by `validation_split={share}`. Either "
            "provide more data, or a different value for the `validation_split` argument."
        )
    return data.part(0, at), data.part(at, count)


def batches(count: int, size: int, order: Array | None = None) -> Iterator[Array | slice]:
    """Rows of each batch: slices in order, or parts of a permutation."""
    for start in range(0, count, size):
        stop = min(start + size, count)
        yield slice(start, stop) if order is None else order[start:stop]


def joined(batches: Sequence[Array | slice]) -> Array:
    """The rows of batches one after the other; many are not copied where they lie so."""
    rows = [np.r_[each] if isinstance(each, slice) else each for each in batches]
    size = sum(len(each) for each in rows)
    if size <= FEW:
        return np.concatenate(rows)
    base, first = rows[0].base, address(rows[0])
    end = address(rows[-1]) + rows[-1].nbytes
    together = end == first + size * rows[0].itemsize and rows[-1].base is base
    if not (together and isinstance(base, np.ndarray)):
        return np.concatenate(rows)
    start = (first - address(base)) // base.itemsize
    return base[start : start + size]


def count_rows(rows: Array | slice) -> int:
    """Number of samples of a batch."""
    return int(rows.stop - rows.start) if isinstance(rows, slice) else len(rows)


def as_target(value: Any, dtype: str) -> Array:
    """Targets as the plans take them: whole numbers as int32, the rest as floats."""
    array = np.asarray(value)
    if array.dtype.kind in "OSU":
        raise DataError(
            "Targets must be numbers, but they are of type {dtype}. Turn class names into "
            "indices first.",
            dtype=array.dtype.name,
        )
    kind = "int32" if array.dtype.kind in "iub" else dtype
    return np.ascontiguousarray(array, kind)


def as_input(value: Any, dtype: str) -> Array:
    """Inputs as the plans take them."""
    array = np.asarray(value)
    if array.dtype.kind in "OSU":
        raise DataError(
            "Inputs must be numbers, but they are of type {dtype}.", dtype=array.dtype.name
        )
    return np.ascontiguousarray(array, dtype)


class Results:
    """Outputs of batch after batch, gathered in one array each.

    `count` is the number of rows to come where it is known; otherwise batches are joined at the
    end.
    """

    def __init__(self, count: int | None) -> None:
        self._count = count
        self._places: list[Array] = []
        self._filled: list[int] = []
        self._batches: list[list[Array]] = []

    def take(self, outputs: Sequence[Array], rows: int) -> list[Array]:
        """Copy the outputs for that many rows of input to their places; returns the copies."""
        if self._count is None:
            self._batches.append([output.copy() for output in outputs])
            return self._batches[-1]
        if not self._places:
            # An output may have several rows for each of the input's: Concatenate(axis=0).
            lengths = [self._count * len(output) // rows for output in outputs]
            pairs = zip(lengths, outputs, strict=True)
            self._places = [np.empty((n, *output.shape[1:]), output.dtype) for n, output in pairs]
            self._filled = [0] * len(outputs)
        places = []
        for index, output in enumerate(outputs):
            start = self._filled[index]
            self._filled[index] = start + len(output)
            places.append(self._places[index][start : start + len(output)])
            places[-1][...] = output
        return places

    @property
    def arrays(self) -> list[Array]:
        """What was taken so far."""
        if self._count is None:
            return [np.concatenate(parts) for parts in zip(*self._batches, strict=True)]
        pairs = zip(self._places, self._filled, strict=True)
        return [array if len(array) == filled else array[:filled] for array, filled in pairs]
