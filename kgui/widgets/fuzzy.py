"""How well a text answers to what was typed: words, beginnings, initials, letters in order."""

from collections.abc import Iterable

LOOSEST = 0.5
"""Of letters that stand in order, this share of their span at least is theirs."""


def answers(query: str, text: str) -> float:
    """How well a text holds every word of the query, higher is better; 0 where it does not."""
    words = query.casefold().split()
    subject = text.casefold()
    found = [_answer(word, subject) for word in words]
    if not all(found):
        return 0.0
    # Of texts that answer alike, the shortest has the least that was not asked for.
    return sum(found, 1.0) - len(subject) / 10_000


def _answer(word: str, text: str) -> float:
    parts = text.replace(".", " ").replace("_", " ").split()
    if word in parts:
        return 6.0
    if any(part.startswith(word) for part in parts):
        return 5.0 if parts[0].startswith(word) else 4.5
    if word in text:
        return 3.0
    if "".join(part[0] for part in parts).startswith(word):
        return 2.5
    tightness = _tightness(word, text)
    return tightness if tightness >= LOOSEST else 0.0


def _tightness(word: str, text: str) -> float:
    """Letters over the span in which they stand in order; 0 where they do not."""
    spans = (_span(word, text, start) for start in _places(word[0], text))
    shortest = min((span for span in spans if span), default=0)
    return len(word) / shortest if shortest else 0.0


def _places(letter: str, text: str) -> Iterable[int]:
    return (place for place, other in enumerate(text) if other == letter)


def _span(word: str, text: str, start: int) -> int:
    place = start
    for letter in word[1:]:
        place = text.find(letter, place + 1)
        if place < 0:
            return 0
    return place - start + 1
