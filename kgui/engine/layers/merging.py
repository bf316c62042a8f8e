"""Merging: layers with several inputs."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar

from kgui.engine import ops
from kgui.engine.errors import OptionError, ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.mask_merging import extreme, mask_of_any, mask_of_joined, product
from kgui.engine.ops.batch_products import batch_dot, positive_axes
from kgui.engine.ops.primitive import Tensor, broadcast_shape
from kgui.engine.options import Start
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
