"""An event file of TensorBoard, written by tensorboardX."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from kgui.engine.variables import Array

_BINS = 30
"""Bars of a histogram, as many as TensorFlow makes."""


def require_tensorboardx() -> None:
    """ImportError, in one sentence, where the writer of event files is not installed."""
    try:
        import tensorboardX  # noqa: F401 - an optional extra: loaded when it is asked for
    except ImportError as error:
        raise ImportError(
            "The callback TensorBoard needs the package tensorboardX, which is not installed: "
            "pip install kgui[tensorboard]."
        ) from error


class EventFile:
    """A new event file in a folder, which is made if need be."""

    def __init__(self, folder: Path) -> None:
        # An optional extra, and slow to load: only where a file is to be written.
        from tensorboardX import summary
        from tensorboardX.proto.summary_pb2 import Summary
        from tensorboardX.writer import FileWriter

        self.folder = folder
        self._make, self._summary = summary, Summary
        self._writer: Any = FileWriter(str(folder))

    def scalar(self, tag: str, value: Any, step: int) -> None:
        """A number at a step; what is no single number is left out."""
        if np.ndim(value) == 0:
            self._writer.add_summary(self._make.scalar(tag, np.asarray(value)), step)

    def histogram(self, tag: str, values: Array, step: int) -> None:
        """How values are distributed at a step; values that are not finite are left out."""
        finite = values[np.isfinite(values)]
        if finite.size:
            self._writer.add_summary(self._make.histogram(tag, finite, _BINS), step)

    def image(self, tag: str, values: Array, step: int) -> None:
        """A vector or matrix in grey: 0 is black, 1 is white."""
        rows = np.atleast_2d(np.squeeze(values))
        if rows.ndim != 2 or not rows.size:
            return
        if rows.shape[0] > rows.shape[1]:
            rows = rows.T
        height, width = rows.shape
        grey = np.nan_to_num(rows * 255).clip(0, 255).astype(np.uint8)
        image = self._summary.Image(
            height=height, width=width, colorspace=1, encoded_image_string=_png(grey)
        )
        value = self._summary.Value(tag=tag, image=image)
        self._writer.add_summary(self._summary(value=[value]), step)

    def graph(self, nodes: list[tuple[str, str, list[str]]]) -> None:
        """A graph: name, kind and names of the inputs of every node."""
        # An optional extra, see above.
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.proto.graph_pb2 import GraphDef
        from tensorboardX.proto.node_def_pb2 import NodeDef

        graph = GraphDef(
            node=[NodeDef(name=name, op=kind, input=inputs) for name, kind, inputs in nodes]
        )
        self._writer.add_event(Event(graph_def=graph.SerializeToString()))

    def embedding(self, name: str, vectors: Array, step: int, labels: list[str] | None) -> None:
        """The vectors of an embedding, for TensorBoard's projector."""
        # An optional extra, see above.
        from tensorboardX.embedding import append_pbtxt, make_mat, make_tsv

        subfolder = f"{step:05d}/{name}"
        place = self.folder / subfolder
        place.mkdir(parents=True, exist_ok=True)
        make_mat(vectors, str(place))
        if labels is not None:
            make_tsv(labels, str(place))
        append_pbtxt(labels, None, str(self.folder), subfolder, step, name)

    def flush(self) -> None:
        """Have everything on the disk."""
        self._writer.flush()

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def _png(grey: Array) -> bytes:
    """A picture of one byte a point."""
    height, width = grey.shape
    rows = b"".join(b"\0" + row.tobytes() for row in grey)

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
