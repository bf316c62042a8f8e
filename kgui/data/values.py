"""What the rest of the program knows of data: a summary to look at, parts to train on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Target:
    """What is to be predicted: one of several classes, or numbers."""

    name: str
    kind: Literal["classes", "numbers"]
    classes: tuple[str, ...] = ()
    """Class names in the order of their indices; empty for numbers."""
    width: int = 1
    """Numbers per row; 1 for classes."""


@dataclass(frozen=True)
class Summary:
    """A source in a few figures, after preparation: what fits an Input node and an output."""

    title: str
    rows: int
    """Rows that can be trained on (training, validation and test together)."""
    input_shapes: Mapping[str, tuple[int, ...]]
    """Name of each input array -> shape of one row; a single unnamed input is called "x"."""
    target: Target
    notes: tuple[str, ...] = ()
    """Sentences the user should read: rows with missing values, columns left out, ..."""
    is_scaled: bool = False
    """Whether every input array holds other numbers than the file: fractions, mostly."""
    greatest: Mapping[str, float] = field(default_factory=dict)
    """Name of an input array that comes in as it is -> its largest value, where that is known."""


@dataclass(frozen=True)
class Part:
    """Rows ready for the engine: float32 inputs by name, targets as class indices or numbers."""

    inputs: Mapping[str, Array]
    targets: Array
    """int32 (rows,) for classes, float32 (rows, width) for numbers."""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.targets)


@dataclass(frozen=True)
class Parts:
    """A source divided; what a run trains on."""

    train: Part
    validation: Part | None
    test: Part | None
