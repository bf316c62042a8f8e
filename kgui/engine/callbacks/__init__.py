"""Callbacks: what happens at each stage of fit, evaluate and predict."""

from kgui.engine.callbacks.callback import Callback
from kgui.engine.callbacks.callback_list import CallbackList
from kgui.engine.callbacks.early_stopping import EarlyStopping
from kgui.engine.callbacks.history import History
from kgui.engine.callbacks.lambda_callback import LambdaCallback
from kgui.engine.callbacks.progress import ProgbarLogger

__all__ = [
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "ProgbarLogger",
]
