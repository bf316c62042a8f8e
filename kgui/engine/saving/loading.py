"""From a file to a model: its layers, its weights, and how it was trained."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kgui.engine.saving.errors import SavedFileError, damaged
from kgui.engine.saving.exported import model_from_exported
from kgui.engine.saving.files import read_model
from kgui.engine.saving.registration import custom_object_scope
from kgui.engine.saving.saveable import Saveable
from kgui.engine.saving.serialization import deserialize_keras_object
from kgui.engine.saving.states import load_entries

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


def load_model(
    filepath: str | PathLike[str],
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> "Model":
    """A model from a file that `model.save` wrote, here or in Keras: `.keras` or `.npz`.

    ValueError in one sentence for anything else. Training goes on as if never interrupted; only
    the order of the samples is drawn anew, unless the script sets the same seed.

    Args:
        filepath: The file.
        custom_objects: Classes and functions of one's own, by name.
        compile: Compile the model as it was, the optimizer's state included.
        safe_mode: Refuse files that hold code; they are refused in any case.
    """
    path = Path(filepath)
    saved = read_model(path)
    config = dict(saved.config)
    training = config.pop("compile_config", None)
    with custom_object_scope(custom_objects), _readable(path):
        if saved.exported is not None:
            return cast("Model", model_from_exported(*saved.exported, path))
        model = deserialize_keras_object(config, safe_mode=safe_mode)
        if not isinstance(model, Saveable):
            raise ValueError("its configuration describes no model")
        if compile and training:
            model.compile_from_config(training)
    load_entries(cast("Model", model), saved.entries)
    return cast("Model", model)


def save_model(
    model: "Model", filepath: str | PathLike[str], overwrite: bool = True, **options: Any
) -> None:
    """Write a model to a file; see `Model.save`."""
    model.save(filepath, overwrite, **options)


def save_weights(model: "Model", filepath: str | PathLike[str], overwrite: bool = True) -> None:
    """Write a model's weights to a file; see `Model.save_weights`."""
    model.save_weights(filepath, overwrite)


def load_weights(
    model: "Model", filepath: str | PathLike[str], skip_mismatch: bool = False
) -> None:
    """Take a model's weights from a file; see `Model.load_weights`."""
    model.load_weights(filepath, skip_mismatch)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What is wrong with a description, as one sentence that names the file."""
    try:
        yield
    except SavedFileError:
        raise
    except ValueError as error:
        raise damaged(path, shortened(error)) from error
    except (TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        reason = f"its description of the model is damaged ({shortened(error)})"
        raise damaged(path, reason) from error


def shortened(error: Exception) -> str:
    """What an error says, on one line of bounded length, without a full stop."""
    return " ".join(str(error).split())[:400].rstrip(".")
