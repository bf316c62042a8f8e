"""The training settings as the arguments of `compile` and `fit`."""

from kgui.compiler.catalog import option_value
from kgui.compiler.issues import Shape
from kgui.compiler.objective import (
    PROBABILITIES,
    loss_name,
    resolve_loss,
    takes_momentum,
    unknown_names,
)
from kgui.data.values import Target
from kgui.engine import optimizers
from kgui.engine.losses import Loss
from kgui.graph.project import Node, Project, TrainingSettings
from kgui.interchange.code.layout import Piece, Row, bracketed, keyword, lines, text

AUTOMATIC = "auto"
"""The comment behind a value that the settings leave to drawing and data."""

BY_OBJECT = ("lamb",)
"""Optimizers that Keras does not find by their name in lower case."""


def seed_lines(training: TrainingSettings) -> list[str]:
    """The statement that sets the seed, where it is not 0."""
    return [f"keras.utils.set_random_seed({training.seed})"] if training.seed else []


def compile_lines(
    project: Project, output: Node, shape: Shape, target: Target | None, outputs: int
) -> list[str]:
    """The statement that compiles the model; a comment where a name does not exist."""
    training = project.training
    if unknown := unknown_names(training):
        return [f"# {sentence}." for sentence in unknown]
    activation = option_value(output.type, output.options, "activation") or "linear"
    target = target or _likely_target(shape, str(activation))
    loss, metrics = resolve_loss(project, target, shape, str(activation))
    items: list[Piece] = [keyword("optimizer", _optimizer(training)), keyword("loss", _loss(loss))]
    comments = ["", AUTOMATIC if loss_name(training) == "auto" else ""]
    if training.metrics:
        automatic = next((m for m in metrics if m not in training.metrics), "")
        marks = [AUTOMATIC if metric == automatic else "" for metric in metrics]
        only = len(metrics) == 1
        row = Row("", tuple(map(text, metrics)), "[]", () if only else tuple(marks))
        items.append(keyword("metrics", bracketed([row] * outputs) if outputs > 1 else row))
        comments.append(marks[0] if only else "")
    return lines([Row("model.compile", tuple(items), comments=tuple(comments))])


def _likely_target(shape: Shape, activation: str) -> Target:
    """What an output of that shape and activation is most often trained for."""
    if activation in PROBABILITIES:
        return Target("", "classes")
    return Target("", "numbers", width=shape[-1] or 1)


def _optimizer(training: TrainingSettings) -> Piece:
    """The optimizer's name, or the object where it has settings of its own."""
    name = training.optimizer.lower()
    options = []
    if training.learning_rate is not None:
        options.append(f"learning_rate={training.learning_rate!r}")
    if training.momentum and takes_momentum(name):
        options.append(f"momentum={training.momentum!r}")
    if not options and name not in BY_OBJECT:
        return text(name)
    return Row(f"keras.optimizers.{type(optimizers.get(name)).__name__}", tuple(options))


def _loss(loss: str | Loss) -> Piece:
    if isinstance(loss, str):
        return text(loss)
    return Row(f"keras.losses.{type(loss).__name__}", ("from_logits=True",))


def train_lines(project: Project) -> list[str]:
    """The function that trains the model."""
    training, validation = project.training, project.data.validation
    items: list[Piece] = ["x", "y"]
    items += [f"batch_size={training.batch_size}", f"epochs={training.epochs}"]
    items += [f"validation_split={validation!r}"] if validation else []
    if training.patience is not None:
        monitor = () if validation else ('monitor="loss"',)
        stopping = Row("keras.callbacks.EarlyStopping", (*monitor, f"patience={training.patience}"))
        items.append(keyword("callbacks", bracketed([stopping])))
    return [
        "def train(x, y):",
        '    """Train the model on prepared rows and their targets."""',
        *lines(["return ", Row("model.fit", tuple(items))], 1),
    ]
