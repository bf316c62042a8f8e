"""A functional model as plain data: its layers with their settings, and what flows where."""

from typing import Any

from kgui.engine.layers import InputLayer
from kgui.engine.layers.layer import Layer
from kgui.engine.models import Model
from kgui.engine.symbolic import KerasTensor


def architecture_of(model: Model) -> dict[str, Any]:
    """The layers in the order they are computed, each with the names of those it reads.

    Made of dictionaries, lists, texts, numbers and None only; every layer is called once.
    """
    return {
        "class_name": "Functional",
        "name": model.name,
        "layers": [_layer(layer) for layer in model.layers],
        "input_layers": [_source(tensor) for tensor in model.inputs],
        "output_layers": [_source(tensor) for tensor in model.outputs],
    }


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "class_name": type(layer).__name__,
        "name": layer.name,
        "config": _config(layer),
        "inbound": [_source(tensor) for tensor in layer.inbound_nodes[0].inputs],
    }


def _config(layer: Layer) -> dict[str, Any]:
    if isinstance(layer, InputLayer):
        return {"name": layer.name, "batch_shape": list(layer.batch_shape), "dtype": layer.dtype}
    return layer.get_config()


def _source(tensor: KerasTensor) -> str:
    history = tensor.history
    assert history is not None  # noqa: S101 - every tensor of a model was made by a layer
    return history.operation.name
