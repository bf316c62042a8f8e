"""Functions that NumPy computes as they are, with their derivatives: for what is rarely used.

Computed(name, function, slope, ...)    function(*arrays) is the output; each slope takes the
                                        output's gradient, the output and the arrays
rearranged(name, function)              for functions that only put values in other places
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape

Function = Callable[..., Any]


class Computed(Primitive):
    """A function of arrays; without slopes it has no derivative."""

    reads_output = True

    def __init__(
        self,
        name: str,
        function: Function,
        *slopes: Function | None,
        dtype: str = "",
        shape: Callable[..., Shape] | None = None,
    ) -> None:
        super().__init__()
        self.name, self.function, self.slopes = name, function, slopes
        self.dtype, self.shape = dtype, shape
        self.differentiable = any(slopes)

    def output_shape(self, *shapes: Shape) -> Shape:
        """By the rule, or by a trial: what differs with an unknown size is unknown."""
        if self.shape is not None:
            return self.shape(*shapes)
        first, second = (self._tried(shapes, size) for size in (2, 3))
        return tuple(a if a == b else None for a, b in zip(first, second, strict=True))

    def _tried(self, shapes: Sequence[Shape], unknown: int) -> tuple[int, ...]:
        sizes = [[unknown if size is None else size for size in shape] for shape in shapes]
        with np.errstate(all="ignore"):
            return np.shape(self.function(*map(np.zeros, sizes)))

    def output_dtype(self, *dtypes: str) -> str:
        """The type asked for, else that of any primitive."""
        return self.dtype or super().output_dtype(*dtypes)

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = function(inputs)."""
        return Forward(inputs, emit("compute", *inputs, out=out(), function=self.function))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """What each slope makes of the gradient."""
        for index, slope in enumerate(self.slopes):
            if slope is not None and into.wants(index):
                read = (gradient, done.output, *done.inputs)
                emit("compute", *read, out=into.into(index), function=slope)


def rearranged(name: str, function: Function, x: Tensor) -> Tensor:
    """function(x), which puts x's values in other places and computes nothing."""

    def slope(gradient: Array, _: Array, values: Array) -> Array:
        places = function(np.arange(values.size).reshape(values.shape))
        result = np.zeros(values.size, gradient.dtype)
        np.add.at(result, np.ravel(places), np.ravel(gradient))
        return result.reshape(values.shape)

    return Computed(name, function, slope)(x)


def summed_to(array: Array, shape: Sequence[int]) -> Any:
    """The sum of an array over what was broadcast from that shape."""
    extra = array.ndim - len(shape)
    ones = [axis + extra for axis, size in enumerate(shape) if size == 1]
    return array.sum((*range(extra), *ones)).reshape(shape)


def pointwise(name: str, function: Function, *slopes: Function) -> Callable[..., Tensor]:
    """A function of each value (or pair) whose slopes are factors of the gradient."""

    def slope_of(index: int, factor: Function) -> Function:
        def slope(gradient: Array, output: Array, *arrays: Array) -> Any:
            return summed_to(gradient * factor(output, *arrays), arrays[index].shape)

        return slope

    made = [slope_of(index, factor) for index, factor in enumerate(slopes)]
    return lambda *tensors: Computed(name, function, *made)(*tensors)
