"""Which product a place gets: ours, where it gives BLAS's bits in less time, or BLAS's.

Both are tried once on random matrices of the same shape, in some hundred microseconds.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.memory import address, aligned
from kgui.engine.backend.native import codes, products
from kgui.engine.backend.native.calls import Function
from kgui.engine.backend.native.lowering import Row, lower
from kgui.engine.backend.native.stretches import Stretch
from kgui.engine.backend.native.tiles import LANES, PANEL, ROWS
from kgui.engine.backend.session import get_session
from kgui.engine.backend.threads import limit_threads
from kgui.engine.backend.trials import is_turned, least_seconds, random_like

LARGEST = 1 << 27
"""Multiplications; larger products are left to BLAS, which is as fast with them."""
MANY, FEW = 64, 1 << 17
"""Rows for which a second matrix is worth copying into panels; numbers of one that is kept."""


class Pieces(NamedTuple):
    """How sums over k are cut: the longest piece, and what pieces are multiples of."""

    longest: int
    unit: int


WHOLE = Pieces(1 << 40, 1)

CUTS = (
    Pieces(448, 16), Pieces(384, 16), Pieces(320, 16), Pieces(320, 8), Pieces(256, 8),
    Pieces(352, 8), Pieces(384, 8), Pieces(512, 8), Pieces(640, 8), Pieces(768, 8),
    Pieces(240, 4), Pieces(256, 4), Pieces(352, 4), Pieces(384, 4), Pieces(512, 4),
)  # fmt: skip
"""How OpenBLAS cuts k for one processor or another (SGEMM_Q and SGEMM_UNROLL_M of param.h)."""

_chosen: dict[tuple[object, ...], Pieces | None] = {}


def better_product(at: Instruction, blas: Row, run: Function) -> Row:
    """The faster row of two for a `dot` instruction."""
    threads = get_session().threads
    key = (*(side.shape for side in at.reads), *map(is_turned, at.reads), threads)
    if key not in _chosen:
        with limit_threads(threads):
            _chosen[key] = _compare(at, run)
    pieces = _chosen[key]
    return blas if pieces is None else _product(at, pieces)


def _product(at: Instruction, pieces: Pieces) -> Row:
    """The row of our product."""
    (a, b), out = at.reads, at.out
    (m, k), n = a.shape, b.shape[1]
    mode = products.TURNED if is_turned(b) else products.COPIED * int(m >= MANY)
    kept = mode != products.AS_IT_LIES and is_turned(a) and k * n <= FEW
    stripe = max(ROWS, min(4 * ROWS, 16384 // n // ROWS * ROWS)) if kept or not mode else m
    height = (k // LANES + 1) * LANES * PANEL
    second = aligned((height * (-(-n // PANEL) if kept else int(mode > 0)),), a.dtype)
    first = aligned((k * stripe * int(is_turned(a) and n > PANEL),), a.dtype)
    distance = b.strides[1] if is_turned(b) else b.strides[0]
    places = (address(a), *a.strides, address(b), distance, address(out), out.strides[0])
    rest = (
        address(second),
        stripe,
        mode,
        address(first) * int(first.size > 0),
        height * a.itemsize * int(kept),
    )
    return Row((codes.PRODUCT, m, n, k, *places, *pieces, *rest), keep=(first, second))


def _compare(at: Instruction, run: Function) -> Pieces | None:
    """How ours has to cut k to give BLAS's bits, if that is the faster way."""
    (a, b), generator = at.reads, np.random.default_rng(0)
    work = a.size * b.shape[1]
    if work > LARGEST:
        return None
    reads = tuple(random_like(generator, side) for side in (a, b))
    first, second = (at._replace(reads=reads, out=aligned(at.out.shape, "f")) for _ in "12")
    theirs = lower(first)
    assert theirs is not None  # noqa: S101 - its like was lowered
    Stretch(run, [theirs])()
    for pieces in _possible(a.shape[1]):
        ours = _product(second, pieces)
        Stretch(run, [ours])()
        if np.array_equal(first.out, second.out):
            repeats = max(1, min(64, (1 << 20) // work))
            mine, blas = least_seconds([Stretch(run, [row] * repeats) for row in (ours, theirs)])
            return pieces if mine < blas else None
    return None


def _possible(k: int) -> Iterator[Pieces]:
    yield WHOLE
    known = {pieces for pieces in _chosen.values() if pieces}
    for pieces in sorted(CUTS, key=lambda cut: cut not in known):
        if pieces.longest < k:
            yield pieces
