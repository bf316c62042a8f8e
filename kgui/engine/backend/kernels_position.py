"""NumPy kernels that find positions, and those that pick by any of NumPy's keys."""

from functools import partial
from typing import Any

import numpy as np

from kgui.engine.backend.kernels import Array, Step, kernel


@kernel
def argmax_along(x: Array, out: Array, axis: int) -> Step:
    """out = index of the largest value along the axis."""
    return partial(x.argmax, axis, out)


@kernel
def argmin_along(x: Array, out: Array, axis: int) -> Step:
    """out = index of the smallest value along the axis."""
    return partial(x.argmin, axis, out)


@kernel
def argsort_along(x: Array, out: Array, axis: int) -> Step:
    """out = indices that sort x along the axis; equals keep their order."""

    def step() -> None:
        np.copyto(out, x.argsort(axis, kind="stable"))

    return step


@kernel
def pick(x: Array, out: Array, key: Any) -> Step:
    """out = x[key]."""

    def step() -> None:
        np.copyto(out, x[key])

    return step


@kernel
def put_back(gradient: Array, out: Array, key: Any) -> Step:
    """out = 0, with the gradient added at the key; places picked twice add up."""

    def step() -> None:
        out.fill(0)
        np.add.at(out, key, gradient)

    return step


@kernel
def product_over(x: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = the product of x over the axes, which out does not have."""
    return partial(np.multiply.reduce, x, axes, None, out)


@kernel
def product_gradient(x: Array, column: Array, out: Array, axes: tuple[int, ...]) -> Step:
    """out = column times the product of all other values along the axes, zeros included."""
    rest = [axis for axis in range(x.ndim) if axis not in axes]
    order = (*rest, *axes)
    shape = (*(x.shape[axis] for axis in rest), -1)

    def step() -> None:
        values = x.transpose(order).reshape(shape)
        ones = np.ones_like(values[..., :1])
        before = np.concatenate([ones, values[..., :-1]], -1).cumprod(-1)
        after = np.concatenate([values[..., 1:], ones], -1)[..., ::-1].cumprod(-1)[..., ::-1]
        others = (before * after).reshape([x.shape[axis] for axis in order])
        np.multiply(others.transpose(np.argsort(order)), column, out)

    return step
