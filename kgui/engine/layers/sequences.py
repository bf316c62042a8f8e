"""Sequences: lists of words, steps or other things, each of them a number or a row of numbers."""

from typing import Annotated, Any, Literal
from warnings import warn

import numpy as np

from kgui.engine import constraints, initializers, ops, regularizers
from kgui.engine.layers.encoding import check_indices
from kgui.engine.layers.layer import Layer
from kgui.engine.masking import with_mask
from kgui.engine.ops.lookup import take_rows
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import ConstraintName, InitializerName, Range, RegularizerName, Start
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Array, Variable

UNSUPPORTED = ("lora_rank", "lora_alpha", "quantization_config")


class Embedding(Layer):
    """Turns each index into a row of numbers that is learnt: words into vectors.

    Args:
        input_dim: Number of different indices: they go from 0 to one less.
        output_dim: Length of the row that stands for an index.
        embeddings_initializer: How the rows start.
        embeddings_regularizer: Penalty on the rows that is added to the loss.
        embeddings_constraint: What the rows must satisfy after every update.
        mask_zero: Whether index 0 stands for a step that is not there.
        weights: The table to begin with.
    """

    code_only = ("weights",)
    takes_indices = True

    def __init__(
        self,
        input_dim: Annotated[int, Range(minimum=1), Start(1000)],
        output_dim: Annotated[int, Range(minimum=1), Start(16)],
        embeddings_initializer: Literal["uniform", InitializerName]
        | initializers.Initializer = "uniform",
        embeddings_regularizer: RegularizerName | regularizers.Regularizer | None = None,
        embeddings_constraint: ConstraintName | constraints.Constraint | None = None,
        mask_zero: bool = False,
        weights: Any = None,
        **kwargs: Any,
    ) -> None:
        _refuse(kwargs)
        super().__init__(**kwargs)
        self.input_dim, self.output_dim = int(input_dim), int(output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        if weights is not None:
            self.build()
            del self._arguments["weights"]
            single = isinstance(weights, list) and len(weights) == 1
            self.set_weights(weights if single else [weights])

    def build(self, input_shape: Any = None) -> None:
        """Make the table (input_dim, output_dim)."""
        self._table = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            name="embeddings",
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )

    @property
    def embeddings(self) -> Variable:
        """The table; AttributeError before the layer is built."""
        if not self.built:
            raise AttributeError("You must build the layer before accessing `embeddings`.")
        return self._table

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; its table is among the weights."""
        config = super().get_config()
        config.pop("weights", None)
        return {**config, "activity_regularizer": None, "quantization_config": None}

    def check_values(self, array: Array) -> None:
        """Raise DataError if the data hold an index that the table does not have."""
        check_indices(self.name, array, self.input_dim, "input_dim")

    def call(self, inputs: Tensor) -> Tensor:
        """The row of every index."""
        if not isinstance(inputs, KerasTensor):
            self.check_values(np.asarray(inputs))
        return ops.cast(take_rows(self.embeddings, inputs, "input_dim"), self.dtype)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """What is not index 0, with `mask_zero`; otherwise none."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None


def _refuse(arguments: dict[str, Any]) -> None:
    """Take out old and unsupported arguments; ValueError for those that would change results."""
    if arguments.pop("input_length", None) is not None:
        warn("Argument `input_length` is deprecated. Just remove it.", stacklevel=3)
    for name in UNSUPPORTED:
        if arguments.pop(name, None) is not None:
            raise ValueError(f"`{name}` is not supported: an Embedding here is a plain table.")


class Masking(Layer):
    """Passes over steps whose values are all the same number, in all layers that can.

    Args:
        mask_value: The number that marks a step that is not there.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(self, mask_value: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """True for steps with any other value."""
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs, with zeros for the steps that are not there."""
        there = ops.any(ops.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        outputs = ops.where(there, inputs, 0.0)
        return with_mask(outputs, ops.squeeze(there, -1))
