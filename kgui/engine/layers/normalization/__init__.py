"""Normalization: values brought to mean 0 and variance 1, so that deep networks train well."""

from kgui.engine.layers.normalization.batch import BatchNormalization
from kgui.engine.layers.normalization.features import (
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from kgui.engine.layers.normalization.group import GroupNormalization

__all__ = [
    "BatchNormalization",
    "GroupNormalization",
    "LayerNormalization",
    "RMSNormalization",
    "UnitNormalization",
]
