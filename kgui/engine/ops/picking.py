"""x[key] with any key that NumPy knows: index arrays and truth values as well."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.errors import ShapeError
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape
from kgui.engine.tensors import plain


class Pick(Primitive):
    """The part of x that a key picks; its sizes must be known."""

    reads_inputs = False

    def __init__(self, key: Any) -> None:
        super().__init__()
        self.key = key

    def output_shape(self, *shapes: Shape) -> Shape:
        """What NumPy says of an array of that shape."""
        sizes = [size for size in shapes[0] if size is not None]
        if len(sizes) < len(shapes[0]):
            raise ShapeError("x[array] needs sizes that are known, found {shape}", shape=shapes[0])
        picked: Shape = np.broadcast_to(np.empty(()), sizes)[self.key].shape
        return picked

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """A copy of the part."""
        return Forward(inputs, emit("pick", *inputs, out=out(), key=self.key))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient in its place, 0 around it."""
        emit("put_back", gradient, out=into.into(0), key=self.key)


def pick(x: Tensor, key: Any) -> Tensor:
    """x[key]."""
    parts = tuple(map(plain, key)) if isinstance(key, tuple) else plain(key)
    return Pick(parts)(x)
