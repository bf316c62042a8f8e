"""Curves of a run. The only place that imports pyqtgraph, and only once curves are to be drawn."""

from kgui.widgets.plots.panel import Plots

__all__ = ["Plots"]
