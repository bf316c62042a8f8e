"""Names for nodes, as Keras gives them: snake case of the class, then _1, _2, ..."""

import re
from collections.abc import Container

LONGEST_NAME = 64
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
"""What names of nodes, types and options look like (`fullmatch`)."""

_WORD_STARTS = re.compile(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])")
_NUMBER = re.compile(r"_[1-9][0-9]*$")


def snake_case(class_name: str) -> str:
    """Keras's name for a layer of that class: Dense -> dense, ReLU -> re_lu, Conv2D -> conv2d."""
    return _WORD_STARTS.sub("_", class_name).lower()


def free_name(wanted: str, taken: Container[str]) -> str:
    """The wanted name, or the first of name_1, name_2, ... that is not taken."""
    if wanted not in taken:
        return wanted
    base = _NUMBER.sub("", wanted) or wanted
    number = 1
    while (name := f"{base[: LONGEST_NAME - len(str(number)) - 1]}_{number}") in taken:
        number += 1
    return name
