"""Data made batch by batch in Python, as `keras.utils.PyDataset`."""

import itertools
from collections.abc import Iterator
from typing import Any


class PyDataset:
    """Batches by number: write `__getitem__` and `__len__` (the number of batches).

    `on_epoch_begin` and `on_epoch_end` are called by fit around every epoch.

    Args:
        workers: Threads that make batches ahead; 1 makes each when it is needed.
        use_multiprocessing: Taken for Keras's sake; batches are made in threads.
        max_queue_size: Most batches that are kept ready.
    """

    def __init__(
        self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10
    ) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __getitem__(self, index: int) -> Any:
        """Batch number `index`: (inputs, targets) or (inputs, targets, sample_weights)."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        """All batches in order."""
        count = self.num_batches
        indices = itertools.count() if count is None else range(count)
        return (self[index] for index in indices)

    @property
    def num_batches(self) -> int | None:
        """Number of batches; None for a dataset without end."""
        if hasattr(self, "__len__"):
            return len(self)
        raise NotImplementedError(
            "You need to implement the `num_batches` property:\n\n"
            "@property\ndef num_batches(self):\n  return ..."
        )

    def on_epoch_begin(self) -> None:
        """Called when an epoch begins."""

    def on_epoch_end(self) -> None:
        """Called when an epoch has ended."""


Sequence = PyDataset
"""The name of old programs."""
