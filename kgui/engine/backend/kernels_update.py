"""NumPy kernels around an optimizer's step: clipping, decay, running means, counting."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.kernels import Array, Step, constant, kernel
from kgui.engine.backend.kernels_optimizer import blocks, towards


@kernel
def count(out: Array) -> Step:
    """out += 1."""

    def step() -> None:
        out.fill(out.item() + 1)  # a third of the time of np.add on whole numbers

    return step


@kernel
def floor_divide(x: Array, out: Array, divisor: int) -> Step:
    """out = x // divisor."""
    by = np.array(divisor, out.dtype)

    def step() -> None:
        np.floor_divide(x, by, out)

    return step


@kernel
def schedule_rate(iterations: Array, out: Array, schedule: Callable[[Any], Any]) -> Step:
    """out = the learning rate after so many updates."""

    def step() -> None:
        out[...] = schedule(iterations[()])

    return step


@kernel
def clip_norm(x: Array, out: Array, limit: float) -> Step:
    """out = x, shortened to a length of `limit` if it is longer; `out` may be x."""
    flat = x.reshape(-1)

    def step() -> None:
        length = math.sqrt(float(flat.dot(flat)))
        if not length <= limit:
            np.multiply(x, out.dtype.type(limit / length), out)
        elif out is not x:
            np.copyto(out, x)

    return step


@kernel
def decay_weights(rate: Array, out: Array, factor: float) -> Step:
    """out -= out * factor * rate."""
    left = constant(0, out)

    def step() -> None:
        left[...] = 1 - factor * float(rate)
        np.multiply(out, left, out)

    return step


@kernel
def accumulate_gradients(
    iterations: Array, total: Array, out: Array, steps: int, due: Sequence[Any]
) -> Step:
    """Add gradients (`out`) up; at every steps-th call take their mean and do what is due."""
    share, works = constant(1 / steps, out), [instruction.bind() for instruction in due]

    def step() -> None:
        np.add(total, out, total)
        if (int(iterations) + 1) % steps == 0:
            np.multiply(total, share, out)
            total.fill(0)
            for work in works:
                work()

    return step


@kernel
def average_weights(weights: Array, updates: Array, out: Array, momentum: float) -> Step:
    """out = momentum * out + (1 - momentum) * weights; before the first update just weights."""
    parts, rest = blocks(weights, out), constant(1 - momentum, out)

    def step() -> None:
        if not updates:
            np.copyto(out, weights)
            return
        for w, average, scratch in parts:
            towards(average, w, rest, scratch)

    return step


@kernel
def constrain(out: Array, constraint: Callable[[Array], Any]) -> Step:
    """out = what the constraint makes of it."""

    def step() -> None:
        np.copyto(out, constraint(out), "unsafe")

    return step


@kernel
def take_average(average: Array, updates: Array, out: Array, often: int) -> Step:
    """out = average at every often-th update."""

    def step() -> None:
        if (int(updates) + 1) % often == 0:
            np.copyto(out, average)

    return step
