"""The plain stack of layers."""

from collections.abc import Sequence
from typing import Any

from kgui.engine.calling import calling, current_call
from kgui.engine.layers.core import Input, InputLayer
from kgui.engine.layers.layer import Layer
from kgui.engine.models.model import Model
from kgui.engine.naming import automatic_name
from kgui.engine.structure import Structure, flatten
from kgui.engine.symbolic import KerasTensor, Shape


class Sequential(Model):
    """Layers one after the other; built when the input's shape is known.

    Args:
        layers: The layers in order; the first may be an `Input`.
        name: Name of the model.
    """

    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(None, None, name=name, trainable=trainable, **kwargs)
        self.stack: list[Layer] = []
        self._source: KerasTensor | None = None
        for layer in layers or []:
            self._append(layer)
        self._rebuild()

    @property
    def layers(self) -> list[Layer]:
        """The layers in order, without the input."""
        return list(self.stack)

    def add(self, layer: Any) -> None:
        """Put a layer, or first of all an `Input`, on top; one that does not fit is left out."""
        height, source = len(self.stack), self._source
        self._append(layer)
        try:
            if self.built and len(self.stack) > height:
                self._extend(self.outputs[0], self.stack[height:])
            else:
                self._rebuild()
        except Exception:
            del self.stack[height:]
            self._source = source
            raise

    def pop(self) -> Layer:
        """Take the last layer off and return it."""
        layer = self.stack.pop()
        self._rebuild()
        return layer

    def _append(self, layer: Any) -> None:
        if isinstance(layer, KerasTensor) and layer.node is not None:
            layer = layer.node.operation
        if isinstance(layer, InputLayer):
            if self.stack or self._source is not None:
                raise ValueError(
                    f"Sequential model '{self.name}' has already been configured to use input "
                    "shape; you cannot add a different Input layer to it."
                )
            self._source = layer.inbound_nodes[0].outputs[0]
            return
        if not isinstance(layer, Layer):
            raise ValueError(
                "Only instances of `keras.Layer` can be added to a Sequential model. "
                f"Received: {layer} (of type {type(layer)})"
            )
        if any(other.name == layer.name for other in self.stack):
            raise ValueError(
                f"All layers added to a Sequential model should have unique names. "
                f"Name '{layer.name}' is already the name of a layer in this model."
            )
        if not self.stack and self._source is None and layer.input_shape_argument is not None:
            self._source = Input(batch_shape=layer.input_shape_argument)
        self.stack.append(layer)

    def _rebuild(self) -> None:
        if self._source is None or not self.stack:
            self.built = False
            return
        self._extend(self._source, self.stack)

    def _extend(self, tensor: Any, layers: Sequence[Layer]) -> None:
        """Call these layers one after the other, the first on the tensor."""
        outer = current_call()
        with calling(outer._replace(path=(*outer.path, self.name))):
            for layer in layers:
                tensor = layer(tensor)
        automatic_name("functional")  # Keras makes a graph of that name inside
        self._take_graph(self._source, tensor)

    def build(self, input_shape: Shape) -> None:
        """Build for inputs of that shape, the batch included."""
        if not self.stack:
            raise ValueError(
                f"Sequential model {self.name} cannot be built because it has no layers. Call "
                "`model.add(layer)`."
            )
        if self._source is None:
            self._source = Input(batch_shape=(None, *input_shape[1:]))
        self._rebuild()

    def get_build_config(self) -> dict[str, Any] | None:
        """The shape of the input, where it is known."""
        return {"input_shape": self.inputs[0].shape} if self.built else None

    def build_for(self, inputs: Structure, *args: Any, **kwargs: Any) -> None:
        """Build for the shape of these inputs, unless that is done."""
        if not self.built:
            self.build(tuple(flatten(inputs)[0].shape))
