"""A plan's steps with its known instructions joined to stretches that run without Python."""

from collections.abc import Sequence

import numpy as np

from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.kernels import Array, Step
from kgui.engine.backend.native import codes, lowering_updates  # noqa: F401 - they enter rows
from kgui.engine.backend.native.calls import Function
from kgui.engine.backend.native.lowering import Row, address, lower

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

    def __call__(self) -> None:
        """Run on what the buffers hold."""
        self._run(self._table, self._reals, _NO_ROWS, self._inputs)

    def bind(self, arrays: Sequence[Array], buffers: Sequence[Array]) -> bool:
        """Say where `run_rows` takes the batch's rows from; False if it cannot."""
        pairs = list(zip(arrays, buffers, strict=True))
        if not all(a.dtype == b.dtype and a.flags.c_contiguous for a, b in pairs):
            return False
        own = self._table[self._inputs :], self._reals[self._inputs :]
        table = np.zeros((len(pairs), codes.WIDTH), np.int64)
        for index, (array, buffer) in enumerate(pairs):
            width = array.nbytes // max(len(array), 1)
            table[index, :4] = codes.GATHER, width, address(array), address(buffer)
        self._table = np.concatenate([table, own[0]])
        self._reals = np.concatenate([np.zeros((len(pairs), codes.REALS)), own[1]])
        self._inputs, self._sources = len(pairs), pairs
        return True

    def run_rows(self, rows: Array) -> None:
        """Fill the input buffers with these rows, then run."""
        self._run(self._table, self._reals, rows, 0)


def join(instructions: Sequence[Instruction], run: Function) -> list[tuple[Step, Instruction]]:
    """The steps of a plan, each with the first instruction it carries out."""
    steps: list[tuple[Step, Instruction]] = []
    rows: list[Row] = []

    def end(first: Instruction) -> None:
        if rows:
            steps.append((Stretch(run, rows), first))
            rows.clear()

    begin = None
    for instruction in instructions:
        row = lower(instruction)
        if row is not None:
            begin = begin if rows else instruction
            rows.append(row)
            continue
        if begin is not None:
            end(begin)
        steps.append((instruction.bind(), instruction))
    if begin is not None:
        end(begin)
    return steps
