"""What training a drawing would take of memory, against what is free."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kgui.compiler.issues import Issue, Shape
from kgui.compiler.wording import bytes_text
from kgui.io.memory import available_memory
from kgui.language import tr

BYTES = 4
COPIES = 4
"""Of every weight: value, gradient, and two for the optimizer (Adam's)."""
ACTIVATIONS = 2
"""Of every value that flows: itself and its gradient."""
ALWAYS_THERE = 2**26
"""Bytes nobody need ask for."""


@dataclass(frozen=True)
class Need:
    """Bytes a drawing takes while it trains, by node."""

    by_node: Mapping[str, int]

    @property
    def total(self) -> int:
        """Bytes altogether."""
        return sum(self.by_node.values())


def memory_need(
    shapes: Mapping[str, tuple[Shape, ...]], parameters: Mapping[str, int], batch_size: int
) -> Need:
    """The bytes of weights and of one batch's values."""
    return Need(
        {
            node_id: BYTES * COPIES * parameters.get(node_id, 0)
            + BYTES * ACTIVATIONS * batch_size * sum(map(_values_per_row, outputs))
            for node_id, outputs in shapes.items()
        }
    )


def _values_per_row(shape: Shape) -> int:
    return math.prod(size for size in shape[1:] if size is not None)


def memory_issue(need: Need, free: int | None = None) -> Issue | None:
    """An error at the largest node if the drawing needs more than there is."""
    total = need.total
    if total <= ALWAYS_THERE and free is None:
        return None
    free = available_memory() if free is None else free
    if total <= free:
        return None
    largest = max(need.by_node, key=lambda node_id: need.by_node[node_id])
    message = tr("needs {need} of memory, {free} is free")
    if need.by_node[largest] <= free:
        message = tr(
            "is the largest layer of a network that needs {need} of memory; {free} is free"
        )
        amount = total
    else:
        amount = need.by_node[largest]
    return Issue(
        largest,
        "error",
        message.format(need=bytes_text(amount), free=bytes_text(free)),
        tr("Make the layer, or what flows into it, smaller"),
        cause="memory",
    )
