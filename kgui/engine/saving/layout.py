"""Where each layer's variables stand in a file: Keras's paths, `layers/dense_1` and the like.

Paths are made of attribute names and, in lists, of class names that are counted: not of layer
names, which differ between two models that one script makes. A layer found twice is kept once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kgui.engine.backend.session import SeedGenerator
from kgui.engine.layers.layer import Layer
from kgui.engine.naming import snake_case
from kgui.engine.optimizers import Optimizer
from kgui.engine.stored import Stored

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

Kept = Stored | SeedGenerator
"""What has a place in a file."""


class Place(NamedTuple):
    """Something kept, and its path; "" for the model itself."""

    path: str
    item: Kept


def places(model: "Model", include_optimizer: bool = True) -> Iterator[Place]:
    """Everything of a model that files keep, in Keras's order."""
    seen: set[int] = set()
    if not include_optimizer and model.compiled is not None:
        seen.add(id(model.compiled.optimizer))
    yield from _walk(model, "", seen)


def _walk(item: Kept, path: str, seen: set[int]) -> Iterator[Place]:
    if id(item) in seen:
        return
    seen.add(id(item))
    yield Place(path, item)
    if isinstance(item, Layer):
        for name, value in _attributes(item):
            inner = f"{path}/{name}" if path else name
            if isinstance(value, Kept):
                yield from _walk(value, inner, seen)
            elif isinstance(value, list | tuple | dict):
                yield from _walk_container(value, inner, seen, set())


def _walk_container(
    container: Any, path: str, seen: set[int], open_containers: set[int]
) -> Iterator[Place]:
    if id(container) in open_containers:
        return
    open_containers.add(id(container))
    names: Counter[str] = Counter()
    for item in container.values() if isinstance(container, dict) else container:
        if isinstance(item, Layer | Optimizer):
            inner = _counted(kind_of(item), names)
            yield from _walk(item, f"{path}/{inner}", seen)
        elif isinstance(item, list | tuple | dict):
            inner = _counted("container", names)
            yield from _walk_container(item, f"{path}/{inner}", seen, open_containers)


def _attributes(item: Layer) -> list[tuple[str, Any]]:
    """Attributes by name, private ones last; the layers of a model of layers come first."""
    found: dict[str, Any] = {
        name: value for name, value in vars(item).items() if name not in _not_kept()
    }
    optimizer = getattr(getattr(item, "compiled", None), "optimizer", None)
    if optimizer is not None:
        found["optimizer"] = optimizer
    ordered = sorted(found, key=lambda name: f"~{name}" if name.startswith("_") else name)
    first = []
    if getattr(item, "is_graph", False) or hasattr(item, "stack"):
        first = [("layers", list(item.layers))]  # type: ignore[attr-defined] # models have them
    return [*first, *((name, found[name]) for name in ordered)]


def _counted(name: str, names: Counter[str]) -> str:
    """The name, with a number from its second use on."""
    names[name] += 1
    return name if names[name] == 1 else f"{name}_{names[name] - 1}"


def kind_of(item: Layer | Optimizer) -> str:
    """The class's name as paths have it; a graph of layers is "functional"."""
    name = type(item).__name__
    return "functional" if name == "Model" else snake_case(name)


def _not_kept() -> Mapping[str, Any]:
    """Attributes that every layer or model has; the layers of a graph are asked for as such."""
    if not _BASE:
        from kgui.engine.models import Sequential  # models are saved by this package

        _BASE.update(vars(Sequential(name="none")))
    return _BASE


_BASE: dict[str, Any] = {}
