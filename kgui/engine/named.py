"""What a name, a class or plain data stand for, in families such as constraints and losses.

`family` is the word for them in messages, `known` the family's table of names.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from kgui.engine.naming import snake_case
from kgui.engine.nearest import did_you_mean

T = TypeVar("T")


def by_names(*kinds: type[T]) -> dict[str, type[T]]:
    """Classes by their names, as a class and as a function are written."""
    names = {kind.__name__: kind for kind in kinds}
    return names | {snake_case(name): kind for name, kind in names.items()}


def instance_of(family: str, known: Mapping[str, Any], identifier: Any) -> Any:
    """The object of that name, class or config; a function as it is; None for None."""
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        return described_by(family, known, identifier)
    found = known.get(identifier) if isinstance(identifier, str) else identifier
    return _made(family, known, identifier, found)


def described_by(
    family: str,
    known: Mapping[str, Any],
    config: dict[str, Any],
    custom_objects: Mapping[str, Any] | None = None,
) -> Any:
    """The object that plain data describe; ValueError for a class that is not known."""
    name = config.get("class_name")
    tables = (custom_objects or {}, known)
    kind = next((t[name] for t in tables if isinstance(name, str) and name in t), None)
    if kind is None:
        raise _unknown(family, known, name)
    return kind.from_config(config.get("config", {}))


def plain(item: Any) -> Any:
    """An object, or a function, as plain data."""
    from kgui.engine.saving.serialization import serialize_keras_object  # it knows the families

    return serialize_keras_object(item)


def item_of(family: str, known: Mapping[str, Any], identifier: Any) -> Any:
    """As `instance_of`, where some names stand for functions: these are given as they are."""
    if identifier is None:
        return None
    found = identifier
    if isinstance(identifier, str):
        found = known.get(identifier)
    elif isinstance(identifier, dict) and identifier.get("class_name") in known:
        found = known[identifier["class_name"]]
        if isinstance(found, type):
            return found(**identifier.get("config", {}))
    return _made(family, known, identifier, found)


def item_described_by(
    family: str,
    known: Mapping[str, Any],
    name: Any,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any:
    """The object or function of that name, or that plain data describe."""
    from kgui.engine.saving.serialization import deserialize_keras_object  # as above

    if not isinstance(name, str):
        return deserialize_keras_object(name, custom_objects)
    found = (custom_objects or {}).get(name)
    return item_of(family, known, name) if found is None else found


def _made(family: str, known: Mapping[str, Any], identifier: Any, found: Any) -> Any:
    if isinstance(found, type):
        return found()
    if not callable(found):
        raise _unknown(family, known, identifier)
    return found


def _unknown(family: str, known: Mapping[str, Any], identifier: Any) -> ValueError:
    hint = did_you_mean(identifier, known)
    return ValueError(f"Could not interpret {family} identifier: {identifier}{hint}")
