"""Search at the cursor: what is typed, the box it is typed into, and what comes of it."""

from kgui.widgets.canvas.search.box import SearchBox
from kgui.widgets.canvas.search.node_search import NodeSearch

__all__ = ["NodeSearch", "SearchBox"]
