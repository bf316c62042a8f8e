"""The panel of the Keras code: follows the drawing, and draws what is typed into it."""

from kgui.widgets.code.desk import CodeDesk
from kgui.widgets.code.panel import CodePanel

__all__ = ["CodeDesk", "CodePanel"]
