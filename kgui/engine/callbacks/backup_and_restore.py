"""Go on with a training that was interrupted."""

import json
import shutil
from importlib.util import find_spec
from os import PathLike, fspath
from pathlib import Path

from kgui.engine.callbacks.callback import Callback, Logs
from kgui.engine.callbacks.frequency import Batches, skip_batches
from kgui.io import InputError, atomic_write, read_bytes

_LIMIT = 1 << 40
"""Bytes of a weights file that is copied."""


class BackupAndRestore(Callback):
    """Saves weights, optimizer and epoch while fit runs; the next fit goes on from there.

    The files are removed when fit comes to its end.

    Args:
        backup_dir: Folder for the files; nothing else may be in it.
        save_freq: "epoch", or a number of batches.
        double_checkpoint: Keep the files before the last ones too, in case those cannot be read.
        delete_checkpoint: Remove the folder when fit is done.
    """

    def __init__(
        self,
        backup_dir: str | PathLike[str],
        save_freq: str | int = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        super().__init__()
        if not backup_dir:
            raise ValueError("Empty `backup_dir` argument passed")
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise ValueError(
                f"Invalid value for argument `save_freq`. Received: save_freq={save_freq}. "
                "Expected either 'epoch' or an integer value."
            )
        if save_freq == "epoch":
            skip_batches(self, BackupAndRestore)
        self.backup_dir, self.save_freq = fspath(backup_dir), save_freq
        self.double_checkpoint, self.delete_checkpoint = double_checkpoint, delete_checkpoint
        # The format without h5py, where that is not installed.
        name = "latest.weights.h5" if find_spec("h5py") else "latest.npz"
        self._weights = Path(self.backup_dir) / name
        self._metadata = Path(self.backup_dir) / "training_metadata.json"
        self._epoch = 0
        self._batches = Batches(0)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Take up what an earlier fit has left."""
        try:
            self._load()
        except (OSError, ValueError, InputError):
            if not _before(self._weights).exists():
                raise
            for path in (self._weights, self._metadata):
                if _before(path).exists():
                    _copy(_before(path), path)
                else:
                    path.unlink(missing_ok=True)
            self._load()

    def _load(self) -> None:
        model = self.model
        if not model.built:
            raise ValueError(
                "To use the BackupAndRestore callback, you model must be built before you call "
                f"`fit()`. Model {model} is unbuilt. You can build it beforehand by calling it on "
                "a batch of data."
            )
        if self._weights.exists():
            model.load_weights(fspath(self._weights))
        if self._metadata.exists():
            metadata = json.loads(read_bytes(self._metadata, 1 << 20, "backup"))
            model.resumed_epoch = int(metadata["epoch"])

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Save, unless batches decide."""
        self._epoch, self._batches.last = epoch + 1, 0
        if self.save_freq == "epoch":
            self._save()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Save if enough batches have gone by."""
        if self._batches.is_due(batch, self.save_freq):
            self._save()

    def _save(self) -> None:
        Path(self.backup_dir).mkdir(parents=True, exist_ok=True)
        if self.double_checkpoint:
            for path in (self._weights, self._metadata):
                if path.exists():
                    _copy(path, _before(path))
        self.model.save_weights(fspath(self._weights), overwrite=True)
        metadata = {"epoch": self._epoch, "batch": self._batches.last}
        atomic_write(self._metadata, json.dumps(metadata).encode(), backup=False)

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Remove the files: there is nothing to go on with."""
        if self.delete_checkpoint and Path(self.backup_dir).exists():
            shutil.rmtree(self.backup_dir)


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}.bkp")


def _copy(source: Path, target: Path) -> None:
    atomic_write(target, read_bytes(source, _LIMIT, "backup"), backup=False)
