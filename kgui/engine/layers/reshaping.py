"""Reshaping: the same values in another shape."""

import math
from typing import Annotated, Any, Literal

from kgui.engine import ops
from kgui.engine.errors import OptionError, ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import Range, Start
from kgui.engine.symbolic import Shape


class Flatten(Layer):
    """Turns each sample into one row of numbers: (28, 28) becomes 784.

    Args:
        data_format: Whether the channels come last (the usual) or first; they end up last.
    """

    min_ndim = 1

    def __init__(
        self,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = data_format or "channels_last"

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        return {**super().get_config(), "data_format": self.data_format}

    def call(self, inputs: Tensor) -> Tensor:
        """The same values with one axis after the batch."""
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 2:
            inputs = ops.transpose(inputs, (0, *range(2, rank), 1))
        sizes = inputs.shape[1:]
        batch = -1 if inputs.shape[0] is None else inputs.shape[0]
        return ops.reshape(inputs, (batch, -1 if None in sizes else math.prod(sizes)))


class Reshape(Layer):
    """Arranges the values of each sample in another shape of the same size.

    Args:
        target_shape: Sizes without the batch; one may be -1, to be worked out.
    """

    nothing_to_build = True

    def __init__(
        self, target_shape: Annotated[tuple[int, ...] | int, Start([-1])], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        sizes = (target_shape,) if isinstance(target_shape, int) else tuple(target_shape)
        self.target_shape = sizes
        if any(size is None or size < -1 for size in sizes):
            raise OptionError(
                "Each dimension in `{option}` must be a non-negative integer, or `-1` for a "
                "single unknown dimension. Received: {option}={value}.",
                plain="{option} must be sizes, one of which may be -1; {value} is not",
                option="target_shape",
                value=sizes,
            )
        if sizes.count(-1) > 1:
            raise OptionError(
                "There must be at most one unknown dimension (-1) in `{option}`. "
                "Received: {option}={value}.",
                plain="{option} may have one -1, not {value}",
                option="target_shape",
                value=sizes,
            )

    def call(self, inputs: Tensor) -> Tensor:
        """The same values in the target shape."""
        batch, *sizes = inputs.shape
        return ops.reshape(inputs, (-1 if batch is None else batch, *self._resolved(tuple(sizes))))

    def _resolved(self, sizes: Shape) -> tuple[int, ...]:
        """The target with its -1 worked out, if the input's sizes are known."""
        if None in sizes:
            return self.target_shape
        total = math.prod(size or 0 for size in sizes)
        known = math.prod(size for size in self.target_shape if size != -1)
        if -1 in self.target_shape:
            if known and total % known == 0:
                return tuple(total // known if size == -1 else size for size in self.target_shape)
            text = ", however, the input size cannot by divided by the specified dimensions in "
            text += "target_shape"
        elif known == total:
            return self.target_shape
        else:
            text = ""
        raise ShapeError(
            "The total size of the tensor must be unchanged" + text + ". "
            "Received: input_shape={shape}, target_shape={target}",
            plain="cannot arrange a sample of shape {shape} as {target}",
            shape=sizes,
            target=self.target_shape,
        )


class Permute(Layer):
    """Puts the axes of each sample in another order.

    Args:
        dims: The axes in their new order, counted from 1: 2, 1 swaps the first two.
    """

    def __init__(
        self, dims: Annotated[tuple[int, ...] | int, Start([2, 1])], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.dims = (dims,) if isinstance(dims, int) else tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise OptionError(
                "Invalid permutation argument `{option}` for Permute Layer. The set of indices in "
                "`{option}` must be consecutive and start from 1. Received {option}={value}",
                plain="{option} must be the axes 1, 2 and so on in some order, not {value}",
                option="dims",
                value=self.dims,
            )

    def check_input(self, inputs: Any) -> None:
        """As many axes as there are dims, and the batch."""
        super().check_input(inputs)
        check_rank(self, inputs, len(self.dims) + 1)

    def call(self, inputs: Tensor) -> Tensor:
        """The axes in their new order."""
        return ops.transpose(inputs, (0, *self.dims))


class RepeatVector(Layer):
    """Makes a sequence of each sample: the same row several times.

    Args:
        n: How many times.
    """

    def __init__(self, n: Annotated[int, Range(minimum=1), Start(2)], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = int(n)

    def check_input(self, inputs: Any) -> None:
        """One row for each sample."""
        super().check_input(inputs)
        check_rank(self, inputs, 2)

    def call(self, inputs: Tensor) -> Tensor:
        """The rows, repeated along a new axis."""
        return ops.repeat(ops.expand_dims(inputs, 1), self.n, axis=1)


def check_rank(layer: Layer, inputs: Any, rank: int) -> None:
    """Raise ShapeError unless the input has that many axes."""
    shape = tuple(inputs.shape)
    if len(shape) != rank:
        raise ShapeError(
            "Input 0 with name 'None' of layer '{layer}' is incompatible with the layer: "
            "expected ndim={expected}, found ndim={found}. Full shape received: {shape}",
            plain="needs an input with {expected} axes (the batch is one), but gets {shape}",
            layer=layer.name,
            expected=rank,
            found=len(shape),
            shape=shape,
        )
