"""The number of axes that a layer asks of its input."""

from kgui.engine.errors import ShapeError
from kgui.engine.symbolic import Shape


def check_rank(layer: str, shape: Shape, ndim: int) -> None:
    """ShapeError unless the shape, batch included, has that many axes."""
    if len(shape) != ndim:
        raise ShapeError(
            "Input 0 with name 'None' of layer '{layer}' is incompatible with the layer: "
            "expected ndim={expected}, found ndim={found}. Full shape received: {shape}",
            plain="needs an input with {expected} axes (the batch is one), but gets {shape}",
            layer=layer,
            expected=ndim,
            found=len(shape),
            shape=shape,
        )
