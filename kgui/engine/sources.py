"""Where batches come from: arrays, generators, datasets, and anything else that can be iterated.

A `Source` hands out (data, rows) pairs; for streams of batches the data are the batch itself.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from kgui.engine.batches import ArrayData, batches
from kgui.engine.errors import DataError
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Array, Variable

Batch = tuple[ArrayData, Array | slice]
Reader = Callable[[Any, int], ArrayData]
"""Turns what a stream yields, and its number from 1, into arrays in the model's order."""


class Source:
    """Batches in epochs."""

    count: int | None = None
    """Number of batches of an epoch; None where only the end will tell."""
    samples: int | None = None
    """Number of samples, where it is known."""

    def first(self) -> ArrayData:
        """Data with the shapes of those to come."""
        raise NotImplementedError

    def batches(self) -> Iterator[Batch]:
        """A new pass over the batches."""
        raise NotImplementedError

    def on_epoch_begin(self) -> None:
        """Called when an epoch begins."""

    def on_epoch_end(self) -> None:
        """Called when an epoch has ended, and once before the first."""


class ArraySource(Source):
    """Arrays, cut in batches; shuffled anew in every pass, or within each batch."""

    def __init__(
        self,
        data: ArrayData,
        size: int,
        shuffle: bool | str = False,
        generator: np.random.Generator | None = None,
    ) -> None:
        self.data, self.size, self.shuffle = data, size, shuffle
        self.generator = generator or np.random.default_rng(0)
        self.count, self.samples = -(-len(data) // size), len(data)

    def first(self) -> ArrayData:
        """All of the arrays."""
        return self.data

    def batches(self) -> Iterator[Batch]:
        """The arrays with the rows of each batch."""
        data, count = self.data, len(self.data)
        order = None
        if self.shuffle == "batch":
            starts = range(0, count, self.size)
            parts = (np.arange(start, min(start + self.size, count)) for start in starts)
            order = np.concatenate([self.generator.permutation(part) for part in parts])
        elif self.shuffle:
            order = self.generator.permutation(count)
        for rows in batches(count, self.size, order):
            yield data, rows


class StreamSource(Source):
    """Batches that somebody else makes; `read` turns each into arrays."""

    def __init__(self, read: Reader) -> None:
        self.read = read

    def first(self) -> ArrayData:
        """The first batch."""
        for item in self.items():
            return self.read(item, 1)
        raise DataError("The data holds no batches.")

    def items(self) -> Iterator[Any]:
        """A new pass over the batches as they come."""
        raise NotImplementedError

    def batches(self) -> Iterator[Batch]:
        """Every batch, with all of its rows."""
        for number, item in enumerate(self.items(), 1):
            data = self.read(item, number)
            yield data, slice(0, len(data))


class GeneratorSource(StreamSource):
    """A generator: it goes on where it stopped; two batches are looked at before, as in Keras.

    A pass that begins after the generator has ended gives those two batches once more.
    """

    def __init__(self, generator: Iterator[Any], read: Reader) -> None:
        super().__init__(read)
        self._generator = generator
        self._seen = list(itertools.islice(generator, 2))
        if not self._seen:
            raise DataError(
                "When passing a Python generator to a Keras model, the generator must yield at "
                "least one batch. Received an empty generator."
            )
        if not isinstance(self._seen[0], tuple):
            raise DataError(
                "When passing a Python generator to a Keras model, the generator must return a "
                "tuple, either (input,) or (inputs, targets) or (inputs, targets, "
                "sample_weights). Received: {kind}",
                kind=type(self._seen[0]).__name__,
            )

    def items(self) -> Iterator[Any]:
        """The first two batches, and what the generator still holds."""
        return itertools.chain(self._seen, self._generator)


class IterableSource(StreamSource):
    """What can be iterated again and again: a data loader, for example."""

    def __init__(self, iterable: Any, read: Reader) -> None:
        super().__init__(read)
        self._iterable = iterable
        try:
            self.count = len(iterable)
        except TypeError:
            self.count = None
        if self.count == 0:
            raise DataError("The data holds no batches.")

    def items(self) -> Iterator[Any]:
        """The batches from the beginning."""
        return iter(self._iterable)


class DatasetSource(StreamSource):
    """A `PyDataset`, or anything with its methods."""

    def __init__(
        self,
        dataset: Any,
        read: Reader,
        shuffle: bool,
        generator: np.random.Generator,
    ) -> None:
        super().__init__(read)
        self._dataset, self._shuffle, self._generator = dataset, shuffle, generator
        known = hasattr(dataset, "num_batches")
        self.count = dataset.num_batches if known else len(dataset)
        self._workers = int(getattr(dataset, "workers", 1) or 1)
        if self.count == 0:
            raise DataError("The PyDataset has length 0")

    def first(self) -> ArrayData:
        """The first batch."""
        return self.read(self._dataset[0], 1)

    def items(self) -> Iterator[Any]:
        """The batches in order, or in a new order."""
        indices: Iterator[int] = itertools.count()
        if self.count is not None:
            whole = self._shuffle is True
            indices = iter(self._generator.permutation(self.count) if whole else range(self.count))
        numbers = map(int, indices)
        if self._workers > 1:
            return _ahead(self._dataset, numbers, self._workers)
        return (self._dataset[index] for index in numbers)

    def on_epoch_begin(self) -> None:
        """Tell the dataset."""
        getattr(self._dataset, "on_epoch_begin", _nothing)()

    def on_epoch_end(self) -> None:
        """Tell the dataset."""
        getattr(self._dataset, "on_epoch_end", _nothing)()


def _nothing() -> None:
    """A dataset need not listen."""


def _ahead(dataset: Any, indices: Iterator[int], workers: int) -> Iterator[Any]:
    """Batches in order, made by threads some time before they are needed."""
    limit = max(int(getattr(dataset, "max_queue_size", 10) or 1), 1)
    waiting: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for index in indices:
                waiting.append(pool.submit(dataset.__getitem__, index))
                if len(waiting) >= limit:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def is_stream(x: Any) -> bool:
    """True for what yields batches, False for arrays and structures of them."""
    if x is None or isinstance(x, list | tuple | Mapping | str | bytes | KerasTensor | Variable):
        return False
    if hasattr(x, "__array__") or hasattr(x, "__float__"):
        return False
    return hasattr(x, "__iter__") or _is_dataset(x)


def _is_dataset(x: Any) -> bool:
    return hasattr(x, "__getitem__") and (hasattr(x, "__len__") or hasattr(x, "num_batches"))


def stream_name(x: Any) -> str:
    """What Keras calls such data."""
    if hasattr(x, "__next__"):
        return "generator"
    return "PyDataset" if _is_dataset(x) else type(x).__name__


def stream_source(
    x: Any, read: Reader, shuffle: bool | str, generator: np.random.Generator
) -> StreamSource:
    """The source for a stream."""
    if hasattr(x, "__next__"):
        return GeneratorSource(x, read)
    if _is_dataset(x):
        return DatasetSource(x, read, shuffle is True, generator)
    return IterableSource(x, read)
