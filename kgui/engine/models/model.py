"""Models: any graph of layers between tensors, or a class of one's own with a `call`."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from kgui.engine.calling import calling, current_call
from kgui.engine.layers.layer import Layer
from kgui.engine.masking import with_mask
from kgui.engine.models.arguments import arranged
from kgui.engine.models.ends import as_input, check_ends, outline, tensors_of
from kgui.engine.models.function import map_graph
from kgui.engine.models.summary import print_summary
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.saving.saveable import Saveable
from kgui.engine.structure import Structure, flatten, map_structure, pack, paths
from kgui.engine.symbolic import KerasTensor, Node, Operation
from kgui.engine.trainer import Trainer


class Model(Layer, Trainer, Saveable):
    """A graph of layers, to train, to use, and to call as a layer of another model.

    A class of one's own that makes layers in `__init__` and calls them in `call` needs neither
    inputs nor outputs: it is built from the first data that it sees.

    Args:
        inputs: Symbolic tensors that data go into: one, a list, or a dict by name.
        outputs: Symbolic tensors to compute: one, a list, or a dict.
        name: Name of the model.
    """

    in_palette = False
    inputs_structure: Structure = None
    outputs_structure: Structure = None

    def __init__(
        self,
        inputs: Structure = None,
        outputs: Structure = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        kind = "functional" if type(self) is Model else snake_case(type(self).__name__)
        super().__init__(name=name or automatic_name(kind), **kwargs)
        Trainer.__init__(self)
        self.inputs: list[KerasTensor] = []
        self.outputs: list[KerasTensor] = []
        self.nodes: list[Node] = []
        self.operations: list[Operation] = []
        self.is_graph = inputs is not None
        """False for a class of one's own, whose `call` says what it computes."""
        if inputs is not None:
            check_ends(inputs, outputs)
            self._take_graph(inputs, outputs)

    def _take_graph(self, inputs: Structure, outputs: Structure) -> None:
        """Be the graph between these tensors from now on."""
        self.is_graph = True
        self.inputs_structure, self.outputs_structure = inputs, outputs
        self._sources: list[KerasTensor] = flatten(inputs)
        self.inputs, self.outputs = [as_input(t) for t in self._sources], flatten(outputs)
        pairs = zip(self._sources, self.inputs, strict=True)
        graph = map_graph(self.inputs, self.outputs, {id(source): t for source, t in pairs})
        self.nodes, self.operations = graph.nodes, graph.operations
        self._check_names()
        self.built = True

    def _check_names(self) -> None:
        counts = Counter(operation.name for operation in self.operations)
        for name, count in counts.items():
            if count > 1:
                raise ValueError(
                    f'The name "{name}" is used {count} times in the model. '
                    "All operation names should be unique."
                )

    @property
    def layers(self) -> list[Layer]:
        """The layers, from the inputs to the outputs; of a class of one's own as they were made."""
        if self.is_graph:
            return [item for item in self.operations if isinstance(item, Layer)]
        return [layer for layer in self.sublayers() if isinstance(layer, Layer)]

    @property
    def owner_name(self) -> str:
        """Faults inside are reported under the layers' names, not the model's."""
        return ""

    def _path(self, outer: Any) -> tuple[str, ...]:
        return (*outer.path, self.name)

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs, in order."""
        return [tensor.name for tensor in self.inputs]

    @property
    def input_keys(self) -> list[str]:
        """What a dict of inputs calls them: the keys of the model's own dict, else the names."""
        if isinstance(self.inputs_structure, dict):
            return ["/".join(map(str, path)) for path in paths(self.inputs_structure)]
        return self.input_names

    @property
    def output_names(self) -> list[str]:
        """Names of the layers that make the outputs, in order."""
        return [t.history.operation.name if t.history else t.name for t in self.outputs]

    @property
    def output_keys(self) -> list[str]:
        """What losses, metrics and targets call the outputs: a dict's keys, else their names."""
        keys = []
        for path, name in zip(paths(self.outputs_structure), self.output_names, strict=True):
            place = (*path[:-1], name) if not path or isinstance(path[-1], int) else path
            keys.append("/".join(map(str, place)))
        return keys

    @property
    def input(self) -> Any:
        """The symbolic inputs, as the model was made with them."""
        return self.inputs_structure

    @property
    def output(self) -> Any:
        """The symbolic outputs, as the model was made with them."""
        return self.outputs_structure

    @property
    def input_shape(self) -> Any:
        """Shape of the input, or shapes in the inputs' structure."""
        return map_structure(lambda tensor: tensor.shape, self.inputs_structure)

    @property
    def output_shape(self) -> Any:
        """Shape of the output, or shapes in the outputs' structure."""
        return map_structure(lambda tensor: tensor.shape, self.outputs_structure)

    def check_tensors(self, inputs: Structure, args: tuple[Any, ...]) -> None:
        """Left to `arrange_inputs`: rows of numbers are taken as well."""

    def check_input(self, inputs: Structure) -> None:
        """Left to `arrange_inputs`, which knows the inputs' names."""

    def build(self, input_shape: Any) -> None:
        """Find out, for inputs of that shape, what a model with a `call` of its own computes."""
        if not self.is_graph:
            self.built = False  # a `build` that runs counts as done, but here it only begins
            self.build_for(tensors_of(input_shape))

    def get_build_config(self) -> dict[str, Any] | None:
        """The shapes that a model with a `call` of its own was built for; a graph needs none."""
        if not self.built:
            return None
        return {"input_shape": None if self.is_graph else self.input_shape}

    def build_for(self, inputs: Structure, *args: Any, **kwargs: Any) -> None:
        """Build for the shapes of these inputs, unless that is done."""
        if self.built:
            return
        if type(self).build is not Model.build:
            super().build_for(inputs, *args, **kwargs)
            self.built = False
        tensors = map_structure(outline, inputs)
        for index, (path, tensor) in enumerate(zip(paths(tensors), flatten(tensors), strict=True)):
            tensor.name = str(path[-1]) if path and isinstance(path[-1], str) else f"input_{index}"
        with calling(current_call()._replace(states=None)):
            outputs = self.trace(tensors, *args, **kwargs)
        for index, tensor in enumerate(flatten(outputs)):
            tensor.name = f"output_{index + 1}"
        self.inputs_structure, self.outputs_structure = tensors, outputs
        self._sources = self.inputs = flatten(tensors)
        self.outputs = flatten(outputs)
        self.built = True

    def _fills_in(
        self, inputs: Structure, args: tuple[Any, ...], kwargs: dict[str, Any], training: Any
    ) -> bool:
        # A graph, but not a stack of layers, takes its inputs as they are.
        return type(self).get_build_config is Model.get_build_config or super()._fills_in(
            inputs, args, kwargs, training
        )

    def _flag(self, given: Any, inherited: bool) -> Any:
        # A graph that is not told leaves its layers what they were called with.
        return given if self.is_graph else super()._flag(given, inherited)

    def call(self, inputs: Structure, training: bool | None = None, mask: Any = None) -> Structure:
        """The outputs for these inputs, in the outputs' structure.

        Args:
            inputs: Tensors or arrays, in the inputs' structure.
            training: Whether to compute as in training; goes before what layers were called with.
            mask: Which steps count, in the inputs' structure.
        """
        if not self.is_graph:
            raise NotImplementedError(
                f"Model {type(self).__name__} does not have a `call()` method implemented."
            )
        arranged = self.arrange_inputs(inputs)
        if mask is not None:
            pairs = zip(arranged, flatten(mask), strict=False)
            arranged = [value if m is None else with_mask(value, m) for value, m in pairs]
        values = self._run(arranged, training)
        return pack(self.outputs_structure, [values[id(t)] for t in self.outputs])

    def outputs_for(self, inputs: Sequence[Any], training: bool) -> list[Any]:
        """The outputs, in order, for inputs in the model's order."""
        given = list(inputs) if self.is_graph else pack(self.inputs_structure, list(inputs))
        return flatten(self.call(given, **self._with_training({}, training)))

    def _run(self, inputs: Sequence[Any], training: bool | None) -> dict[int, Any]:
        values = {id(t): value for t, value in zip(self._sources, inputs, strict=True)}
        values.update((id(t), value) for t, value in zip(self.inputs, inputs, strict=True))
        for node in self.nodes:
            if all(id(tensor) in values for tensor in node.outputs):
                continue
            arguments = map_structure(lambda leaf: values.get(id(leaf), leaf), node.arguments)
            keywords = map_structure(lambda leaf: values.get(id(leaf), leaf), node.keywords)
            if training is not None and getattr(node.operation, "takes_training", False):
                keywords["training"] = training
            outputs = flatten(node.operation(*arguments, **keywords))  # type: ignore[operator] # layers and primitives are called
            values.update((id(t), v) for t, v in zip(node.outputs, outputs, strict=True))
        return values

    def warn_of_lost_masks(self, masks: Structure) -> None:
        """Left to the layers: masks go on from layer to layer inside."""

    def arrange_inputs(self, inputs: Structure) -> list[Any]:
        """The given inputs in the model's order; DataError if they do not fit."""
        return arranged(self, inputs)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """The layer of that name or index; ValueError lists the names there are."""
        if index is not None and name is not None:
            raise ValueError(
                f"Provide only a layer name or a layer index. Received: index={index}, name={name}."
            )
        if index is not None:
            if len(self.layers) <= index:
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has "
                    f"{len(self.layers)} layers."
                )
            return self.layers[index]
        if name is None:
            raise ValueError("Provide either a layer name or layer index at `get_layer`.")
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = [layer.name for layer in self.layers]
        raise ValueError(f"No such layer: {name}. Existing layers are: {names}.")

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Print a table of the layers: output shapes, parameters, what is connected to what.

        Args:
            line_length: Width in characters; that of the terminal unless given.
            positions: Where the columns end, as shares of the width.
            print_fn: Function that takes the text, instead of printing.
            expand_nested: Whether to list the layers of models inside.
            show_trainable: Whether to say which layers training changes.
            layer_range: Names, or patterns of names, of the first and the last layer to show.
        """
        print_summary(
            self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range
        )

    def get_config(self) -> dict[str, Any]:
        """The graph as plain data, in Keras's layout; of a class of one's own, its arguments."""
        from kgui.engine.saving.graphs import graph_config  # graphs are made of models

        config = graph_config(self)
        return super().get_config() if config is None else config

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> Self:
        """A model of the same layers, with new weights."""
        from kgui.engine.saving.graphs import is_graph_config, model_from_config

        if not is_graph_config(config):
            return super().from_config(config)
        model: Self = model_from_config(cls, config, custom_objects)
        return model

    def to_json(self, **kwargs: Any) -> str:
        """The configuration, and how the model was compiled, as JSON."""
        from kgui.engine.saving.serialization import serialize_keras_object

        described = serialize_keras_object(self)
        return json.dumps(described, **kwargs)
