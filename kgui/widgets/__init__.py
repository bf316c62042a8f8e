"""Everything visible. Imports PySide6 and every package but the engine; pyqtgraph in plots only."""
