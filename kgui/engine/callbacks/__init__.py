"""Callbacks: what happens at each stage of fit, evaluate and predict."""

from kgui.engine.callbacks.callback import Callback
from kgui.engine.callbacks.callback_list import CallbackList
from kgui.engine.callbacks.csv_logger import CSVLogger
from kgui.engine.callbacks.early_stopping import EarlyStopping
from kgui.engine.callbacks.history import History
from kgui.engine.callbacks.lambda_callback import LambdaCallback
from kgui.engine.callbacks.learning_rate import LearningRateScheduler, ReduceLROnPlateau
from kgui.engine.callbacks.progress import ProgbarLogger
from kgui.engine.callbacks.swap_ema_weights import SwapEMAWeights
from kgui.engine.callbacks.terminate_on_nan import TerminateOnNaN

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "SwapEMAWeights",
    "TerminateOnNaN",
]
