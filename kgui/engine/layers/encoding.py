"""What the layers for categories share: indices into rows of zeros and ones."""

from typing import Any

import numpy as np

from kgui.engine import ops
from kgui.engine.errors import IndexRangeError, OptionError
from kgui.engine.layers.layer import Layer
from kgui.engine.ops.lookup import one_hot
from kgui.engine.ops.primitive import Tensor
from kgui.engine.symbolic import is_symbolic
from kgui.engine.variables import Array


class DataLayer(Layer):
    """The base of layers that prepare data: lists of numbers are taken as arrays."""

    in_palette = False

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Make a node of the graph from a symbolic tensor, or compute from numbers."""
        if isinstance(inputs, list | tuple) and not is_symbolic(inputs):
            inputs = np.asarray(inputs)
        return super().__call__(inputs, *args, **kwargs)


def encode(
    indices: Tensor, mode: str, depth: int, dtype: str, weights: Tensor | None = None
) -> Tensor:
    """Indices as they are ("int"), or as rows of `depth` numbers: one each, or one a sample."""
    if mode == "int":
        return indices
    if len(indices.shape) == 0:
        indices = ops.reshape(indices, (1,))
    rank = len(indices.shape)
    if mode == "one_hot":
        single = rank > 1 and indices.shape[-1] == 1
        return one_hot(ops.squeeze(indices, -1) if single else indices, depth, dtype, "num_tokens")
    rows = one_hot(indices, depth, dtype, "num_tokens")
    if weights is not None:
        weights = weights if hasattr(weights, "dtype") else np.asarray(weights)
        rows = ops.multiply(rows, ops.expand_dims(ops.cast(weights, dtype), -1))
    counts = ops.sum(rows, axis=1 if rank > 1 else 0)
    return ops.minimum(counts, 1.0) if mode == "multi_hot" else counts


def check_indices(layer: str, array: Array, count: int, meaning: str) -> None:
    """Raise IndexRangeError if an array holds an index that is not below `count`."""
    if array.size == 0:
        return
    for extreme in (array.min(), array.max()):
        if not -1 < extreme < count:  # -0.5 is cut off to 0, and NaN is refused
            raise IndexRangeError(
                'The inputs of layer "{layer}" hold the index {index}, but with '
                "{meaning}={count} indices are whole numbers from 0 to {last}.",
                plain="takes indices from 0 to {last} ({meaning} is {count}), but the data hold "
                "{index}",
                layer=layer,
                output=layer,
                index=extreme.item(),
                meaning=meaning,
                count=count,
                last=count - 1,
            )


def check_sparse(sparse: bool, mode: str) -> None:
    """Raise ValueError if sparse tensors are asked for: there are none here."""
    if sparse and mode == "int":
        raise ValueError(
            "`sparse=True` may only be used if `output_mode` is `'one_hot'`, `'multi_hot'`, or "
            f"`'count'`. Received: sparse={sparse} and output_mode={mode}"
        )
    if sparse:
        raise ValueError("`sparse=True` cannot be used with backend numpy")


def check_bins(boundaries: Any, count: int | None) -> None:
    """Raise an error unless either limits that rise or a number of bins is given."""
    if count is not None and boundaries is not None:
        raise ValueError(
            "Both `num_bins` and `bin_boundaries` should not be set. Received: "
            f"`num_bins={count}` and `bin_boundaries={boundaries}`"
        )
    if count is None and boundaries is None:
        raise OptionError(
            "You need to set either `num_bins` or `bin_boundaries`.",
            plain="bin_boundaries is not set",
            option="bin_boundaries",
        )
    if boundaries is not None and np.any(np.diff(np.asarray(boundaries, float)) < 0):
        raise OptionError(
            "`bin_boundaries` must be in rising order. Received: bin_boundaries={value}",
            plain="bin_boundaries must be in rising order, unlike {value}",
            option="bin_boundaries",
            value=list(boundaries),
        )
