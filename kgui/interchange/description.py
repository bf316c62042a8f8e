"""What an `.npz` model says of itself, as JSON: read as data, strictly, and written."""

import json
import math
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from kgui import __version__
from kgui.graph.project import TrainingSettings
from kgui.graph.quoting import shortened
from kgui.graph.storage import to_json
from kgui.graph.wording import explain
from kgui.interchange.answers import array_of_input, meaning_of_output
from kgui.interchange.architecture import architecture_of
from kgui.interchange.trained import TrainedModel
from kgui.io.errors import InputError
from kgui.language import tr

FORMAT, VERSION = "kgui-model", 1


class TargetRecord(Struct, forbid_unknown_fields=True):
    """What the model predicts."""

    name: str
    kind: str
    width: int = 1
    output: str = ""


class TrainingRecord(Struct):
    """How the model was trained, and what came of it."""

    settings: dict[str, Any] = {}
    history: dict[str, list[float | None]] = {}
    epochs: int = 0
    seed: int = 0
    evaluation: dict[str, dict[str, float | None]] = {}
    stopped: bool = False


class Description(Struct):
    """The JSON under `__kgui__`; keys that this version does not know are passed over."""

    architecture: dict[str, Any]
    preparation: dict[str, Any]
    classes: list[str]
    target: TargetRecord
    training: TrainingRecord
    project: dict[str, Any]
    arrays: dict[str, Any]
    generator: str = ""


class _Head(Struct):
    format: Any = None
    version: Any = None
    generator: Any = None


def describe(trained: TrainedModel, arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Everything but the weights, as plain data; `arrays` lists those."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"kgui {__version__}",
        "architecture": architecture_of(trained.model),
        "inputs": array_of_input(trained),
        "preparation": trained.preparation.to_dict(),
        "classes": list(trained.target.classes),
        "target": {
            "name": trained.target.name,
            "kind": trained.target.kind,
            "width": trained.target.width,
            "output": meaning_of_output(trained),
        },
        "training": _training(trained),
        "project": json.loads(to_json(trained.project)),
        "arrays": dict(arrays),
    }


def _training(trained: TrainedModel) -> dict[str, Any]:
    settings = trained.project.training
    return {
        "settings": {name: getattr(settings, name) for name in TrainingSettings.__struct_fields__},
        "history": {name: [_finite(v) for v in row] for name, row in trained.history.items()},
        "epochs": trained.epochs,
        "seed": trained.seed,
        "evaluation": {
            part: {name: _finite(value) for name, value in numbers.items()}
            for part, numbers in trained.evaluation.items()
        },
        "stopped": trained.stopped,
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def number(value: float | None) -> float:
    """A number of the file; null stands for NaN and infinity, which JSON does not have."""
    return float("nan") if value is None else value


def read_description(text: bytes, name: str) -> Description:
    """The description in the bytes of its JSON; InputError in one sentence if it is none."""
    sentence = tr("{file} is not a kgui model: its description cannot be used: {reason}.")
    try:
        _refuse_other(msgspec.json.decode(text, type=_Head), name)
        return msgspec.json.decode(text, type=Description)
    except msgspec.ValidationError as error:
        reason = explain(error, msgspec.json.decode(text), Description)
        raise InputError(sentence.format(file=name, reason=reason)) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = tr("it is not JSON ({reason})").format(reason=shortened(error))
        raise InputError(sentence.format(file=name, reason=reason)) from error


def _refuse_other(head: _Head, name: str) -> None:
    if head.format != FORMAT or type(head.version) is not int or head.version < 1:
        sentence = tr("{file} is not a kgui model: its format is {format}, version {version}.")
        values = {"format": shortened(repr(head.format)), "version": shortened(repr(head.version))}
        raise InputError(sentence.format(file=name, **values))
    if head.version > VERSION:
        sentence = tr(
            "{file} was written by {generator} (format {version}); this program reads up to"
            " format {newest}, so it needs a newer kgui."
        )
        generator = head.generator if isinstance(head.generator, str) else ""
        raise InputError(
            sentence.format(
                file=name, generator=shortened(generator) or tr("a newer kgui"),
                version=head.version, newest=VERSION,
            )
        )  # fmt: skip
