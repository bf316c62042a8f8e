"""From files to arrays: sources, preparation, splits. Imports numpy, DuckDB, graph, io."""

from kgui.data.opening import open_source
from kgui.data.preparation import Preparation
from kgui.data.samples import Sample, samples
from kgui.data.source import Source
from kgui.data.values import Array, Part, Parts, Summary, Target

__all__ = [
    "Array",
    "Part",
    "Parts",
    "Preparation",
    "Sample",
    "Source",
    "Summary",
    "Target",
    "open_source",
    "samples",
]
