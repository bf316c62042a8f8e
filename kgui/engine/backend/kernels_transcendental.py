"""Kernels that are NumPy's functions of one value: logarithms, trigonometry, tests for NaN."""

import numpy as np

from kgui.engine.backend.kernels import enter_elementwise

for _function in (
    np.arccos, np.arccosh, np.arcsin, np.arcsinh, np.arctan, np.arctanh, np.cosh, np.exp2,
    np.isfinite, np.isinf, np.isnan, np.log10, np.log2, np.reciprocal, np.sinh, np.tan,
):  # fmt: skip
    enter_elementwise(_function.__name__, _function)
