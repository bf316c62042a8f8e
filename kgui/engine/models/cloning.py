"""Copies of models with new weights, and models from JSON."""

import json
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from kgui.engine.layers.core import Input
from kgui.engine.layers.layer import Layer
from kgui.engine.models.model import Model
from kgui.engine.models.sequential import Sequential
from kgui.engine.saving.registration import custom_object_scope
from kgui.engine.saving.serialization import deserialize_keras_object, serialize_keras_object
from kgui.engine.structure import flatten, map_structure, pack
from kgui.engine.symbolic import KerasTensor, Operation


def clone_model(
    model: Model,
    input_tensors: Any = None,
    clone_function: Callable[[Layer], Layer] | None = None,
    call_function: Callable[..., Any] | None = None,
    recursive: bool = False,
) -> Model:
    """A model of new layers with the same configurations, connected alike; its weights are new.

    Args:
        model: The model to copy: a graph or a stack of layers.
        input_tensors: Tensors to build on, instead of new inputs.
        clone_function: Makes the new layer from the old one.
        call_function: Makes the call, from the new layer and its arguments.
        recursive: Whether `clone_function` is asked for the layers of models inside, too.
    """
    if not isinstance(model, Model) or not (model.is_graph or isinstance(model, Sequential)):
        raise ValueError(
            "Expected `model` argument to be a Sequential or Functional model. "
            f"Received: model={model}"
        )
    copying = _Copying(clone_function or copy_of_layer, call_function, recursive)
    if isinstance(model, Sequential):
        return copying.stack(model)
    return copying.graph(model, input_tensors)


def copy_of_layer(layer: Layer) -> Layer:
    """A layer of the same configuration, with new weights."""
    if isinstance(layer, Model) and layer.is_graph:
        return clone_model(layer)
    try:
        with custom_object_scope({type(layer).__name__: type(layer)}):
            described = serialize_keras_object(layer)
            described.pop("build_config", None)  # the copy may be called on other shapes
            made = deserialize_keras_object(described)
    except ValueError:  # what holds functions of one's own has no plain data
        made = layer.copy()
    assert isinstance(made, Layer)  # noqa: S101 - a layer's configuration makes a layer
    return made


class _Copying:
    """One call of `clone_model`."""

    def __init__(
        self, clone: Callable[[Layer], Layer], call: Callable[..., Any] | None, recursive: bool
    ) -> None:
        self._clone, self._call, self._recursive = clone, call, recursive
        self._copies: dict[int, Any] = {}

    def stack(self, model: Sequential) -> Model:
        source = [Input(batch_shape=t.shape, dtype=t.dtype, name=t.name) for t in model.inputs]
        copies = [self._copy(layer) for layer in model.stack]
        return Sequential([*source, *copies], name=model.name, trainable=model.trainable)

    def graph(self, model: Model, given: Any) -> Model:
        sources = model.inputs if given is None else flatten(given)
        inputs = [self._input(tensor) for tensor in sources] if given is None else sources
        values: dict[int, Any] = {
            id(old): new for old, new in zip(model.inputs, inputs, strict=True)
        }

        def new(leaf: Any) -> Any:
            return values.get(id(leaf), leaf)

        for node in model.nodes:
            if all(id(tensor) in values for tensor in node.outputs):
                continue
            operation = self._copy(node.operation)
            arguments = map_structure(new, node.arguments)
            keywords = map_structure(new, node.keywords)
            if self._call is not None:
                outputs = self._call(operation, *arguments, **keywords)
            else:
                outputs = operation(*arguments, **keywords)
            pairs = zip(node.outputs, flatten(outputs), strict=True)
            values.update((id(tensor), output) for tensor, output in pairs)
        structure = pack(model.outputs_structure, [values[id(t)] for t in model.outputs])
        ends = pack(model.inputs_structure, inputs)
        return Model(ends, structure, name=model.name, trainable=model.trainable)

    def _input(self, tensor: KerasTensor) -> KerasTensor:
        return Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=tensor.name)

    def _copy(self, operation: Operation) -> Any:
        if not isinstance(operation, Layer):
            return _renewed(operation)
        if id(operation) not in self._copies:
            inside = self._recursive and isinstance(operation, Model)
            clone = _inside(self._clone) if inside else self._clone
            self._copies[id(operation)] = clone(operation)
        return self._copies[id(operation)]


def _renewed(operation: Operation) -> Operation:
    """The same function of tensors, called by nobody yet."""
    made = copy(operation)
    made.inbound_nodes = []
    return made


def _inside(clone: Callable[[Layer], Layer]) -> Callable[[Any], Layer]:
    return lambda model: clone_model(model, clone_function=clone, recursive=True)


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Model:
    """The model that `Model.to_json`, here or in Keras, described; with new weights."""
    described = json.loads(json_string)
    model = deserialize_keras_object(described, custom_objects)
    if not isinstance(model, Model):
        raise ValueError("The JSON describes no model.")
    compiled = described.get("compile_config")
    if compiled:
        with custom_object_scope(custom_objects):
            model.compile_from_config(compiled)
    return model
