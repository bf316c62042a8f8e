"""The NumPy kernel of Adafactor."""

from typing import Any

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel


@kernel
def adafactor(
    gradient: Array,
    rate: Array,
    iterations: Array,
    rows: Array,
    columns: Array,
    velocity: Array,
    out: Array,
    decay: float,
    epsilon_1: float,
    epsilon_2: float,
    clip: float,
) -> Step:
    """w -= alpha * u, u = g / sqrt(v) shortened to `clip`, alpha a share of w's own size.

    For one weight: v is made of the means of g^2 along the last two axes where there are two.
    """
    number = out.dtype.type
    scratch, factored = np.empty_like(out), out.ndim > 1
    row_mean, column_mean = np.empty_like(rows), np.empty_like(columns)
    small = constant(epsilon_1, out)

    def step() -> None:
        time = number(int(iterations) + 1)
        limit = number(1) / np.sqrt(time)
        alpha = max(number(epsilon_2), _size_of(out)) * min(number(rate), limit)
        kept = number(1) - time ** number(decay)
        np.multiply(gradient, gradient, scratch)
        np.add(scratch, small, scratch)
        if factored:
            _move(rows, np.mean(scratch, -1, out=row_mean), kept)
            _move(columns, np.mean(scratch, -2, out=column_mean), kept)
            np.divide(rows, np.mean(rows, -1, keepdims=True), row_mean)
            np.multiply(row_mean[..., None], columns[..., None, :], velocity)
        else:
            _move(velocity, scratch, kept)
        np.sqrt(velocity, scratch)
        np.divide(gradient, scratch, scratch)
        shorter = max(number(1), _size_of(scratch) / number(clip))
        np.multiply(scratch, alpha / shorter, scratch)
        np.subtract(out, scratch, out)

    return step


def _move(state: Array, value: Array, kept: Any) -> None:
    """state = kept * state + (1 - kept) * value; value is used up."""
    np.multiply(state, kept, state)
    np.multiply(value, state.dtype.type(1) - kept, value)
    np.add(state, value, state)


def _size_of(array: Array) -> Any:
    """The root of the mean square."""
    flat = array.reshape(-1)
    return np.sqrt(flat.dot(flat) / array.dtype.type(max(array.size, 1)))
