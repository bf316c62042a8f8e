"""The batches of every epoch, as Keras counts them: an epoch may end in the middle of the data."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine.arranging import (
    arrange,
    batch_size_of,
    unpack,
    weigh_classes,
)
from kgui.engine.batches import ArrayData, split_validation
from kgui.engine.errors import DataError
from kgui.engine.sources import (
    ArraySource,
    Batch,
    Source,
    StreamSource,
    is_stream,
    stream_name,
    stream_source,
)

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

RAN_OUT = (
    "Your input ran out of data; interrupting training. Make sure that your dataset or generator "
    "can generate at least `steps_per_epoch * epochs` batches. You may need to use the `.repeat()` "
    "function when building your dataset."
)


class Feed:
    """Hands out the batches of one epoch after the other.

    With `steps`, an epoch has that many batches, and the next one goes on where it stopped.
    """

    def __init__(self, source: Source, steps: int | None = None) -> None:
        self.source, self.steps = source, steps
        self._count = source.count
        self._current: Iterator[Batch] | None = None
        self._seen = 0

    @property
    def count(self) -> int | None:
        """Batches of an epoch; None where only the end will tell."""
        return self.steps or self._count

    def reset(self) -> None:
        """Begin anew."""
        self._current, self._seen, self._count = None, 0, self.source.count
        self.source.on_epoch_end()

    def epoch(self) -> Iterator[Batch]:
        """The batches of the next epoch."""
        self.source.on_epoch_begin()
        limit = self.steps or self._count
        if self._current is None or self.steps is None:
            self._current, self._seen = self.source.batches(), 0
        done = 0
        while limit is None or done < limit:
            if self._count and self._seen >= self._count:
                if self.steps:
                    warnings.warn(RAN_OUT, stacklevel=4)
                break
            self._seen += 1
            try:
                batch = next(self._current)
            except StopIteration:
                self._end_early()
                return
            yield batch
            done += 1
        if self._count and self._seen >= self._count:
            self._current = None
        self.source.on_epoch_end()

    def skip(self, epochs: int) -> None:
        """Pass over epochs of arrays: a resumed training shuffles as if never interrupted."""
        if not isinstance(self.source, ArraySource):
            return
        for _ in range(epochs):
            for _ in self.epoch():
                pass

    def _end_early(self) -> None:
        self._count = self._count or self._seen
        self._current = None
        warnings.warn(RAN_OUT, stacklevel=5)
        self.source.on_epoch_end()


class BatchReader:
    """Turns what a stream yields into arrays, and refuses what does not fit the first batch."""

    def __init__(self, model: "Model", name: str, class_weight: Any = None) -> None:
        self._model, self._name, self._class_weight = model, name, class_weight
        self._first: ArrayData | None = None
        self.check: Callable[[ArrayData], None] = _anything
        """What else a batch must be."""
        self.refused = False
        """True once a batch was refused."""

    def __call__(self, item: Any, number: int) -> ArrayData:
        """The batch's arrays; DataError, with the number of the batch, if it does not fit."""
        try:
            data = arrange(self._model, *unpack(item))
            if self._class_weight is not None:
                data = weigh_classes(data, self._class_weight)
            self._check_structure(data, number)
            self.check(data)
        except (ValueError, TypeError) as error:
            self.refused = True
            error.add_note(f"It was batch {number} that the {self._name} gave.")
            raise
        return data

    def _check_structure(self, data: ArrayData, number: int) -> None:
        if self._first is None:
            self._first = data
        first, now = _outline(self._first), _outline(data)
        if first != now:
            raise DataError(
                "Batch {number} of the {name} has another structure than the first: {now} instead "
                "of {first} (arrays of x, y and sample_weight by rank)",
                number=number,
                name=self._name,
                now=now,
                first=first,
            )


def refused(feed: Feed) -> bool:
    """True if a batch of the stream was refused."""
    source = feed.source
    read = source.read if isinstance(source, StreamSource) else None
    return isinstance(read, BatchReader) and read.refused


@contextmanager
def fitting_in(feed: Feed) -> Iterator[None]:
    """What goes wrong while a batch's program is made is the batch's fault."""
    try:
        yield
    except Exception:
        read = getattr(feed.source, "read", None)
        if isinstance(read, BatchReader):
            read.refused = True
        raise


def _anything(data: ArrayData) -> None:
    """Every batch will do."""


def _outline(data: ArrayData) -> tuple[list[int], ...]:
    parts = (data.inputs, data.targets, data.weights)
    return tuple([array.ndim for array in part] for part in parts)


@dataclass(frozen=True)
class Validation:
    """What fit was given to validate with."""

    data: Any = None
    share: float = 0.0
    size: Any = None
    steps: int | None = None

    def __post_init__(self) -> None:
        """ValueError for a share that is none."""
        if not isinstance(self.share, int | float) or not 0 <= self.share <= 1:
            raise ValueError(
                f"`validation_split` should be between 0 and 1. Received: {self.share!r}"
            )


def feed_of(
    model: "Model",
    x: Any,
    y: Any = None,
    weights: Any = None,
    *,
    size: Any = None,
    steps: int | None = None,
    part: str = "",
) -> Feed:
    """The feed for what was given as x, y and sample_weight; `part` names it in faults."""
    if is_stream(x):
        return _stream_feed(model, x, y, weights, Order(), steps)
    data = arrange(model, x, y, weights, part)
    return Feed(ArraySource(data, batch_size_of(size, len(data), steps)), steps)


@dataclass(frozen=True)
class Order:
    """How the training data are gone through, and what their classes weigh."""

    shuffle: bool | str = False
    generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    class_weight: Any = None


def training_feeds(
    model: "Model",
    data: tuple[Any, Any, Any],
    size: Any,
    steps: int | None,
    order: Order,
    validation: Validation,
) -> tuple[Feed, Feed | None]:
    """The feed of fit, and that of its validation."""
    x = data[0]
    if is_stream(x):
        if validation.share and validation.data is None:
            raise ValueError(
                "Argument `validation_split` is only supported for tensors or NumPy arrays. "
                f"Found incompatible type in the input: {type(x).__name__}"
            )
        feed = _stream_feed(model, *data, order, steps)
        if not model.built:
            feed.source.first()
        return feed, _given_validation(model, validation, size)
    arrays = arrange(model, *data)
    held = _given_validation(model, validation, size)
    if validation.share and held is None:
        arrays, rest = split_validation(arrays, validation.share)
        batch = batch_size_of(validation.size or size, len(rest), validation.steps)
        held = Feed(ArraySource(rest, batch), validation.steps)
    if order.class_weight is not None:
        arrays = weigh_classes(arrays, order.class_weight)
    batch = batch_size_of(size, len(arrays), steps)
    return Feed(ArraySource(arrays, batch, order.shuffle, order.generator), steps), held


def _given_validation(model: "Model", validation: Validation, size: Any) -> Feed | None:
    if validation.data is None:
        return None
    x, y, weights = unpack(validation.data)
    size, steps = validation.size or size, validation.steps
    return feed_of(model, x, y, weights, size=size, steps=steps, part="validation ")


def _stream_feed(
    model: "Model", x: Any, y: Any, weights: Any, order: Order, steps: int | None
) -> Feed:
    name = stream_name(x)
    for argument, value, what in (
        ("y", y, "the targets"),
        ("sample_weights", weights, "the sample weights"),
    ):
        if value is not None:
            raise ValueError(
                f"When providing `x` as a {name}, `{argument}` should not be passed. Instead, "
                f"{what} should be included as part of the {name}."
            )
    reader = BatchReader(model, name, order.class_weight)
    return Feed(stream_source(x, reader, order.shuffle, order.generator), steps)
