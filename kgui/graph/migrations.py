"""From older versions of the file to today's: a chain of pure functions on the parsed JSON.

When the format changes: raise VERSION by one, add `_from_1_to_2` to STEPS under 1, and keep a
file of the old version among the tests for ever.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Document = dict[str, Any]
Step = Callable[[Document], Document]
"""From version n to n + 1; gives a new dictionary and leaves the old one as it was."""

VERSION = 1
STEPS: Mapping[int, Step] = MappingProxyType({})
"""Version n -> the step to n + 1, for every n below VERSION."""


def migrate(
    document: Document, version: int, steps: Mapping[int, Step] = STEPS, newest: int = VERSION
) -> Document:
    """The document as the newest version says it; KeyError if there is no way from `version`."""
    for step in range(version, newest):
        document = {**steps[step](document), "version": step + 1}
    return document
