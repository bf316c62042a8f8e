"""From instructions to the interpreter's rows; what is not known here stays a NumPy step."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.kernels import Array, constant
from kgui.engine.backend.memory import address
from kgui.engine.backend.native import codes
from kgui.engine.backend.native.addresses import blas, loop_of


class Row(NamedTuple):
    """One operation: whole numbers, floats, and arrays that must live as long as it."""

    numbers: tuple[int, ...]
    reals: tuple[float, ...] = ()
    keep: tuple[Array, ...] = ()


Lowering = Callable[[Instruction], Row | None]
LOWERINGS: dict[str, Lowering] = {}

_UFUNCS: dict[str, Any] = {
    name: getattr(np, name)
    for name in (
        "add", "subtract", "multiply", "divide", "negative", "square", "sqrt", "exp", "expm1",
        "log", "log1p", "absolute", "sign", "tanh", "maximum", "minimum", "equal", "not_equal",
        "greater", "logical_and", "logical_or",
    )
}  # fmt: skip


def lower(instruction: Instruction) -> Row | None:
    """The row that carries an instruction out, or None."""
    if instruction.kernel in _UFUNCS:
        return _loop(_UFUNCS[instruction.kernel], instruction.reads, instruction.out)
    make = LOWERINGS.get(instruction.kernel)
    return make(instruction) if make is not None else None


def lowering(function: Lowering) -> Lowering:
    """Enter what lowers the kernel of the function's name."""
    LOWERINGS[function.__name__] = function
    return function


def plain(*arrays: Array, kind: str = "f") -> bool:
    """True if the arrays lie in one piece each, as floats of 32 bits."""
    return all(array.dtype.char in kind and array.flags.c_contiguous for array in arrays)


def _loop(ufunc: Any, reads: tuple[Array, ...], out: Array) -> Row | None:
    types = "".join(array.dtype.char for array in reads) + "->" + out.dtype.char
    found = loop_of(ufunc, types)
    arrays = [np.broadcast_to(array, out.shape) for array in reads]
    if found is None or out.size == 0 or len(reads) > 2:
        return None
    axes = _axes(out.shape, [array.strides for array in (*arrays, out)])
    if len(axes) > 2:
        return None
    (size, inner), *outer = axes
    places = [address(array) for array in (*reads, out)]
    row = (size, *_three(places), *_three(inner), found.function, found.data)
    if not outer:
        return Row((codes.LOOP, *row), keep=reads)
    count, steps = outer[0]
    return Row((codes.LOOPS, *row, count, *_three(steps)), keep=reads)


def _three(values: list[int]) -> tuple[int, ...]:
    return (*values, *[0] * (3 - len(values)))


def _axes(shape: tuple[int, ...], strides: list[tuple[int, ...]]) -> list[tuple[int, list[int]]]:
    """The axes to go along, innermost first; neighbours that are one stretch are one axis."""
    axes: list[tuple[int, list[int]]] = []
    for axis in reversed(range(len(shape))):
        size, steps = shape[axis], [each[axis] for each in strides]
        if size == 1:
            continue
        if axes and steps == [axes[-1][0] * step for step in axes[-1][1]]:
            axes[-1] = (axes[-1][0] * size, axes[-1][1])
        else:
            axes.append((size, steps))
    return axes or [(1, [0] * len(strides))]


@lowering
def scale(at: Instruction) -> Row | None:
    """x * factor."""
    return _loop(np.multiply, (*at.reads, constant(at.constants["factor"], at.out)), at.out)


@lowering
def shift(at: Instruction) -> Row | None:
    """x + amount."""
    return _loop(np.add, (*at.reads, constant(at.constants["amount"], at.out)), at.out)


@lowering
def dot(at: Instruction) -> Row | None:
    """A product of two matrices; with a single row or column NumPy calls other routines."""
    (a, b), found = at.reads, blas()
    if found is None or not plain(at.out) or min(*a.shape, *b.shape) < 2 or _same(a, b):
        return None
    sides = []
    for array in (a, b):
        turned = not array.flags.c_contiguous
        if array.dtype.char != "f" or not (array.T if turned else array).flags.c_contiguous:
            return None
        sides.append((int(turned), array.shape[0] if turned else array.shape[1]))
    (turn_a, step_a), (turn_b, step_b) = sides
    size = (a.shape[0], b.shape[1], a.shape[1])
    places = (address(a), step_a, address(b), step_b, address(at.out), at.out.shape[1])
    return Row((codes.GEMM, found.gemm, turn_a, turn_b, *size, *places))


def _same(a: Array, b: Array) -> bool:
    """True for a product of a matrix with itself, for which NumPy has a routine."""
    return address(a) == address(b)


@lowering
def sum_to(at: Instruction) -> Row | None:
    """Sums of columns, as a product with ones."""
    (x,), out, found = at.reads, at.out, blas()
    columns = x.ndim == 2 and out.ndim == 1 and x.shape[1] == out.shape[0]
    if found is None or not columns or not plain(x, out) or min(x.shape) < 2:
        return None
    ones = np.ones(x.shape[0], x.dtype)
    return Row((codes.GEMV, found.gemv, *x.shape, *map(address, (x, ones, out))), keep=(ones,))


@lowering
def sum_over(at: Instruction) -> Row | None:
    """Sums over the last axes."""
    (x,), axes, add = at.reads, at.constants["axes"], loop_of(np.add, "ff->f")
    last = tuple(range(x.ndim - len(axes), x.ndim))
    if add is None or tuple(sorted(axes)) != last or not plain(x, at.out) or x.size == 0:
        return None
    rows = at.out.size
    places = (address(x), address(at.out))
    return Row((codes.SUM_ROWS, rows, x.size // rows, *places, *add))


@lowering
def relu(at: Instruction) -> Row | None:
    """max(x, 0)."""
    (x,) = at.reads
    return Row((codes.RELU, x.size, address(x), address(at.out))) if plain(x, at.out) else None


@lowering
def relu_gradient(at: Instruction) -> Row | None:
    """gradient * (y > 0)."""
    if not plain(*at.reads, at.out):
        return None
    return Row((codes.MASKED, at.out.size, *map(address, (*at.reads, at.out))))


@lowering
def clip(at: Instruction) -> Row | None:
    """x within limits."""
    (x,) = at.reads
    if not plain(x, at.out):
        return None
    reals = (at.constants["low"], at.constants["high"])
    return Row((codes.CLIP, x.size, address(x), address(at.out)), reals)


@lowering
def softmax(at: Instruction) -> Row | None:
    """exp(x - max) / sum along the last axis."""
    (x,), out = at.reads, at.out
    exp, add = loop_of(np.exp, "f->f"), loop_of(np.add, "ff->f")
    if exp is None or add is None or not plain(x, out) or out.size == 0:
        return None
    total = np.zeros(1, "float32")
    sizes = (x.size // x.shape[-1], x.shape[-1])
    places = (address(x), address(out))
    return Row((codes.SOFTMAX, *sizes, *places, *exp, *add, address(total)), keep=(total,))


def _labels(labels: Array, values: Array, *rest: Array) -> bool:
    fits = plain(labels, kind="il") and labels.dtype.itemsize in (4, 8)
    return fits and labels.size > 0 and plain(values, *rest)


@lowering
def take_class(at: Instruction) -> Row | None:
    """x[i, labels[i]]."""
    x, labels = at.reads
    if not _labels(labels, x, at.out):
        return None
    wide = int(labels.dtype.itemsize == 8)
    sizes = (labels.size, x.shape[-1])
    return Row((codes.TAKE, *sizes, address(x), address(labels), wide, address(at.out)))


@lowering
def softmax_sparse_gradient(at: Instruction) -> Row | None:
    """gradient * (p - onehot)."""
    p, labels, gradient = at.reads
    if not _labels(labels, p, gradient, at.out):
        return None
    wide, low = int(labels.dtype.itemsize == 8), at.constants["epsilon"]
    places = (address(p), address(labels), wide, address(gradient), address(at.out))
    return Row((codes.SPARSE, labels.size, p.shape[-1], *places), (low, 1 - low))


@lowering
def accumulate(at: Instruction) -> Row | None:
    """The running mean of a metric; NumPy adds up to 8192 numbers in one piece."""
    (values,), add = at.reads, loop_of(np.add, "dd->d")
    if add is None or not plain(values) or not 0 < values.size <= 8192:
        return None
    wide = np.zeros(values.size + 1)
    places = (address(values), address(at.out))
    return Row((codes.ADD_MEAN, values.size, *places, *add, address(wide)), keep=(wide,))


@lowering
def accumulate_weighted(at: Instruction) -> Row | None:
    """The running mean of a loss."""
    (value,) = at.reads
    if value.dtype.char != "f" or at.out.dtype.char != "d":
        return None
    return Row((codes.ADD_WEIGHTED, address(value), address(at.out)), (at.constants["weight"],))


@lowering
def count(at: Instruction) -> Row | None:
    """One more."""
    return Row((codes.COUNT, address(at.out))) if at.out.dtype == np.int64 else None


@lowering
def argmax(at: Instruction) -> Row | None:
    """Index of the largest value along the last axis."""
    return argmax_along(at._replace(constants={"axis": -1}))


@lowering
def argmax_along(at: Instruction) -> Row | None:
    """Index of the largest value, along the last axis only."""
    (x,) = at.reads
    last = at.constants["axis"] in (-1, x.ndim - 1) and x.ndim > 0
    if not last or not plain(x) or at.out.dtype != np.int64 or at.out.size == 0:
        return None
    if not at.out.flags.c_contiguous:
        return None
    return Row((codes.ARGMAX, at.out.size, x.shape[-1], address(x), address(at.out)))


@lowering
def copy(at: Instruction) -> Row | None:
    """Copies in one piece, and the conversions that metrics need."""
    (x,), out = at.reads, at.out
    if x.shape != out.shape or not (x.flags.c_contiguous and out.flags.c_contiguous):
        return _loop(np.positive, (x,), out) if x.dtype == out.dtype and out.size else None
    places = (address(x), address(out))
    if x.dtype == out.dtype:
        return Row((codes.MOVE, x.nbytes, *places))
    kinds = {"?f": codes.FROM_BOOL, "il": codes.TO_LONG, "iq": codes.TO_LONG}
    code = kinds.get(x.dtype.char + out.dtype.char)
    fits = code is not None and (code == codes.FROM_BOOL or out.dtype.itemsize == 8)
    return Row((code or 0, x.size, *places)) if fits else None


@lowering
def fill(at: Instruction) -> Row | None:
    """One value everywhere."""
    if not plain(at.out):
        return None
    return Row((codes.FILL, at.out.size, address(at.out)), (at.constants["value"],))
