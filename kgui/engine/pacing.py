"""Batches taken together where nobody listens in between: what Python does for each is saved."""

import itertools
import time
from collections.abc import Iterator

from kgui.engine.batches import ArrayData, count_rows
from kgui.engine.sources import Batch
from kgui.engine.variables import Array

LONGEST = 256
"""Batches taken together at most."""
MOMENT = 0.004
"""Seconds they may take: so long a stop, or Ctrl-C, has to wait."""


class Pacing:
    """How many batches are taken together: as many as fit into a moment."""

    def __init__(self) -> None:
        self._together = 1

    def groups(self, batches: Iterator[Batch]) -> Iterator[tuple[ArrayData, list[Array | slice]]]:
        """The batches of arrays in groups of equal sizes."""
        while taken := list(itertools.islice(batches, self._together)):
            start = time.perf_counter()
            for _, group in itertools.groupby(taken, _size):
                same = list(group)
                yield same[0][0], [rows for _, rows in same]
            self._adapt(len(taken), time.perf_counter() - start)

    def _adapt(self, count: int, seconds: float) -> None:
        if count == self._together and seconds < MOMENT / 2:
            self._together = min(2 * count, LONGEST)
        elif seconds > MOMENT:
            self._together = max(1, count // 2)


def _size(batch: Batch) -> tuple[int, int]:
    data, rows = batch
    return id(data), count_rows(rows)
