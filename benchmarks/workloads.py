"""The networks that the engines are compared on: layers, data and batch size, no engine's code."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Workload:
    """A stack of Dense layers (relu, softmax at the end) on random rows."""

    name: str
    sizes: tuple[int, ...]
    batch: int
    rows: int
    epochs: int

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and class indices; the same for every engine."""
        generator = np.random.default_rng(0)
        x = generator.random((self.rows, self.sizes[0]), dtype=np.float32)
        return x, generator.integers(0, self.sizes[-1], self.rows).astype(np.int32)

    @property
    def steps(self) -> int:
        """Updates in one round."""
        return self.epochs * -(-self.rows // self.batch)


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("a: 784-512-10, batch 32", (784, 512, 10), 32, 6400, 1),
        Workload("b: 4-16-16-3, batch 16", (4, 16, 16, 3), 16, 150, 30),
        Workload("c: 64-128-64-10, batch 32", (64, 128, 64, 10), 32, 1797, 5),
    )
}
