"""A functional model as plain data: its layers with their settings, and what flows where."""

from collections.abc import Sequence
from typing import Any

from kgui.engine.layers import InputLayer
from kgui.engine.layers.layer import Layer
from kgui.engine.models import Model
from kgui.engine.symbolic import KerasTensor
from kgui.engine.symbolic import Node as Call


def architecture_of(model: Model) -> dict[str, Any]:
    """The layers in the order they are computed, each with the names of those it reads.

    Made of dictionaries, lists, texts, numbers and None only. A layer that is called more than
    once has "calls", the sources of each; the second call's result is read as "name:1". Blocks
    are models of their own, and their second output is read as "name.1".
    """
    calls: dict[str, list[Call]] = {layer.name: [] for layer in model.layers}
    for call in model.nodes:
        calls[call.operation.name].append(call)
    return {
        "class_name": "Functional",
        "name": model.name,
        "layers": [_layer(layer, calls[layer.name]) for layer in model.layers],
        "input_layers": [_source(tensor) for tensor in model.inputs],
        "output_layers": [_source(tensor) for tensor in model.outputs],
    }


def _layer(layer: Layer, calls: Sequence[Call]) -> dict[str, Any]:
    read = [[_source(tensor) for tensor in call.inputs] for call in calls]
    found = {
        "class_name": "Functional" if isinstance(layer, Model) else type(layer).__name__,
        "name": layer.name,
        "config": _config(layer),
        "inbound": read[0] if read else [],
    }
    return {**found, "calls": read} if len(read) > 1 else found


def _config(layer: Layer) -> dict[str, Any]:
    if isinstance(layer, InputLayer):
        return {"name": layer.name, "batch_shape": list(layer.batch_shape), "dtype": layer.dtype}
    return architecture_of(layer) if isinstance(layer, Model) else layer.get_config()


def _source(tensor: KerasTensor) -> str:
    history = tensor.history
    assert history is not None  # noqa: S101 - every tensor of a model was made by a layer
    call = f":{history.node_index}" if history.node_index else ""
    output = f".{history.tensor_index}" if history.tensor_index else ""
    return f"{history.operation.name}{call}{output}"
