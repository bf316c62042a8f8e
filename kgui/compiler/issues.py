"""What the checker finds: problems that name a node, and what is known of every node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Shape = tuple[int | None, ...]
"""A tensor's shape; None stands for the batch and other sizes not known yet."""

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Issue:
    """One problem, worded for the user; `node_id` is None where the whole document is at fault."""

    node_id: str | None
    severity: Severity
    message: str
    hint: str = ""
    option: str = ""
    """The option at fault, where there is one: the inspector marks its field."""
    cause: Literal["drawing", "data", "memory"] = "drawing"
    """What does not fit: the drawing by itself, the drawing and the data, or the machine."""


@dataclass(frozen=True)
class Report:
    """What a check found. Nodes downstream of an error have no shape: unknown, not wrong."""

    shapes: Mapping[str, tuple[Shape, ...]] = field(default_factory=dict)
    """Node id -> shape of each output."""
    parameters: Mapping[str, int] = field(default_factory=dict)
    """Node id -> number of weights."""
    issues: tuple[Issue, ...] = ()
    blocks_around: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of a node within blocks -> ids of these, outermost first. Ids are unique on all levels."""

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that prevent training."""
        return tuple(issue for issue in self.issues if issue.severity == "error")

    @property
    def total_parameters(self) -> int:
        """Weights of the whole drawing; a block's are those of what it holds."""
        inner = self.blocks_around
        return sum(count for node_id, count in self.parameters.items() if node_id not in inner)
