"""Preprocessing: fixed arithmetic that travels with the network."""

from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any, Literal, Self

import numpy as np

from kgui.engine import ops, quantiles
from kgui.engine.backend.session import epsilon
from kgui.engine.errors import OptionError
from kgui.engine.layers.encoding import (
    DataLayer,
    check_bins,
    check_indices,
    check_sparse,
    encode,
)
from kgui.engine.layers.layer import Layer
from kgui.engine.moments import check_moments, gather, laid_out
from kgui.engine.ops.lookup import digitize
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import Range, Start
from kgui.engine.symbolic import KerasTensor, Shape
from kgui.engine.variables import Array


class Rescaling(Layer):
    """Multiplies every value by a number and adds another: 1/255 turns pixels into 0 to 1.

    Args:
        scale: Number that every value is multiplied by.
        offset: Number that is added afterwards.
    """

    supports_masking = True

    def __init__(
        self,
        scale: Annotated[float | Sequence[float], Start(1.0)],
        offset: float | Sequence[float] = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.scale, self.offset = _plain(scale), _plain(offset)
        self._arguments |= {"scale": self.scale, "offset": self.offset}

    def call(self, inputs: Tensor) -> Tensor:
        """inputs * scale + offset; lists broadcast to the last axes."""
        scale, offset = (np.asarray(value, self.dtype) for value in (self.scale, self.offset))
        outputs = ops.multiply(ops.cast(inputs, self.dtype), scale)
        return ops.add(outputs, offset) if offset.any() else outputs


class Normalization(DataLayer):
    """Shifts and scales values so that their mean is 0 and their deviation 1.

    Args:
        axis: Axes with a mean and variance for each index, -1 the last; none takes all together.
        mean: Mean of the values as they come in.
        variance: Variance of the values as they come in: the square of their deviation.
        invert: Whether to turn normalized values back into what they were.
    """

    in_palette = True
    supports_masking = True

    def __init__(
        self,
        axis: int | tuple[int, ...] | None = -1,
        mean: Annotated[float | Sequence[Any] | Array | None, Start(0.0)] = None,
        variance: Annotated[
            float | Sequence[Any] | Array | None, Range(minimum=0), Start(1.0)
        ] = None,
        invert: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        self.invert = invert
        self.input_mean, self.input_variance = mean, variance
        check_moments(mean, variance, len(self.axis))

    def build(self, input_shape: Shape) -> None:
        """Make mean, variance and count, unless mean and variance were given."""
        rank = len(input_shape)
        if any(not -rank <= axis < rank for axis in self.axis):
            raise ValueError(
                "All `axis` values must be in the range [-ndim, ndim). Received inputs with "
                f"ndim={rank}, while axis={self.axis}"
            )
        self.kept = tuple(sorted(axis % rank for axis in self.axis))
        for axis in self.kept:
            if input_shape[axis] is None:
                raise ValueError(
                    "All `axis` values to be kept must have a known shape. Received "
                    f"axis={self.axis}, inputs.shape={input_shape}, with unknown axis at index "
                    f"{axis}"
                )
        self.spread = tuple(
            int(size or 1) if axis in self.kept else 1 for axis, size in enumerate(input_shape)
        )
        if self.input_mean is None:
            shape = tuple(self.spread[axis] for axis in self.kept)
            self.adapt_mean = self.add_weight(shape, "zeros", trainable=False, name="mean")
            self.adapt_variance = self.add_weight(shape, "ones", trainable=False, name="variance")
            self.count = self.add_weight((), "zeros", "int32", trainable=False, name="count")

    def adapt(self, data: Any) -> None:
        """Take mean and variance from data: an array, or an iterable of batches."""
        gathered = gather(data, self._reduced)
        self.adapt_mean.assign(gathered.mean)
        self.adapt_variance.assign(gathered.variance)

    def _reduced(self, shape: Shape) -> tuple[int, ...]:
        """The axes to average over, once the shape of the data is known to fit."""
        if not self.built:
            self.build_for(KerasTensor(shape, self.dtype, name=""))
        if self.input_mean is not None:
            raise ValueError("`adapt()` is for a layer that was not given `mean` and `variance`.")
        if len(shape) != len(self.spread) or any(shape[a] != self.spread[a] for a in self.kept):
            raise ValueError(
                f"The layer was built with input_shape={self.spread}, but adapt() is being called "
                f"with data with an incompatible shape, data.shape={shape}"
            )
        return tuple(axis for axis in range(len(shape)) if axis not in self.kept)

    def _moments(self) -> tuple[Tensor, Tensor]:
        if self.input_mean is None:
            found = (self.adapt_mean, self.adapt_variance)
            return ops.reshape(found[0], self.spread), ops.reshape(found[1], self.spread)
        given = (self.input_mean, self.input_variance)
        mean, variance = (laid_out(value, self.kept, self.spread, self.dtype) for value in given)
        return mean, variance

    def call(self, inputs: Tensor) -> Tensor:
        """(inputs - mean) / deviation, or the inverse of that."""
        inputs = ops.cast(inputs, self.dtype)
        mean, variance = self._moments()
        deviation = ops.maximum(ops.sqrt(variance), epsilon())
        if self.invert:
            return ops.add(mean, ops.multiply(inputs, deviation))
        return ops.divide(ops.subtract(inputs, mean), deviation)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        given = {"mean": self.input_mean, "variance": self.input_variance}
        plain = {key: None if v is None else np.asarray(v).tolist() for key, v in given.items()}
        return {**super().get_config(), "axis": self.axis, **plain}


class Discretization(DataLayer):
    """Turns numbers into the numbers of the bins that they fall into.

    Args:
        bin_boundaries: Limits between the bins, in rising order: n limits make n + 1 bins.
        num_bins: Number of bins whose limits `adapt` finds, instead of `bin_boundaries`.
        epsilon: How precisely `adapt` finds them.
        output_mode: What comes out: the bin's number (int), a 1 in its place (one_hot), or all
            values of a sample together (multi_hot, count).
        sparse: Taken as Keras takes it; False is all there is.
    """

    in_palette = True
    code_only = ("num_bins", "epsilon", "sparse")

    def __init__(
        self,
        bin_boundaries: Annotated[tuple[float, ...] | None, Start([0.0])] = None,
        num_bins: Annotated[int, Range(minimum=0)] | None = None,
        epsilon: float = 0.01,
        output_mode: Literal["int", "one_hot", "multi_hot", "count"] = "int",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_sparse(sparse, output_mode)
        check_bins(bin_boundaries, num_bins)
        given = bin_boundaries
        self.bin_boundaries = None if given is None else [float(limit) for limit in given]
        self.num_bins, self.epsilon, self.output_mode = num_bins, epsilon, output_mode
        self.summary = quantiles.empty_summary()

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Find the limits that part data (an array, or an iterable of batches) evenly."""
        if self.num_bins is None:
            raise ValueError(
                "Cannot adapt a Discretization layer that has been initialized with "
                "`bin_boundaries`, use `num_bins` instead."
            )
        batches = data if hasattr(data, "__iter__") and not hasattr(data, "shape") else [data]
        self.summary = quantiles.empty_summary()
        for batch in islice(batches, steps):
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Take in a batch."""
        summary = quantiles.summarize(np.asarray(data, "float32"), self.epsilon)
        self.summary = quantiles.merge(summary, self.summary, self.epsilon)

    def finalize_state(self) -> None:
        """Work out the limits from what was taken in."""
        if self.num_bins is not None:
            self.bin_boundaries = quantiles.boundaries(self.summary, self.num_bins)

    def call(self, inputs: Tensor) -> Tensor:
        """The bins' numbers, encoded as asked for."""
        if self.bin_boundaries is None:
            raise ValueError(
                "You need to either pass the `bin_boundaries` argument at construction time or "
                "call `adapt(dataset)` before you can start using the `Discretization` layer."
            )
        bins = digitize(ops.cast(inputs, self.dtype), self.bin_boundaries)
        return encode(bins, self.output_mode, len(self.bin_boundaries) + 1, self.dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data; Keras takes no `trainable` here."""
        config = super().get_config()
        del config["trainable"]
        return {**config, "bin_boundaries": self.bin_boundaries, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal layer; limits that were found count as if found here."""
        found = config.get("bin_boundaries")
        if found is None or config.get("num_bins") is None:
            return cls(**config)
        layer = cls(**{**config, "bin_boundaries": None})
        layer.bin_boundaries = list(found)
        return layer


class CategoryEncoding(DataLayer):
    """Turns class indices into rows of zeros and ones, or of counts.

    Args:
        num_tokens: Number of different indices: they go from 0 to one less.
        output_mode: What comes out: a row for every index (one_hot), or one for all indices
            of a sample (multi_hot), or how often each of them is there (count).
        sparse: Taken as Keras takes it; False is all there is.
    """

    in_palette = True
    code_only = ("sparse",)
    takes_indices = True

    def __init__(
        self,
        num_tokens: Annotated[int | None, Range(minimum=1), Start(10)] = None,
        output_mode: Literal["multi_hot", "one_hot", "count"] = "multi_hot",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_sparse(sparse, output_mode)
        if num_tokens is None:
            raise OptionError(
                "num_tokens must be set to use this layer. If the number of tokens is not known "
                "beforehand, use the IntegerLookup layer instead.",
                option="num_tokens",
            )
        self.num_tokens, self.output_mode = int(num_tokens), output_mode

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data; Keras leaves `sparse` out."""
        config = super().get_config()
        del config["sparse"]
        return config

    def check_values(self, array: Array) -> None:
        """Raise DataError if the data hold an index that is out of range."""
        check_indices(self.name, array, self.num_tokens, "num_tokens")

    def call(self, inputs: Tensor, count_weights: Tensor | None = None) -> Tensor:
        """The rows; `count_weights` are what each index counts."""
        if count_weights is not None and self.output_mode != "count":
            raise ValueError(
                "`count_weights` is not used when `output_mode` is not `'count'`. Received "
                f"`count_weights={count_weights}`."
            )
        return encode(inputs, self.output_mode, self.num_tokens, self.dtype, count_weights)


def _plain(value: Any) -> Any:
    """A number, or numbers in lists."""
    return np.asarray(value, np.float64).tolist()
