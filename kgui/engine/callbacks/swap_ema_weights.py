"""Evaluate with the running means of the weights."""

from kgui.engine.callbacks.callback import Callback, Logs


class SwapEMAWeights(Callback):
    """Lets weights and their running means change places for evaluations and predictions.

    The optimizer must keep the means: `use_ema=True`.

    Args:
        swap_on_epoch: Let them change places at every epoch's end too, for what saves the weights.
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._swapped = False

    def _swap(self, wanted: bool) -> None:
        """Have the means in the model, or the weights."""
        if self._swapped != wanted:
            self.model.optimizer.swap_averages()
            self._swapped = wanted

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Train on from the weights."""
        if self.swap_on_epoch:
            self._swap(False)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Show the means; after the last epoch they stay."""
        if not self.swap_on_epoch or self._swapped:
            return
        self._swap(True)
        if epoch == self.params["epochs"] - 1:
            self.model.optimizer.restart_averages()

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Evaluate the means."""
        self._swap(True)

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Go on with the weights."""
        self._swap(False)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Predict with the means."""
        self._swap(True)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Go on with the weights."""
        self._swap(False)
