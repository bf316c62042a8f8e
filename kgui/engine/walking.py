"""The way back over what a tape recorded: each primitive's own derivative, last one first."""

from typing import Any, NamedTuple

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.activation import Softmax
from kgui.engine.ops.crossentropy import CrossEntropy
from kgui.engine.ops.primitive import Forward, Primitive
from kgui.engine.tensors import Array


class Record(NamedTuple):
    """One primitive that was computed."""

    primitive: Primitive
    tensors: tuple[Any, ...]
    done: Forward
    output: Any


class Walk:
    """One way back: the gradients found so far, by the ids of the tensors they belong to."""

    def __init__(
        self,
        gradients: dict[int, Array],
        reached: set[int],
        kept: set[int],
        makers: dict[int, Record],
    ) -> None:
        self.gradients = gradients
        self._reached, self._kept, self._makers = reached, kept, makers
        self._emit = Emitter()

    def through(self, record: Record) -> None:
        """Add what the record's output contributes to its inputs' gradients."""
        gradient = self.gradients.get(id(record.output))
        if gradient is None:
            return
        if id(record.output) not in self._kept:
            del self.gradients[id(record.output)]
        primitive = record.primitive
        if isinstance(primitive, CrossEntropy) and self._through_softmax(record, gradient):
            return
        parts = Contributions(record, self._reached, gradient.dtype)
        primitive.backward(self._emit, record.done, gradient, parts)
        self._add(record, parts)

    def _through_softmax(self, record: Record, gradient: Array) -> bool:
        """Skip the softmax's derivative, as plans do, so that the numbers are the same."""
        probabilities = record.tensors[1]
        maker = self._makers.get(id(probabilities))
        if maker is None or id(probabilities) in self._kept:
            return False
        softmax = maker.primitive
        if not isinstance(softmax, Softmax) or softmax.kernel != "softmax":
            return False
        primitive = record.primitive
        assert isinstance(primitive, CrossEntropy)  # noqa: S101 - the caller asked
        parts = Contributions(maker, self._reached, gradient.dtype)
        primitive.through_softmax(self._emit, record.done, gradient, parts.into(0))
        self._add(maker, parts)
        return True

    def _add(self, record: Record, parts: "Contributions") -> None:
        for index, part in parts.found:
            key = id(record.tensors[index])
            dtype = record.done.inputs[index].dtype
            value = part if part.dtype == dtype or dtype.kind != "f" else part.astype(dtype)
            before = self.gradients.get(key)
            self.gradients[key] = value if before is None else np.asarray(before + value)


class Contributions:
    """Takes what one primitive contributes to its inputs' gradients."""

    def __init__(self, record: Record, reached: set[int], dtype: Any) -> None:
        self.found: list[tuple[int, Array]] = []
        self._record, self._reached, self._dtype = record, reached, dtype

    def wants(self, index: int) -> bool:
        """False where nobody needs the gradient of that input."""
        return id(self._record.tensors[index]) in self._reached

    def into(self, index: int, reuse: Array | None = None) -> Array:
        """A new array for the contribution to input `index`."""
        array = np.empty(self._record.done.inputs[index].shape, self._dtype)
        if self.wants(index):
            self.found.append((index, array))
        return array

    def give(self, index: int, array: Array) -> None:
        """The contribution to input `index` is a view of the output's gradient."""
        if self.wants(index):
            self.found.append((index, array))


class SecondDerivative(Primitive):
    """Stands on an outer tape for a gradient that an inner tape worked out."""

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Any) -> None:
        """NotImplementedError."""
        raise NotImplementedError(
            "Second derivatives are not supported: a GradientTape cannot go back through the "
            "`gradient` of another."
        )
