"""Building: a layer whose `build` ran is built, whoever called it, and knows for which shapes."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ClassVar


def marking(build: Callable[..., None]) -> Callable[..., None]:
    """The same `build`, which leaves the layer marked as built unless it fails or says no."""

    @wraps(build)
    def marked(layer: Any, *args: Any, **kwargs: Any) -> None:
        before = layer.built
        layer.built = True
        try:
            build(layer, *args, **kwargs)
        except BaseException:
            layer.built = before
            raise
        shapes = dict(signature(build).bind(layer, *args, **kwargs).arguments)
        layer.shapes_built_for = dict(list(shapes.items())[1:])

    return marked


class Builds:
    """Something that is built for shapes, which its file tells so that it can be built again."""

    nothing_to_build: ClassVar[bool] = False
    """True for layers that are built as soon as they are made, unless a class adds a `build`."""
    shapes_built_for: dict[str, Any] | None = None
    """What `build` was called with, by argument."""

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs of that shape; most layers have none."""

    def get_build_config(self) -> dict[str, Any] | None:
        """The shapes that the layer was built for; None for one that was not built for any."""
        shapes = self.shapes_built_for
        if not shapes:
            return None
        if len(shapes) == 1:
            return {"input_shape": next(iter(shapes.values()))}
        return {"shapes_dict": shapes}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Make the weights for the shapes that `get_build_config` told."""
        if "input_shape" in config:
            self.build(as_shapes(config["input_shape"]))
        elif "shapes_dict" in config:
            self.build(**{key: as_shapes(value) for key, value in config["shapes_dict"].items()})


def as_shapes(plain: Any) -> Any:
    """Shapes from plain data, where a shape is a list like any other."""
    if isinstance(plain, dict):
        return {key: as_shapes(value) for key, value in plain.items()}
    if not isinstance(plain, list | tuple):
        return plain
    if all(size is None or isinstance(size, int) for size in plain):
        return tuple(plain)
    return [as_shapes(item) for item in plain]
