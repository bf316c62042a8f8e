"""What every layer with several inputs shares."""

from collections.abc import Sequence
from typing import Any, ClassVar

from kgui.engine import ops
from kgui.engine.errors import ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.mask_merging import mask_of_any
from kgui.engine.ops.primitive import Tensor, broadcast_shape
from kgui.engine.symbolic import Shape


class Merge(Layer):
    """The base of layers that join a list of tensors value by value."""

    in_palette = False
    supports_masking = True
    notes_masks = False
    one_input = False
    least_inputs: ClassVar[int] = 2
    """Inputs that a node of a drawing begins with, and cannot do without."""
    growing: ClassVar[bool] = True
    """False if a drawing may not wire further inputs."""

    def check_input(self, inputs: Any) -> None:
        """A list of tensors whose shapes agree, up to sizes of 1."""
        shapes = self.shapes_of(inputs)
        if not shapes:
            raise ShapeError(
                "A merge layer should be called on a list of at least 1 input. "
                "Received 0 inputs. Full input_shape received: []",
                plain="needs at least {least} inputs, but has none",
                least=self.least_inputs,
            )
        if len({shape[0] for shape in shapes if shape} - {None}) > 1:
            raise ShapeError(
                "Cannot merge tensors with different batch sizes. "
                "Received tensors with shapes {shapes}",
                shapes=shapes,
            )
        merged = shapes[0][1:]
        for shape in shapes[1:]:
            longer, shorter = sorted((merged, shape[1:]), key=len, reverse=True)
            together = broadcast_shape(longer, shorter)
            if together is None:
                raise ShapeError(
                    "Inputs have incompatible shapes. Received shapes {first} and {second}",
                    plain="needs inputs of one shape, but gets {one} and {other}",
                    first=longer,
                    second=shorter,
                    one=(shapes[0][0], *longer),
                    other=(shape[0], *shorter),
                )
            merged = together

    def check_count(self, count: int) -> None:
        """Raise ShapeError if a drawing wires too few inputs for merging to mean anything."""
        if count < self.least_inputs:
            raise ShapeError(
                "A merge layer of a drawing should have at least {least} inputs, not {count}",
                plain="needs at least {least} inputs, but has {count}",
                least=self.least_inputs,
                count=count,
            )

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """A step counts if it counts in any input; no mask if an input has none."""
        return mask_of_any(inputs, previous_mask)

    def shapes_of(self, inputs: Any) -> list[Shape]:
        """The shapes of a list of tensors; ShapeError if it is none."""
        if not isinstance(inputs, list | tuple):
            raise ShapeError(
                "A merge layer should be called on a list of inputs. "
                "Received: input_shape={shape} (not a list of shapes)",
                shape=tuple(getattr(inputs, "shape", ())),
            )
        return [tuple(tensor.shape) for tensor in inputs]

    def check_pair(self, shapes: Sequence[Shape], text: str) -> None:
        """Raise ShapeError unless there are exactly two inputs."""
        if len(shapes) != 2:
            raise ShapeError(
                f"A `{{kind}}` layer should be called on {text}. Received: input_shape={{shapes}}",
                plain="needs exactly 2 inputs, but has {count}",
                kind=type(self).__name__,
                shapes=list(shapes),
                count=len(shapes),
            )

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """The inputs merged; those of fewer axes get axes of 1 after the batch."""
        rank = max(len(tensor.shape) for tensor in inputs)
        return self.merge([_with_rank(tensor, rank) for tensor in inputs])

    def merge(self, inputs: Sequence[Tensor]) -> Tensor:
        """Join tensors of equal rank."""
        raise NotImplementedError


def _with_rank(tensor: Tensor, rank: int) -> Tensor:
    missing = rank - len(tensor.shape)
    return ops.expand_dims(tensor, list(range(1, missing + 1))) if missing else tensor
