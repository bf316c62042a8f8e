"""How often files are written: at the end of epochs, or every so many batches."""

from kgui.engine.callbacks.callback import Callback


class Batches:
    """Counts batches until so many have gone by since the last time.

    A callback is told of some batches only, where several are computed in one go.
    """

    def __init__(self, last: int | None = None) -> None:
        self.last = last
        """The batch that was told of last, counted from 0 in every epoch."""
        self._passed = 0

    def is_due(self, batch: int, frequency: str | int) -> bool:
        """Count up to this batch; True if it is time. Never, where epochs decide."""
        if frequency == "epoch":
            return False
        last, self.last = self.last, batch
        self._passed += batch + 1 if last is None or batch <= last else batch - last
        if self._passed < int(frequency):
            return False
        self._passed = 0
        return True


def skip_batches(callback: Callback, kind: type[Callback]) -> None:
    """Spare a callback the batches, unless a subclass of this kind has its own hook for them."""
    if type(callback).on_train_batch_end is kind.on_train_batch_end:
        callback.skipped_hooks = frozenset({"on_train_batch_end"})
