"""An array seen with the fewest axes that tell its roles apart: what is summed, what scales."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

Axes = tuple[int, ...]


class Layout(NamedTuple):
    """An array seen with the fewest axes that tell apart what is summed over, and what scales."""

    shape: tuple[int, ...]
    reduced: Axes
    """Axes that are summed over."""
    scaled: Axes
    """Axes along which scale and offset have values of their own."""

    @property
    def column(self) -> tuple[int, ...]:
        """The shape of statistics, with 1 where there were sums."""
        return tuple(1 if axis in self.reduced else n for axis, n in enumerate(self.shape))

    @property
    def parameter(self) -> tuple[int, ...]:
        """The shape of scale and offset, with 1 where they have one value for all."""
        return tuple(n if axis in self.scaled else 1 for axis, n in enumerate(self.shape))

    @property
    def unscaled(self) -> Axes:
        """Axes along which scale and offset have one value for all."""
        return tuple(axis for axis in range(len(self.shape)) if axis not in self.scaled)

    @property
    def number(self) -> int:
        """How many values each statistic is of."""
        return max(math.prod(self.shape[axis] for axis in self.reduced), 1)


def layout(shape: Sequence[int], reduced: Axes, scaled: Axes = ()) -> Layout:
    """Axes side by side that are treated alike become one."""
    kinds = [(axis in reduced, axis in scaled) for axis in range(len(shape))]
    runs = [list(run) for _, run in groupby(range(len(shape)), key=lambda axis: kinds[axis])]
    return Layout(
        tuple(math.prod(shape[axis] for axis in run) for run in runs),
        tuple(place for place, run in enumerate(runs) if kinds[run[0]][0]),
        tuple(place for place, run in enumerate(runs) if kinds[run[0]][1]),
    )
