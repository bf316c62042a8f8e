"""Classes and functions of one's own, by the names that files use for them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_REGISTERED: dict[str, Any] = {}
_NAMES: dict[Any, str] = {}
_scope: ContextVar[Mapping[str, Any] | None] = ContextVar("custom_objects", default=None)


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[T], T]:
    """Let files name a class or function: as "package>name".

    Args:
        package: What the name begins with.
        name: The name; that of the class or function unless given.
    """

    def register(item: T) -> T:
        if isinstance(item, type) and not hasattr(item, "get_config"):
            raise ValueError(
                "Cannot register a class that does not have a get_config() method. "
                f"Received: {item}"
            )
        full = f"{package}>{name or getattr(item, '__name__', item)}"
        _REGISTERED[full] = item
        _NAMES[item] = full
        return item

    return register


@contextmanager
def custom_object_scope(custom_objects: Mapping[str, Any] | None) -> Iterator[None]:
    """Let files name these classes and functions while the block runs."""
    token = _scope.set({**(_scope.get() or {}), **(custom_objects or {})})
    try:
        yield
    finally:
        _scope.reset(token)


def registered_name(item: Any) -> str:
    """The name under which files know a class or function."""
    return _NAMES.get(item) or str(getattr(item, "__name__", item))


def custom_object(*names: Any) -> Any:
    """The first object of one's own with one of these names; None if there is none."""
    for name in names:
        for table in (_scope.get() or {}, _REGISTERED):
            if isinstance(name, str) and name in table:
                return table[name]
    return None


def registered_object(
    name: str,
    custom_objects: Mapping[str, Any] | None = None,
    module_objects: Mapping[str, Any] | None = None,
) -> Any:
    """The class or function of that name; None if there is none."""
    found = custom_object(name)
    for table in (custom_objects or {}, module_objects or {}):
        found = table.get(name) if found is None else found
    return found


def custom_objects() -> dict[str, Any]:
    """What has been registered, by name: changing it changes what files may name."""
    return _REGISTERED
