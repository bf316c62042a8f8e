"""The base of every layer: weights, building, and calls on tensors symbolic or real.

build(input_shape)      makes the weights, once the input's shape is known
call(inputs, ...)       computes, in terms of `ops`; the derivative comes for free
"""

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Self

import numpy as np

from kgui.engine import constraints, initializers, ops, regularizers
from kgui.engine.backend.session import floatx, get_session
from kgui.engine.calling import Call, calling, current_call
from kgui.engine.errors import ShapeError
from kgui.engine.naming import automatic_name, snake_case
from kgui.engine.options import check_arguments
from kgui.engine.structure import Structure, flatten, map_structure
from kgui.engine.symbolic import KerasTensor, Node, Operation, Shape, is_symbolic
from kgui.engine.variables import Array, Outline, Variable


class Layer(Operation):
    """A function of tensors with weights of its own."""

    min_ndim = 0
    """Fewest axes an input may have, the batch included."""
    in_palette = True
    """False for layers that are no node type of their own."""

    _arguments: dict[str, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember the arguments: they are the layer's configuration."""
        layer = super().__new__(cls)
        bound = signature_of(cls.__init__).bind(layer, *args, **kwargs)
        bound.apply_defaults()
        layer._arguments = {
            key: value for key, value in bound.arguments.items() if key not in ("self", "kwargs")
        }
        return layer

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        check_arguments(type(self).__init__, self._arguments)
        self.input_shape_argument = _input_shape_argument(type(self).__name__, kwargs)
        self.name = name if name is not None else automatic_name(snake_case(type(self).__name__))
        self.dtype = dtype or floatx()
        self.trainable = trainable
        self.built = False
        self.activity_regularizer: Any = None
        self.own_weights: list[Variable] = []

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs of that shape; most layers have none."""

    def call(self, inputs: Any) -> Any:
        """Compute the outputs."""
        raise NotImplementedError

    def add_weight(
        self,
        shape: Sequence[int],
        initializer: Any = "glorot_uniform",
        name: str = "weight",
        trainable: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
    ) -> Variable:
        """A new weight of the layer."""
        start, sizes = initializers.get(initializer), tuple(shape)
        start.check(sizes)
        about: dict[str, Any] = {
            "trainable": trainable, "dtype": self.dtype, "name": name,
            "path": f"{self.name}/{name}",
        }  # fmt: skip
        if get_session().abstract:
            weight: Variable = Outline(sizes, **about)
        else:
            weight = Variable(start(sizes, self.dtype), **about)
        weight.regularizer = regularizers.get(regularizer)
        weight.constraint = constraints.get(constraint)
        self.own_weights.append(weight)
        return weight

    def __call__(self, inputs: Structure, *args: Any, **kwargs: Any) -> Any:
        """Make a node of the graph from symbolic tensors, or compute from arrays."""
        outer = current_call()
        training = kwargs.pop("training", None) if not self._takes_training else None
        training = kwargs.pop("training", None) if training is None else training
        self.check_input(inputs)
        self.build_for(inputs)
        if is_symbolic(inputs) and not outer.tracing:
            return self._make_node(inputs, args, kwargs, training)
        call = Call(
            training=outer.training if training is None else bool(training),
            tracing=outer.tracing,
            owner=outer.owner or self.owner_name,
            losses=outer.losses,
        )
        with calling(call):
            if not is_symbolic(inputs):
                inputs = map_structure(self._array, inputs)
            outputs = self.call(inputs, *args, **self._with_training(kwargs, call.training))
            if self.activity_regularizer is not None and call.losses is not None:
                call.losses.extend(map(self._activity_loss, flatten(outputs)))
            return outputs

    def _activity_loss(self, output: Any) -> Any:
        """The penalty on an output, per sample."""
        penalty = self.activity_regularizer(output)
        return ops.multiply(penalty, 1 / max(output.shape[0] or 1, 1)) if output.shape else penalty

    @property
    def owner_name(self) -> str:
        """The name that faults inside are reported under; models leave it to their layers."""
        return self.name

    @property
    def _takes_training(self) -> bool:
        return "training" in signature_of(type(self).call).parameters

    def _with_training(self, kwargs: dict[str, Any], training: bool) -> dict[str, Any]:
        return {**kwargs, "training": training} if self._takes_training else kwargs

    def _array(self, value: Any) -> Array:
        if isinstance(value, Variable):
            return value.array
        array = np.asarray(value)
        wrong = array.dtype.kind == "f" and array.dtype.name != self.dtype
        return array.astype(self.dtype) if wrong else array

    def check_input(self, inputs: Structure) -> None:
        """Raise ShapeError if an input has too few axes."""
        for index, tensor in enumerate(flatten(inputs)):
            shape = tuple(getattr(tensor, "shape", np.shape(tensor)))
            if len(shape) < self.min_ndim:
                raise ShapeError(
                    'Input {index} of layer "{layer}" is incompatible with the layer: '
                    "expected min_ndim={expected}, found ndim={found}. "
                    "Full shape received: {shape}",
                    plain="needs an input with at least {expected} axes (the batch is one), "
                    "but gets {shape}",
                    index=index,
                    layer=self.name,
                    expected=self.min_ndim,
                    found=len(shape),
                    shape=shape,
                )

    def build_for(self, inputs: Structure) -> None:
        """Build for the shapes of these inputs, unless that is done."""
        if not self.built:
            self.build(map_structure(lambda t: tuple(getattr(t, "shape", np.shape(t))), inputs))
            self.built = True

    def _make_node(
        self, inputs: Structure, args: tuple[Any, ...], kwargs: dict[str, Any], training: Any
    ) -> Structure:
        traced = self.trace(inputs, *args, training=bool(training), **kwargs)
        outputs = map_structure(
            lambda t: KerasTensor(t.shape, t.dtype, name=automatic_name("keras_tensor")), traced
        )
        keywords = dict(kwargs) if training is None else {**kwargs, "training": training}
        Node(self, (inputs, *args), keywords, flatten(outputs)).register()
        return outputs

    def trace(
        self, inputs: Structure, *args: Any, training: bool = False, **kwargs: Any
    ) -> Structure:
        """The outputs as symbolic tensors made by primitives; no node is added to the graph."""
        with calling(Call(training, tracing=True, owner=self.owner_name)):
            return self.call(inputs, *args, **self._with_training(kwargs, training))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The output's shape for an input shape (a tuple, or a list of tuples)."""
        many = isinstance(input_shape, list)
        shapes = input_shape if many else [input_shape]
        inputs = [KerasTensor(shape, self.dtype, name="") for shape in shapes]
        structure = inputs if many else inputs[0]
        self.build_for(structure)
        return map_structure(lambda t: t.shape, self.trace(structure))

    @property
    def weights(self) -> list[Variable]:
        """All weights: those that can be trained first, in the order they were made."""
        return [w for w in self.own_weights if w.trainable] + [
            w for w in self.own_weights if not w.trainable
        ]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes; none if the layer is frozen."""
        return [w for w in self.weights if w.trainable] if self.trainable else []

    @property
    def losses(self) -> list[Any]:
        """Penalties on the weights as they are."""
        return [w.regularizer(w) for w in self.trainable_weights if w.regularizer]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        trained = {id(weight) for weight in self.trainable_weights}
        return [weight for weight in self.weights if id(weight) not in trained]

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def get_weights(self) -> list[Array]:
        """Copies of all weights."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Take new values for all weights, in the order of `get_weights`."""
        if len(weights) != len(self.weights):
            raise ValueError(
                f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of "
                f"length {len(weights)}, but the layer was expecting {len(self.weights)} weights."
            )
        for variable, value in zip(self.weights, weights, strict=True):
            if np.shape(value) != variable.shape:
                raise ValueError(
                    f"Layer {self.name} weight shape {variable.shape} is not compatible with "
                    f"provided weight shape {np.shape(value)}."
                )
        for variable, value in zip(self.weights, weights, strict=True):
            variable.assign(value)

    def count_params(self) -> int:
        """Number of weights."""
        return sum(weight.size for weight in self.weights)

    @property
    def input(self) -> Any:
        """The symbolic input of the first call."""
        return self._first_node().arguments[0]

    @property
    def output(self) -> Any:
        """The symbolic output of the first call."""
        outputs = self._first_node().outputs
        return outputs[0] if len(outputs) == 1 else outputs

    def _first_node(self) -> Node:
        if not self.inbound_nodes:
            raise AttributeError(f"The layer {self.name} has never been called.")
        return self.inbound_nodes[0]

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        config: dict[str, Any] = {"name": self.name, "trainable": self.trainable}
        for key, value in self._arguments.items():
            if key not in config:
                config[key] = serialize_argument(value)
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal layer with new weights."""
        return cls(**config)


@cache
def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """A function's signature; looked up once."""
    return inspect.signature(function)


def serialize_argument(value: Any) -> Any:
    """An argument of a layer as plain data."""
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    return getattr(value, "__name__", value) if callable(value) else value


def _input_shape_argument(layer: str, kwargs: dict[str, Any]) -> Shape | None:
    """The first layer's old spellings: input_shape=(784,) and input_dim=784."""
    shape = kwargs.pop("input_shape", None)
    size = kwargs.pop("input_dim", None)
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments passed to {layer}: {kwargs}")
    if size is not None:
        return (None, int(size))
    return None if shape is None else (None, *shape)
