"""A trained model with everything that is needed to use it, tell of it and train it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kgui.data.preparation import Preparation
from kgui.data.values import Target
from kgui.engine.models import Model
from kgui.graph.project import Project

Numbers = Mapping[str, float]
"""Loss and metrics by name."""


@dataclass(frozen=True)
class TrainedModel:
    """What a run leaves behind."""

    model: Model
    project: Project
    """The drawing with its settings as they were trained."""
    preparation: Preparation
    """From raw rows to the model's inputs, learnt on the training rows."""
    target: Target
    history: Mapping[str, list[float]] = field(default_factory=dict)
    """Name -> value of every whole epoch: loss, accuracy, val_loss, ..."""
    epochs: int = 0
    """Whole epochs trained."""
    seed: int = 0
    evaluation: Mapping[str, Numbers] = field(default_factory=dict)
    """Part of the data ("train", "validation", "test", where it exists) -> numbers."""
    stopped: bool = False
    """Whether the run was stopped before its end."""
