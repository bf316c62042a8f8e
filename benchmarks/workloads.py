"""The networks that the engines are compared on: layers, data and batch size, no engine's code."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Workload:
    """Dense layers (relu, softmax at the end) on random rows, trained with Adam."""

    title: str
    sizes: tuple[int, ...]
    batch: int
    rows: int
    epochs: int
    branches: int = 1
    """With 3: three hidden layers side by side, added and joined, and two outputs (see README)."""

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and class indices; the same for every engine."""
        generator = np.random.default_rng(0)
        x = generator.random((self.rows, self.sizes[0]), dtype=np.float32)
        return x, generator.integers(0, self.sizes[-1], self.rows).astype(np.int32)

    @property
    def steps(self) -> int:
        """Updates in one round."""
        return self.epochs * -(-self.rows // self.batch)

    def products(self) -> list[tuple[int, int, int]]:
        """Sizes of the matrix products of a step's forward pass, each with its two derivatives."""
        pairs = list(zip(self.sizes, self.sizes[1:], strict=False))
        if self.branches > 1:
            wide, hidden, classes = self.sizes
            pairs = [(wide, hidden)] * 3 + [(2 * hidden, hidden)] + [(hidden, classes)] * 2
        return [(self.batch, before, after) for before, after in pairs]


WORKLOADS = {
    "a": Workload("784-512-10, batch 32", (784, 512, 10), 32, 6400, 1),
    "a128": Workload("784-512-10, batch 128", (784, 512, 10), 128, 12800, 1),
    "b": Workload("4-16-16-3, batch 16", (4, 16, 16, 3), 16, 150, 300),
    "c": Workload("64-128-64-10, batch 32", (64, 128, 64, 10), 32, 1797, 10),
    "d": Workload("3 branches, 2 outputs, batch 32", (64, 128, 10), 32, 1797, 10, branches=3),
    "e": Workload(
        "1024-2048-2048-1024-100, batch 512", (1024, 2048, 2048, 1024, 100), 512, 1024, 1
    ),
}
