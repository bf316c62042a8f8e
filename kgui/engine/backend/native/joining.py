"""A plan's steps with its known instructions joined to stretches that run without Python."""

from collections.abc import Sequence

from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.kernels import Step
from kgui.engine.backend.native import lowering_updates  # noqa: F401 - they enter rows
from kgui.engine.backend.native.calls import Function
from kgui.engine.backend.native.fusing import Operation, fuse
from kgui.engine.backend.native.lowering import Row, lower
from kgui.engine.backend.native.product_choice import better_product
from kgui.engine.backend.native.stretches import Stretch


def join(instructions: Sequence[Instruction], run: Function) -> list[tuple[Step, Instruction]]:
    """The steps of a plan, each with the first instruction it carries out."""
    steps: list[tuple[Step, Instruction]] = []
    operations: list[Operation] = []

    def end() -> None:
        if operations:
            rows = [row for _, row in fuse(operations)]
            steps.append((Stretch(run, rows), operations[0][0]))
            operations.clear()

    for instruction in instructions:
        row = _row(instruction, run)
        if row is not None:
            operations.append((instruction, row))
        else:
            end()
            steps.append((instruction.bind(), instruction))
    end()
    return steps


def _row(instruction: Instruction, run: Function) -> Row | None:
    row = lower(instruction)
    if row is None or instruction.kernel != "dot":
        return row
    return better_product(instruction, row, run)
