"""Trained models as `.npz` files that NumPy alone can read (docs/npz-format.md).

What the file says is taken as data only: the layers come from the drawing in it, which is read
like any other drawing, and every array must have the name and shape that drawing needs.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from kgui.compiler.builder import build
from kgui.compiler.objective import compile_model
from kgui.data.preparation import Preparation
from kgui.data.values import Target
from kgui.engine.backend import Session, use_session
from kgui.engine.errors import DataError, LayerError
from kgui.engine.layers.layer import Layer
from kgui.engine.models import Model
from kgui.engine.variables import Array
from kgui.graph.decoding import from_json
from kgui.graph.project import Project
from kgui.graph.quoting import shortened
from kgui.interchange.architecture import architecture_of
from kgui.interchange.description import Description, describe, number, read_description
from kgui.interchange.trained import TrainedModel
from kgui.io.arrays import array_digest, read_arrays, write_arrays
from kgui.io.errors import InputError, KguiError, MemoryNeedError, OutputError
from kgui.language import tr

DESCRIPTION = "__kgui__"
"""Name of the array that holds the description."""
TOLERANCE = 1e-6
"""Largest difference between predictions before and after, where the file is compared."""


def export_npz(trained: TrainedModel, path: str | Path, *, backup: bool = True) -> None:
    """Write a model; OutputError in one sentence, and no file replaced, if anything is amiss.

    The model is rebuilt from the arrays and compared before they are written; `write_arrays`
    reads back what it wrote, bit for bit.
    """
    name = Path(path).name
    arrays = arrays_of(trained)
    try:
        back = _trained(arrays, name)
    except KguiError as error:
        text = tr("{file} was not written, because it could not be read back: {reason}")
        raise OutputError(text.format(file=name, reason=error)) from error
    if not _same(trained.model, back.model):
        text = tr("{file} was not written, because the model read back predicts other values.")
        raise OutputError(text.format(file=name))
    write_arrays(path, arrays, backup=backup)


def load_npz(path: str | Path) -> TrainedModel:
    """The model in a file; InputError or OutputError in one sentence if there is none."""
    return _trained(read_arrays(path), Path(path).name)


def weights_of(model: Model) -> dict[str, Array]:
    """Every weight under "<layer>/<weight>", in the order of the layers; not copied.

    Layers of a block have its name in front: "<block>/<layer>/<weight>".
    """
    return {
        f"{name}/{weight.name}": weight.value
        for name, layer in named_layers(model)
        for weight in layer.weights
    }


def named_layers(model: Model, prefix: str = "") -> Iterator[tuple[str, Layer]]:
    """The layers of a model and of the models within it, each with its full name."""
    for layer in model.layers:
        if isinstance(layer, Model):
            yield from named_layers(layer, f"{prefix}{layer.name}/")
        else:
            yield f"{prefix}{layer.name}", layer


def arrays_of(trained: TrainedModel) -> dict[str, Array]:
    """All arrays of the file: the weights in float32, and the description."""
    weights = {
        name: np.asarray(value, np.float32) for name, value in weights_of(trained.model).items()
    }
    listed = {
        name: {
            "shape": list(value.shape), "dtype": value.dtype.name, "sha256": array_digest(value),
        }
        for name, value in weights.items()
    }  # fmt: skip
    text = json.dumps(describe(trained, listed), ensure_ascii=False, allow_nan=False)
    return {DESCRIPTION: np.frombuffer(text.encode(), np.uint8), **weights}


def _trained(arrays: Mapping[str, Array], name: str) -> TrainedModel:
    description = _read(arrays, name)
    project = from_json(json.dumps(description.project).encode(), name)
    record = description.training
    with use_session(Session(record.seed)):
        model = _model(project, {k: v for k, v in arrays.items() if k != DESCRIPTION}, name)
        if architecture_of(model) != description.architecture:
            raise _unfit(name, tr("the architecture is not that of the drawing in it"))
        target = _target(description, model, name)
        compile_model(model, project, target)
    evaluation = {
        part: {key: number(value) for key, value in numbers.items()}
        for part, numbers in record.evaluation.items()
    }
    history = {key: [number(value) for value in row] for key, row in record.history.items()}
    return TrainedModel(
        model, project, _preparation(description, name), target, history,
        record.epochs, record.seed, evaluation, record.stopped,
    )  # fmt: skip


def _preparation(description: Description, name: str) -> Preparation:
    try:
        return Preparation.from_dict(description.preparation)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def _read(arrays: Mapping[str, Array], name: str) -> Description:
    text = arrays.get(DESCRIPTION)
    if text is None or text.dtype != np.uint8:
        sentence = tr("{file} is not a kgui model: it has no array {array}.")
        raise InputError(sentence.format(file=name, array=DESCRIPTION))
    return read_description(text.tobytes(), name)


def _model(project: Project, arrays: Mapping[str, Array], name: str) -> Model:
    """The drawn model with these weights; shapes are compared before any memory is taken."""
    try:
        with use_session(Session(0, abstract=True)):
            needed = {
                f"{key}/{weight.name}": weight.shape
                for key, layer in named_layers(build(project))
                for weight in layer.weights
            }
        _refuse_unfit(needed, arrays, name)
        model = build(project)
    except MemoryNeedError as error:
        raise MemoryNeedError(f"{name}: {error}") from error
    except InputError as error:
        if type(error) is _UnfitError:
            raise
        raise InputError(f"{name}: {error}") from error
    for key, layer in named_layers(model):
        layer.set_weights([arrays[f"{key}/{weight.name}"] for weight in layer.weights])
    return model


class _UnfitError(InputError):
    """Arrays and architecture do not belong together."""


def _unfit(name: str, reason: str) -> _UnfitError:
    return _UnfitError(tr("{file} does not fit: {reason}.").format(file=name, reason=reason))


def _refuse_unfit(
    needed: Mapping[str, tuple[int, ...]], arrays: Mapping[str, Array], name: str
) -> None:
    for key, shape in needed.items():
        if key not in arrays:
            reason = tr("'{array}' is missing, the architecture needs {needed}")
            raise _unfit(name, reason.format(array=key, needed=shape))
        found = arrays[key]
        if found.shape != shape:
            reason = tr("'{array}' is {found}, the architecture needs {needed}")
            raise _unfit(name, reason.format(array=key, found=found.shape, needed=shape))
        if found.dtype != np.float32:
            reason = tr("'{array}' has the type {found}, the architecture needs float32")
            raise _unfit(name, reason.format(array=key, found=found.dtype))
    for key in arrays:
        if key not in needed:
            reason = tr("'{array}' has no place in the architecture")
            raise _unfit(name, reason.format(array=shortened(key)))


def _target(description: Description, model: Model, name: str) -> Target:
    record, classes = description.target, tuple(description.classes)
    units = model.outputs[0].shape[-1]
    if record.kind == "classes":
        if len(classes) != (2 if units == 1 else units):
            reason = tr("it names {count} classes, the output has {units} units")
            raise _unfit(name, reason.format(count=len(classes), units=units))
        return Target(record.name, "classes", classes)
    if record.kind != "numbers" or classes:
        raise _unfit(name, tr("it says neither that it predicts classes nor that it does numbers"))
    return Target(record.name, "numbers", (), record.width)


def _same(model: Model, other: Model) -> bool:
    ours, theirs = weights_of(model), weights_of(other)
    if ours.keys() != theirs.keys():
        return False
    if not all(np.array_equal(ours[key], theirs[key], equal_nan=True) for key in ours):
        return False
    for rows in (_some_rows(model), _first_rows(model)):
        try:
            before, after = model.predict(rows, verbose=0), other.predict(rows, verbose=0)
        except (DataError, LayerError):
            continue  # layers for indices do not take just any numbers
        return bool(np.allclose(before, after, rtol=0, atol=TOLERANCE, equal_nan=True))
    return True


def _some_rows(model: Model) -> list[Array]:
    """A few rows of random numbers for every input; sizes left open are 4."""
    generator = np.random.default_rng(0)
    shapes = [(3, *(size or 4 for size in tensor.shape[1:])) for tensor in model.inputs]
    return [generator.standard_normal(shape).astype(np.float32) for shape in shapes]


def _first_rows(model: Model) -> list[Array]:
    """A row of zeros for every input: the first of all indices."""
    return [np.zeros_like(rows[:1]) for rows in _some_rows(model)]
