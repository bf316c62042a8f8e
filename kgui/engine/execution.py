"""A plan carried out: its instructions, bound to NumPy or to compiled kernels."""

from collections.abc import Sequence

import numpy as np

from kgui.engine.backend.choice import compiled_run
from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.kernels import Array, Step
from kgui.engine.backend.native.joining import join
from kgui.engine.backend.native.stretches import Stretch
from kgui.engine.backend.session import get_session
from kgui.engine.errors import LayerError


class Plan:
    """Steps over fixed buffers; `run` computes everything anew from what the inputs hold."""

    def __init__(self, instructions: Sequence[Instruction]) -> None:
        self.instructions = tuple(instructions)
        self.opening: Stretch | None = None
        """The compiled stretch that the plan begins with; it can fetch the batch's rows too."""
        self._run = compiled_run()
        self._bind()
        get_session().plans.add(self)

    def _bind(self) -> None:
        pairs: list[tuple[Step, Instruction]]
        if self._run is None:
            pairs = [(instruction.bind(), instruction) for instruction in self.instructions]
        else:
            pairs = join(self.instructions, self._run)
        self.steps = [step for step, _ in pairs]
        self._firsts = [first for _, first in pairs]
        opening = self.steps[0] if self.steps else None
        self._others = self.steps[1:]
        self.opening = opening if isinstance(opening, Stretch) else None

    def take_compiled(self) -> bool:
        """Change over to compiled kernels if they have become ready; True if so.

        The numbers are the same either way.
        """
        run = compiled_run()
        if self._run is not None or run is None:
            return False
        self._run = run
        self._bind()
        return True

    def run(self) -> None:
        """Carry out every step; a fault names the layer at whose step it came."""
        self._run_steps(self.steps)

    def run_rows(self, rows: Array, size: int) -> None:
        """Carry out every step for each `size` rows that the opening stretch fetches.

        It must have been bound to the arrays whose rows they are.
        """
        assert self.opening is not None  # noqa: S101 - asked before
        if not self._others:
            self.opening.run_rows(rows, size)
            return
        for start in range(0, len(rows), size):
            self.opening.run_rows(rows[start : start + size], size)
            self._run_steps(self._others)

    def _run_steps(self, steps: Sequence[Step]) -> None:
        step: Step | None = None
        try:
            for step in steps:
                step()
        except Exception as error:
            at = self._firsts[self.steps.index(step)]  # type: ignore[arg-type] # a step ran
            raise LayerError(at.owner, at.phase, error) from error

    def first_non_finite(self) -> Instruction | None:
        """The first step, as of the last run, whose result holds NaN or infinity."""
        for instruction in self.instructions:
            if instruction.out.dtype.kind == "f" and not np.isfinite(instruction.out).all():
                return instruction
        return None
