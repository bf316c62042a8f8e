"""Callbacks in their order, called as one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from kgui.engine.callbacks.callback import Callback, Logs
from kgui.engine.callbacks.history import History
from kgui.engine.callbacks.progress import ProgbarLogger
from kgui.engine.structure import flatten


def _hook(name: str) -> Callable[..., None]:
    """A method that calls that hook of every callback, with plain logs by sorted key."""

    def call(self: "CallbackList", *arguments: Any, logs: Logs | None = None) -> None:
        index = [item for item in arguments if isinstance(item, int)]
        given = [item for item in arguments if isinstance(item, Mapping)]
        self.call(name, *index, plain_logs(given[0] if given else logs))

    call.__name__, call.__doc__ = name, f"Call {name} of every callback."
    return call


class CallbackList(Callback):
    """Runs every hook of the callbacks in list order; the same logs go through all of them.

    Args:
        callbacks: The callbacks, or one.
        add_history: Add a History if there is none.
        add_progbar: Add a ProgbarLogger if there is none.
        model: The model at work.
        params: What `set_params` of the callbacks gets: verbose, epochs, steps.
    """

    def __init__(
        self,
        callbacks: Sequence[Callback] | Callback | None = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        super().__init__()
        self.callbacks: list[Callback] = flatten([] if callbacks is None else callbacks)
        for item in self.callbacks:
            _check(item)
        if add_history and self.history is None:
            self.callbacks.append(History())
        if add_progbar and not any(isinstance(item, ProgbarLogger) for item in self.callbacks):
            self.callbacks.append(ProgbarLogger())
        self._batch_hooks: dict[str, list[Callable[..., None]]] = {}
        self.set_model(model)
        self.set_params(params)

    def append(self, callback: Callback) -> None:
        """Add a callback to the end."""
        _check(callback)
        self.callbacks.append(callback)
        self._batch_hooks.clear()
        callback.set_model(self.model)
        if self.params:
            callback.set_params(self.params)

    def set_model(self, model: Any) -> None:
        """Tell every callback the model; its `history` is the one among them."""
        if model is None:
            return
        super().set_model(model)
        if self.history is not None:
            model.history = self.history
        for callback in self.callbacks:
            callback.set_model(model)

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Tell every callback the parameters."""
        super().set_params(params)
        if params:
            for callback in self.callbacks:
                callback.set_params(params)

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
        """Call a hook of every callback; what one adds to the logs reaches the next."""
        *index, logs = args
        if "batch" in name:
            for callback in self.callbacks:
                getattr(callback, name)(*index, logs=logs)
            return
        for callback in self.callbacks:
            getattr(callback, name)(*args)

    on_batch_begin = _hook("on_batch_begin")
    on_batch_end = _hook("on_batch_end")
    on_epoch_begin = _hook("on_epoch_begin")
    on_epoch_end = _hook("on_epoch_end")
    on_train_begin = _hook("on_train_begin")
    on_train_end = _hook("on_train_end")
    on_train_batch_begin = _hook("on_train_batch_begin")
    on_train_batch_end = _hook("on_train_batch_end")
    on_test_begin = _hook("on_test_begin")
    on_test_end = _hook("on_test_end")
    on_test_batch_begin = _hook("on_test_batch_begin")
    on_test_batch_end = _hook("on_test_batch_end")
    on_predict_begin = _hook("on_predict_begin")
    on_predict_end = _hook("on_predict_end")
    on_predict_batch_begin = _hook("on_predict_batch_begin")
    on_predict_batch_end = _hook("on_predict_batch_end")


def plain_logs(logs: Mapping[str, Any] | None) -> Logs:
    """Logs by sorted key, numbers as floats; what is no number stays as it is."""
    plain: Logs = {}
    for key, value in sorted((logs or {}).items()):
        if isinstance(value, Mapping):
            plain.update(plain_logs(value))
        else:
            plain[key] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, str | list | tuple) or np.ndim(value):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _check(callback: Any) -> None:
    if not isinstance(callback, Callback) and not hasattr(callback, "on_train_begin"):
        raise TypeError(
            "`callbacks` should hold `Callback` objects. "
            f"Received: {callback!r} (of type {type(callback).__name__})"
        )


def _overrides(callback: Callback, name: str) -> bool:
    if name in getattr(callback, "skipped_hooks", ()):
        return False
    names = {name, name.replace("_train", "")}
    return any(_differs(callback, each) for each in names if hasattr(Callback, each))


def _differs(callback: Callback, name: str) -> bool:
    own = getattr(callback, name)
    return getattr(own, "__func__", own) is not getattr(Callback, name)
