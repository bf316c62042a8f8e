"""The drawing on screen: a scene that follows the document, a view, one class per gesture."""

from kgui.widgets.canvas.scene import CanvasScene
from kgui.widgets.canvas.view import CanvasView

__all__ = ["CanvasScene", "CanvasView"]
