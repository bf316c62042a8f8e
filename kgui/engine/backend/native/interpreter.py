"""The interpreter: compiled once for all plans, and kept on disk.

A program is a table of whole numbers, a row per operation (see `codes`), and a table of floats.
"""

import math
from typing import Any

import numpy as np

from kgui.engine.backend.native.calls import Function, compiled, numba
from kgui.engine.backend.native.codes import (
    ADAM,
    ADD_MEAN,
    ADD_WEIGHTED,
    ARGMAX,
    CLIP,
    COUNT,
    FILL,
    FROM_BOOL,
    GATHER,
    GEMM,
    GEMV,
    LOOP,
    LOOPS,
    MASKED,
    MOMENTUM,
    MOVE,
    PRODUCT,
    PRODUCT_ADAM,
    RELU,
    SGD,
    SOFTMAX,
    SPARSE,
    SUM_ROWS,
    TAKE,
    TO_LONG,
)  # fmt: skip
from kgui.engine.backend.native.loops import (
    adam,
    add_mean,
    call_gemm,
    call_gemv,
    call_loop,
    clip,
    doubles,
    fill,
    first_largest,
    floats,
    ints,
    largest,
    longs,
    momentum,
    move,
    octets,
    relu,
    relu_gradient,
    sgd,
    sparse_gradient,
    take_class,
)  # fmt: skip
from kgui.engine.backend.native.products import multiply, multiply_rows, pack

ROW_MAJOR, PLAIN, TRANSPOSED = 101, 111, 112
SIGNATURE = "void(int64[:, ::1], float64[:, ::1], int64[::1], int64, int64)"


@compiled
def sum_row(
    size: int, source: int, target: int, add: int, data: int, frame: int, width: int
) -> None:
    """The sum of a row by NumPy's own loop, which adds pairwise; `frame` takes its arguments."""
    slots = longs(frame)
    slots[0], slots[1], slots[2] = target, source, target
    slots[3] = size
    slots[4], slots[5], slots[6] = 0, width, 0
    call_loop(add, (frame, frame + 24, frame + 32, data))


@compiled
def softmax(row: Any, frame: int) -> None:
    """exp(x - max) / sum, row by row."""
    rows, size, x, y = row[1], row[2], row[3], row[4]
    for i in range(rows):
        start = 4 * i * size
        top = largest(size, x + start)
        source, target = floats(x + start), floats(y + start)
        for j in range(size):
            target[j] = source[j] - top
    slots = longs(frame)
    slots[0], slots[1], slots[2], slots[3], slots[4] = y, y, rows * size, 4, 4
    call_loop(row[5], (frame, frame + 16, frame + 24, row[6]))
    total = floats(row[9])
    for i in range(rows):
        start = 4 * i * size
        total[0] = np.float32(0)
        sum_row(size, y + start, row[9], row[7], row[8], frame, 4)
        target, whole = floats(y + start), total[0]
        for j in range(size):
            target[j] = target[j] / whole


@compiled
def loops_over(row: Any, frame: int) -> None:
    """A NumPy loop for every index of an outer axis."""
    slots = longs(frame)
    slots[3] = row[1]
    slots[4], slots[5], slots[6] = row[5], row[6], row[7]
    for i in range(row[10]):
        slots[0], slots[1] = row[2] + i * row[11], row[3] + i * row[12]
        slots[2] = row[4] + i * row[13]
        call_loop(row[8], (frame, frame + 24, frame + 32, row[9]))


@compiled
def mean_of(row: Any, frame: int) -> None:
    """state += (sum of float32 values in float64, number of values)."""
    size, x, wide, total = row[1], floats(row[2]), doubles(row[6]), doubles(row[6])
    for i in range(size):
        wide[i + 1] = x[i]
    total[0] = 0.0
    sum_row(size, row[6] + 8, row[6], row[4], row[5], frame, 8)
    add_mean(row[3], total[0], float(size))


@compiled
def adam_factors(row: Any, real: Any) -> Any:
    """Numbers of a step of Adam: with its bias correction, rounded as Keras rounds it."""
    time = np.float32(longs(row[4])[0] + 1)
    left_1 = 1.0 - float(np.float32(real[0]) ** time)
    left_2 = 1.0 - float(np.float32(real[1]) ** time)
    alpha = np.float32(float(floats(row[3])[0]) * math.sqrt(left_2) / left_1)
    rest_1, rest_2 = np.float32(1 - real[0]), np.float32(1 - real[1])
    betas = np.float32(real[0]), np.float32(real[1])
    return alpha, rest_1, rest_2, np.float32(real[2]), betas[0], betas[1], row[8]


@compiled
def product_adam(row: Any, update: Any, real: Any) -> None:
    """A weight's gradient, stripe by stripe, and Adam on each while it is near."""
    factors = adam_factors(update, real)
    pack(row)
    for first in range(0, row[1], row[14]):
        count = min(row[14], row[1] - first)
        multiply_rows(first, count, row)
        at = first * row[10]
        adam(
            count * row[2], update[2] + at, update[5] + at, update[6] + at, update[7] + at, factors
        )


@compiled
def convert(row: Any) -> None:
    """Booleans to floats, or int32 to int64."""
    if row[0] == FROM_BOOL:
        bits, y = octets(row[2]), floats(row[3])
        for i in range(row[1]):
            y[i] = np.float32(bits[i])
    else:
        short, wide = ints(row[2]), longs(row[3])
        for i in range(row[1]):
            wide[i] = short[i]


@compiled
def gather(size: int, source: int, target: int, rows: Any) -> None:
    """The rows of a batch, one after the other."""
    for i in range(rows.size):
        move(size, source + rows[i] * size, target + i * size)


@compiled
def product(row: Any) -> None:
    """A matrix product, or a sum of rows as one, by NumPy's BLAS."""
    one, zero, order = np.float32(1), np.float32(0), np.int32(ROW_MAJOR)
    if row[0] == GEMM:
        turns = np.int32(TRANSPOSED if row[2] else PLAIN), np.int32(TRANSPOSED if row[3] else PLAIN)
        call_gemm(row[1], (order, turns[0], turns[1], row[4], row[5], row[6], one,
                           row[7], row[8], row[9], row[10], zero, row[11], row[12]))  # fmt: skip
    else:
        call_gemv(row[1], (order, np.int32(TRANSPOSED), row[2], row[3], one,
                           row[4], row[3], row[5], 1, zero, row[6], 1))  # fmt: skip


@compiled
def numbers(row: Any, real: Any, frame: int) -> None:  # noqa: C901 - a table of operations
    """The rest: sums, classes, running means."""
    op = row[0]
    if op == SUM_ROWS:
        for i in range(row[1]):
            floats(row[4] + 4 * i)[0] = np.float32(0)
            sum_row(row[2], row[3] + 4 * i * row[2], row[4] + 4 * i, row[5], row[6], frame, 4)
    elif op == TAKE:
        take_class(row[1], row[2], row[3], row[4], row[5], row[6])
    elif op == SPARSE:
        low, high = np.float32(real[0]), np.float32(real[1])
        sparse_gradient(row[1], row[2], row[3], row[4], row[5], row[6], row[7], low, high)
    elif op == CLIP:
        clip(row[1], row[2], row[3], np.float32(real[0]), np.float32(real[1]))
    elif op == ADD_MEAN:
        mean_of(row, frame)
    elif op == ADD_WEIGHTED:
        add_mean(row[2], float(floats(row[1])[0]) * real[0], real[0])
    elif op == ARGMAX:
        for i in range(row[1]):
            longs(row[4] + 8 * i)[0] = first_largest(row[2], row[3] + 4 * i * row[2])
    elif op == FROM_BOOL or op == TO_LONG:  # noqa: SIM109 - a tuple would be searched
        convert(row)


@compiled
def updates(row: Any, real: Any) -> None:
    """Optimizers, counting, copying."""
    op = row[0]
    if op == ADAM:
        adam(row[1], row[2], row[5], row[6], row[7], adam_factors(row, real))
    elif op == SGD:
        sgd(row[1], row[2], row[4], floats(row[3])[0])
    elif op == MOMENTUM:
        factor = np.float32(real[0])
        momentum(row[1], row[2], row[4], row[5], floats(row[3])[0], factor, row[6])
    elif op == COUNT:
        longs(row[1])[0] += 1
    elif op == MOVE:
        move(row[1], row[2], row[3])
    elif op == FILL:
        fill(row[1], row[2], np.float32(real[0]))


@compiled
def once(table: Any, reals: Any, rows: Any, first: int, frame: int) -> None:  # noqa: C901 - too
    """Carry out the operations from the `first` on; `rows` are the batch's, for GATHER."""
    base = table.ctypes.data
    for i in range(first, table.shape[0]):
        row, at = table[i], base + i * table.shape[1] * 8
        op = row[0]
        if op == LOOP:
            call_loop(row[8], (at + 16, at + 8, at + 40, row[9]))
        elif op == GEMM or op == GEMV:  # noqa: SIM109 - a tuple would be searched
            product(row)
        elif op == PRODUCT:
            multiply(row)
        elif op == PRODUCT_ADAM:
            product_adam(row, table[i + 1], reals[i + 1])
        elif op == RELU:
            relu(row[1], row[2], row[3])
        elif op == MASKED:
            relu_gradient(row[1], row[2], row[3], row[4])
        elif op == LOOPS:
            loops_over(row, frame)
        elif op == SOFTMAX:
            softmax(row, frame)
        elif op == GATHER:
            gather(row[1], row[2], row[3], rows)
        elif MOVE <= op <= MOMENTUM or op == COUNT:
            updates(row, reals[i])
        else:
            numbers(row, reals[i], frame)


def run(table: Any, reals: Any, rows: Any, first: int, size: int) -> None:
    """Carry out the operations from the `first` on, once, or for each batch of `size` rows."""
    scratch = np.empty(8, np.int64)
    frame = scratch.ctypes.data
    if size == 0:
        once(table, reals, rows, first, frame)
    for start in range(0, rows.size, max(size, 1)):
        once(table, reals, rows[start : start + size], first, frame)


def compile_run(cache: bool) -> Function:
    """The compiled `run`: from the disk, or compiled now, which takes some seconds."""
    make = numba.njit(SIGNATURE, nogil=True, cache=cache, error_model="numpy")
    return make(run)  # type: ignore[no-any-return] # numba ships no types
