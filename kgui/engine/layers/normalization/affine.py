"""What normalizing layers share: axes, and a scale and an offset to learn."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from kgui.engine import constraints, initializers, regularizers
from kgui.engine.errors import OptionError, ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.ranks import check_rank
from kgui.engine.options import ConstraintName, InitializerName, Range, RegularizerName
from kgui.engine.symbolic import Shape
from kgui.engine.variables import Variable

Initializer = InitializerName | initializers.Initializer
Regularizer = RegularizerName | regularizers.Regularizer | None
Constraint = ConstraintName | constraints.Constraint | None
Epsilon = Annotated[float, Range(minimum=0)]


class AxisError(OptionError, TypeError):
    """An axis that is no whole number, nor a list of them."""


class Affine(Layer):
    """The base of layers that normalize, then scale and shift what they have normalized.

    Args:
        epsilon: Small number added to the variance, so that nothing is divided by zero.
        center: Whether an offset is learnt that is added to the result.
        scale: Whether a factor is learnt that the result is multiplied by.
        beta_initializer: How the offsets start.
        gamma_initializer: How the factors start.
        beta_regularizer: Penalty on the offsets that is added to the loss.
        gamma_regularizer: Penalty on the factors that is added to the loss.
        beta_constraint: What the offsets must satisfy after every update.
        gamma_constraint: What the factors must satisfy after every update.
    """

    in_palette = False
    supports_masking = True

    epsilon: float
    center: bool
    scale: bool
    gamma: Variable | None = None
    beta: Variable | None = None

    def take_affine(self, options: Mapping[str, Any]) -> None:
        """Keep the options of scale and offset, out of all arguments of the layer."""
        self.epsilon = float(options["epsilon"])
        self.center, self.scale = bool(options["center"]), bool(options["scale"])
        for name in ("beta", "gamma"):
            for family in (initializers, regularizers, constraints):
                option = f"{name}_{family.__name__.rpartition('.')[2].removesuffix('s')}"
                setattr(self, option, family.get(options[option]))

    def add_affine(self, shape: Sequence[int]) -> None:
        """Make gamma and beta, where they are wanted."""
        self.gamma = self._add("gamma", shape) if self.scale else None
        self.beta = self._add("beta", shape) if self.center else None

    def _add(self, name: str, shape: Sequence[int]) -> Variable:
        return self.add_weight(
            shape,
            getattr(self, f"{name}_initializer"),
            name=name,
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
        )

    def check_shape(self, shape: Shape, ndim: int, axis: int, size: int) -> None:
        """ShapeError unless the input has so many axes, and that size along one."""
        check_rank(self.name, shape, ndim)
        if shape[axis] not in (None, size):
            raise ShapeError(
                "Input 0 with name 'None' of layer '{layer}' is incompatible with the layer: "
                "expected axis {axis} of input shape to have value {expected}, "
                "but received input with shape {shape}",
                plain="was built for size {expected} along axis {axis}, but gets {shape}",
                layer=self.name,
                axis=axis,
                expected=size,
                shape=shape,
            )


def known_sizes(layer: str, shape: Shape, axes: Sequence[int]) -> tuple[int, ...]:
    """The sizes along axes; ShapeError for an axis that is not there or of no known size."""
    sizes = [shape[place] for place in places(layer, shape, axes)]
    if None in sizes:
        raise ShapeError(
            "Axis {axis} of input tensor should have a defined dimension but the layer "
            "received an input with shape {shape}.",
            plain="needs to know the size of axis {axis}, but gets {shape}",
            axis=axes[0] if len(axes) == 1 else list(axes),
            shape=shape,
        )
    return tuple(size or 0 for size in sizes)


def places(layer: str, shape: Shape, axes: Sequence[int]) -> tuple[int, ...]:
    """Axes counted from the front; ShapeError for one that the shape does not have."""
    rank = len(shape)
    for axis in axes:
        if not -rank <= axis < rank:
            raise ShapeError(
                "Axis {axis} is out of bounds for input shape {shape}. Received: axis={axes}",
                plain="normalizes along axis {axis}, which an input of shape {shape} does not have",
                axis=axis,
                shape=shape,
                axes=axes[0] if len(axes) == 1 else list(axes),
            )
    found = tuple(axis % rank for axis in axes)
    if len(set(found)) < len(found):
        raise ShapeError(
            "Layer '{layer}' has the same axis twice: axis={axes}, input shape {shape}",
            plain="names the same axis twice: {axes}",
            layer=layer,
            axes=list(axes),
            shape=shape,
        )
    return found


def as_axes(axis: Any) -> int | list[int]:
    """An axis, or a list of them; TypeError for anything else."""
    if isinstance(axis, int) and not isinstance(axis, bool):
        return axis
    if isinstance(axis, list | tuple) and all(type(item) is int for item in axis):
        return list(axis)
    raise AxisError(
        "Expected an int or a list/tuple of ints for the argument '{option}', "
        "but received: {axis!r}",
        plain="{option} must be whole numbers such as 1, 2; {axis!r} is not",
        option="axis",
        axis=axis,
    )


def listed(axis: int | list[int]) -> list[int]:
    """One axis or several, in ascending order."""
    return [axis] if isinstance(axis, int) else sorted(axis)
