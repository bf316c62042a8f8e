"""A look at the free memory before anything large is read."""

from kgui.io.errors import MemoryNeedError
from kgui.io.memory import available_memory
from kgui.io.reasons import amount
from kgui.language import tr

SMALL = 16 * 10**6
"""Bytes that are granted without asking."""


def refuse_unless_it_fits(needed: int, name: str) -> None:
    """Raise MemoryNeedError, with both numbers, if `needed` bytes would not fit."""
    if needed <= SMALL:
        return
    free = available_memory() * 4 // 5
    if needed > free:
        sentence = tr("{name} would need {needed} of memory, and {free} is free.")
        values = {"needed": amount(needed), "free": amount(free)}
        raise MemoryNeedError(sentence.format(name=name, **values))
