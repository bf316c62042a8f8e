"""Core: where data comes in, and the fully connected layer."""

from typing import Annotated, Any

from kgui.engine import activations, constraints, initializers, ops, regularizers
from kgui.engine.errors import OptionError, ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.naming import automatic_name
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import (
    ActivationName,
    ConstraintName,
    InitializerName,
    Range,
    RegularizerName,
    Start,
)
from kgui.engine.symbolic import KerasTensor, Node, Shape, standard_shape


class InputLayer(Layer):
    """Where a network takes in its data.

    Args:
        shape: Sizes of one sample without the batch, such as 28, 28 for small pictures.
    """

    code_only = ("sparse", "ragged", "batch_shape", "input_tensor", "optional")
    needed = ("shape",)

    def __init__(
        self,
        shape: tuple[int | None, ...] | None = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Shape | None = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype or getattr(input_tensor, "dtype", None))
        if sparse or ragged or optional:
            raise ValueError("Sparse, ragged and optional inputs are not supported.")
        shape = kwargs.get("input_shape", shape)
        batch_shape = kwargs.get("batch_input_shape", batch_shape)
        if input_tensor is None:
            given = _batch_shape(shape, batch_size, batch_shape)
            tensor = KerasTensor(given, self.dtype, name=self.name)
        else:
            _check_agrees(input_tensor, shape, batch_size, batch_shape, dtype)
            tensor = input_tensor
        self.batch_shape: Shape = tensor.shape
        size, *sizes = self.batch_shape or (None,)
        plain = dict.fromkeys(self.code_only)
        self._arguments = {
            **plain, "shape": tuple(sizes), "batch_size": size, "dtype": self.dtype,
        }  # fmt: skip
        self.built = True
        Node(self, (), {}, [tensor]).register()

    def call(self, inputs: Any) -> Any:
        """The data as they are."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """What makes an equal input, as plain data in Keras's layout."""
        return {
            "batch_shape": self.batch_shape,
            "dtype": self.dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": False,
        }


def _batch_shape(shape: Any, batch_size: int | None, batch_shape: Any) -> Shape:
    """The shape with the batch; ValueError, in Keras's words, for too little or too much."""
    both = "You cannot pass both `{}` and `batch_shape` at the same time."
    if shape is not None and batch_shape is not None:
        raise ValueError(both.format("shape"))
    if batch_size is not None and batch_shape is not None:
        raise ValueError(both.format("batch_size"))
    if batch_shape is not None:
        return standard_shape(batch_shape)
    if shape is None:
        raise OptionError("You must pass a `shape` argument.", option="shape")
    return batch_size, *standard_shape(shape)


def _check_agrees(
    tensor: Any, shape: Any, batch_size: int | None, batch_shape: Any, dtype: Any
) -> None:
    """Raise ValueError where the tensor is none, or other than what stands beside it."""
    if not isinstance(tensor, KerasTensor):
        raise ValueError(
            "Argument `input_tensor` must be a KerasTensor. Received invalid type: "
            f"input_tensor={tensor} (of type {type(tensor)})"
        )
    differs = {
        "batch_size": batch_size is not None and tensor.shape[:1] != (batch_size,),
        "shape": shape is not None and tensor.shape[1:] != tuple(shape),
        "batch_shape": batch_shape is not None and tensor.shape != tuple(batch_shape),
        "dtype": dtype is not None and tensor.dtype != dtype,
    }
    for name, wrong in differs.items():
        if wrong:
            raise ValueError(
                "When providing the `input_tensor` argument, you cannot provide an incompatible "
                f"`{name}` argument."
            )


def Input(  # noqa: N802 - Keras's name
    shape: tuple[int | None, ...] | list[int | None] | None = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: tuple[int | None, ...] | list[int | None] | None = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
) -> KerasTensor:
    """A symbolic tensor to start a network from.

    Args:
        shape: Sizes of one sample without the batch.
        batch_size: Fixed number of samples, where there is one.
        dtype: Number type; float32 unless set otherwise.
        sparse: Taken as Keras takes it; there are no sparse tensors here.
        ragged: Taken as Keras takes it; there are no ragged tensors here.
        batch_shape: Shape with the batch, instead of `shape` and `batch_size`.
        name: Name of the input.
        tensor: A symbolic tensor that becomes the input.
        optional: Taken as Keras takes it; every input needs data here.
    """
    layer = InputLayer(
        None if shape is None else standard_shape(shape),
        batch_size=batch_size,
        dtype=dtype,
        sparse=sparse,
        ragged=ragged,
        batch_shape=None if batch_shape is None else standard_shape(batch_shape),
        input_tensor=tensor,
        optional=optional,
        name=name if name is not None else automatic_name("input_layer"),
    )
    return layer.inbound_nodes[0].outputs[0]


class Dense(Layer):
    """Fully connected: every unit sees every input.

    activation(inputs @ kernel + bias), along the last axis.

    Args:
        units: Number of units: the size of the output's last axis.
        activation: Function applied to the result; none leaves it as it is.
        use_bias: Whether every unit adds a bias of its own.
        kernel_initializer: How the weights start.
        bias_initializer: How the biases start.
        kernel_regularizer: Penalty on the weights that is added to the loss.
        bias_regularizer: Penalty on the biases that is added to the loss.
        activity_regularizer: Penalty on the outputs that is added to the loss.
        kernel_constraint: What the weights must satisfy after every update.
        bias_constraint: What the biases must satisfy after every update.
    """

    min_ndim = 2
    supports_masking = True

    def __init__(
        self,
        units: Annotated[int, Range(minimum=1), Start(64)],
        activation: ActivationName | activations.Activation | None = None,
        use_bias: bool = True,
        kernel_initializer: InitializerName | initializers.Initializer = "glorot_uniform",
        bias_initializer: InitializerName | initializers.Initializer = "zeros",
        kernel_regularizer: RegularizerName | regularizers.Regularizer | None = None,
        bias_regularizer: RegularizerName | regularizers.Regularizer | None = None,
        activity_regularizer: RegularizerName | regularizers.Regularizer | None = None,
        kernel_constraint: ConstraintName | constraints.Constraint | None = None,
        bias_constraint: ConstraintName | constraints.Constraint | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def build(self, input_shape: Shape) -> None:
        """Make kernel (inputs, units) and bias (units,)."""
        if input_shape[-1] is None:
            raise ShapeError(
                "The last dimension of the inputs to a Dense layer should be defined. "
                "Found None. Full input shape received: {shape}",
                plain="needs to know the size of the input's last axis, but gets {shape}",
                shape=input_shape,
            )
        self.kernel = self.add_weight(
            (input_shape[-1], self.units),
            self.kernel_initializer,
            name="kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,),
                self.bias_initializer,
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data in Keras's layout."""
        return {**super().get_config(), "quantization_config": None}

    def check_input(self, inputs: Any) -> None:
        """Two axes or more, the last of the size the kernel was built for."""
        super().check_input(inputs)
        shape = tuple(inputs.shape)
        if self.built and shape[-1] not in (None, self.kernel.shape[0]):
            raise ShapeError(
                "Input 0 with name 'None' of layer '{layer}' is incompatible with the layer: "
                "expected axis -1 of input shape to have value {expected}, "
                "but received input with shape {shape}",
                plain="was built for {expected} inputs, but gets {shape}",
                layer=self.name,
                expected=self.kernel.shape[0],
                shape=shape,
            )

    def call(self, inputs: Tensor) -> Tensor:
        """activation(inputs @ kernel + bias)."""
        outputs = ops.matmul(inputs, self.kernel)
        if self.use_bias:
            outputs = ops.add(outputs, self.bias)
        return self.activation(outputs)


class Identity(Layer):
    """Passes its inputs on as they are: a place to hold open, or to name a tensor."""

    nothing_to_build = True
    one_input = False
    supports_masking = True

    def call(self, inputs: Any) -> Any:
        """The inputs."""
        return inputs
