"""Callbacks: what happens at each stage of fit, evaluate and predict."""

from kgui.engine.callbacks.backup_and_restore import BackupAndRestore
from kgui.engine.callbacks.callback import Callback
from kgui.engine.callbacks.callback_list import CallbackList
from kgui.engine.callbacks.csv_logger import CSVLogger
from kgui.engine.callbacks.early_stopping import EarlyStopping
from kgui.engine.callbacks.history import History
from kgui.engine.callbacks.lambda_callback import LambdaCallback
from kgui.engine.callbacks.learning_rate import LearningRateScheduler, ReduceLROnPlateau
from kgui.engine.callbacks.model_checkpoint import ModelCheckpoint
from kgui.engine.callbacks.monitor import MonitorCallback
from kgui.engine.callbacks.progress import ProgbarLogger
from kgui.engine.callbacks.swap_ema_weights import SwapEMAWeights
from kgui.engine.callbacks.tensorboard import TensorBoard
from kgui.engine.callbacks.terminate_on_nan import TerminateOnNaN

__all__ = [
    "BackupAndRestore",
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "MonitorCallback",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "SwapEMAWeights",
    "TensorBoard",
    "TerminateOnNaN",
]
