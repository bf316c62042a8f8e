"""A layer made of a function: for code only, as a file never carries one."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from kgui.engine.layers.layer import Layer
from kgui.engine.structure import Structure, leaves


class Lambda(Layer):
    """Computes a function of tensors, written with operators or `kgui.engine.ops`.

    Args:
        function: What to compute; it may take `mask` and `training` as well.
        output_shape: Shape without the batch, or a function from the input's shape to it.
        mask: Mask of the output, or a function (inputs, mask) that makes it.
        arguments: Further keyword arguments of the function.
    """

    in_palette = False
    one_input = False

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not callable(function):
            raise TypeError(f"Lambda needs a function. Received: function={function!r}")
        self.function = function
        self.output_shape_argument = output_shape
        self.mask = mask
        self.supports_masking = mask is not None
        self.arguments = dict(arguments or {})
        taken = inspect.signature(function).parameters
        self._passed_on = [name for name in ("mask", "training") if name in taken]

    def call(self, inputs: Structure, mask: Any = None, training: bool = False) -> Structure:
        """function(inputs, **arguments)."""
        given = {"mask": mask, "training": training}
        further = {name: given[name] for name in self._passed_on}
        return self.function(inputs, **self.arguments, **further)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape given, or what the function makes of an input of that shape."""
        given = self.output_shape_argument
        if given is None:
            return super().compute_output_shape(input_shape)
        if callable(given):
            return given(input_shape)
        batch = next(leaves(input_shape))
        return (batch, *given)

    def compute_mask(self, inputs: Structure, mask: Any = None) -> Any:
        """The mask given, or what its function makes."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def get_config(self) -> dict[str, Any]:
        """Refused: a configuration is plain data, and a function is not."""
        raise ValueError(
            f"The Lambda layer '{self.name}' holds a function of yours, which a file never "
            "carries. Write a subclass of `Layer` to save what it computes."
        )
