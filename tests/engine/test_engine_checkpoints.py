"""ModelCheckpoint and BackupAndRestore: when they save, where, and what a new fit takes up."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_models import X, Y, classifier

from kgui.engine import Model, callbacks


class Shelf:
    """Saves a model's weights in files of NumPy, in place of the real formats."""

    def __init__(self, model: Model) -> None:
        self.saved: list[tuple[str, str]] = []
        self.model = model
        for name in ("save", "save_weights"):
            object.__setattr__(model, name, self._saver(name))
        object.__setattr__(model, "load_weights", self.load)

    def _saver(self, name: str) -> Any:
        def save(filepath: str, overwrite: bool = True) -> None:
            self.saved.append((name, Path(filepath).name))
            with Path(filepath).open("wb") as file:
                np.savez(file, *self.model.get_weights())

        return save

    def load(self, filepath: str) -> None:
        """Take the weights of a file; OSError if it is broken."""
        if Path(filepath).read_bytes() == b"broken":
            raise OSError("broken")
        with np.load(filepath) as stored:
            self.model.set_weights([stored[name] for name in stored.files])


def shelved() -> tuple[Model, Shelf]:
    model = classifier(metrics=["accuracy"])
    return model, Shelf(model)


def scripted(numbers: list[float]) -> Any:
    def tell(epoch: int, logs: Any) -> None:
        logs["val_loss"] = numbers[epoch]

    return callbacks.LambdaCallback(on_epoch_end=tell)


def test_the_best_model_is_saved_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, shelf = shelved()
    path = tmp_path / "deep" / "{epoch}-{val_loss:.1f}.npz"
    checkpoint = callbacks.ModelCheckpoint(path, save_best_only=True, verbose=1)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[scripted([2.0, 3.0, 1.0]), checkpoint])
    assert shelf.saved == [("save", "1-2.0.npz"), ("save", "3-1.0.npz")]
    told = capsys.readouterr().out.replace(str(tmp_path), "")
    assert told.splitlines()[1:6:2] == [
        "Epoch 1: val_loss improved from None to 2.00000, saving model to /deep/1-2.0.npz",
        "Epoch 1: finished saving model to /deep/1-2.0.npz",
        "Epoch 2: val_loss did not improve from 2.00000",
    ]


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("m.txt", {}, "must end in `.keras`"),
        ("m.keras", {"save_weights_only": True}, "must end in `.weights.h5`"),
        ("m.keras", {"save_freq": "batch"}, "Unrecognized save_freq"),
    ],
)
def test_paths_and_frequencies_that_cannot_be(
    path: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        callbacks.ModelCheckpoint(path, **options)


def test_names_in_the_path_that_are_not_in_the_logs(tmp_path: Path) -> None:
    model, _ = shelved()
    checkpoint = callbacks.ModelCheckpoint(tmp_path / "{strange}.npz")
    with pytest.raises(KeyError, match="Failed to format this callback filepath"):
        model.fit(X, Y, verbose=0, callbacks=[checkpoint])


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    model, _ = shelved()
    (tmp_path / "m.npz").mkdir()
    with pytest.raises(OSError, match="non-directory filepath"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.ModelCheckpoint(tmp_path / "m.npz")])


def test_a_missing_monitor_saves_all_the_same(tmp_path: Path) -> None:
    model, shelf = shelved()
    checkpoint = callbacks.ModelCheckpoint(tmp_path / "m.npz", save_best_only=True)
    with pytest.warns(UserWarning, match="Can save best model only with val_loss available"):
        model.fit(X, Y, verbose=0, callbacks=[checkpoint])
    assert shelf.saved == [("save", "m.npz")]


def test_logs_are_worked_out_for_batches_only_where_batches_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    for freq, wanted in (("epoch", 0), (2, 1)):
        for made in (
            callbacks.ModelCheckpoint(path, save_freq=freq),
            callbacks.BackupAndRestore(tmp_path / "backup", save_freq=freq),
        ):
            listed = callbacks.CallbackList([made])
            assert len(listed.hooks("on_train_batch_end")) == wanted


def interrupted(folder: Path, **options: Any) -> Model:
    """A training that breaks off in its third epoch."""
    model, _ = shelved()

    def stop(epoch: int, logs: Any) -> None:
        if epoch == 2:
            raise RuntimeError("power cut")

    hooks = [
        callbacks.BackupAndRestore(folder, **options),
        callbacks.LambdaCallback(on_epoch_begin=stop),
    ]
    with pytest.raises(RuntimeError, match="power cut"):
        model.fit(X, Y, epochs=5, verbose=0, shuffle=False, callbacks=hooks)
    return model


def test_a_new_fit_goes_on_where_the_last_one_was_cut_off(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    first = interrupted(folder)
    metadata = json.loads((folder / "training_metadata.json").read_text())
    assert metadata == {"epoch": 2, "batch": 0}
    again, _ = shelved()
    began: list[Any] = []
    notes = callbacks.LambdaCallback(on_epoch_begin=lambda e, _: began.append(again.get_weights()))
    restore = callbacks.BackupAndRestore(folder)
    history = again.fit(X, Y, epochs=5, verbose=0, callbacks=[restore, notes])
    assert history.epoch == [2, 3, 4]
    assert all(map(np.array_equal, began[0], first.get_weights()))
    assert not folder.exists()
    assert again.fit(X, Y, epochs=1, verbose=0).epoch == [0]


def test_the_state_before_is_taken_where_the_last_is_broken(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    interrupted(folder, double_checkpoint=True, delete_checkpoint=False)
    (weights,) = folder.glob("latest*[z5]")
    weights.write_bytes(b"broken")
    model, _ = shelved()
    restore = callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    assert model.fit(X, Y, epochs=5, verbose=0, callbacks=restore).epoch == [1, 2, 3, 4]
    assert folder.exists()
    for path in folder.glob("*.bkp"):
        path.unlink()
    weights.write_bytes(b"broken")
    with pytest.raises(OSError, match="broken"):
        model.fit(X, Y, epochs=5, verbose=0, callbacks=restore)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backup_dir": ""}, "Empty `backup_dir`"),
        ({"backup_dir": "x", "save_freq": "batch"}, "Expected either 'epoch' or an integer"),
    ],
)
def test_backups_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        callbacks.BackupAndRestore(**options)
