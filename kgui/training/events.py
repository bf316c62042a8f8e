"""What a run tells the world: frozen values, safe to hand from thread to thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class RunStarted:
    """Training begins: how many epochs are planned, batches in one epoch, training samples."""

    epochs: int
    steps: int
    samples: int
    notes: tuple[str, ...] = ()
    """Sentences about the data that the user should read: rows left out, ..."""


@dataclass(frozen=True)
class BatchProgress:
    """The latest state inside an epoch; only the newest one counts."""

    epoch: int
    """From 0."""
    batch: int
    """Batches done in this epoch."""
    steps: int
    samples_per_second: float
    seconds_left: float
    """Estimated time to the end of the last epoch."""
    logs: Mapping[str, float]


@dataclass(frozen=True)
class EpochEnded:
    """An epoch is over; `logs` are Keras's: loss, accuracy, val_loss, val_accuracy, ..."""

    epoch: int
    logs: Mapping[str, float]


@dataclass(frozen=True)
class RunEnded:
    """The one terminal event of a run."""

    outcome: Literal["finished", "stopped", "failed"]
    message: str = ""
    """For failed: one sentence that names the node where there is one."""
    node_id: str | None = None


Event = RunStarted | BatchProgress | EpochEnded | RunEnded
