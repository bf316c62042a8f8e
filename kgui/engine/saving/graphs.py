"""Models as plain data in Keras's layout: layers, and the calls that connect them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kgui.engine.layers.configuring import dtype_policy
from kgui.engine.layers.core import Input, InputLayer
from kgui.engine.layers.layer import Layer
from kgui.engine.saving.operations import (
    Function,
    call_arguments,
    operation_config,
    operation_from_config,
)
from kgui.engine.saving.registration import custom_object_scope
from kgui.engine.saving.serialization import (
    Config,
    deserialize_keras_object,
    serialize_keras_object,
)
from kgui.engine.structure import flatten, map_structure
from kgui.engine.symbolic import KerasTensor, Node, Operation

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

Reference = list[Any]
"""A tensor in a file: [layer, call, output]."""


def input_config(item: Any) -> Config | None:
    """The configuration of an Input, as Keras has it; None for anything else."""
    if not isinstance(item, InputLayer):
        return None
    config: Config = item.get_config()
    return {**config, "batch_shape": list(item.batch_shape)}


def graph_config(model: Any) -> Config | None:
    """The configuration of a model; None for a class of one's own that is made otherwise."""
    from kgui.engine.models import Model, Sequential  # models are saved by this package

    if type(model).__init__ is Sequential.__init__:
        return _sequential_config(model)
    graph = type(model).__init__ is Model.__init__ and model.is_graph
    return _functional_config(model) if graph else None


def _sequential_config(model: Any) -> Config:
    layers = [serialize_keras_object(layer) for layer in model.stack]
    config = {"name": model.name, "trainable": model.trainable, "layers": layers}
    config["dtype"] = dtype_policy(model.dtype)
    if model.built:
        source = model.inputs[0]
        shape = list(source.shape)
        layers.insert(0, serialize_keras_object(source.history.operation))
        config["build_input_shape"] = shape
    return config


def _functional_config(model: "Model") -> Config:
    places = _Places(model)
    entries = []
    for operation in places.operations:
        layer = isinstance(operation, Layer)
        entry = serialize_keras_object(operation) if layer else operation_config(operation)
        entry["name"] = operation.name
        entry["inbound_nodes"] = [places.call_config(node) for node in places.calls(operation)]
        entries.append(entry)

    def place(tensor: KerasTensor) -> Reference:
        name, call, index = places.of(tensor)
        # Keras counts the calls of a model that is a layer from 1 here, and only here.
        return [name, call + _is_functional(tensor), index]

    return {
        "name": model.name,
        "trainable": model.trainable,
        "layers": entries,
        "input_layers": _mapped(place, model.inputs, model.inputs_structure),
        "output_layers": _mapped(place, model.outputs, model.outputs_structure),
    }


class _Places:
    """The names that a file gives to layers and operators, and the calls that it counts."""

    def __init__(self, model: "Model") -> None:
        self._inside = {id(node) for node in model.nodes}
        self.operations = model.operations

    def calls(self, operation: Operation) -> list[Node]:
        """The calls that belong to the model."""
        return [n for n in operation.inbound_nodes if id(n) in self._inside and n.inputs]

    def of(self, tensor: KerasTensor) -> Reference:
        """Where a tensor comes from."""
        history = tensor.history
        assert history is not None  # noqa: S101 - tensors of a model were made by operations
        earlier = history.operation.inbound_nodes[: history.node_index]
        call = sum(id(node) in self._inside for node in earlier)
        return [history.operation.name, call, history.tensor_index]

    def call_config(self, node: Node) -> Config:
        """A call as plain data."""

        def leaf(value: Any) -> Any:
            if not isinstance(value, KerasTensor):
                return serialize_keras_object(value)
            config = {"shape": list(value.shape), "dtype": value.dtype}
            config["keras_history"] = self.of(value)
            return {"class_name": "__keras_tensor__", "config": config}

        placed, named = call_arguments(node)
        arguments = [map_structure(leaf, argument) for argument in placed]
        keywords = map_structure(leaf, dict(named))
        if node.filled and hasattr(node.operation, "seed_generator"):  # as Keras's layers of noise
            keywords.setdefault("training", False)
        return {"args": arguments, "kwargs": keywords}


def _mapped(place: Callable[[KerasTensor], Reference], tensors: list[Any], structure: Any) -> Any:
    places = iter([place(tensor) for tensor in tensors])
    return map_structure(lambda _: next(places), structure)


def _is_functional(tensor: KerasTensor) -> bool:
    from kgui.engine.models import Model, Sequential

    operation = tensor.history.operation if tensor.history else None
    return isinstance(operation, Model) and not isinstance(operation, Sequential)


# --- In ------------------------------------------------------------------------------------------


def is_graph_config(config: Any) -> bool:
    """True for what `graph_config` gives; a class of one's own has its arguments instead."""
    return isinstance(config, dict) and isinstance(config.get("layers"), list)


def model_from_config(kind: Any, config: Config, custom_objects: Any = None) -> Any:
    """The model that a configuration describes, of that class if it is one of one's own."""
    with custom_object_scope(custom_objects):
        own = not kind.__module__.startswith("kgui.engine.")
        return graph_from_config(kind if own else None, config)


def graph_from_config(kind: type | None, config: Config) -> Any:
    """The model that `graph_config`, here or in Keras, described; of that class, if given."""
    if "input_layers" in config:
        model = _Rebuilding(config).model(kind)
    else:
        model = _sequential(config, kind)
    if config.get("trainable") is False:
        model.trainable = False
    return model


def _sequential(config: Config, kind: Any) -> Any:
    from kgui.engine.models import Sequential

    made = (kind or Sequential)(name=config["name"])
    for entry in config["layers"]:
        made.add(layer_from_config(entry))
    return made


def layer_from_config(entry: Config) -> Any:
    """A layer, or the tensor of an Input."""
    if entry.get("class_name") != "InputLayer":
        layer = deserialize_keras_object(entry)
        if not isinstance(layer, Layer):
            raise ValueError(
                f"Unexpected object from deserialization, expected a layer, got {layer}"
            )
        return layer
    given = entry["config"]
    shape = given.get("batch_shape") or given.get("batch_input_shape")
    dtype = deserialize_keras_object(given.get("dtype"))
    if given.get("sparse") or given.get("ragged"):
        raise ValueError(
            f"Input '{given.get('name')}' is sparse or ragged, which is not supported."
        )
    return Input(batch_shape=tuple(shape), dtype=dtype, name=given.get("name"))


class _MissingCallError(Exception):
    """A tensor whose call has not been made yet."""


class _Rebuilding:
    """A functional model on its way from a file."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._layers: dict[str, Layer | Function] = {}
        self._outputs: dict[str, list[list[KerasTensor]]] = {}
        """Layer -> outputs of each of its calls."""

    def model(self, kind: Any) -> Any:
        """All calls made, in the order in which that is possible."""
        from kgui.engine.models import Model

        waiting: dict[str, list[Any]] = {}
        for entry in self._config["layers"]:
            name = entry["name"]
            made = operation_from_config(entry) or layer_from_config(entry)
            if name in self._outputs:
                raise ValueError(f"The name '{str(name)[:100]}' is used twice in the model.")
            self._outputs[name] = []
            if isinstance(made, KerasTensor):
                self._outputs[name].append([made])
            else:
                self._layers[name] = made
                waiting[name] = list(entry["inbound_nodes"])
        self._call_all(waiting)
        inputs = self._tensors(self._config["input_layers"])
        outputs = self._tensors(self._config["output_layers"])
        return (kind or Model)(inputs, outputs, name=self._config.get("name"))

    def _call_all(self, waiting: dict[str, list[Any]]) -> None:
        while any(waiting.values()):
            before = sum(map(len, waiting.values()))
            for name, calls in waiting.items():
                while calls and self._call(name, calls[0]):
                    calls.pop(0)
            if sum(map(len, waiting.values())) == before:
                left = [name for name, calls in waiting.items() if calls]
                raise ValueError(
                    "Invalid Functional model configuration. The graph of the Functional model "
                    "either has loops or disconnected nodes. The following layers failed to be "
                    f"resolved: {left}"
                )

    def _call(self, name: str, call: Config) -> bool:
        try:
            arguments = [self._argument(value) for value in call["args"]]
            keywords = {key: self._argument(value) for key, value in call["kwargs"].items()}
        except _MissingCallError:
            return False
        keywords = {key: value for key, value in keywords.items() if value is not None}
        outputs = flatten(self._layers[name](*arguments, **keywords))
        if not isinstance(self._layers[name], Layer) and outputs[0].history:
            outputs[0].history.operation.name = name
        self._outputs[name].append(outputs)
        return True

    def _argument(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._argument(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.get("class_name") != "__keras_tensor__":
            revived = {key: self._argument(item) for key, item in value.items()}
            return deserialize_keras_object(revived) if "class_name" in value else revived
        return self._tensor(value["config"]["keras_history"])

    def _tensor(self, place: Reference, first: int = 0) -> KerasTensor:
        name, call, index = place
        if name not in self._outputs:
            raise ValueError(f"Unknown layer: {str(name)[:100]}")
        calls = self._outputs[name]
        if not 0 <= call - first < len(calls):
            raise _MissingCallError
        tensor: KerasTensor = calls[call - first][index]
        return tensor

    def _tensors(self, places: Any) -> Any:
        """The model's ends; calls of models that are layers are counted from 1 here."""
        from kgui.engine.models import Model, Sequential

        if isinstance(places, dict):
            return {key: self._tensors(value) for key, value in places.items()}
        if len(places) != 3 or not isinstance(places[0], str):
            return [self._tensors(place) for place in places]
        layer = self._layers.get(places[0])
        functional = isinstance(layer, Model) and not isinstance(layer, Sequential)
        try:
            return self._tensor(places, int(functional))
        except _MissingCallError as error:
            raise ValueError(f"Layer '{places[0]}' is not called {places[1] + 1} times.") from error
