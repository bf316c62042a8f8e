"""Which ending means which format, and what is written to and read from each."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kgui.engine.saving.errors import damaged, file_faults
from kgui.engine.saving.exported import is_exported
from kgui.engine.saving.hdf5 import h5_bytes, read_h5, require_h5py
from kgui.engine.saving.npz import check_head, entries_from, model_npz, read_npz
from kgui.engine.saving.serialization import serialize_keras_object
from kgui.engine.saving.states import Entries, entries_of
from kgui.engine.variables import Array
from kgui.io.archives import archive_bytes, read_archive
from kgui.io.memory import available_memory
from kgui.io.read import read_bytes

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

KERAS_VERSION = "3.15.1"
"""The version of Keras whose files these are."""
_METADATA, _CONFIG, _WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
_LONGEST_TEXT = 64 << 20
_LEGACY = (".h5", ".hdf5")


class Saved(NamedTuple):
    """What a file of a model holds: a configuration and a state; or an exported model's parts."""

    config: dict[str, Any]
    entries: Entries
    exported: tuple[dict[str, Any], dict[str, Array]] | None = None


def saved_bytes(model: "Model", path: Path, include_optimizer: bool = True) -> bytes:
    """The file of a model, in the format of the path's ending; ValueError for another ending."""
    if path.suffix == ".npz":
        config = config_of(model, include_optimizer)
        return model_npz(entries_of(model, include_optimizer), config)
    if path.suffix != ".keras":
        raise ValueError(
            "Invalid filepath extension for saving. Please add either a `.keras` extension for "
            "the native Keras format or a `.npz` extension; the legacy `.h5` format is not "
            f"written. Received: filepath={path}."
        )
    require_h5py()
    config = config_of(model, include_optimizer)
    metadata = {
        "keras_version": KERAS_VERSION,
        "date_saved": datetime.now().strftime("%Y-%m-%d@%H:%M:%S"),
    }
    return archive_bytes(
        {
            _METADATA: json.dumps(metadata).encode(),
            _CONFIG: json.dumps(config).encode(),
            _WEIGHTS: h5_bytes(entries_of(model, include_optimizer)),
        }
    )


def weights_bytes(model: "Model", path: Path) -> bytes:
    """The file of a model's state, in the format of the path's ending."""
    if path.suffix == ".npz":
        return model_npz(entries_of(model), None)
    if not path.name.endswith(".weights.h5"):
        raise ValueError(
            f"The filename must end in `.weights.h5` or `.npz`. Received: filepath={path}"
        )
    return h5_bytes(entries_of(model))


def read_weights(path: Path) -> Entries:
    """The state that a file holds: of weights alone or of a model."""
    if path.suffix == ".npz":
        head, arrays = read_npz(path)
        check_head(head, path)
        return entries_from(head, arrays, path)
    if path.suffix == ".keras":
        return _read_keras(path, (_WEIGHTS,))[1]
    if path.name.endswith(".weights.h5"):
        require_h5py()
        with file_faults(path):
            data = read_bytes(path, max(available_memory() * 4 // 5, 1 << 20), "weights")
        return read_h5(data, path)
    if path.suffix in _LEGACY:
        raise ValueError(
            f"The legacy HDF5 format is not read: filepath={path}. Load the file with Keras and "
            "save it with `model.save_weights('model.weights.h5')`."
        )
    raise ValueError(
        f"File format not supported: filepath={path}. `.weights.h5`, `.keras` and `.npz` files "
        "are read."
    )


def read_model(path: Path) -> Saved:
    """What a file of a model holds; ValueError if it is none."""
    if path.suffix == ".npz":
        head, arrays = read_npz(path)
        if is_exported(head):
            return Saved({}, {}, (head, arrays))
        check_head(head, path)
        if not isinstance(head.get("config"), dict):
            raise damaged(path, "it holds weights but no model; use `model.load_weights`")
        return Saved(head["config"], entries_from(head, arrays, path))
    if path.suffix == ".keras":
        return Saved(*_read_keras(path, (_CONFIG, _WEIGHTS)))
    if path.suffix in _LEGACY:
        raise ValueError(
            f"The legacy HDF5 format is not read: filepath={path}. Load the file with Keras and "
            "save it with `model.save('model.keras')`."
        )
    raise ValueError(
        f"File format not supported: filepath={path}. `.keras` (version 3) and `.npz` files are "
        "read."
    )


def _read_keras(path: Path, wanted: tuple[str, ...]) -> tuple[dict[str, Any], Entries]:
    require_h5py()
    with file_faults(path):
        parts = read_archive(path, {_CONFIG: _LONGEST_TEXT, _WEIGHTS: None})
    for name in wanted:
        if name not in parts:
            raise damaged(path, f"it is no Keras model: it has no {name}")
    config = {}
    if _CONFIG in wanted:
        try:
            config = json.loads(parts[_CONFIG])
        except (ValueError, RecursionError) as error:
            raise damaged(path, f"{_CONFIG} is not JSON") from error
        if not isinstance(config, dict):
            raise damaged(path, f"{_CONFIG} describes no model")
    return config, read_h5(parts[_WEIGHTS], path)


def config_of(model: "Model", include_optimizer: bool) -> dict[str, Any]:
    """The model without its weights, as Keras describes it."""
    config: dict[str, Any] = serialize_keras_object(model)
    training = model.get_compile_config() if include_optimizer else {}
    return {**config, "compile_config": training}
