"""Angles and distances, and what is made of them."""

import numpy as np

from kgui.engine.ops.arithmetic import multiply
from kgui.engine.ops.composite import composite
from kgui.engine.ops.computed import pointwise
from kgui.engine.ops.primitive import Tensor, as_floats

_arctan2 = pointwise(
    "arctan2",
    np.arctan2,
    lambda output, a, b: b / (a * a + b * b),
    lambda output, a, b: -a / (a * a + b * b),
)
_hypot = pointwise(
    "hypot", np.hypot, lambda output, a, b: a / output, lambda output, a, b: b / output
)
_sinc = pointwise(
    "sinc",
    np.sinc,
    lambda y, x: np.where(x == 0, 0, (np.cos(np.pi * x) - y) / np.where(x == 0, 1, x)),
)


@composite
def arctan2(x1: Tensor, x2: Tensor) -> Tensor:
    """The angle of the point (x2, x1), in all quadrants."""
    return _arctan2(as_floats(x1), as_floats(x2))


@composite
def hypot(x1: Tensor, x2: Tensor) -> Tensor:
    """sqrt(x1² + x2²), without overflow."""
    return _hypot(as_floats(x1), as_floats(x2))


@composite
def sinc(x: Tensor) -> Tensor:
    """sin(pi x) / (pi x), and 1 at 0."""
    return _sinc(as_floats(x))


@composite
def deg2rad(x: Tensor) -> Tensor:
    """Degrees as radians."""
    return multiply(x, float(np.pi) / 180)


@composite
def rad2deg(x: Tensor) -> Tensor:
    """Radians as degrees."""
    return multiply(x, 180 / float(np.pi))
