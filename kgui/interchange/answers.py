"""From raw rows to answers in the user's own terms: class names, probabilities, numbers."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from kgui.compiler.data_fit import input_arrays
from kgui.compiler.objective import PROBABILITIES, last_activation
from kgui.data.values import Array, Summary
from kgui.engine import activations
from kgui.interchange.trained import TrainedModel

Meaning = Literal["probabilities", "logits", "numbers"]


def array_of_input(trained: TrainedModel) -> dict[str, str]:
    """Name of each input of the model -> name of the prepared array that goes into it."""
    preparation = trained.preparation
    shapes = {item.name: item.shape for item in preparation.arrays}
    shapes = shapes or {"x": (preparation.width,)}
    return input_arrays(trained.project.graph, Summary("", 0, shapes, trained.target))


def meaning_of_output(trained: TrainedModel) -> Meaning:
    """What the numbers that the model puts out are."""
    if trained.target.kind == "numbers":
        return "numbers"
    return "probabilities" if last_activation(trained.model) in PROBABILITIES else "logits"


def outputs(trained: TrainedModel, prepared: Mapping[str, Array]) -> Array:
    """What the model puts out for prepared arrays, as it is: (rows, units)."""
    inputs = {name: prepared[array] for name, array in array_of_input(trained).items()}
    result: Array = trained.model.predict(inputs, batch_size=1024, verbose=0)
    return result


def probabilities(trained: TrainedModel, output: Array) -> Array:
    """(rows, classes) from what a model of classes puts out."""
    single = output.shape[-1] == 1
    if meaning_of_output(trained) == "logits":
        output = (activations.sigmoid if single else activations.softmax)(output)
    return np.concatenate([1 - output, output], -1) if single else output


def answers(trained: TrainedModel, prepared: Mapping[str, Array]) -> dict[str, list[str | float]]:
    """Columns of a table: the target's, and for classes the probability of each."""
    output, target = outputs(trained, prepared), trained.target
    name = target.name or "prediction"
    if target.kind == "numbers":
        columns = output.reshape(len(output), -1).T
        names = [name] if len(columns) == 1 else [f"{name}_{i + 1}" for i in range(len(columns))]
        return {key: _plain(column) for key, column in zip(names, columns, strict=True)}
    shares = probabilities(trained, output)
    found: dict[str, list[str | float]] = {name: [target.classes[i] for i in shares.argmax(-1)]}
    for index, label in enumerate(target.classes):
        found[f"probability_{label}"] = _plain(shares[:, index])
    return found


def _plain(column: Array) -> list[str | float]:
    """Python numbers with as many digits as float32 has."""
    return [float(str(value)) for value in column]
