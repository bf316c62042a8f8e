"""What `compile` was given, resolved for the outputs and targets at hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kgui.engine import losses, metrics
from kgui.engine.errors import DataError
from kgui.engine.losses import Loss
from kgui.engine.metrics import Mean, Metric
from kgui.engine.optimizers import Optimizer

ACCURACIES = ("accuracy", "acc")
CROSSENTROPIES = ("crossentropy", "ce")


@dataclass
class Compiled:
    """The arguments of `compile`, before anything is known of shapes."""

    optimizer: Optimizer
    loss: Any = None
    loss_weights: Any = None
    metrics: Any = None


@dataclass
class Tracker:
    """A metric of one output, under the key that logs use."""

    key: str
    metric: Metric
    output: int


@dataclass
class Objective:
    """Losses and metrics of every output, and the running means of a pass over the data."""

    losses: list[Loss | None]
    weights: list[float]
    trackers: list[Tracker]
    total: Mean = field(default_factory=lambda: Mean("loss"))
    parts: list[tuple[str, int, Mean]] = field(default_factory=list)
    """Each output's own loss, where there are several: key, output, mean."""

    def reset(self) -> None:
        """Start a new pass."""
        for mean in self._means():
            mean.reset_state()

    def _means(self) -> list[Metric]:
        parts: list[Metric] = [mean for _, _, mean in self.parts]
        return [self.total, *parts, *(tracker.metric for tracker in self.trackers)]

    def logs(self) -> dict[str, float]:
        """The numbers so far, by sorted key."""
        logs = {"loss": self.total.result()}
        logs.update((key, mean.result()) for key, _, mean in self.parts)
        logs.update((tracker.key, tracker.metric.result()) for tracker in self.trackers)
        return dict(sorted(logs.items()))

    def ordered(self) -> list[float]:
        """The numbers as a list: losses first, then metrics as evaluate lists them."""
        values = [self.total.result(), *(mean.result() for _, _, mean in self.parts)]
        several = len(self.losses) > 1
        trackers = sorted(self.trackers, key=lambda t: t.key) if several else self.trackers
        return values + [tracker.metric.result() for tracker in trackers]


def resolve(
    compiled: Compiled, names: Sequence[str], outputs: Sequence[Any], targets: Sequence[Any]
) -> Objective:
    """Losses and metrics for these outputs and targets (anything with a shape)."""
    if len(targets) != len(outputs):
        raise DataError(
            "The model has {expected} output(s), but targets for {found} were given.",
            expected=len(outputs),
            found=len(targets),
        )
    chosen = per_output(compiled.loss, names, "loss")
    if all(loss is None for loss in chosen):
        raise ValueError("No loss to compute. Provide a `loss` argument in `compile()`.")
    _require_targets(chosen, names, targets)
    resolved = [
        None if loss is None else _loss(loss, target, output)
        for loss, target, output in zip(chosen, targets, outputs, strict=True)
    ]
    weights = [1.0 if w is None else float(w)
               for w in per_output(compiled.loss_weights, names, "loss_weights")]  # fmt: skip
    trackers = _trackers(compiled.metrics, names, outputs, targets)
    objective = Objective(resolved, weights, trackers)
    if sum(loss is not None for loss in resolved) > 1:
        objective.parts = [
            (f"{name}_loss", index, Mean(f"{name}_loss"))
            for index, name in enumerate(names)
            if resolved[index] is not None
        ]
    return objective


def _require_targets(chosen: Sequence[Any], names: Sequence[str], targets: Sequence[Any]) -> None:
    for name, loss, target in zip(names, chosen, targets, strict=True):
        if loss is not None and tuple(target.shape[1:]) == (0,):
            raise DataError("There are no targets for the output '{output}', which has a loss.",
                            output=name)  # fmt: skip


def per_output(value: Any, names: Sequence[str], argument: str) -> list[Any]:
    """One value per output, from a single one, a list, or a dict by output name."""
    if isinstance(value, dict):
        unknown = sorted(set(value) - set(names))
        if unknown:
            raise ValueError(
                f"In the dict argument `{argument}`, key '{unknown[0]}' does not correspond to "
                f"any model output. Expected keys: {list(names)}."
            )
        return [value.get(name) for name in names]
    if isinstance(value, list | tuple):
        if len(value) != len(names):
            raise ValueError(
                f"For a model with multiple outputs, when providing the `{argument}` argument as "
                f"a list, it should have as many entries as the model has outputs. Received: "
                f"{argument}={value} of length {len(value)} whereas the model has "
                f"{len(names)} outputs."
            )
        return list(value)
    return [value] * len(names)


def _loss(loss: Any, target: Any, output: Any) -> Loss:
    if loss in CROSSENTROPIES if isinstance(loss, str) else False:
        kind = metrics.accuracy_for(target.shape, output.shape).name
        loss = kind.replace("accuracy", "crossentropy")
    return losses.get(loss)


def _trackers(
    given: Any, names: Sequence[str], outputs: Sequence[Any], targets: Sequence[Any]
) -> list[Tracker]:
    several = len(names) > 1
    if given is None:
        return []
    if not several and not isinstance(given, dict):
        given = [given]
    trackers: list[Tracker] = []
    for index, chosen in enumerate(per_output(given, names, "metrics")):
        for item in _as_list(chosen):
            metric, key = _metric(item, targets[index], outputs[index])
            key = f"{names[index]}_{key}" if several else key
            trackers.append(Tracker(_free(key, trackers), metric, index))
    return trackers


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _metric(item: Any, target: Any, output: Any) -> tuple[Metric, str]:
    if isinstance(item, str) and item in ACCURACIES:
        return metrics.accuracy_for(target.shape, output.shape), item
    metric = metrics.get(item)
    return metric, item if isinstance(item, str) else metric.name


def _free(key: str, trackers: Sequence[Tracker]) -> str:
    taken = {tracker.key for tracker in trackers}
    name, count = key, 0
    while name in taken:
        count += 1
        name = f"{key}_{count}"
    return name


def check_targets(objective: Objective, outputs: Sequence[Any], targets: Sequence[Any]) -> None:
    """Raise DataError for targets that cannot be meant for the outputs."""
    for loss, output, target in zip(objective.losses, outputs, targets, strict=True):
        if loss is None:
            continue
        try:
            loss.check_targets(target, output.shape)
        except DataError as error:
            error.values["output"] = _layer_name(output)
            raise


def _layer_name(output: Any) -> str:
    history = getattr(output, "history", None)
    return history.operation.name if history else ""
