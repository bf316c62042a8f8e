"""Functional models: any graph of layers between input and output tensors."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine.errors import DataError
from kgui.engine.layers.core import Input
from kgui.engine.layers.layer import Layer
from kgui.engine.models.function import map_graph
from kgui.engine.naming import automatic_name
from kgui.engine.structure import Structure, flatten, map_structure, pack
from kgui.engine.symbolic import KerasTensor, Node, Shape
from kgui.engine.trainer import Trainer
from kgui.engine.variables import Variable


class Model(Layer, Trainer):
    """A graph of layers, to train, to use, and to call as a layer of another model.

    Args:
        inputs: Symbolic tensors that data go into: one, a list, or a dict by name.
        outputs: Symbolic tensors to compute: one, a list, or a dict.
    """

    in_palette = False

    def __init__(
        self, inputs: Structure, outputs: Structure, name: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(name=name or automatic_name("functional"), **kwargs)
        Trainer.__init__(self)
        self.inputs: list[KerasTensor] = []
        self.outputs: list[KerasTensor] = []
        self.nodes: list[Node] = []
        self.layers: list[Layer] = []
        if inputs is not None:
            self._take_graph(inputs, outputs)

    def _take_graph(self, inputs: Structure, outputs: Structure) -> None:
        """Be the graph between these tensors from now on."""
        self.inputs_structure, self.outputs_structure = inputs, outputs
        self._sources: list[KerasTensor] = flatten(inputs)
        self.inputs, self.outputs = [_as_input(t) for t in self._sources], flatten(outputs)
        pairs = zip(self._sources, self.inputs, strict=True)
        graph = map_graph(self.inputs, self.outputs, {id(source): t for source, t in pairs})
        self.nodes = graph.nodes
        self.layers = [op for op in graph.operations if isinstance(op, Layer)]
        self._check_names()
        self.built = True

    @property
    def trainable(self) -> bool:
        """Whether training changes the model; setting it sets it for every layer inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = value
        for layer in getattr(self, "layers", []):
            layer.trainable = value

    def _check_names(self) -> None:
        names = [layer.name for layer in self.layers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(
                    f'The name "{name}" is used {names.count(name)} times in the model. '
                    "All operation names should be unique."
                )

    @property
    def owner_name(self) -> str:
        """Faults inside are reported under the layers' names, not the model's."""
        return ""

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs, in order."""
        return [tensor.name for tensor in self.inputs]

    @property
    def output_names(self) -> list[str]:
        """Names of the layers that make the outputs, in order."""
        return [t.history.operation.name if t.history else t.name for t in self.outputs]

    @property
    def input_shape(self) -> Any:
        """Shape of the input, or shapes in the inputs' structure."""
        return map_structure(lambda tensor: tensor.shape, self.inputs_structure)

    @property
    def output_shape(self) -> Any:
        """Shape of the output, or shapes in the outputs' structure."""
        return map_structure(lambda tensor: tensor.shape, self.outputs_structure)

    def check_input(self, inputs: Structure) -> None:
        """Left to `arrange_inputs`, which knows the inputs' names."""

    def call(self, inputs: Structure, training: bool = False) -> Structure:
        """The outputs for these inputs, in the outputs' structure."""
        values = self._run(self.arrange_inputs(inputs))
        return pack(self.outputs_structure, [values[id(t)] for t in self.outputs])

    def _run(self, inputs: Sequence[Any]) -> dict[int, Any]:
        values = {id(t): value for t, value in zip(self._sources, inputs, strict=True)}
        values.update((id(t), value) for t, value in zip(self.inputs, inputs, strict=True))
        for node in self.nodes:
            if all(id(tensor) in values for tensor in node.outputs):
                continue
            arguments = map_structure(lambda leaf: values.get(id(leaf), leaf), node.arguments)
            keywords = map_structure(lambda leaf: values.get(id(leaf), leaf), node.keywords)
            outputs = flatten(node.operation(*arguments, **keywords))  # type: ignore[operator] # layers and primitives are called
            values.update((id(t), v) for t, v in zip(node.outputs, outputs, strict=True))
        return values

    def arrange_inputs(self, inputs: Structure) -> list[Any]:
        """The given inputs in the model's order; DataError if they do not fit."""
        if isinstance(inputs, dict):
            missing = [name for name in self.input_names if name not in inputs]
            if missing:
                raise DataError(
                    "Missing data for input {names}. You passed a data dictionary with keys "
                    "{keys}. Expected the following keys: {expected}",
                    names=", ".join(missing),
                    keys=sorted(inputs),
                    expected=self.input_names,
                )
            flat = [inputs[name] for name in self.input_names]
        else:
            flat = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
        if len(flat) != len(self.inputs):
            raise DataError(
                "Layer '{layer}' expected {expected} input(s). Received {found} instead.",
                layer=self.name,
                expected=len(self.inputs),
                found=len(flat),
            )
        pairs = zip(self.inputs, flat, strict=True)
        return [self._fit_rank(index, *pair) for index, pair in enumerate(pairs)]

    def _fit_rank(self, index: int, tensor: KerasTensor, value: Any) -> Any:
        """An array whose rank is off by a last axis of 1 is taken with that mended."""
        if isinstance(value, KerasTensor | Variable):
            self._check_shape(index, tensor, value.shape)
            return value
        array = np.asarray(value)
        if array.ndim == tensor.ndim - 1 and tensor.shape[-1] == 1:
            array = array[..., None]
        elif array.ndim == tensor.ndim + 1 and array.shape[-1] == 1:
            array = array[..., 0]
        self._check_shape(index, tensor, array.shape)
        return array

    def _check_shape(self, index: int, tensor: KerasTensor, shape: Shape) -> None:
        pairs = zip(tensor.shape, shape, strict=False)
        differs = any(None not in (a, b) and a != b for a, b in pairs)
        if differs or len(shape) != tensor.ndim:
            raise DataError(
                "Input {index} with name '{name}' of layer '{layer}' is incompatible with the "
                "layer: expected shape={expected}, found shape={found}",
                plain="input '{name}' takes data of shape {expected}, but gets {found}",
                index=index,
                name=tensor.name,
                layer=self.name,
                expected=tensor.shape,
                found=tuple(shape),
            )

    @property
    def weights(self) -> list[Variable]:
        """The layers' weights in order, a shared layer's once."""
        unique = {id(w): w for layer in self.layers for w in layer.weights}
        return list(unique.values())

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        if not self.trainable:
            return []
        unique = {id(w): w for layer in self.layers for w in layer.trainable_weights}
        return list(unique.values())

    variables = weights
    trainable_variables = trainable_weights

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer of that name or index; ValueError lists the names there are."""
        if index is not None:
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = [layer.name for layer in self.layers]
        raise ValueError(f"No such layer: {name}. Existing layers are: {names}.")

    def count_params(self) -> int:
        """Number of weights, shared ones once."""
        return sum(weight.size for weight in self.weights)


def _as_input(tensor: KerasTensor) -> KerasTensor:
    """An input as it is; for a tensor in the middle of a graph, an input of the same shape."""
    if tensor.node is None or tensor.node.is_input:
        return tensor
    return Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=f"{tensor.name}CLONE")
