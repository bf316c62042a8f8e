"""The one mechanism: a primitive holds its shape rule, its forward and its derivative.

    output_shape(*shapes) -> shape          sizes may be None; ShapeError if they do not fit
    forward(emit, inputs, out) -> saved     emits kernels that write `out()`; returns Forward
    backward(emit, done, gradient, into)    emits kernels that add to the inputs' gradients

The same definition runs symbolically, at once on arrays, and compiled into a plan.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import floatx
from kgui.engine.calling import current_call
from kgui.engine.naming import automatic_name
from kgui.engine.recording import recorders
from kgui.engine.symbolic import KerasTensor, Node, Operation, Shape
from kgui.engine.tensors import as_tensor
from kgui.engine.variables import Variable

Array = npt.NDArray[Any]
Tensor = Any
"""A KerasTensor, Variable, array or number."""


class Forward(NamedTuple):
    """What the forward pass leaves for the backward pass."""

    inputs: tuple[Array, ...]
    output: Array
    saved: tuple[Array, ...] = ()


class Gradients(Protocol):
    """Where a primitive's backward puts what it contributes to its inputs' gradients."""

    def wants(self, index: int) -> bool:
        """False where nobody needs the gradient of that input."""

    def into(self, index: int, reuse: Array | None = None) -> Array:
        """The array to write the contribution to input `index` into.

        It may be `reuse` itself (the output's gradient), where that is no longer needed.
        """

    def give(self, index: int, array: Array) -> None:
        """The contribution to input `index` is a view of the output's gradient."""


class Primitive(Operation):
    """One operation on tensors."""

    in_place = False
    """The output may overwrite the first input, where nobody needs that any more."""
    reads_inputs = True
    """The derivative reads the inputs."""
    reads_output = False
    """The derivative reads the output."""
    differentiable = True
    computes_floats = False
    """Whole numbers and truth values are taken as floats."""

    def __init__(self) -> None:
        super().__init__()
        self.name = type(self).__name__.lower()

    def output_shape(self, *shapes: Shape) -> Shape:
        """The output's shape; the first input's, unless the primitive says otherwise."""
        return shapes[0]

    def output_dtype(self, *dtypes: str) -> str:
        """The output's number type: the float type if any input is a float."""
        floats = [dtype for dtype in dtypes if dtype.startswith("float")]
        return floats[0] if floats else dtypes[0]

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """Emit the computation of the output into `out()`, or return a view of an input."""
        raise NotImplementedError

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """Emit the contributions to the inputs' gradients."""
        raise NotImplementedError

    def __call__(self, *tensors: Tensor) -> Any:
        """Record the call on symbolic tensors; compute at once on arrays."""
        if self.computes_floats:
            tensors = tuple(map(as_floats, tensors))
        recorded = (KerasTensor, Variable) if current_call().tracing else KerasTensor
        if any(isinstance(tensor, recorded) for tensor in tensors):
            return self._record(tensors)
        return self._compute(tensors)

    def _record(self, tensors: tuple[Tensor, ...]) -> KerasTensor:
        call = current_call()
        if call.states is not None:
            tensors = tuple(call.states.current(tensor) for tensor in tensors)
        shape = self.output_shape(*(_shape(tensor) for tensor in tensors))
        dtype = self.output_dtype(*(_dtype(tensor) for tensor in tensors))
        output = KerasTensor(shape, dtype, name="" if call.tracing else None)
        node = Node(self, tensors, {}, [output], call.owner)
        if not call.tracing:
            if not self.inbound_nodes:
                self.name = automatic_name(self.name)
            node.register()
        return output

    def _compute(self, tensors: tuple[Tensor, ...]) -> Array:
        tapes = recorders()
        arrays = tuple(map(as_array, tensors))
        if tapes and self.reads_inputs:
            pairs = zip(tensors, arrays, strict=True)
            arrays = tuple(tapes[-1].values(t) if isinstance(t, Variable) else a for t, a in pairs)
        shape = self.output_shape(*(array.shape for array in arrays))
        dtype = self.output_dtype(*(array.dtype.name for array in arrays))
        emit = Emitter()
        with np.errstate(all="ignore"):
            done = self.forward(
                emit, arrays, lambda: emit.buffer(tuple(size or 0 for size in shape), dtype)
            )
        output = as_tensor(_apart(done.output, tensors))
        for tape in tapes:
            tape.record(self, tensors, done, output)
        return output


class Pointwise(Primitive):
    """One kernel from the inputs to an output of their shape, with constants if it has any."""

    kernel = ""

    def __init__(self, kernel: str = "", **constants: float) -> None:
        super().__init__()
        self.name = self.kernel = kernel or self.kernel
        self.constants = constants

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """The kernel's output."""
        return Forward(inputs, emit(self.kernel, *inputs, out=out(), **self.constants))


class Cast(Primitive):
    """The same values as another number type; gradients go through float types."""

    reads_inputs = False

    def __init__(self, dtype: str) -> None:
        super().__init__()
        self.dtype = dtype

    def output_dtype(self, *dtypes: str) -> str:
        """The type asked for."""
        return self.dtype

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = x converted."""
        return Forward(inputs, emit("copy", *inputs, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient, converted back."""
        emit("copy", gradient, out=into.into(0))


def as_floats(tensor: Tensor) -> Tensor:
    """A tensor of whole numbers or truth values in the default float type; others as they are."""
    dtype = getattr(tensor, "dtype", None)
    if dtype is None or str(dtype).startswith("float"):
        return tensor
    return Cast(floatx())(tensor)


def as_array(tensor: Tensor) -> Array:
    """The values of a variable, array or number; plain Python floats take the default type."""
    if isinstance(tensor, Variable):
        return tensor.array
    if isinstance(tensor, np.ndarray | np.generic):
        return np.ascontiguousarray(tensor) if np.ndim(tensor) else np.asarray(tensor)
    array = np.asarray(tensor)
    with np.errstate(over="ignore"):  # beyond the type's range is infinite, as it is computed with
        return array.astype(floatx()) if array.dtype.kind in "fiu" else array


def _apart(output: Array, tensors: tuple[Tensor, ...]) -> Array:
    """The output, copied if it is a view of a variable, whose values may change."""
    homes = (tensor.array for tensor in tensors if isinstance(tensor, Variable))
    return output.copy() if any(np.may_share_memory(output, home) for home in homes) else output


def _shape(tensor: Tensor) -> Shape:
    if isinstance(tensor, KerasTensor | Variable):
        return tensor.shape
    return np.shape(tensor)


def _dtype(tensor: Tensor) -> str:
    if isinstance(tensor, KerasTensor | Variable):
        return tensor.dtype
    return as_array(tensor).dtype.name


def broadcast_shape(first: Shape, second: Shape) -> Shape | None:
    """The shape two tensors broadcast to, or None if they do not; unknown sizes fit any."""
    width = max(len(first), len(second))
    sizes: list[int | None] = []
    for a, b in zip(_padded(first, width), _padded(second, width), strict=True):
        if a == 1 or b == 1:
            sizes.append(b if a == 1 else a)
        elif a is None or b is None:
            sizes.append(a if b is None else b)
        elif a == b:
            sizes.append(a)
        else:
            return None
    return tuple(sizes)


def _padded(shape: Shape, width: int) -> Shape:
    return (1,) * (width - len(shape)) + shape
