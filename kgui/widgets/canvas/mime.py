"""What travels in a drag from the palette: the name of a node type."""

from PySide6.QtCore import QMimeData

MIME_TYPE = "application/x-kgui-node"


def node_mime_data(type_name: str) -> QMimeData:
    """A type's name, packed for a drag."""
    data = QMimeData()
    data.setData(MIME_TYPE, type_name.encode())
    return data


def dragged_type(data: QMimeData) -> str:
    """The type's name in a drag; "" if it carries something else."""
    if not data.hasFormat(MIME_TYPE):
        return ""
    return bytes(data.data(MIME_TYPE).data()).decode(errors="replace")
