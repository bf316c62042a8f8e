"""What counts as a number, and which numbers can be computed with."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from kgui.data.refusal import quoted, refusal
from kgui.data.values import Array
from kgui.language import tr

LARGEST = float(np.finfo(np.float32).max)
"""The engine computes in float32."""
MOST_NUMBERS = 0.9
"""From this share of its rows on, a column of words is one of numbers with slips in it."""
# Stricter than float(), which takes 1_000 and digits of other scripts.
_NUMBER = re.compile(r"\s*[-+]?((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|inf(inity)?|nan)\s*", re.A | re.I)


def is_number(word: str) -> bool:
    """True for what people and programs write as a number, infinity and NaN included."""
    return _NUMBER.fullmatch(word) is not None


@dataclass(frozen=True)
class Slip:
    """The first word in a column whose other rows hold numbers."""

    row: int
    word: str
    numbers: int
    """How many different numbers the other rows hold."""


def slip_in(values: Array) -> Slip | None:
    """Where a column became one of words because of a few that are no numbers."""
    if values.dtype != object:
        return None
    words = values.tolist()
    counts = Counter(word for word in words if isinstance(word, str))
    numbers = {word for word in counts if is_number(word)}
    share = sum(counts[word] for word in numbers) / max(counts.total(), 1)
    odd = counts.keys() - numbers
    if share < MOST_NUMBERS or not odd:
        return None
    row = next(row for row, word in enumerate(words) if word in odd)
    return Slip(row + 1, words[row], len(numbers))


def refuse_beyond(values: Array, column: str, name: str, shown: Array | None = None) -> None:
    """InputError for the first row with a number that is not finite or too large for float32.

    `values` is (rows,) or more; `shown` holds what to show instead, where they were scaled.
    """
    if values.dtype.kind != "f":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        sound = np.abs(values) <= LARGEST  # False for NaN
    if sound.all():
        return
    place = tuple(np.argwhere(~sound)[0])
    value = (values if shown is None else shown)[place]
    finite = np.isfinite(value)
    sentence = (
        tr("{name}, row {row}: {column} is {value}, too large to compute with.")
        if finite
        else tr("{name}, row {row}: {column} is {value}, which is not a finite number.")
    )
    raise refusal(sentence, name=name, row=int(place[0]) + 1, column=column, value=f"{value:g}")


def numbers_of(values: Array, column: str, name: str) -> Array:
    """A column as float64; InputError for the first row that holds anything but a number."""
    plain = np.ma.getdata(values)
    if plain.dtype.kind in "iuf":
        return plain.astype(np.float64)
    words = plain.tolist()
    for row, word in enumerate(words):
        if not (isinstance(word, str) and is_number(word)):
            sentence = tr("{name}, row {row}: {column} should be a number, but is {value}.")
            raise refusal(sentence, name=name, row=row + 1, column=column, value=quoted(word))
    return np.array([float(word) for word in words], np.float64)


def spread_of(values: Array, mean: float) -> float:
    """The standard deviation, and 1 where the values differ by rounding alone."""
    spread = float(values.std())
    # Of equal values, the computed mean is off by the last digit: 0.1 has a spread of 1e-17.
    return spread if spread > 1e-12 * abs(mean) else 1.0
