"""Products and updates that become one operation: a gradient is used while it is in the cache."""

from collections.abc import Iterator, Sequence

import numpy as np

from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.kernels import Array
from kgui.engine.backend.memory import address
from kgui.engine.backend.native import codes
from kgui.engine.backend.native.lowering import Row, lower

Operation = tuple[Instruction, Row]


def fuse(operations: Sequence[Operation]) -> list[Operation]:
    """The operations, with gradients computed where Adam takes them; the numbers stay the same."""
    done: list[Operation] = []
    for operation in operations:
        if operation[1].numbers[0] != codes.ADAM:
            done.append(operation)
            continue
        moved = [index for index in range(len(done)) if _can_wait(done, index, operation[0])]
        if not moved:
            done.append(operation)
            continue
        rounding = operation[1].numbers[-1]
        products = sorted((done[index] for index in moved), key=lambda pair: address(pair[0].out))
        done = [pair for index, pair in enumerate(done) if index not in moved]
        done += _updates(products, operation[0], rounding)
    return done


def _can_wait(done: Sequence[Operation], index: int, update: Instruction) -> bool:
    """True for a part of the gradient that nothing touches, nor what it is made of, until then."""
    product, row = done[index]
    if row.numbers[0] != codes.PRODUCT or not _inside(product.out, update.reads[0]):
        return False
    return not any(
        np.may_share_memory(product.out, array)
        for later, _ in done[index + 1 :]
        for array in (*later.reads, later.out)
    ) and not any(
        np.may_share_memory(array, later.out)
        for later, _ in done[index + 1 :]
        for array in product.reads
    )


def _inside(part: Array, whole: Array) -> bool:
    start = address(part) - address(whole)
    return start >= 0 and start + part.nbytes <= whole.nbytes


def _updates(
    products: Sequence[Operation], update: Instruction, rounding: int
) -> Iterator[Operation]:
    """Each product with the update of its weights, and updates of what lies between them."""
    gradient, at = update.reads[0], 0
    for product, row in products:
        start = (address(product.out) - address(gradient)) // gradient.itemsize
        yield from _update(update, at, start, codes.ADAM, rounding)
        yield product, row._replace(numbers=(codes.PRODUCT_ADAM, *row.numbers[1:]))
        at = start + product.out.size
        yield from _update(update, start, at, codes.HELD, rounding)
    yield from _update(update, at, gradient.size, codes.ADAM, rounding)


def _update(
    update: Instruction, start: int, stop: int, code: int, rounding: int
) -> Iterator[Operation]:
    """The update of a part of the weights, rounded like that of all."""
    if start == stop:
        return
    gradient, rate, iterations, *slots = update.reads
    reads = gradient[start:stop], rate, iterations, *(slot[start:stop] for slot in slots)
    part = update._replace(reads=reads, out=update.out[start:stop])
    row = lower(part)
    assert row is not None  # noqa: S101 - the whole was lowered
    yield part, row._replace(numbers=(code, *row.numbers[1:-1], rounding))
