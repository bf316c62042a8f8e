"""What someone who mistyped a name may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


def did_you_mean(word: Any, names: Iterable[str]) -> str:
    """Words to append to a message: the names most like a word, or "" if none is like it."""
    if not isinstance(word, str):
        return ""
    by_lower: dict[str, str] = {}
    for name in sorted(names, key=str.islower, reverse=True):
        by_lower.setdefault(name.lower(), name)
    found = [by_lower[match] for match in get_close_matches(word.lower(), by_lower, 3, 0.6)]
    return f". Did you mean {' or '.join(map(repr, found))}?" if found else ""
