"""What layers add to the loss while they compute."""

from typing import Any

from kgui.engine import ops
from kgui.engine.calling import current_call
from kgui.engine.layers.weights import WeightHolder
from kgui.engine.structure import Structure, flatten


class AddsLosses(WeightHolder):
    """Something with `add_loss`."""

    _added_losses: list[Any]
    activity_regularizer: Any

    def add_loss(self, loss: Structure) -> None:
        """Add to the loss of what is being computed; for use inside `call`.

        Outside of fit and evaluate, `losses` holds it until the layer's next call.
        """
        call = current_call()
        if call.losses is not None:
            call.losses.extend(flatten(loss))
        elif not call.tracing:
            self._added_losses.extend(flatten(loss))

    @property
    def losses(self) -> list[Any]:
        """Penalties on the weights as they are, and what the last eager call added."""
        return [*self.added_losses, *self.penalties]

    @property
    def added_losses(self) -> list[Any]:
        """What the last eager call added to the loss, in this layer and those inside."""
        inner = [layer for layer in self.sublayers() if isinstance(layer, AddsLosses)]
        return [*self._added_losses, *(loss for layer in inner for loss in layer.added_losses)]

    def _activity_loss(self, output: Any) -> Any:
        """The penalty on an output, per sample."""
        penalty = self.activity_regularizer(output)
        return ops.multiply(penalty, 1 / max(output.shape[0] or 1, 1)) if output.shape else penalty
