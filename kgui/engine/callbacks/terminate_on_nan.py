"""Stop when the loss is no number any more."""

import math

from kgui.engine.callbacks.callback import Callback, Logs
from kgui.engine.callbacks.progress_bar import say


class TerminateOnNaN(Callback):
    """Ends fit at the first batch whose loss is NaN or infinite.

    Args:
        raise_error: Raise RuntimeError instead of ending fit.
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Look at the loss."""
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        if self.raise_error:
            raise RuntimeError(
                f"NaN or Inf loss encountered at batch {batch}. Loss value: {loss}. "
                "Terminating training immediately."
            )
        say(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
