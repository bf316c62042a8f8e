"""An array seen with the fewest axes that tell apart what is summed over and what is kept."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

Axes = tuple[int, ...]


class Layout(NamedTuple):
    """An array's shape with neighbouring axes that are treated alike as one."""

    shape: tuple[int, ...]
    reduced: Axes
    """Axes that are summed over."""

    @property
    def column(self) -> tuple[int, ...]:
        """The shape of the sums, with 1 where they were."""
        return tuple(1 if axis in self.reduced else n for axis, n in enumerate(self.shape))

    @property
    def number(self) -> int:
        """How many values each sum is of."""
        return max(math.prod(self.shape[axis] for axis in self.reduced), 1)


def layout(shape: Sequence[int], reduced: Axes) -> Layout:
    """The shape with as few axes as sums over these allow."""
    runs = [list(run) for _, run in groupby(range(len(shape)), key=lambda axis: axis in reduced)]
    return Layout(
        tuple(math.prod(shape[axis] for axis in run) for run in runs),
        tuple(place for place, run in enumerate(runs) if run[0] in reduced),
    )
