"""Sequences of different lengths, made into one array."""

from collections.abc import Sequence, Sized
from typing import Any

import numpy as np
import numpy.typing as npt


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> npt.NDArray[Any]:
    """Sequences cut or filled to one length: an array (samples, steps, ...).

    Args:
        sequences: Lists of numbers, or of rows of equal shape.
        maxlen: Length to bring them to; that of the longest unless given.
        dtype: Number type of the array; `object` for texts.
        padding: Where shorter ones are filled: "pre" at the front, "post" at the end.
        truncating: Where longer ones are cut: "pre" at the front, "post" at the end.
        value: What they are filled with.
    """
    if not isinstance(sequences, Sized):
        raise ValueError("`sequences` must be iterable.")
    shape = _row_shape(sequences)
    _check_value(dtype, value)
    if maxlen is None:
        maxlen = int(np.max([len(sequence) for sequence in sequences]))
    result = np.full((len(sequences), maxlen, *shape), value, dtype=dtype)
    for index, sequence in enumerate(sequences):
        if not len(sequence):
            continue
        kept = np.asarray(_cut(sequence, maxlen, truncating), dtype=dtype)
        if kept.shape[1:] != shape:
            raise ValueError(
                f"Shape of sample {kept.shape[1:]} of sequence at position {index} is different "
                f"from expected shape {shape}"
            )
        result[index, _place(len(kept), padding)] = kept
    return result


def _row_shape(sequences: Any) -> tuple[int, ...]:
    """The shape of one step, from the first sequence that has one."""
    for sequence in sequences:
        if not isinstance(sequence, Sized):
            raise ValueError(
                f"`sequences` must be a list of iterables. Found non-iterable: {sequence}"
            )
    filled = (sequence for sequence in sequences if len(sequence))
    return np.asarray(next(filled, [])).shape[1:]


def _check_value(dtype: Any, value: Any) -> None:
    text = np.issubdtype(dtype, np.str_) or np.issubdtype(dtype, np.bytes_)
    if isinstance(value, str) and dtype is not object and not text:
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\n"
            "You should set `dtype=object` for variable length strings."
        )


def _cut(sequence: Any, length: int, truncating: str) -> Any:
    if truncating not in ("pre", "post"):
        raise ValueError(f'Truncating type "{truncating}" not understood')
    return sequence[-length:] if truncating == "pre" else sequence[:length]


def _place(length: int, padding: str) -> slice:
    if padding not in ("pre", "post"):
        raise ValueError(f'Padding type "{padding}" not understood')
    return slice(-length, None) if padding == "pre" else slice(length)
