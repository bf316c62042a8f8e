"""Why a run could not begin or go on, with the node at fault."""

from kgui.io.errors import InputError, MemoryNeedError, TrainingError


class StopRequestedError(Exception):
    """The run was asked to stop before there was anything trained."""


class DrawingError(InputError):
    """The drawing, or its fit to the data, prevents training; `node_id` where a node does."""

    def __init__(self, message: str, node_id: str | None = None) -> None:
        super().__init__(message)
        self.node_id = node_id


class DrawingTooLargeError(MemoryNeedError):
    """The drawing would not fit in memory; `node_id` is its largest node."""

    def __init__(self, message: str, node_id: str | None = None) -> None:
        super().__init__(message)
        self.node_id = node_id


class LayerFailedError(TrainingError):
    """Training failed in a layer; `layer` is its name, "" where none is known."""

    def __init__(self, message: str, layer: str = "") -> None:
        super().__init__(message)
        self.layer = layer
