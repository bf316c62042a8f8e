"""Quantiles of data that come in batches, after Keras's way of summing them up.

A summary is a (2, n) array: values in rising order, and how many values each stands for.
"""

import numpy as np

from kgui.engine.variables import Array


def empty_summary() -> Array:
    """The summary of no data."""
    return np.zeros((2, 0), "float32")


def summarize(values: Array, epsilon: float) -> Array:
    """The summary of one batch, with about 1 / epsilon values."""
    ordered = np.sort(values, axis=None)
    step = max(ordered.size * epsilon, 1)
    picked = ordered[int(step - 1) :: int(step)]
    return np.stack([picked, np.full_like(picked, step)])


def merge(first: Array, second: Array, epsilon: float) -> Array:
    """The summary of the data of both."""
    merged = np.concatenate((first, second), axis=1)
    return compress(merged[:, np.argsort(merged[0])], epsilon)


def compress(summary: Array, epsilon: float) -> Array:
    """A summary of about 1 / epsilon values, by interpolation."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    counts = summary[1].cumsum()
    before = counts / counts[-1]
    values, counts = np.interp(shares, before, summary[0]), np.interp(shares, before, counts)
    return np.stack((values, np.diff(counts, prepend=0))).astype("float32")


def boundaries(summary: Array, count: int) -> list[float]:
    """The limits between that many bins of equally many values."""
    found: list[float] = compress(summary, 1.0 / count)[0, :-1].tolist()
    return found
