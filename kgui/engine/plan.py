"""A traced computation compiled once to a flat list of in-place kernels over fixed buffers.

`Planner` walks back from the wanted tensors, lays out buffers, emits every primitive's forward
in order and every derivative in reverse. What comes out, a `Plan`, only has steps to run.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import PlanEmitter
from kgui.engine.backend.kernels import Array
from kgui.engine.execution import Plan
from kgui.engine.ops.activation import Softmax
from kgui.engine.ops.crossentropy import CrossEntropy
from kgui.engine.ops.primitive import Forward, Primitive, as_array
from kgui.engine.symbolic import KerasTensor, Node
from kgui.engine.variables import Variable


def nodes_behind(tensors: Iterable[KerasTensor]) -> list[Node]:
    """Every primitive call the tensors depend on, each after those it needs."""
    order: list[Node] = []
    state: dict[int, bool] = {}
    stack = [tensor.node for tensor in reversed(list(tensors)) if tensor.node is not None]
    while stack:
        node = stack[-1]
        if id(node) not in state:
            state[id(node)] = False
            needed = [tensor.node for tensor in node.inputs if tensor.node is not None]
            stack.extend(item for item in reversed(needed) if id(item) not in state)
            continue
        stack.pop()
        if not state[id(node)]:
            state[id(node)] = True
            order.append(node)
    return order


class Planner:
    """Lays out one computation: bind the inputs, ask for tensors, then for gradients."""

    def __init__(self) -> None:
        self.emit = PlanEmitter()
        self._arrays: dict[int, Array] = {}
        self._keep: list[Any] = []
        self._done: dict[int, Forward] = {}
        self._consumers: Counter[int] = Counter()
        self._fixed: set[int] = set()
        self._training = False

    def bind(self, tensor: KerasTensor, array: Array) -> None:
        """Let an input of the computation live in `array`."""
        self._arrays[id(tensor)] = array
        self._fixed.add(id(tensor))
        self._keep.append(tensor)

    def array(self, tensor: KerasTensor) -> Array:
        """Where a computed tensor lives."""
        return self._arrays[id(tensor)]

    def forward(self, wanted: Sequence[KerasTensor], *, training: bool = False) -> list[Node]:
        """Emit what the tensors need; with `training`, keep what the derivatives will read."""
        self._training = training
        nodes = [n for n in nodes_behind(wanted) if id(n.outputs[0]) not in self._arrays]
        for node in nodes:
            self._consumers.update(id(tensor) for tensor in node.inputs)
        self._fixed.update(id(tensor) for tensor in wanted)
        for node in nodes:
            self._forward_node(node)
        self._keep.extend(nodes)
        return nodes

    def _forward_node(self, node: Node) -> None:
        primitive = node.operation
        assert isinstance(primitive, Primitive)  # noqa: S101 - traces hold primitives only
        output = node.outputs[0]
        inputs = tuple(self._value(argument, output.dtype) for argument in node.arguments)
        shape = primitive.output_shape(*(array.shape for array in inputs))
        sizes = tuple(size or 0 for size in shape)

        def out() -> Array:
            if self._may_overwrite(node, inputs[0], sizes):
                return inputs[0]
            return self.emit.buffer(sizes, output.dtype)

        self.emit.owner, self.emit.phase = node.owner, "forward"
        done = primitive.forward(self.emit, inputs, out)
        self._done[id(node)] = done
        self._arrays[id(output)] = done.output

    def _value(self, argument: Any, dtype: str) -> Array:
        if isinstance(argument, KerasTensor):
            return self._arrays[id(argument)]
        if isinstance(argument, Variable):
            return argument.array
        array = as_array(argument)
        floats = dtype.startswith("float") and array.dtype.kind == "f"
        return self.emit.constant(array, dtype if floats else array.dtype)

    def _may_overwrite(self, node: Node, array: Array, shape: tuple[int, ...]) -> bool:
        """True if the node's output may take its first input's buffer."""
        primitive, first = node.operation, node.arguments[0]
        assert isinstance(primitive, Primitive)  # noqa: S101 - traces hold primitives only
        if not primitive.in_place or not isinstance(first, KerasTensor) or first.node is None:
            return False
        if id(first) in self._fixed or self._consumers[id(first)] != 1:
            return False
        if array.base is not None or array.shape != shape or self.emit.is_constant(array):
            return False
        if first.dtype != node.outputs[0].dtype:
            return False
        maker = first.node.operation
        assert isinstance(maker, Primitive)  # noqa: S101 - traces hold primitives only
        return not (self._training and (maker.reads_output or primitive.reads_inputs))

    def backward(
        self, loss: KerasTensor, nodes: Sequence[Node], slots: Mapping[int, Array]
    ) -> None:
        """Emit the gradients of a scalar with respect to variables, into `slots` by their id."""
        gradients = Accumulator(self.emit, slots)
        gradients.needed = _depending(nodes, slots)
        array = self.array(loss)
        gradients.arrays[id(loss)] = self.emit.constant(np.ones(array.shape), array.dtype)
        self.emit.phase = "backward"
        for node in reversed(nodes):
            self._backward_node(node, gradients)
        gradients.fill_missing()

    def _backward_node(self, node: Node, gradients: "Accumulator") -> None:
        output = node.outputs[0]
        gradient = gradients.arrays.get(id(output))
        if gradient is None or id(output) not in gradients.needed:
            return
        primitive = node.operation
        assert isinstance(primitive, Primitive)  # noqa: S101 - traces hold primitives only
        self.emit.owner = node.owner
        done = self._done[id(node)]
        if isinstance(primitive, CrossEntropy) and self._through_softmax(node, gradient, gradients):
            return
        gradients.of(node, done.inputs, gradient)
        primitive.backward(self.emit, done, gradient, gradients)
        gradients.settle()

    def _through_softmax(self, node: Node, gradient: Array, gradients: "Accumulator") -> bool:
        """Skip the softmax's derivative; what else uses the probabilities takes the long way."""
        probabilities = node.arguments[1]
        maker = probabilities.node if isinstance(probabilities, KerasTensor) else None
        if maker is None or not isinstance(maker.operation, Softmax):
            return False
        if maker.operation.kernel != "softmax":
            return False
        primitive = node.operation
        assert isinstance(primitive, CrossEntropy)  # noqa: S101 - the caller asked
        gradients.of(maker, self._done[id(maker)].inputs, gradient)
        if gradients.wants(0):
            out = gradients.into(0)
            primitive.through_softmax(self.emit, self._done[id(node)], gradient, out)
        gradients.settle()
        return True

    def assign(self, variable: Variable, value: Any) -> None:
        """Emit that the variable takes a computed tensor's, another variable's or fixed values."""
        source = self._value(value, variable.dtype)
        if source is not variable.array:
            self.emit("copy", source, out=variable.array)

    def finish(self) -> Plan:
        """The plan of everything emitted so far."""
        return Plan(self.emit.instructions)


def _depending(nodes: Sequence[Node], slots: Mapping[int, Array]) -> set[int]:
    """Ids of the tensors whose value depends on a variable that wants a gradient."""
    needed: set[int] = set()
    for node in nodes:
        primitive = node.operation
        if not isinstance(primitive, Primitive) or not primitive.differentiable:
            continue
        if not node.outputs[0].dtype.startswith("float"):
            continue
        if any(id(a) in needed or id(a) in slots for a in node.arguments):
            needed.add(id(node.outputs[0]))
    return needed


class Accumulator:
    """Collects gradients: the first contribution is written in place, later ones are added."""

    def __init__(self, emit: PlanEmitter, slots: Mapping[int, Array]) -> None:
        self.emit = emit
        self.arrays: dict[int, Array] = {}
        self.needed: set[int] = set()
        self._slots = slots
        self._arguments: tuple[Any, ...] = ()
        self._inputs: tuple[Array, ...] = ()
        self._dtype: Any = None
        self._pending: list[tuple[int, Array]] = []

    def of(self, node: Node, inputs: tuple[Array, ...], gradient: Array) -> None:
        """Turn to the inputs of a node."""
        self._arguments, self._inputs = node.arguments, inputs
        self._dtype = gradient.dtype

    def wants(self, index: int) -> bool:
        """False where nobody needs the gradient of that input."""
        key = id(self._arguments[index])
        return key in self.needed or key in self._slots

    def into(self, index: int, reuse: Array | None = None) -> Array:
        """The array to write the contribution to input `index` into."""
        argument = self._arguments[index]
        key, shape, dtype = id(argument), self._inputs[index].shape, self._dtype
        if key in self.arrays or not self.wants(index):
            scratch = self.emit.buffer(shape, dtype)
            self._pending.append((key, scratch))
            return scratch
        if key in self._slots:
            self.arrays[key] = self._slots[key]
        elif reuse is not None and reuse.shape == shape and not self.emit.is_constant(reuse):
            self.arrays[key] = reuse
        else:
            self.arrays[key] = self.emit.buffer(shape, dtype)
        return self.arrays[key]

    def give(self, index: int, array: Array) -> None:
        """The contribution to input `index` is a view of the output's gradient."""
        key = id(self._arguments[index])
        if not self.wants(index):
            return
        if key in self.arrays or key in self._slots:
            self.emit("copy", array, out=self.into(index))
        else:
            self.arrays[key] = array

    def settle(self) -> None:
        """Add what came second to what came first."""
        for key, scratch in self._pending:
            if key not in self.arrays:
                continue
            total = self.arrays[key]
            if self.emit.is_constant(total):
                self.arrays[key] = self.emit.buffer(total.shape, total.dtype)
            self.emit("add", total, scratch, out=self.arrays[key])
        self._pending.clear()

    def fill_missing(self) -> None:
        """Gradients of variables that the loss does not depend on are zero."""
        for key, slot in self._slots.items():
            if key not in self.arrays:
                self.emit("fill", out=slot, value=0.0)
