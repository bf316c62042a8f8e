"""What `compile` was given, resolved for the outputs and targets at hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kgui.engine import losses, metrics
from kgui.engine.errors import DataError
from kgui.engine.losses import Loss, LossFunctionWrapper
from kgui.engine.metrics import Mean, MeanMetricWrapper, Metric
from kgui.engine.naming import snake_case
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
    weighted_metrics: Any = None
    run_eagerly: bool = False
    steps_per_execution: int = 1

    def __post_init__(self) -> None:
        for name in ("metrics", "weighted_metrics"):
            given = getattr(self, name)
            if given and not isinstance(given, list | tuple | dict):
                raise ValueError(
                    f"Expected `{name}` argument to be a list, tuple, or dict. Received instead: "
                    f"{name}={given} of type {type(given)}"
                )


@dataclass
class Tracker:
    """A metric of one output, under the key that logs use."""

    key: str
    metric: Metric
    output: int
    weighted: bool = False
    """Samples count by their weights."""

    @property
    def planned(self) -> bool:
        """True if a plan can compute it."""
        return isinstance(self.metric, MeanMetricWrapper) and self.metric.planned


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

    def logs(self) -> dict[str, Any]:
        """The numbers so far, by sorted key; a metric may report an array."""
        logs: dict[str, Any] = {"loss": self.total.result()}
        logs.update((key, mean.result()) for key, _, mean in self.parts)
        logs.update((tracker.key, _plain(tracker.metric.result())) for tracker in self.trackers)
        return dict(sorted(logs.items()))

    def ordered(self) -> list[Any]:
        """The numbers as evaluate lists them: losses, metrics by name, then other keys sorted."""
        logs = self.logs()
        names = ["loss", *(key for key, _, _ in self.parts)]
        names += [tracker.metric.name for tracker in self.trackers]
        rest = [key for key in logs if key not in names]
        return [logs[name] for name in [*names, *rest] if name in logs]


def _plain(value: Any) -> Any:
    """A number as a float; what is several numbers as it is."""
    if isinstance(value, float) or np.size(value) != 1:
        return value
    return float(np.asarray(value).item())


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
    trackers = _trackers(compiled.metrics, "metrics", names, outputs, targets)
    _name(trackers, [])
    weighted = _trackers(compiled.weighted_metrics, "weighted_metrics", names, outputs, targets)
    _name(weighted, trackers)
    trackers += weighted
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


def _groups(names: Sequence[str]) -> dict[str, list[str]]:
    """Outputs in lists and dicts inside others: the first part of the name -> the rest of each."""
    groups: dict[str, list[str]] = {}
    for name in names:
        group, _, rest = name.partition("/")
        groups.setdefault(group, []).append(rest)
    return groups


def _inside(value: Any, names: Sequence[str], argument: str) -> list[Any]:
    """The values of the outputs in one list or dict; of an output that is in none, its own."""
    return [value] if list(names) == [""] else per_output(value, names, argument)


def per_output(value: Any, names: Sequence[str], argument: str) -> list[Any]:
    """One value per output, from a single one, a list, or a dict by output name."""
    groups = _groups(names)
    if list(groups) != list(names) and isinstance(value, dict | list | tuple):
        parts = value if isinstance(value, dict) else dict(zip(groups, value, strict=False))
        if len(parts) == len(value) and set(parts) <= set(groups):
            return [
                item
                for group, inner in groups.items()
                for item in _inside(parts.get(group), inner, argument)
            ]
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


def _loss(given: Any, target: Any, output: Any) -> Loss:
    loss = given
    if isinstance(given, str) and given.lower() in CROSSENTROPIES:
        kind = metrics.accuracy_for(target.shape, output.shape).name
        loss = kind.replace("accuracy", "crossentropy")
    loss = losses.get(loss)
    if isinstance(loss, Loss):
        return loss
    name = given if isinstance(given, str) else _name_of(loss)
    if loss is losses.sparse_categorical_crossentropy:
        return losses.SparseCategoricalCrossentropy(name=name)  # it checks the labels
    return LossFunctionWrapper(loss, name=name)


def _name_of(function: Any) -> str:
    return snake_case(getattr(function, "__name__", type(function).__name__))


def _trackers(
    given: Any,
    argument: str,
    names: Sequence[str],
    outputs: Sequence[Any],
    targets: Sequence[Any],
) -> list[Tracker]:
    """Metrics of all outputs, under keys that are not yet told apart."""
    several = len(names) > 1
    if not given:
        return []
    if not several and not isinstance(given, dict):
        given = [given]
    trackers: list[Tracker] = []
    for index, chosen in enumerate(per_output(given, names, argument)):
        for item in _as_list(chosen):
            metric, key = _metric(item, targets[index], outputs[index])
            key = f"{names[index].rpartition('/')[2]}_{key}" if several else key
            trackers.append(Tracker(key, metric, index, argument == "weighted_metrics"))
    return trackers


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        return [value]
    return [item for part in value for item in _as_list(part)]


def _metric(item: Any, target: Any, output: Any) -> tuple[Metric, str]:
    if isinstance(item, str) and item.lower() in ACCURACIES:
        metric: Any = metrics.accuracy_for(target.shape, output.shape)
    else:
        metric = metrics.get(item)
    if not isinstance(metric, Metric):
        metric = MeanMetricWrapper(metric, _name_of(metric))
    if isinstance(item, str):
        metric.name = item
    return metric, metric.name


def _name(trackers: Sequence[Tracker], named: Sequence[Tracker]) -> None:
    """Tell equal keys apart: numbers, and "weighted_" where the key without weights is taken."""
    taken = {tracker.key for tracker in named}
    for tracker in trackers:
        if tracker.weighted and tracker.key in taken:
            name = tracker.metric.name
            tracker.key = f"{tracker.key.removesuffix(name)}weighted_{name}"
        key, count = tracker.key, 0
        while tracker.key in taken:
            count += 1
            tracker.key = f"{key}_{count}"
        taken.add(tracker.key)


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
