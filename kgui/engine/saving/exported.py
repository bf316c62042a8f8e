"""Models that the window and `kgui train --out` exported as `.npz` (docs/npz-format.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kgui.engine.saving.errors import damaged
from kgui.engine.saving.graphs import layer_from_config
from kgui.engine.structure import flatten
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Array

FORMAT, VERSION = "kgui-model", 1

Head = dict[str, Any]


def is_exported(head: Head) -> bool:
    """True for the description in an exported file."""
    return head.get("format") == FORMAT


def model_from_exported(head: Head, arrays: Mapping[str, Array], path: Path) -> Any:
    """The model, not compiled; ValueError if its arrays are not those of its layers."""
    if head.get("version") != VERSION:
        raise damaged(path, f"its version is {str(head.get('version'))[:20]}, not {VERSION}")
    model = _model(head["architecture"])
    weights = {
        f"{layer.name}/{weight.name}": weight for layer in model.layers for weight in layer.weights
    }
    shapes = {name: array.shape for name, array in arrays.items()}
    if shapes != {name: weight.shape for name, weight in weights.items()}:
        raise damaged(path, "its arrays are not those of its layers")
    for name, weight in weights.items():
        weight.assign(arrays[name])
    return model


def _model(architecture: Head) -> Any:
    from kgui.engine.models import Model  # models are saved by this package

    outputs: dict[str, KerasTensor] = {}
    for entry in architecture["layers"]:
        config = {"module": "keras.layers", "registered_name": None, **entry}
        layer, sources = layer_from_config(config), [outputs[name] for name in entry["inbound"]]
        if isinstance(layer, KerasTensor):
            outputs[entry["name"]] = layer
        else:
            (outputs[entry["name"]],) = flatten(layer(_single(sources)))
    inputs = [outputs[name] for name in architecture["input_layers"]]
    results = [outputs[name] for name in architecture["output_layers"]]
    return Model(_single(inputs), _single(results), name=architecture["name"])


def _single(tensors: list[KerasTensor]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors
