"""Names as Keras makes them: dense, dense_1, re_lu; counted per session."""

import re

from kgui.engine.backend.session import get_session


def snake_case(name: str) -> str:
    """ "ReLU" -> "re_lu", "Conv2D" -> "conv2d", "LSTM" -> "lstm"."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def automatic_name(prefix: str) -> str:
    """The next free name of the session: prefix, prefix_1, prefix_2, ..."""
    names = get_session().names
    count = names[prefix]
    names[prefix] += 1
    return prefix if count == 0 else f"{prefix}_{count}"


def layer_name(given: str | None, kind: str) -> str:
    """The given name, or the next free one of its class; ValueError for one that cannot be.

    Paths of weights are names with "/" between, so no name has one.
    """
    if given is None:
        return automatic_name(snake_case(kind))
    if not isinstance(given, str) or "/" in given:
        raise ValueError(
            "Argument `name` must be a string and cannot contain character `/`. "
            f"Received: name={given} (of type {type(given)})"
        )
    return given
