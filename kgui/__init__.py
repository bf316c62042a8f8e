"""kgui: draw a neural network as nodes, watch it learn, and take it with you."""

__version__ = "0.1.0"
