"""Compiled kernels, each rounding exactly as its NumPy counterpart; addresses in, nothing out."""

from typing import Any

import numpy as np

from kgui.engine.backend.native.calls import compiled, fused, pointer_to, routine

floats = pointer_to("float32")
doubles = pointer_to("float64")
longs = pointer_to("int64")
ints = pointer_to("int32")
octets = pointer_to("uint8")

call_loop = routine("llll")
call_gemm = routine("iiilllfllllfll")
call_gemv = routine("iillfllllfll")


@compiled
def relu(size: int, source: int, target: int) -> None:
    """max(x, 0); NaN stays."""
    zero, y = np.float32(0), floats(target)
    if source == target:
        for i in range(size):
            y[i] = zero if y[i] <= zero else y[i]
    else:
        x = floats(source)
        for i in range(size):
            y[i] = zero if x[i] <= zero else x[i]


@compiled
def clip(size: int, source: int, target: int, low: float, high: float) -> None:
    """x within [low, high]; NaN stays."""
    x, y = floats(source), floats(target)
    for i in range(size):
        value = x[i]
        if value <= low:
            value = low
        elif value >= high:
            value = high
        y[i] = value


@compiled
def relu_gradient(size: int, output: int, gradient: int, target: int) -> None:
    """gradient * (y > 0)."""
    one, zero = np.float32(1), np.float32(0)
    y, out = floats(output), floats(target)
    if gradient == target:
        for i in range(size):
            out[i] = out[i] * (one if y[i] > zero else zero)
    else:
        g = floats(gradient)
        for i in range(size):
            out[i] = g[i] * (one if y[i] > zero else zero)


@compiled
def largest(size: int, source: int) -> Any:
    """The largest value; NaN if there is one."""
    x = floats(source)
    top = x[0]
    for i in range(1, size):
        value = x[i]
        if value > top or value != value:
            top = value
    return top


@compiled
def first_largest(size: int, source: int) -> int:
    """Index of the first largest value, or of the first NaN."""
    x, best = floats(source), 0
    for i in range(1, size):
        if x[best] != x[best]:
            break
        if x[i] > x[best] or x[i] != x[i]:
            best = i
    return best


@compiled
def label(labels: int, wide: int, row: int) -> Any:
    """The label of a row, from 32 or 64 bits."""
    if wide:
        return longs(labels)[row]
    return np.int64(ints(labels)[row])


@compiled
def take_class(rows: int, size: int, values: int, labels: int, wide: int, target: int) -> None:
    """out[i] = x[i, labels[i]]."""
    x, out, end = floats(values), floats(target), rows * size - 1
    for row in range(rows):
        out[row] = x[min(max(row * size + label(labels, wide, row), 0), end)]


@compiled
def sparse_gradient(
    rows: int, size: int, p: int, labels: int, wide: int, gradient: int, target: int,
    low: float, high: float,
) -> None:  # fmt: skip
    """gradient * (p - onehot); 0 for rows whose true class's p was clipped."""
    g = floats(gradient)
    for row in range(rows):
        probability, out = floats(p + 4 * row * size), floats(target + 4 * row * size)
        index = min(max(label(labels, wide, row), 0), size - 1)
        chosen = probability[index]
        inside = np.float32(1) if chosen >= low and chosen <= high else np.float32(0)
        weight = g[row] * inside
        for i in range(size):
            out[i] = probability[i] * weight
        out[index] -= weight


@compiled
def add_mean(state: int, total: float, count: float) -> None:
    """state += (total, count)."""
    sums = doubles(state)
    sums[0] += total
    sums[1] += count


@compiled
def adam(size: int, gradient: int, mean: int, variance: int, weights: int, factors: Any) -> None:
    """One step of Adam in one pass; the order of operations is that of the NumPy kernel."""
    alpha, rest_1, rest_2, small, beta_1, beta_2, once = factors
    g, m, v, w = floats(gradient), floats(mean), floats(variance), floats(weights)
    if once:
        for i in range(size):
            m[i] = fused(g[i], rest_1, m[i] * beta_1)
            v[i] = fused(g[i] * g[i], rest_2, v[i] * beta_2)
            w[i] = fused(m[i] / (np.sqrt(v[i]) + small), -alpha, w[i])
        return
    for i in range(size):
        m[i] = m[i] + (g[i] - m[i]) * rest_1
        v[i] = v[i] + (g[i] * g[i] - v[i]) * rest_2
        w[i] = w[i] - m[i] / (np.sqrt(v[i]) + small) * alpha


@compiled
def sgd(size: int, gradient: int, weights: int, rate: float) -> None:
    """w -= rate * g."""
    g, w = floats(gradient), floats(weights)
    for i in range(size):
        w[i] = w[i] - g[i] * rate


@compiled
def momentum(
    size: int, gradient: int, velocity: int, weights: int, rate: float, factor: float, ahead: int
) -> None:
    """velocity = factor * velocity - rate * g; w += velocity, or ahead of it."""
    g, m, w = floats(gradient), floats(velocity), floats(weights)
    if ahead:
        for i in range(size):
            step = g[i] * rate
            m[i] = m[i] * factor - step
            w[i] = w[i] - step + m[i] * factor
    else:
        for i in range(size):
            m[i] = m[i] * factor - g[i] * rate
            w[i] = w[i] + m[i]


@compiled
def move(size: int, source: int, target: int) -> None:
    """Copy bytes."""
    if size % 4 == 0:
        x, y = ints(source), ints(target)
        for i in range(size // 4):
            y[i] = x[i]
    else:
        a, b = octets(source), octets(target)
        for i in range(size):
            b[i] = a[i]


@compiled
def fill(size: int, target: int, value: float) -> None:
    """The same value everywhere."""
    y = floats(target)
    for i in range(size):
        y[i] = value
