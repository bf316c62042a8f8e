"""Tensors made of nothing but a shape, and tensors made like others."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import floatx
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Primitive, Tensor
from kgui.engine.symbolic import KerasTensor
from kgui.engine.tensors import as_tensor


class FilledLike(Primitive):
    """One value in the shape of a tensor."""

    differentiable = False
    reads_inputs = False

    def __init__(self, value: float, dtype: str | None) -> None:
        super().__init__()
        self.value, self.dtype = value, dtype

    def output_dtype(self, *dtypes: str) -> str:
        """The type asked for, else the tensor's."""
        return self.dtype or dtypes[0]

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """out = value everywhere."""
        return Forward(inputs, emit("fill", out=out(), value=self.value))


def full(shape: int | Sequence[int], fill_value: Any, dtype: str | None = None) -> Tensor:
    """A tensor of that shape with one value everywhere."""
    return as_tensor(np.full(shape, np.asarray(fill_value), dtype or floatx()))


def zeros(shape: int | Sequence[int], dtype: str | None = None) -> Tensor:
    """A tensor of zeros."""
    return full(shape, 0, dtype)


def ones(shape: int | Sequence[int], dtype: str | None = None) -> Tensor:
    """A tensor of ones."""
    return full(shape, 1, dtype)


def empty(shape: int | Sequence[int], dtype: str | None = None) -> Tensor:
    """A tensor whose values do not matter; they are zeros."""
    return full(shape, 0, dtype)


@composite
def full_like(x: Tensor, fill_value: float, dtype: str | None = None) -> Tensor:
    """One value everywhere, in x's shape."""
    return FilledLike(fill_value, dtype)(x)


@composite
def zeros_like(x: Tensor, dtype: str | None = None) -> Tensor:
    """Zeros in x's shape."""
    return full_like(x, 0, dtype)


@composite
def ones_like(x: Tensor, dtype: str | None = None) -> Tensor:
    """Ones in x's shape."""
    return full_like(x, 1, dtype)


def arange(
    start: float, stop: float | None = None, step: float = 1, dtype: str | None = None
) -> Tensor:
    """Numbers from start up to stop, which is left out; from 0 if only one is given."""
    low, high = (0, start) if stop is None else (start, stop)
    whole = all(isinstance(value, int | np.integer) for value in (low, high, step))
    return as_tensor(np.arange(low, high, step).astype(dtype or ("int32" if whole else floatx())))


def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: str | None = None,
    axis: int = 0,
) -> Any:
    """`num` numbers spread evenly from start to stop; with `retstep` their distance as well."""
    values, step = np.linspace(start, stop, num, endpoint=endpoint, retstep=True, axis=axis)
    numbers = as_tensor(values.astype(dtype or floatx()))
    return (numbers, as_tensor(np.asarray(step, floatx()))) if retstep else numbers


def eye(N: int, M: int | None = None, k: int = 0, dtype: str | None = None) -> Tensor:  # noqa: N803 - Keras's names
    """A matrix with ones on the k-th diagonal."""
    return as_tensor(np.eye(N, M, k, dtype or floatx()))


def identity(n: int, dtype: str | None = None) -> Tensor:
    """The square matrix with ones on its diagonal."""
    return eye(n, dtype=dtype)


def shape(x: Any) -> tuple[int | None, ...]:
    """Sizes along every axis; None for what a symbolic tensor does not know yet."""
    return tuple(x.shape) if hasattr(x, "shape") else np.shape(x)


def ndim(x: Any) -> int:
    """Number of axes."""
    return len(shape(x))


def size(x: Any) -> int:
    """Number of values; ValueError where a symbolic tensor does not know it yet."""
    sizes = shape(x)
    if isinstance(x, KerasTensor) and None in sizes:
        raise ValueError(f"The number of values of {x} is not known yet.")
    return int(np.prod([number or 0 for number in sizes], dtype=np.int64))
