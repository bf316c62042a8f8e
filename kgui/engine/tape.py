"""Loops of one's own: a tape takes down what is computed and walks back for the gradients."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import numpy as np

from kgui.engine.differentiating import (
    check_sources,
    forbid_second,
    result,
    stacked,
    start_of,
)
from kgui.engine.ops.primitive import Forward, Primitive
from kgui.engine.recording import end_recording, recorders, start_recording
from kgui.engine.structure import Structure, flatten, pack
from kgui.engine.tensors import Array
from kgui.engine.variables import Variable
from kgui.engine.walking import Record, Walk

UNCONNECTED = ("none", "zero")


class GradientTape:
    """Records what is computed inside `with`, and gives the gradients of it.

    Variables that are trained are watched when they are used; other variables, tensors and
    arrays by `watch`. Second derivatives are not supported: NotImplementedError says so where
    one would be needed.

    Args:
        persistent: `gradient` may be asked more than once.
        watch_accessed_variables: Trainable variables are watched as soon as they are used.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watch_accessed = watch_accessed_variables
        self._recording = False
        self._spent = True
        self._start()

    def _start(self) -> None:
        self._records: list[Record] = []
        self._watched: dict[int, Any] = {}
        self._followed: set[int] = set()
        self._values: dict[int, Array] = {}

    def __enter__(self) -> Self:
        if self._recording:
            raise ValueError(
                "Tape is still recording, This can happen if you try to re-enter an "
                "already-active tape."
            )
        self._start()
        self._spent = False
        self._resume()
        return self

    def __exit__(self, *_: object) -> None:
        if self._recording:
            self._pause()

    def _resume(self) -> None:
        start_recording(self)
        self._recording = True

    def _pause(self) -> None:
        end_recording(self)
        self._recording = False

    def watch(self, tensor: Structure) -> None:
        """Follow a tensor, an array or a variable, or several; TypeError for anything else."""
        for item in flatten(tensor):
            if not isinstance(item, np.ndarray | Variable):
                raise TypeError(
                    f"Passed in object {item} of type {type(item).__name__!r}, not a tensor, "
                    "array or variable."
                )
            if not str(item.dtype).startswith("float"):
                warnings.warn(
                    "The dtype of the watched tensor must be floating (e.g. float32), "
                    f"got {item.dtype}",
                    stacklevel=2,
                )
                continue
            self._follow(item)

    def _follow(self, item: Any) -> None:
        self._watched[id(item)] = item
        self._followed.add(id(item))

    def watched_variables(self) -> tuple[Variable, ...]:
        """The variables that are watched, in the order of their first use."""
        return tuple(item for item in self._watched.values() if isinstance(item, Variable))

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Leave out what is computed inside `with`."""
        if not self._recording:
            raise ValueError("Tape is not recording.")
        self._pause()
        try:
            yield
        finally:
            self._resume()

    def reset(self) -> None:
        """Forget everything that was recorded and watched."""
        self._start()
        self._spent = False

    def values(self, variable: Variable) -> Array:
        """A copy of the variable's values as they are now: it may change before `gradient`."""
        kept = self._values.get(id(variable))
        if kept is None or not np.array_equal(kept, variable.array):
            kept = self._values[id(variable)] = variable.array.copy()
        return kept

    def record(
        self, primitive: Primitive, tensors: Sequence[Any], done: Forward, output: Any
    ) -> None:
        """Take down a primitive, if it depends on something that is watched."""
        if self._watch_accessed:
            for tensor in tensors:
                if isinstance(tensor, Variable) and tensor.trainable:
                    self._follow(tensor)
        if not primitive.differentiable or output.dtype.kind != "f":
            return
        if any(id(tensor) in self._followed for tensor in tensors):
            self._followed.add(id(output))
            self._records.append(Record(primitive, tuple(tensors), done, output))

    def gradient(
        self,
        target: Structure,
        sources: Structure,
        output_gradients: Structure = None,
        unconnected_gradients: str = "none",
    ) -> Structure:
        """Derivatives of the target's sum, in the structure of the sources.

        Args:
            target: A tensor, or several whose sum is meant.
            sources: Variables and tensors that were watched, in any structure.
            output_gradients: Factors of the target's values, of the target's structure.
            unconnected_gradients: What stands for the gradient of a source that the target does
                not depend on: "none" (None) or "zero".
        """
        wanted, kind = self._asked(sources, unconnected_gradients)
        found = self._walk_back(start_of(target, output_gradients), wanted)
        results = [result(found.get(id(item)), item, kind) for item in wanted]
        return pack(sources, self._given(wanted, results))

    def jacobian(
        self,
        target: Any,
        sources: Structure,
        unconnected_gradients: str = "none",
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Structure:
        """Derivatives of each value of the target, whose shape goes before that of the source.

        Args:
            target: A tensor.
            sources: Variables and tensors that were watched, in any structure.
            unconnected_gradients: As for `gradient`.
            parallel_iterations: Taken for TensorFlow's sake; values are gone through in turn.
            experimental_use_pfor: Taken for TensorFlow's sake.
        """
        wanted, kind = self._asked(sources, unconnected_gradients)
        rows = self._rows(target, np.eye(np.size(target)), wanted)
        shape = np.shape(target)
        results = [
            result(stacked(parts, shape), np.zeros((*shape, *item.shape), item.dtype), kind)
            for parts, item in zip(rows, wanted, strict=True)
        ]
        return pack(sources, self._given(wanted, results))

    def batch_jacobian(
        self,
        target: Any,
        source: Any,
        unconnected_gradients: str = "none",
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Derivatives of each value of a sample's target after the same sample's source only.

        Args:
            target: A tensor whose first axis is the samples.
            source: A tensor that was watched, of as many samples.
            unconnected_gradients: As for `gradient`.
            parallel_iterations: Taken for TensorFlow's sake; values are gone through in turn.
            experimental_use_pfor: Taken for TensorFlow's sake.
        """
        samples, *shape = np.shape(target)
        if source.shape[:1] != (samples,):
            raise ValueError(
                f"Need first dimension of target shape ({np.shape(target)}) and source shape "
                f"({source.shape}) to match."
            )
        wanted, kind = self._asked(source, unconnected_gradients)
        size = int(np.prod(shape))
        (parts,) = self._rows(target, np.tile(np.eye(size), (1, samples)), wanted)
        found = stacked(parts, (size,))
        if found is not None:
            found = np.moveaxis(found, 0, 1).reshape(samples, *shape, *source.shape[1:])
        like = np.zeros((samples, *shape, *source.shape[1:]), source.dtype)
        return self._given(wanted, [result(found, like, kind)])[0]

    def _rows(self, target: Any, factors: Array, wanted: Sequence[Any]) -> list[list[Any]]:
        """The gradients of each source, for each row of factors of the target's values."""
        found = [
            self._walk_back(start_of(target, row.reshape(np.shape(target))), wanted)
            for row in factors
        ]
        return [[gradients.get(id(item)) for gradients in found] for item in wanted]

    def _asked(self, sources: Structure, unconnected: Any) -> tuple[list[Any], str]:
        """The sources one by one, and what to give for one that is not connected."""
        if self._spent:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of "
                "gradients (or jacobians)"
            )
        kind = getattr(unconnected, "value", unconnected)
        if kind not in UNCONNECTED:
            raise ValueError(
                f"Unknown value for unconnected_gradients: '{unconnected}'. "
                f"Expected one of {UNCONNECTED}"
            )
        wanted = flatten(sources)
        check_sources(wanted)
        if self._recording and not self._persistent:
            self._pause()
        return wanted, kind

    def _given(self, wanted: Sequence[Any], results: list[Any]) -> list[Any]:
        """The results; a tape that is not persistent has nothing left after them."""
        for outer in recorders():
            if outer is not self:
                forbid_second(outer, wanted, results)
        if not self._persistent:
            self._start()
            self._spent = True
        return results

    def _walk_back(self, start: dict[int, Array], wanted: Sequence[Any]) -> dict[int, Array]:
        reached = {id(item) for item in wanted}
        kept = set(reached)
        path = []
        for record in self._records:
            if any(id(tensor) in reached for tensor in record.tensors):
                reached.add(id(record.output))
                path.append(record)
        walk = Walk(start, reached, kept, {id(record.output): record for record in path})
        with np.errstate(all="ignore"):
            for record in reversed(path):
                walk.through(record)
        return walk.gradients
