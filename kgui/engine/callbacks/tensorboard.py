"""Event files that TensorBoard shows."""

import time
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from kgui.engine.callbacks.callback import Callback, Logs
from kgui.engine.callbacks.event_file import EventFile, require_tensorboardx
from kgui.io import read_bytes

_LIMIT = 1 << 28
"""Bytes of a file of labels."""


class TensorBoard(Callback):
    """Writes the logs as event files in `train` and `validation` of a folder.

    Needs the package tensorboardX: pip install kgui[tensorboard].

    Args:
        log_dir: Folder for the event files.
        histogram_freq: Epochs between two histograms of the weights; 0 for none.
        write_graph: Write the graph of the layers.
        write_images: Write the weights as pictures too, when histograms are written.
        write_steps_per_second: Write how many steps are done in a second.
        update_freq: "epoch", "batch", or a number of batches between two entries.
        profile_batch: 0: there is no profiler.
        embeddings_freq: Epochs between two pictures of embeddings; 0 for none.
        embeddings_metadata: File of labels, one a line; or a file for each embedding's name.
    """

    def __init__(
        self,
        log_dir: str | PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: str | int = "epoch",
        profile_batch: int = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: str | Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        require_tensorboardx()
        if profile_batch:
            raise ValueError(
                f"Profiling is not available. Received: profile_batch={profile_batch} (must be 0)"
            )
        self.log_dir = str(log_dir)
        self.histogram_freq, self.embeddings_freq = histogram_freq, embeddings_freq
        self.write_graph, self.write_images = write_graph, write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = _batches(update_freq)
        self.embeddings_metadata = embeddings_metadata
        self._files: dict[str, EventFile] = {}
        self._in_fit = False
        self._train_batch = 0
        self._epoch_began = self._batch_began = 0.0
        self._updates_before = 0
        if self.update_freq is None and not write_steps_per_second:
            self.skipped_hooks = frozenset({"on_train_batch_begin", "on_train_batch_end"})

    def _file(self, part: str) -> EventFile:
        """The event file of train or validation; none is made before there is something in it."""
        if part not in self._files:
            self._files[part] = EventFile(Path(self.log_dir) / part)
        return self._files[part]

    def set_model(self, model: Any) -> None:
        """Begin new files."""
        super().set_model(model)
        self._close()

    def _close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files = {}

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Write the graph."""
        self._in_fit, self._train_batch = True, 0
        if self.write_graph and self.model.built:
            self._file("train").graph(_graph_of(self.model))

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Finish the files."""
        self._in_fit = False
        self._close()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Write the numbers of an evaluation by the number of updates before it."""
        compiled = getattr(self.model, "compiled", None)
        if compiled:
            step = int(self.model.optimizer.iterations)
            for name, value in (logs or {}).items():
                self._file("validation").scalar(f"evaluation_{name}_vs_iterations", value, step)
        if not self._in_fit:
            self._close()

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Count the batch."""
        self._train_batch += 1
        self._batch_began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Write the numbers of the batch, if they are due."""
        if self.update_freq is None or self._train_batch % self.update_freq:
            return
        file = self._file("train")
        if self.write_steps_per_second:
            took = max(time.perf_counter() - self._batch_began, 1e-9)
            file.scalar("batch_steps_per_second", 1 / took, self._train_batch)
        for name, value in (logs or {}).items():
            file.scalar(f"batch_{name}", value, self._train_batch)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Note the time."""
        if self.write_steps_per_second:
            self._updates_before = int(self.model.optimizer.iterations)
            self._epoch_began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write the numbers of the epoch, and the weights if they are due."""
        self._write_epoch(epoch, logs or {})
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self._write_embeddings(epoch)
        for file in self._files.values():
            file.flush()

    def _write_epoch(self, epoch: int, logs: Logs) -> None:
        if not logs:
            return
        for name, value in logs.items():
            part = "validation" if name.startswith("val_") else "train"
            self._file(part).scalar(f"epoch_{name.removeprefix('val_')}", value, epoch)
        optimizer = self.model.optimizer
        self._file("train").scalar("epoch_learning_rate", float(optimizer.learning_rate), epoch)
        if self.write_steps_per_second:
            took = max(time.perf_counter() - self._epoch_began, 1e-9)
            done = int(optimizer.iterations) - self._updates_before
            self._file("train").scalar("epoch_steps_per_second", done / took, epoch)

    def _write_weights(self, epoch: int) -> None:
        file = self._file("train")
        for layer in self.model.layers:
            for weight in layer.weights:
                values = weight.numpy()
                file.histogram(f"{weight.path}/histogram", values, epoch)
                if self.write_images:
                    file.image(f"{weight.path}/image", values, epoch)

    def _write_embeddings(self, epoch: int) -> None:
        for layer in self.model.layers:
            if type(layer).__name__ == "Embedding":
                labels = self._labels_of(layer.name)
                vectors = layer.weights[0].numpy()
                self._file("train").embedding(layer.name, vectors, epoch, labels)

    def _labels_of(self, name: str) -> list[str] | None:
        given = self.embeddings_metadata
        path = given.get(name) if isinstance(given, Mapping) else given
        if path is None:
            return None
        return read_bytes(Path(path), _LIMIT, "labels").decode("utf-8").splitlines()


def _batches(update_freq: str | int) -> int | None:
    """Batches between two entries; None for entries at the end of epochs alone."""
    if update_freq == "epoch":
        return None
    if update_freq == "batch":
        return 1
    if isinstance(update_freq, bool) or not isinstance(update_freq, int) or update_freq < 1:
        raise ValueError(
            '`update_freq` should be "epoch", "batch" or a positive integer. '
            f"Received: update_freq={update_freq!r}"
        )
    return update_freq


def _graph_of(model: Any) -> list[tuple[str, str, list[str]]]:
    """Name, kind and inputs of every layer of a model; calls of a shared layer are one node."""
    inputs: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for node in model.nodes:
        name = node.operation.name
        kinds[name] = type(node.operation).__name__
        before = [t.history.operation.name for t in node.inputs if t.history is not None]
        known = inputs.setdefault(name, [])
        known.extend(other for other in before if other not in known)
    return [(name, kinds[name], inputs[name]) for name in kinds]
