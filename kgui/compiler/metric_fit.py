"""The metrics of the settings against the target: which can be measured at the output."""

from collections.abc import Iterator

from kgui.compiler.issues import Issue, Shape
from kgui.compiler.objective import loss_name
from kgui.data.values import Target
from kgui.graph.project import Node, TrainingSettings
from kgui.language import tr

WITH_INDICES = ("accuracy", "acc", "sparse_categorical_accuracy", "auto")
"""Metrics that compare a row of probabilities with the number of a class."""
INDICES_ONLY = "sparse_categorical_accuracy"
"""The metric that takes nothing but the number of a class."""


def metric_issues(
    node: Node, shape: Shape, training: TrainingSettings, target: Target
) -> Iterator[Issue]:
    """An error for every metric that cannot be measured, or would mean nothing."""
    if target.kind != "classes" or shape[-1] == 1:
        return
    takes_indices = loss_name(training) in ("auto", "sparse_categorical_crossentropy")
    for metric in training.metrics:
        if takes_indices and metric not in WITH_INDICES:
            message = tr("is measured with {metric}, which does not fit one class out of several")
        elif not takes_indices and metric == INDICES_ONLY:
            message = tr("is measured with {metric}, which does not fit the loss {loss}")
        else:
            continue
        text = message.format(metric=metric, loss=training.loss)
        yield Issue(node.id, "error", text, tr("Set the metric to accuracy"))
