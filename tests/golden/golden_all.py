"""Every golden case: importing the modules enters them in the table."""

import cases_callbacks  # noqa: F401
import cases_callbacks_more  # noqa: F401
import cases_fits  # noqa: F401
import cases_graphs  # noqa: F401
import cases_layers  # noqa: F401
import cases_loops  # noqa: F401
import cases_loss_families  # noqa: F401
import cases_losses  # noqa: F401
import cases_masks  # noqa: F401
import cases_metric_families  # noqa: F401
import cases_metrics  # noqa: F401
import cases_normalization  # noqa: F401
import cases_operations  # noqa: F401
import cases_optimizers  # noqa: F401
import cases_random_graphs  # noqa: F401
import cases_regularizers  # noqa: F401
import cases_schedules  # noqa: F401
import cases_training  # noqa: F401
import numpy as np
from golden_cases import CASES

__all__ = ["CASES", "is_number"]


def is_number(value: object) -> bool:
    """True for what is compared within a tolerance: arrays, floats and lists of floats."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, float) for item in value)
    return isinstance(value, np.ndarray | float)
