"""Instructions for kernels: collected into a plan, or carried out at once."""

from typing import Any, NamedTuple

import numpy as np

from kgui.engine.backend import (  # noqa: F401 - they enter kernels
    kernels_activation,
    kernels_adafactor,
    kernels_adaptive,
    kernels_curve,
    kernels_gauss,
    kernels_general,
    kernels_indexing,
    kernels_lookup,
    kernels_loss,
    kernels_normalization,
    kernels_optimizer,
    kernels_position,
    kernels_product,
    kernels_random,
    kernels_selection,
    kernels_shrinking,
    kernels_transcendental,
    kernels_update,
)
from kgui.engine.backend.kernels import KERNELS, Array, Step
from kgui.engine.backend.memory import filled


class Instruction(NamedTuple):
    """One kernel with its arrays: plain data, so that other backends can carry it out."""

    kernel: str
    reads: tuple[Array, ...]
    out: Array
    constants: dict[str, Any]
    owner: str
    phase: str

    def bind(self) -> Step:
        """The step that carries the instruction out with NumPy."""
        return KERNELS[self.kernel](*self.reads, out=self.out, **self.constants)


class Emitter:
    """Takes instructions; this one carries each out at once."""

    def __init__(self) -> None:
        self.owner = ""
        self.phase = "forward"

    def buffer(self, shape: tuple[int, ...], dtype: Any) -> Array:
        """A new array whose values are not defined yet."""
        return np.empty(shape, dtype)

    def __call__(self, kernel: str, *reads: Array, out: Array, **constants: Any) -> Array:
        """Have `out` computed; returns it."""
        self.take(Instruction(kernel, reads, out, constants, self.owner, self.phase))
        return out

    def take(self, instruction: Instruction) -> None:
        """Carry out, or keep, an instruction."""
        instruction.bind()()

    def is_constant(self, array: Array) -> bool:
        """True if the array's values will be the same in every run."""
        return False


class ListEmitter(Emitter):
    """Lists instructions that another one carries out when it is time."""

    def __init__(self) -> None:
        super().__init__()
        self.instructions: list[Instruction] = []

    def take(self, instruction: Instruction) -> None:
        """Keep the instruction."""
        self.instructions.append(instruction)


class PlanEmitter(Emitter):
    """Collects instructions; what depends on constants alone is computed once, here."""

    def __init__(self) -> None:
        super().__init__()
        self.instructions: list[Instruction] = []
        self._buffers: dict[int, Array] = {}
        self._constants: set[int] = set()
        """The roots of buffers, by id; those of constants."""

    def buffer(self, shape: tuple[int, ...], dtype: Any) -> Array:
        """A zeroed array."""
        array = filled(shape, dtype)
        self._buffers[id(_root(array))] = array
        return array

    def constant(self, value: Any, dtype: Any) -> Array:
        """An array that never changes."""
        array = self.buffer(np.shape(value), dtype)
        array[...] = value
        self._constants.add(id(_root(array)))
        return array

    def take(self, instruction: Instruction) -> None:
        """Keep the instruction, or carry it out if nothing it reads can change."""
        out = instruction.out
        pure = instruction.kernel not in _IMPURE and self._buffers.get(id(_root(out))) is out
        if pure and all(self.is_constant(array) for array in instruction.reads):
            instruction.bind()()
            self._constants.add(id(_root(out)))
        else:
            self._thaw(id(_root(out)))
            self.instructions.append(instruction)

    def _thaw(self, root: int) -> None:
        """What was computed once but is now written to begins every run with those values."""
        if root not in self._constants:
            return
        self._constants.discard(root)
        array = self._buffers[root]
        first = self.constant(array, array.dtype)
        again = Instruction("copy", (first,), array, {}, self.owner, self.phase)
        self.instructions.insert(0, again)

    def is_constant(self, array: Array) -> bool:
        """True if the array, or what it is a view of, was computed once and for all."""
        return id(_root(array)) in self._constants


_IMPURE = {
    "accumulate",
    "accumulate_weighted",
    "count",
    "random_mask",
    *kernels_random.DRAWING,
}


def _root(array: Array) -> Array:
    """What the array is a view of; buffers, too, are views of their memory."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
