"""Merging: layers with several inputs."""

from collections.abc import Sequence
from typing import Any, ClassVar

from kgui.engine import ops
from kgui.engine.errors import ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.mask_merging import mask_of_any, mask_of_joined
from kgui.engine.ops.primitive import Tensor, broadcast_shape
from kgui.engine.symbolic import Shape


class Merge(Layer):
    """The base of layers that join a list of tensors."""

    in_palette = False
    least_inputs: ClassVar[int] = 2

    def check_input(self, inputs: Any) -> None:
        """A list of at least two tensors."""
        if not isinstance(inputs, list | tuple):
            raise ShapeError(
                "A merge layer should be called on a list of inputs. Received: {inputs}",
                inputs=inputs,
            )
        if len(inputs) < self.least_inputs:
            raise ShapeError(
                "A merge layer should be called on a list of at least {least} inputs. "
                "Received {count} input(s)",
                plain="needs at least {least} inputs, but has {count}",
                least=self.least_inputs,
                count=len(inputs),
            )

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """A step counts if it counts in any input; no mask if an input has none."""
        return mask_of_any(inputs, previous_mask)


class Add(Merge):
    """Adds its inputs value by value; their shapes must agree."""

    in_palette = True

    def check_input(self, inputs: Any) -> None:
        """Shapes that agree, up to sizes of 1."""
        super().check_input(inputs)
        rank = max(len(tensor.shape) for tensor in inputs)
        shapes = [_widened(tensor.shape, rank) for tensor in inputs]
        merged = shapes[0]
        for shape in shapes[1:]:
            together = broadcast_shape(merged, shape)
            if together is None:
                raise ShapeError(
                    "Inputs have incompatible shapes. Received shapes {first} and {second}",
                    plain="needs inputs of one shape, but gets {first} and {second}",
                    first=merged,
                    second=shape,
                )
            merged = together

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """The sum; inputs of fewer axes get axes of 1 after the batch."""
        rank = max(len(tensor.shape) for tensor in inputs)
        total, *others = (_with_rank(tensor, rank) for tensor in inputs)
        for tensor in others:
            total = ops.add(total, tensor)
        return total


def _widened(shape: Shape, rank: int) -> Shape:
    return (*shape[:1], *(1,) * (rank - len(shape)), *shape[1:])


def _with_rank(tensor: Tensor, rank: int) -> Tensor:
    for _ in range(rank - len(tensor.shape)):
        tensor = ops.expand_dims(tensor, 1)
    return tensor


class Concatenate(Merge):
    """Joins its inputs end to end along one axis.

    Args:
        axis: Axis to join along; -1 is the last, 0 is the batch.
    """

    in_palette = True
    least_inputs = 1

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def check_input(self, inputs: Any) -> None:
        """Shapes that agree but along the axis."""
        super().check_input(inputs)
        shapes = [tuple(tensor.shape) for tensor in inputs]
        try:
            ops.shaping.Concatenate(self.axis).output_shape(*shapes)
        except ShapeError as error:
            values = {"axis": self.axis, "shapes": shapes, **error.values}
            plain = "needs inputs whose shapes agree but along axis {axis}, but gets {shapes}"
            told = error.plain != error.template
            raise ShapeError(
                error.template, plain=error.plain if told else plain, **values
            ) from None

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The masks joined as the inputs are; an input without one counts in full."""
        return mask_of_joined(inputs, previous_mask, self.axis)

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """The joined tensor."""
        return ops.concatenate(inputs, self.axis)
