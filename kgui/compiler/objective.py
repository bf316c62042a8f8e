"""What to train for: "auto" resolved from drawing and target, and handed to the engine."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from kgui.compiler.issues import Shape
from kgui.data.values import Target
from kgui.engine import layers, losses, optimizers
from kgui.engine.backend import Session, use_session
from kgui.engine.models import Model
from kgui.graph.project import Project, TrainingSettings
from kgui.io.errors import InputError
from kgui.language import tr

Family = Literal["classes", "binary", "numbers"]

OPTIMIZERS = (
    "adam", "sgd", "rmsprop", "adamw", "nadam", "adamax", "adagrad", "adadelta", "lion", "lamb",
    "ftrl",
)  # fmt: skip
LOSSES: Mapping[str, Family] = {
    "sparse_categorical_crossentropy": "classes",
    "categorical_crossentropy": "classes",
    "binary_crossentropy": "binary",
    "mse": "numbers",
    "mae": "numbers",
    "mape": "numbers",
    "msle": "numbers",
    "huber": "numbers",
    "log_cosh": "numbers",
    "poisson": "numbers",
}
"""Losses of the settings and what they are for; "auto" is possible too."""
OTHER_NAMES = {
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_logarithmic_error": "msle",
    "bce": "binary_crossentropy",
    "crossentropy": "auto",
    "ce": "auto",
}
METRICS = (
    "accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy",
    "mse", "mae", "mape", "root_mean_squared_error", "r2_score",
)  # fmt: skip
"""Metrics of the settings; "auto" is possible too."""
ALSO_METRICS = ("acc", "mean_squared_error", "mean_absolute_error")
PROBABILITIES = ("softmax", "sigmoid", "hard_sigmoid")
"""Activations whose results are taken as probabilities; all others give logits."""
KEEPING = (layers.Identity, layers.Reshape, layers.Flatten, layers.Permute)
"""Layers whose results are probabilities where what they get are."""


def loss_name(training: TrainingSettings) -> str:
    """The settings' loss under its usual name; "auto" for all that depends on the drawing."""
    return OTHER_NAMES.get(training.loss, training.loss)


def automatic_loss(target: Target, output_shape: Shape) -> str:
    """Name of the loss that fits a target and an output."""
    if target.kind == "numbers":
        return "mse"
    return "binary_crossentropy" if output_shape[-1] == 1 else "sparse_categorical_crossentropy"


def resolve_loss(
    project: Project, target: Target, output_shape: Shape, last_activation: str
) -> tuple[Any, list[str]]:
    """Loss and metrics for `compile`; cross-entropies take logits where no probabilities come."""
    name = loss_name(project.training)
    name = automatic_loss(target, output_shape) if name == "auto" else name
    crossentropies = {
        "sparse_categorical_crossentropy": losses.SparseCategoricalCrossentropy,
        "categorical_crossentropy": losses.CategoricalCrossentropy,
        "binary_crossentropy": losses.BinaryCrossentropy,
    }
    loss: Any = name
    if name in crossentropies and last_activation not in PROBABILITIES:
        loss = crossentropies[name](from_logits=True)
    automatic = "accuracy" if target.kind == "classes" else "mae"
    chosen = [automatic if metric == "auto" else metric for metric in project.training.metrics]
    return loss, list(dict.fromkeys(chosen))


def needs_one_hot(project: Project, target: Target, output_shape: Shape) -> bool:
    """True if class indices must be one-hot encoded for the loss; sparse ones take indices."""
    several = target.kind == "classes" and output_shape[-1] != 1
    return several and loss_name(project.training) not in (
        "auto",
        "sparse_categorical_crossentropy",
    )


def last_activation(model: Model) -> str:
    """Name of the activation that the model's first output went through; "linear" if none."""
    history = model.outputs[0].history
    while history is not None and isinstance(history.operation, (*KEEPING, Model)):
        operation = history.operation
        if isinstance(operation, Model):  # a block: what it ends in
            history = operation.outputs[history.tensor_index].history
        else:
            history = operation.inbound_nodes[history.node_index].inputs[0].history
    if history is None:
        return "linear"
    if isinstance(history.operation, layers.Softmax):
        return "softmax"
    activation = getattr(history.operation, "activation", None)
    return getattr(activation, "__name__", "linear")


def compile_model(model: Model, project: Project, target: Target) -> None:
    """Set the model's optimizer, loss and metrics; InputError for names that do not exist."""
    for fault in unknown_names(project.training):
        raise InputError(fault + ".")
    shape = model.outputs[0].shape
    loss, metrics = resolve_loss(project, target, shape, last_activation(model))
    model.compile(optimizer=_optimizer(project.training), loss=loss, metrics=metrics)


def _optimizer(training: TrainingSettings) -> optimizers.Optimizer:
    options: dict[str, Any] = {}
    if training.learning_rate is not None:
        options["learning_rate"] = training.learning_rate
    if takes_momentum(training.optimizer):
        options["momentum"] = training.momentum
    return optimizers.get({"class_name": training.optimizer, "config": options})


def takes_momentum(optimizer: str) -> bool:
    """True if the optimizer has a momentum to set."""
    with use_session(Session(seed=0)):  # no name is used up
        return "momentum" in inspect.signature(type(optimizers.get(optimizer))).parameters


def unknown_names(training: TrainingSettings) -> list[str]:
    """Sentences, without a full stop, about names in the settings that do not exist."""
    found = []
    if training.optimizer.lower() not in OPTIMIZERS:
        found.append(_unknown(tr("The optimizer {name} does not exist; possible are {names}"),
                              training.optimizer, OPTIMIZERS))  # fmt: skip
    if loss_name(training) not in (*LOSSES, "auto"):
        found.append(_unknown(tr("The loss {name} does not exist; possible are {names}"),
                              training.loss, ("auto", *LOSSES)))  # fmt: skip
    for metric in training.metrics:
        if metric not in (*METRICS, *ALSO_METRICS, "auto"):
            message = tr("The metric {name} does not exist; possible are {names}")
            found.append(_unknown(message, metric, ("auto", *METRICS)))
    return found


def _unknown(sentence: str, name: str, names: Sequence[str]) -> str:
    return sentence.format(name=name, names=", ".join(names))
