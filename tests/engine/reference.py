"""A plain executor to hold plans against: fresh arrays for everything, nothing reused or folded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter, _root
from kgui.engine.ops.primitive import Forward, Primitive, as_array
from kgui.engine.plan import Plan, Planner, nodes_behind
from kgui.engine.symbolic import KerasTensor, Node
from kgui.engine.variables import Variable

Array = Any


class Tape:
    """Computes tensors one primitive at a time, then gradients in reverse."""

    def __init__(self, wanted: Iterable[KerasTensor], inputs: Mapping[int, Array]) -> None:
        self.values: dict[int, Array] = {key: array.copy() for key, array in inputs.items()}
        self.nodes = nodes_behind(wanted)
        self._done: dict[int, Forward] = {}
        for node in self.nodes:
            self._compute(node)

    def _compute(self, node: Node) -> None:
        primitive, output = node.operation, node.outputs[0]
        assert isinstance(primitive, Primitive)
        arrays = tuple(np.array(self._value(item, output.dtype)) for item in node.arguments)
        shape = primitive.output_shape(*(array.shape for array in arrays))
        with np.errstate(all="ignore"):
            done = primitive.forward(Emitter(), arrays, lambda: np.empty(shape, output.dtype))
        self._done[id(node)] = done
        self.values[id(output)] = done.output.copy()

    def _value(self, argument: Any, dtype: str) -> Array:
        if isinstance(argument, KerasTensor):
            return self.values[id(argument)]
        if isinstance(argument, Variable):
            return argument.array
        array = as_array(argument)
        floats = dtype.startswith("float") and array.dtype.kind == "f"
        return array.astype(dtype) if floats else array

    def gradients(self, loss: KerasTensor, variables: Sequence[Variable]) -> list[Array]:
        """The gradient of a scalar with respect to each variable."""
        sums: dict[int, Array] = {id(loss): np.ones_like(self.values[id(loss)])}
        for node in reversed(self.nodes):
            gradient = sums.get(id(node.outputs[0]))
            primitive = node.operation
            assert isinstance(primitive, Primitive)
            if gradient is None or not primitive.differentiable or gradient.dtype.kind != "f":
                continue
            sink = _Sink(node, self._done[id(node)].inputs, gradient.dtype)
            with np.errstate(all="ignore"):
                primitive.backward(Emitter(), self._done[id(node)], gradient.copy(), sink)
            for key, array in sink.given:
                sums[key] = sums[key] + array if key in sums else array.copy()
        return [sums.get(id(v), np.zeros_like(v.array)) for v in variables]


class _Sink:
    """Takes what a primitive's backward contributes, always into arrays of its own."""

    def __init__(self, node: Node, inputs: tuple[Array, ...], dtype: Any) -> None:
        self.given: list[tuple[int, Array]] = []
        self._node, self._inputs, self._dtype = node, inputs, dtype

    def wants(self, index: int) -> bool:
        argument = self._node.arguments[index]
        known = isinstance(argument, KerasTensor | Variable)
        return known and argument.dtype.startswith("float")

    def into(self, index: int, reuse: Array | None = None) -> Array:
        array = np.full(self._inputs[index].shape, np.nan, self._dtype)
        if self.wants(index):
            self.given.append((id(self._node.arguments[index]), array))
        return array

    def give(self, index: int, array: Array) -> None:
        if self.wants(index):
            self.given.append((id(self._node.arguments[index]), array.copy()))


class Planned:
    """A computation compiled by the planner: inputs, wanted tensors, gradients of the last."""

    def __init__(
        self,
        inputs: Sequence[KerasTensor],
        wanted: Sequence[KerasTensor],
        variables: Sequence[Variable] = (),
        loss: KerasTensor | None = None,
    ) -> None:
        self.planner = Planner()
        self.buffers = [np.zeros(tensor.shape, tensor.dtype) for tensor in inputs]
        for tensor, buffer in zip(inputs, self.buffers, strict=True):
            self.planner.bind(tensor, buffer)
        training = loss is not None
        targets = [*wanted, loss] if loss is not None else list(wanted)
        nodes = self.planner.forward(targets, training=training)
        self.outputs = [self.planner.array(tensor) for tensor in targets]
        self.gradients = [np.full_like(v.array, np.nan) for v in variables]
        if loss is not None:
            slots = {id(v): g for v, g in zip(variables, self.gradients, strict=True)}
            self.planner.backward(loss, nodes, slots)
        self.plan: Plan = self.planner.finish()
        check_constants(self.planner)

    def run(self, arrays: Sequence[Array]) -> list[Array]:
        """Fill the inputs, run, and return copies of the wanted arrays."""
        for buffer, array in zip(self.buffers, arrays, strict=True):
            buffer[...] = array
        with np.errstate(all="ignore"):
            self.plan.run()
        for buffer, array in zip(self.buffers, arrays, strict=True):
            np.testing.assert_array_equal(buffer, array, "a plan wrote into its input")
        return [output.copy() for output in self.outputs]


def check_constants(planner: Planner) -> None:
    """No step may write what was computed once and for all: the second run would differ."""
    constants = planner.emit._constants
    for instruction in planner.emit.instructions:
        assert id(_root(instruction.out)) not in constants, instruction.kernel
