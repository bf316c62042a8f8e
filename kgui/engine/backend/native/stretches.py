"""Operations in a row as a table for the interpreter."""

from collections.abc import Sequence

import numpy as np

from kgui.engine.backend.kernels import Array
from kgui.engine.backend.memory import address
from kgui.engine.backend.native import codes
from kgui.engine.backend.native.calls import Function
from kgui.engine.backend.native.lowering import Row

_NO_ROWS: Array = np.zeros(0, np.int64)


class Stretch:
    """Instructions in a row as a table for the interpreter."""

    def __init__(self, run: Function, rows: Sequence[Row]) -> None:
        self._run, self._inputs = run, 0
        self._table = np.zeros((len(rows), codes.WIDTH), np.int64)
        self._reals = np.zeros((len(rows), codes.REALS))
        self._keep = [row.keep for row in rows]
        self._sources: list[tuple[Array, Array]] = []
        for index, row in enumerate(rows):
            self._table[index, : len(row.numbers)] = row.numbers
            self._reals[index, : len(row.reals)] = row.reals

    @property
    def codes(self) -> list[int]:
        """What its operations are."""
        return [int(code) for code in self._table[self._inputs :, 0]]

    def __call__(self) -> None:
        """Run on what the buffers hold."""
        self._run(self._table, self._reals, _NO_ROWS, self._inputs, 0)

    def bind(self, arrays: Sequence[Array], buffers: Sequence[Array]) -> bool:
        """Say where `run_rows` takes the batch's rows from; False if it cannot."""
        self.unbind()
        pairs = list(zip(arrays, buffers, strict=True))
        if not all(a.dtype == b.dtype and a.flags.c_contiguous for a, b in pairs):
            return False
        own = self._table, self._reals
        table = np.zeros((len(pairs), codes.WIDTH), np.int64)
        for index, (array, buffer) in enumerate(pairs):
            width = array.nbytes // max(len(array), 1)
            table[index, :4] = codes.GATHER, width, address(array), address(buffer)
        self._table = np.concatenate([table, own[0]])
        self._reals = np.concatenate([np.zeros((len(pairs), codes.REALS)), own[1]])
        self._inputs, self._sources = len(pairs), pairs
        return True

    def unbind(self) -> None:
        """Forget the arrays."""
        self._table = np.ascontiguousarray(self._table[self._inputs :])
        self._reals = np.ascontiguousarray(self._reals[self._inputs :])
        self._inputs, self._sources = 0, []

    def run_rows(self, rows: Array, size: int) -> None:
        """Fill the input buffers with the next `size` rows and run, until there are no more."""
        self._run(self._table, self._reals, rows, 0, size)
