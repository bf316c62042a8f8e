"""From drawing to model: catalogue of node types, checker, builder.

Imports numpy, engine, graph and the values of data.
"""

from kgui.compiler.builder import build, node_ids
from kgui.compiler.catalog import check_option, node_types
from kgui.compiler.checker import check
from kgui.compiler.data_fit import input_arrays
from kgui.compiler.issues import Issue, Report
from kgui.compiler.node_types import NodeType, Option
from kgui.compiler.objective import (
    LOSSES,
    METRICS,
    OPTIMIZERS,
    compile_model,
    needs_one_hot,
    resolve_loss,
)
from kgui.compiler.reversing import project_from_model

__all__ = [
    "LOSSES",
    "METRICS",
    "OPTIMIZERS",
    "Issue",
    "NodeType",
    "Option",
    "Report",
    "build",
    "check",
    "check_option",
    "compile_model",
    "input_arrays",
    "needs_one_hot",
    "node_ids",
    "node_types",
    "project_from_model",
    "resolve_loss",
]
