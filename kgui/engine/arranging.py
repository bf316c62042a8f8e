"""What callers hand to fit, evaluate and predict, put into the model's order and checked."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine.backend.session import floatx
from kgui.engine.batches import ArrayData, as_input, as_target
from kgui.engine.compiling import Objective, check_targets, per_output
from kgui.engine.errors import DataError
from kgui.engine.layers.layer import Layer
from kgui.engine.losses import Loss, LossFunctionWrapper
from kgui.engine.models.arguments import as_arrays
from kgui.engine.structure import Structure
from kgui.engine.variables import Array

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


def arrange(
    model: "Model", x: Structure, y: Structure = None, weights: Any = None, part: str = ""
) -> ArrayData:
    """Inputs, targets and weights as the plans take them; builds the model if need be.

    `part` names the data in faults: "validation " before "x" and "y", for example.
    """
    if x is None:
        raise DataError("There is no data: `{part}x` is None.", part=part)
    if not model.built:
        model.build_for(as_arrays(x))
    pairs = zip(model.arrange_inputs(x), model.inputs, strict=True)
    inputs = [as_input(_with_rows(array), tensor.dtype) for array, tensor in pairs]
    count = len(inputs[0])
    if count == 0:
        raise DataError("There are no samples.")
    check_values(model, inputs)
    if y is None:
        return ArrayData(inputs)
    names = model.output_keys
    nothing, ones = np.zeros((count, 0)), np.ones(count)
    targets = [nothing if value is None else value for value in _targets(y, names)]
    given = [] if weights is None else per_output(weights, names, "sample_weight")
    given = [ones if value is None else value for value in given]
    return ArrayData(
        inputs,
        [as_target(_with_rows(value), floatx()) for value in targets],
        [as_input(_with_rows(value), floatx()) for value in given],
    )


def check_values(model: Any, arrays: Sequence[Array | None]) -> None:
    """Ask every layer that the data go into as they are whether it can take them."""
    known = dict(zip(map(id, model.inputs), arrays, strict=False))
    for node in model.nodes:
        given = [known.get(id(tensor)) for tensor in node.inputs]
        if all(array is None for array in given):
            continue
        inner = node.operation
        if hasattr(inner, "nodes"):  # a model within the model
            check_values(inner, given)
        elif isinstance(inner, Layer) and given[0] is not None:
            inner.check_values(given[0])


def _with_rows(value: Any) -> Any:
    """The value; DataError for a single number, which has no rows."""
    if np.ndim(value) == 0:
        raise DataError(
            "Arrays must hold a row per sample, but a single value was given: {value!r}",
            value=value,
        )
    return value


def _targets(y: Structure, names: Sequence[str]) -> list[Any]:
    listed = isinstance(y, list | tuple) and (len(names) > 1 or (len(y) == 1 and np.ndim(y[0]) > 0))
    if isinstance(y, dict) or listed:
        return per_output(y, names, "y")
    return [y]


def unpack(data: Any) -> tuple[Any, Any, Any]:
    """x, y and sample weights from `x`, `(x,)`, `(x, y)` or `(x, y, sample_weight)`."""
    if not isinstance(data, list | tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise DataError(
            "Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`, "
            "found: {found} of {count} parts",
            found=type(data).__name__,
            count=len(data),
        )
    x, y, weights = [*data, None, None][:3]
    return x, y, weights


def batch_size_of(size: Any, count: int | None = None, steps: int | None = None) -> int:
    """Samples per batch: 32 unless given, or what makes `steps` batches of the samples."""
    if size is None:
        return 32 if not steps or not count else -(-count // steps)
    check_count("batch_size", size)
    return int(size)


def check_count(name: str, value: Any) -> None:
    """Raise ValueError for anything but a positive whole number."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 1:
        raise ValueError(f"`{name}` should be a positive integer. Received: {value!r}")


def check_finite(data: ArrayData, objective: Objective, model: "Model", part: str = "") -> None:
    """Raise DataError for NaN and infinity: how many, and where the first one is.

    Targets are looked at where a loss of this package reads them: one of the user's own may know
    what to do with a missing value.
    """
    for index, array in enumerate(data.inputs):
        _check_array(array, _named(f"{part}x", model.input_names, index))
    for index, (loss, array) in enumerate(zip(objective.losses, data.targets, strict=False)):
        if loss is not None and _is_ours(loss):
            _check_array(array, _named(f"{part}y", model.output_keys, index))
    for index, array in enumerate(data.weights):
        _check_array(array, _named(f"{part}sample_weight", model.output_keys, index))


def _is_ours(loss: Loss) -> bool:
    module = type(loss).__module__
    if type(loss) is LossFunctionWrapper:
        module = getattr(loss.fn, "__module__", "")
    return module.startswith(f"{__package__}.")


def _named(argument: str, names: Sequence[str], index: int) -> str:
    return f"`{argument}`" if len(names) == 1 else f"`{argument}` of '{names[index]}'"


def _check_array(array: Array, name: str) -> None:
    if array.dtype.kind != "f":
        return
    with np.errstate(all="ignore"):
        # A sum is 20 times faster than looking at every value, and holds any NaN or infinity.
        if np.isfinite(np.add.reduce(array, None)):
            return
    bad = ~np.isfinite(array)
    if not bad.any():
        return
    first = tuple(int(i) for i in np.unravel_index(int(bad.argmax()), array.shape))
    missing = int(np.isnan(array).sum())
    infinite = int(bad.sum()) - missing
    found = [
        f"{count} {what}" for count, what in ((missing, "NaN"), (infinite, "infinite")) if count
    ]
    where = f"row {first[0]}" + (f", column {first[1]}" if len(first) == 2 else "")
    where += f", index {first[1:]}" if len(first) > 2 else ""
    raise DataError(
        "{name} holds {found} of {total} values; the first is in {where} (counted from 0). "
        "Replace them or leave out their rows; to train in spite of them, pass the callback "
        "TerminateOnNaN to `fit`.",
        plain="{name} holds {found} of {total} values; the first is in {where} (counted from 0)",
        name=name,
        found=" and ".join(found),
        total=array.size,
        where=where,
    )


def check_batch(model: "Model", objective: Objective, data: ArrayData, finite: str | None) -> None:
    """All that can be wrong with targets and values; `finite` names the part looked through."""
    check_targets(objective, model.outputs, data.targets)
    if finite is not None:
        check_finite(data, objective, model, finite)


def weigh_classes(data: ArrayData, weights: Mapping[int, float]) -> ArrayData:
    """The data with a weight per sample from a weight per class; classes not named weigh 1."""
    if not isinstance(weights, Mapping):
        raise ValueError(
            "`class_weight` must be a dictionary from class indices to weights. "
            f"Received: class_weight={weights!r}"
        )
    if data.weights:
        raise ValueError("You cannot `class_weight` and `sample_weight` at the same time: "
                         "`class_weight` needs no `sample_weight`.")  # fmt: skip
    if len(data.targets) != 1:
        raise ValueError(
            "`class_weight` is only supported for Models with a single output, and needs targets."
        )
    labels = data.targets[0]
    if labels.ndim > 1:
        labels = labels.argmax(-1) if labels.shape[-1] > 1 else labels[..., 0]
    if labels.dtype.kind == "f":
        labels = np.round(labels)
    result = np.ones(labels.shape, floatx())
    for label, weight in weights.items():
        result[labels == label] = weight
    return ArrayData(data.inputs, data.targets, [result])
