"""The base of every layer: weights, building, and calls on tensors symbolic or real.

build(input_shape)      makes the weights, once the input's shape is known
call(inputs, ...)       computes, in terms of `ops`; the derivative comes for free
"""

from inspect import Parameter
from typing import Any, ClassVar, Self

import numpy as np

from kgui.engine import ops, regularizers
from kgui.engine.backend.session import floatx
from kgui.engine.calling import Call, calling, current_call
from kgui.engine.errors import ShapeError
from kgui.engine.layers.added_losses import AddsLosses
from kgui.engine.layers.building import Builds, marking
from kgui.engine.layers.configuring import (
    Configured,
    dtype_name,
    signature_of,
)
from kgui.engine.layers.weights import WeightHolder
from kgui.engine.masking import MaskCarrier, masked_like
from kgui.engine.naming import automatic_name, layer_name
from kgui.engine.option_checks import check_arguments
from kgui.engine.structure import Structure, flatten, map_structure
from kgui.engine.symbolic import KerasTensor, Node, Operation, Shape, is_symbolic
from kgui.engine.tensors import Tensor, as_tensor
from kgui.engine.variables import Array, Variable

COLLECTING = (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)


class Layer(Operation, AddsLosses, Builds, Configured, WeightHolder, MaskCarrier):
    """A function of tensors with weights of its own."""

    min_ndim = 0
    """Fewest axes an input may have, the batch included."""
    in_palette = True
    """False for layers that are no node type of their own."""
    code_only: ClassVar[tuple[str, ...]] = ()
    """Arguments that programs may give; no drawing has them."""
    needed: ClassVar[tuple[str, ...]] = ()
    """Arguments that a drawing must state, though programs can give others in their place."""
    one_input = True
    """True for layers that take one tensor; of those of one's own nothing is known."""
    takes_indices = False
    """True for layers whose inputs are indices from 0; fractions are cut off."""

    dtype: str
    _arguments: dict[str, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember the arguments: they are the layer's configuration."""
        layer = super().__new__(cls)
        try:
            bound = signature_of(cls.__init__).bind(layer, *args, **kwargs)
        except TypeError:  # Python says it better, when it comes to `__init__`
            return layer
        bound.apply_defaults()
        _, *others = bound.arguments.items()
        parameters = bound.signature.parameters
        layer._arguments = {
            key: value for key, value in others if parameters[key].kind not in COLLECTING
        }
        return layer

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        check_arguments(type(self).__init__, self._arguments)
        self.input_shape_argument = _input_shape_argument(type(self).__name__, kwargs)
        self.name = layer_name(name, type(self).__name__)
        self.dtype = dtype_name(dtype) or floatx()
        self.own_weights = []
        self.trainable = trainable
        self.built = self.nothing_to_build and type(self).build is Layer.build
        self.activity_regularizer: Any = regularizers.get(activity_regularizer)
        self._added_losses: list[Any] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A layer is built once its `build` ran; one of the engine's takes one tensor."""
        super().__init_subclass__(**kwargs)
        if "one_input" not in vars(cls) and "call" in vars(cls):
            cls.one_input = cls.__module__.startswith(__package__) and cls.one_input
        if "build" in vars(cls):
            cls.build = marking(cls.build)  # type: ignore[method-assign] # the same, and a mark

    @marking
    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs of that shape; most layers have none."""

    def call(self, inputs: Any) -> Any:
        """Compute the outputs."""
        raise NotImplementedError

    def __call__(self, inputs: Structure, *args: Any, **kwargs: Any) -> Any:
        """Make a node of the graph from symbolic tensors, or compute from arrays."""
        outer = current_call()
        self.check_tensors(inputs, args)
        training = self._training_from(kwargs)
        self.check_input(inputs)
        self.build_for(inputs, *args, **kwargs)
        if is_symbolic((inputs, args, list(kwargs.values()))) and not outer.tracing:
            return self._make_node(inputs, args, kwargs, training)
        call = outer._replace(
            training=outer.training if training is None else bool(training),
            owner=outer.owner or self.owner_name,
            path=self._path(outer),
        )
        self._added_losses.clear()
        with calling(call):
            if not is_symbolic(inputs):
                inputs = map_structure(self._array, inputs)
            masks, kwargs = self.take_masks(inputs, args, kwargs)
            flag = self._flag(training, call.training)
            outputs = self.call(inputs, *args, **self._with_training(kwargs, flag))
            if self.activity_regularizer is not None:
                self.add_loss([self._activity_loss(output) for output in flatten(outputs)])
            if masks is not None and not outer.tracing:
                self.warn_of_lost_masks(masks)
            if not outer.tracing:
                outputs = map_structure(_tensor, outputs)
            return self.give_masks(inputs, outputs, masks)

    def _flag(self, given: Any, inherited: bool) -> Any:
        """What `call` is told about training: what the caller said, or what goes on around."""
        return inherited if given is None else bool(given)

    def _training_from(self, kwargs: dict[str, Any]) -> Any:
        """The call's own `training`, taken out of the keywords; None if there is none."""
        return kwargs.pop("training", None)

    def _path(self, outer: Call) -> tuple[str, ...]:
        return (*outer.path, self.owner_name) if self.owner_name else outer.path

    @property
    def owner_name(self) -> str:
        """The name that faults inside are reported under; models leave it to their layers."""
        return self.name

    @property
    def takes_training(self) -> bool:
        """True if `call` asks whether it is training."""
        return "training" in signature_of(type(self).call).parameters

    def _with_training(self, kwargs: dict[str, Any], training: bool) -> dict[str, Any]:
        return {**kwargs, "training": training} if self.takes_training else kwargs

    def _array(self, value: Any) -> Array:
        value = value if isinstance(value, np.ndarray | Variable) else np.asarray(value)
        floats = str(value.dtype).startswith("float")
        return masked_like(value, ops.convert_to_tensor(value, self.dtype if floats else None))

    def check_tensors(self, inputs: Structure, args: tuple[Any, ...]) -> None:
        """Raise ValueError for what is no tensor, or several where the layer takes one."""
        if type(inputs) in _TENSORS and not args:
            return
        for value in flatten((inputs, *args)):
            if value is not None and not hasattr(value, "__array__"):
                raise ValueError(
                    "Only input tensors may be passed as positional arguments. The following "
                    "argument value should be passed as a keyword argument: "
                    f"{value} (of type {type(value)})"
                )
        if not self.one_input:
            return
        if inputs is None:
            raise ValueError(
                f"Inputs to a layer should be tensors. Got 'None' (of type {type(None)}) as input "
                f"for layer '{self.name}'."
            )
        if isinstance(inputs, list | tuple | dict):
            given = flatten(inputs)
            raise ValueError(
                f'Layer "{self.name}" expects 1 input(s), but it received {len(given)} input '
                f"tensors. Inputs received: {given}"
            )

    def check_input(self, inputs: Structure) -> None:
        """Raise ShapeError if an input has too few axes."""
        for index, tensor in enumerate(flatten(inputs)):
            shape = tuple(getattr(tensor, "shape", np.shape(tensor)))
            if len(shape) < self.min_ndim:
                raise ShapeError(
                    "Input {index} with name 'None' of layer '{layer}' is incompatible with the "
                    "layer: expected min_ndim={expected}, found ndim={found}. "
                    "Full shape received: {shape}",
                    plain="needs an input with at least {expected} axes (the batch is one), "
                    "but gets {shape}",
                    index=index,
                    layer=self.name,
                    expected=self.min_ndim,
                    found=len(shape),
                    shape=shape,
                )

    def check_values(self, array: Array) -> None:
        """Raise an error if the first input cannot be these data, all that there are."""

    def build_for(self, inputs: Structure, *args: Any, **kwargs: Any) -> None:
        """Build for the shapes of these inputs, unless that is done."""
        if self.built:
            return
        outer = current_call()
        with calling(outer._replace(path=self._path(outer))):
            self.build(*self._shapes_to_build((inputs, *args), kwargs))
        self.built = True

    def _shapes_to_build(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """What `build` takes: the first input's shape, or `<argument>_shape` of each it names."""
        wanted = list(signature_of(type(self).build).parameters)[1:]
        if len(wanted) < 2:
            return [_shapes(args[0])][: len(wanted)]
        bound = signature_of(type(self).call).bind_partial(self, *args, **kwargs).arguments
        return [_shapes(bound.get(name.removesuffix("_shape"))) for name in wanted]

    def _make_node(
        self, inputs: Structure, args: tuple[Any, ...], kwargs: dict[str, Any], training: Any
    ) -> Structure:
        masks, masked = self.take_masks(inputs, args, kwargs)
        traced = self.trace(inputs, *args, training=bool(training), **masked)
        outputs = map_structure(
            lambda t: KerasTensor(t.shape, t.dtype, name=automatic_name("keras_tensor")), traced
        )
        filled = self._fills_in(inputs, args, kwargs, training)
        keywords = dict(masked if filled else kwargs)
        if training is not None:
            keywords["training"] = training
        Node(self, (inputs, *args), keywords, flatten(outputs), filled=filled).register()
        self.warn_of_lost_masks(masks)
        return self.give_masks(inputs, outputs, masks)

    def _fills_in(
        self, inputs: Structure, args: tuple[Any, ...], kwargs: dict[str, Any], training: Any
    ) -> bool:
        """True where Keras notes with the call what it found out by itself, such as masks.

        It does so for one tensor of the layer's own type alone.
        """
        alone = not args and not kwargs and training is None
        return alone and self.notes_masks and getattr(inputs, "dtype", None) == self.dtype

    def trace(
        self, inputs: Structure, *args: Any, training: bool = False, **kwargs: Any
    ) -> Structure:
        """The outputs as symbolic tensors made by primitives; no node is added to the graph."""
        owner = self.owner_name
        with calling(Call(training, tracing=True, owner=owner, path=self._path(current_call()))):
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

    def _has_own_arguments(self) -> bool:
        return type(self).__init__ is not Layer.__init__


_TENSORS = {KerasTensor, Tensor, Variable, np.ndarray}


def _tensor(output: Any) -> Any:
    return as_tensor(output) if isinstance(output, np.ndarray) else output


def _shapes(inputs: Structure) -> Any:
    """The shapes of tensors or arrays in a structure; None for what is not there."""
    return map_structure(
        lambda t: None if t is None else tuple(getattr(t, "shape", np.shape(t))), inputs
    )


def _input_shape_argument(layer: str, kwargs: dict[str, Any]) -> Shape | None:
    """The first layer's old spellings: input_shape=(784,) and input_dim=784."""
    shape = kwargs.pop("input_shape", None)
    size = kwargs.pop("input_dim", None)
    for absent in ("lora_alpha", "lora_rank", "quantization_config"):  # Keras writes them as None
        if kwargs.get(absent, 0) is None:
            del kwargs[absent]
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments passed to {layer}: {kwargs}")
    if size is not None:
        return (None, int(size))
    return None if shape is None else (None, *shape)
