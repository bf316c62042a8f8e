"""Callbacks in their order, called as one."""

from collections.abc import Callable, Sequence
from typing import Any

from kgui.engine.callbacks.callback import Callback, Logs
from kgui.engine.callbacks.history import History
from kgui.engine.callbacks.progress import ProgbarLogger
from kgui.engine.structure import flatten


class CallbackList:
    """Runs every hook of the callbacks in list order; the same logs go through all of them."""

    def __init__(
        self,
        callbacks: Sequence[Callback] | Callback | None = None,
        *,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        self.callbacks: list[Callback] = flatten([] if callbacks is None else callbacks)
        if add_history and not any(isinstance(item, History) for item in self.callbacks):
            self.callbacks.append(History())
        if add_progbar and not any(isinstance(item, ProgbarLogger) for item in self.callbacks):
            self.callbacks.append(ProgbarLogger())
        for callback in self.callbacks:
            callback.set_model(model)
            callback.set_params(params)
        self._batch_hooks: dict[str, list[Callable[..., None]]] = {}

    @property
    def history(self) -> History | None:
        """The History among the callbacks."""
        return next((item for item in self.callbacks if isinstance(item, History)), None)

    def hooks(self, name: str) -> list[Callable[..., None]]:
        """The batch hooks of that name that do something: nothing is worked out for others."""
        if name not in self._batch_hooks:
            self._batch_hooks[name] = [
                getattr(item, name) for item in self.callbacks if _overrides(item, name)
            ]
        return self._batch_hooks[name]

    def call(self, name: str, *args: Any) -> None:
        """Call a hook of every callback."""
        for callback in self.callbacks:
            getattr(callback, name)(*args)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        """Call on_epoch_end of every callback; what one adds to the logs reaches the next."""
        self.call("on_epoch_end", epoch, logs)


def _overrides(callback: Callback, name: str) -> bool:
    names = {name, name.replace("_train", "")}
    return any(_differs(callback, each) for each in names if hasattr(Callback, each))


def _differs(callback: Callback, name: str) -> bool:
    own = getattr(callback, name)
    return getattr(own, "__func__", own) is not getattr(Callback, name)
