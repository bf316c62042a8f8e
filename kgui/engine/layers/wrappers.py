"""Wrappers: layers that use another layer in their own way."""

from typing import Any, Self

from kgui.engine import ops
from kgui.engine.errors import ShapeError
from kgui.engine.layers.layer import Layer
from kgui.engine.masking import argument_names
from kgui.engine.ops.primitive import Tensor
from kgui.engine.symbolic import KerasTensor, Shape


class Wrapper(Layer):
    """The base of layers that hold another one.

    Args:
        layer: The layer inside.
    """

    in_palette = False

    def __init__(self, layer: Layer, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(
                f"Layer {layer} supplied to Wrapper isn't a supported layer type. Please ensure "
                "wrapped layer is a valid Keras layer."
            )
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape: Any = None) -> None:
        """Build the layer inside for inputs of that shape."""
        self.layer.build_for(KerasTensor(input_shape, self.dtype, name=""))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal wrapper, the layer's among them."""
        from kgui.engine.saving.serialization import serialize_keras_object  # made of layers

        return {**super().get_config(), "layer": serialize_keras_object(self.layer)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """An equal wrapper around an equal layer with new weights."""
        from kgui.engine.saving.serialization import deserialize_keras_object  # made of layers

        inner, rest = config["layer"], {k: v for k, v in config.items() if k != "layer"}
        if isinstance(inner, Layer):
            return cls(inner, **rest)
        return cls(deserialize_keras_object(inner), **rest)


class TimeDistributed(Wrapper):
    """Applies a layer to every step of a sequence, with the same weights.

    Args:
        layer: The layer to apply.
    """

    supports_masking = True

    def __init__(self, layer: Layer, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(
                "Please initialize `TimeDistributed` layer with a `keras.layers.Layer` instance. "
                f"Received: {layer}"
            )
        super().__init__(layer, **kwargs)

    def check_input(self, inputs: Any) -> None:
        """Three axes or more: samples, steps, and what the layer takes."""
        super().check_input(inputs)
        if len(inputs.shape) < 3:
            raise ShapeError(
                "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 "
                "dimensions, received: {shape}",
                shape=tuple(inputs.shape),
            )

    def build(self, input_shape: Any = None) -> None:
        """Build the layer for one step."""
        super().build((input_shape[0], *input_shape[2:]))

    def call(self, inputs: Tensor, training: bool = False, mask: Any = None) -> Tensor:
        """The layer's outputs for every step, in a row."""
        shape = tuple(inputs.shape)
        _check_mask(mask, shape)
        names = argument_names(type(self.layer).call)
        options = {"training": training} if "training" in names else {}
        mask = mask if "mask" in names else None
        if shape[1] is not None and self._looks_across_samples:
            return self._step_by_step(inputs, mask, options)
        # All steps of all samples are one batch: the layer looks at each row alone.
        if mask is not None:
            options["mask"] = _rows(mask)
        outputs = self.layer.call(_rows(inputs), **options)
        return ops.reshape(outputs, (-1, _size(shape[1]), *map(_size, outputs.shape[1:])))

    @property
    def _looks_across_samples(self) -> bool:
        """True for a layer that keeps statistics, such as those of a batch."""
        return any(not weight.trainable for weight in self.layer.weights)

    def _step_by_step(self, inputs: Tensor, mask: Any, options: dict[str, Any]) -> Tensor:
        outputs = []
        for place in range(inputs.shape[1]):
            if mask is not None:
                options["mask"] = ops.get_item(mask, (slice(None), place))
            outputs.append(self.layer.call(ops.get_item(inputs, (slice(None), place)), **options))
        return ops.stack(outputs, 1)


def _rows(tensor: Tensor) -> Tensor:
    """Samples and steps as one axis."""
    return ops.reshape(tensor, (-1, *map(_size, tensor.shape[2:])))


def _size(size: int | None) -> int:
    return -1 if size is None else size


def _check_mask(mask: Any, shape: Shape) -> None:
    if mask is None:
        return
    if len(mask.shape) < 2:
        raise ValueError(
            "The `mask` passed to the `TimeDistributed` layer must be at least 2D (e.g., "
            f"`(batch_size, timesteps)`), but it has {len(mask.shape)} dimension(s) with shape "
            f"{mask.shape}."
        )
    pairs = zip(shape[:2], mask.shape[:2], strict=True)
    if any(None not in (a, b) and a != b for a, b in pairs):
        raise ValueError(
            f"The `mask` passed to the `TimeDistributed` layer has a shape {mask.shape} that is "
            f"incompatible with the input shape {shape}. The first two dimensions of the mask "
            "(batch size and timesteps) must match the input's first two dimensions. Expected "
            f"mask shape prefix: ({shape[0]}, {shape[1]})."
        )
