"""Callbacks from functions."""

from collections.abc import Callable
from typing import Any

from kgui.engine.callbacks.callback import Callback


class LambdaCallback(Callback):
    """Calls a function at any hook: LambdaCallback(on_epoch_end=lambda epoch, logs: ...)."""

    def __init__(self, **hooks: Callable[..., Any] | None) -> None:
        super().__init__()
        for name, function in hooks.items():
            if not name.startswith("on_") or not hasattr(Callback, name):
                raise TypeError(f"LambdaCallback has no hook {name!r}.")
            if function is not None:
                setattr(self, name, function)
