"""Merging: layers with several inputs."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from kgui.engine import ops
from kgui.engine.errors import OptionError, ShapeError
from kgui.engine.layers.mask_merging import extreme, mask_of_joined, product
from kgui.engine.layers.merge import Merge
from kgui.engine.ops.batch_products import batch_dot, positive_axes
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import Start


def _fold(function: Callable[[Tensor, Tensor], Tensor], inputs: Sequence[Tensor]) -> Tensor:
    total, *others = inputs
    for tensor in others:
        total = function(total, tensor)
    return total


def _hides(inputs: Sequence[Tensor], masks: Any) -> bool:
    """True if there is a mask to heed: one goes with inputs of equal rank only, as in Keras."""
    ranks = {len(tensor.shape) for tensor in inputs}
    return len(ranks) == 1 and masks is not None and any(mask is not None for mask in masks)


class Add(Merge):
    """Adds its inputs value by value; their shapes must agree."""

    in_palette = True

    def merge(self, inputs: Sequence[Tensor]) -> Tensor:
        """The sum."""
        return _fold(ops.add, inputs)


class Subtract(Merge):
    """Subtracts the second input from the first, value by value."""

    in_palette = True
    growing = False

    def check_input(self, inputs: Any) -> None:
        """Two tensors whose shapes agree."""
        super().check_input(inputs)
        self.check_pair(self.shapes_of(inputs), "exactly 2 inputs")

    def merge(self, inputs: Sequence[Tensor]) -> Tensor:
        """The difference."""
        return _fold(ops.subtract, inputs)


class Multiply(Merge):
    """Multiplies its inputs value by value; their shapes must agree."""

    in_palette = True

    def call(self, inputs: Sequence[Tensor], mask: Any = None) -> Tensor:
        """The product; steps that a mask hides are left out of it."""
        return product(inputs, mask) if _hides(inputs, mask) else super().call(inputs)

    def merge(self, inputs: Sequence[Tensor]) -> Tensor:
        """The product."""
        return _fold(ops.multiply, inputs)


class Average(Merge):
    """Takes the mean of its inputs value by value; their shapes must agree."""

    in_palette = True

    def merge(self, inputs: Sequence[Tensor]) -> Tensor:
        """The sum divided by the number of inputs."""
        return ops.divide(_fold(ops.add, inputs), len(inputs))


class Maximum(Merge):
    """Keeps the largest of its inputs value by value; their shapes must agree."""

    in_palette = True

    def call(self, inputs: Sequence[Tensor], mask: Any = None) -> Tensor:
        """The largest of each, of the steps that no mask hides."""
        return extreme(ops.maximum, inputs, mask) if _hides(inputs, mask) else super().call(inputs)

    def merge(self, inputs: Sequence[Tensor]) -> Tensor:
        """The largest of each."""
        return _fold(ops.maximum, inputs)


class Minimum(Merge):
    """Keeps the smallest of its inputs value by value; their shapes must agree."""

    in_palette = True

    def call(self, inputs: Sequence[Tensor], mask: Any = None) -> Tensor:
        """The smallest of each, of the steps that no mask hides."""
        return extreme(ops.minimum, inputs, mask) if _hides(inputs, mask) else super().call(inputs)

    def merge(self, inputs: Sequence[Tensor]) -> Tensor:
        """The smallest of each."""
        return _fold(ops.minimum, inputs)


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
        if not isinstance(inputs, list | tuple) or not inputs:
            raise ShapeError(
                "A `Concatenate` layer should be called on a list of at least 1 input. "
                "Received: input_shape={shape}",
                plain="needs at least 1 input, but has none",
                shape=tuple(getattr(inputs, "shape", ())),
            )
        shapes = self.shapes_of(inputs)
        try:
            ops.shaping.Concatenate(self.axis).output_shape(*shapes)
        except ShapeError as error:
            values = {"axis": self.axis, "shapes": shapes, **error.values}
            plain = (
                "needs inputs whose shapes are the same except along axis {axis}, but gets {shapes}"
            )
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


class Dot(Merge):
    """Multiplies two inputs and sums along an axis of each: how alike two samples are.

    Args:
        axes: Axis to sum along, or one for each input; 0 is the batch and not allowed.
        normalize: Whether the inputs are scaled to length 1 first, for the cosine.
    """

    in_palette = True
    growing = False

    def __init__(
        self,
        axes: Annotated[tuple[int, ...] | int, Start(-1)],
        normalize: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(axes, list | tuple) and len(axes) != 2:
            raise OptionError(
                "Invalid format for argument `{option}`: it should contain two elements. "
                "Received: {option}={value!r}",
                plain="{option} must be one axis or two, not {value!r}",
                option="axes",
                value=axes,
            )
        self.axes = axes
        self.normalize = normalize

    def check_input(self, inputs: Any) -> None:
        """Two tensors, of equal sizes along the axes."""
        shapes = self.shapes_of(inputs) if isinstance(inputs, list | tuple) else [inputs.shape]
        self.check_pair(shapes, "a list of 2 inputs")
        places = positive_axes(shapes, self.axes)
        first, second = (shape[place] for shape, place in zip(shapes, places, strict=True))
        if None not in (first, second) and first != second:
            raise ShapeError(
                "Incompatible input shapes: axis values {first} (at axis {one}) != {second} "
                "(at axis {other}). Full input shapes: {shapes}",
                plain="needs equal sizes along its axes, but gets {shapes}",
                first=first,
                second=second,
                one=places[0],
                other=places[1],
                shapes=", ".join(map(str, shapes)),
            )

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """None: steps are summed over."""
        return None

    def call(self, inputs: Sequence[Tensor]) -> Tensor:
        """The products summed along the axes."""
        first, second = inputs
        one, other = positive_axes([tuple(first.shape), tuple(second.shape)], self.axes)
        if self.normalize:
            first, second = ops.normalize(first, axis=one), ops.normalize(second, axis=other)
        return batch_dot(first, second, (one, other))
