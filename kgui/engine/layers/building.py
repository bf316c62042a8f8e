"""Building: a layer whose `build` ran is built, whoever called it."""

from collections.abc import Callable
from functools import wraps
from typing import Any


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

    return marked
