"""Regularization: layers that make training harder, so that more is learnt than the samples."""

from typing import Annotated, Any, ClassVar, Literal

from kgui.engine import ops, regularizers
from kgui.engine.backend.session import SeedGenerator
from kgui.engine.errors import OptionError
from kgui.engine.layers.layer import Layer
from kgui.engine.layers.ranks import check_rank
from kgui.engine.ops import random
from kgui.engine.ops.primitive import Tensor
from kgui.engine.options import Range, Start
from kgui.engine.symbolic import Shape

Rate = Annotated[float, Range(0, 1), Start(0.5)]
Seed = Annotated[int, Range(minimum=0)] | None


class Dropout(Layer):
    """Sets some values to 0 at random while training, and passes all of them afterwards.

    Args:
        rate: Share of the values that are dropped, from 0 to 1.
        noise_shape: Shape of what is drawn, the batch first: 1 where all values share one draw,
            none for the size of the input.
        seed: Number that fixes the random draws; none draws one.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(
        self,
        rate: Rate,
        noise_shape: tuple[int | None, ...] | None = None,
        seed: Seed = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rate, self.seed = float(rate), seed
        self.noise_shape = None if noise_shape is None else tuple(noise_shape)
        self.seed_generator = SeedGenerator(seed)

    def check_input(self, inputs: Any) -> None:
        """A shape that the noise fits."""
        super().check_input(inputs)
        random.check_noise(self._drawn(), tuple(inputs.shape))

    def _drawn(self) -> Shape | None:
        """The shape of what is drawn; None in it is the input's size."""
        return self.noise_shape

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """The inputs, with values dropped if training."""
        if not training or self.rate == 0:
            return inputs
        return ops.dropout(inputs, self.rate, self.seed_generator, self._drawn())


class SpatialDropout(Dropout):
    """The base of layers that drop whole features."""

    in_palette = False
    ndim: ClassVar[int]

    def __init__(
        self, rate: float, seed: Seed, name: str | None = None, dtype: str | None = None
    ) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype)

    def check_input(self, inputs: Any) -> None:
        """The number of axes that the layer is for."""
        check_rank(self.name, tuple(inputs.shape), self.ndim)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; Keras takes no `trainable` here."""
        config = super().get_config()
        config.pop("trainable", None)
        return {**config, "dtype": self.dtype}


class SpatialDropout1D(SpatialDropout):
    """Drops whole features of sequences (steps, features): the same at every step.

    Args:
        rate: Share of the features that are dropped, from 0 to 1.
        seed: Number that fixes the random draws; none draws one.
    """

    in_palette = True
    ndim = 3

    def __init__(
        self, rate: Rate, seed: Seed = None, name: str | None = None, dtype: str | None = None
    ) -> None:
        super().__init__(rate, seed, name, dtype)

    def _drawn(self) -> Shape | None:
        return None, 1, None


class SpatialDropout2D(SpatialDropout):
    """Drops whole features of pictures: the same at every pixel.

    Args:
        rate: Share of the features that are dropped, from 0 to 1.
        data_format: Whether the features are the last axis or the first after the batch; none
            is the last.
        seed: Number that fixes the random draws; none draws one.
    """

    in_palette = True
    ndim = 4

    def __init__(
        self,
        rate: Rate,
        data_format: Literal["channels_last", "channels_first"] | None = None,
        seed: Seed = None,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(rate, seed, name, dtype)
        self.data_format = data_format or "channels_last"

    def _drawn(self) -> Shape | None:
        if self.data_format == "channels_first":
            return None, None, 1, 1
        return None, 1, 1, None

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        return {**super().get_config(), "data_format": self.data_format}


class GaussianNoise(Layer):
    """Adds normally distributed noise while training.

    Args:
        stddev: Standard deviation of the noise, from 0 to 1.
        seed: Number that fixes the random draws; none draws one.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(
        self,
        stddev: Annotated[float, Range(0, 1), Start(0.1)],
        seed: Seed = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.stddev, self.seed = float(stddev), seed
        self.seed_generator = SeedGenerator(seed)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """The inputs, with noise added if training."""
        if not training or self.stddev == 0:
            return inputs
        x = ops.cast(inputs, self.dtype)
        return random.gaussian_noise(x, self.stddev, self.seed_generator)


class GaussianDropout(Layer):
    """Multiplies with normally distributed noise about 1 while training.

    Args:
        rate: Strength of the noise, as the share that Dropout would drop: from 0 to below 1.
        seed: Number that fixes the random draws; none draws one.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(self, rate: Rate, seed: Seed = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate, self.seed = float(rate), seed
        self.seed_generator = SeedGenerator(seed)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """The inputs, times noise if training; OptionError for a rate of 1: infinite noise."""
        if not training or self.rate == 0:
            return inputs
        if self.rate == 1:
            raise OptionError(
                "A `{option}` of 1 makes infinite noise. Received: {option}={value}",
                plain="{option} must be below 1: the noise would be infinite",
                option="rate",
                value=self.rate,
            )
        x = ops.cast(inputs, self.dtype)
        return random.gaussian_dropout(x, self.rate, self.seed_generator)


class ActivityRegularization(Layer):
    """Passes its input, and adds a penalty on the values to the loss.

    Args:
        l1: Factor of the sum of magnitudes.
        l2: Factor of the sum of squares.
    """

    nothing_to_build = True
    supports_masking = True

    def __init__(
        self,
        l1: Annotated[float, Range(minimum=0)] = 0.0,
        l2: Annotated[float, Range(minimum=0)] = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.l1, self.l2 = l1, l2
        self.activity_regularizer = regularizers.L1L2(l1=l1, l2=l2)

    def call(self, inputs: Tensor) -> Tensor:
        """The inputs as they are."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer, as plain data."""
        config = super().get_config()
        config.pop("activity_regularizer", None)
        return config
