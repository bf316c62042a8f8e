"""model.save, save_weights, load_weights: what a model does with files of its own."""

import inspect
import os
import warnings
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kgui.engine.saving.errors import file_faults
from kgui.engine.saving.files import (
    read_weights,
    saved_bytes,
    weights_bytes,
)
from kgui.engine.saving.serialization import deserialize_keras_object, serialize_keras_object
from kgui.engine.saving.states import load_entries
from kgui.io import atomic_write

if TYPE_CHECKING:
    from kgui.engine.models.model import Model

FilePath = str | PathLike[str]


class Saveable:
    """A model that can be saved."""

    @property
    def _model(self) -> "Model":
        return cast("Model", self)

    def save(
        self, filepath: FilePath, overwrite: bool = True, include_optimizer: bool = True
    ) -> None:
        """Save architecture, weights and training: `.keras` (needs h5py) or `.npz`.

        Args:
            filepath: File to write; its ending says the format.
            overwrite: Replace a file of that name without asking.
            include_optimizer: Save how the model was compiled and the optimizer's state, too.
        """
        model = self._model
        if not model.built:
            warnings.warn(
                "You are saving a model that has not yet been built. It might not contain any "
                "weights yet. Consider building the model first by calling it on some data.",
                stacklevel=2,
            )
        _write(filepath, overwrite, lambda path: saved_bytes(model, path, include_optimizer))

    def save_weights(self, filepath: FilePath, overwrite: bool = True) -> None:
        """Save weights and, after training, the optimizer's state: `.weights.h5` or `.npz`.

        Args:
            filepath: File to write; its ending says the format.
            overwrite: Replace a file of that name without asking.
        """
        model = self._model
        _require_built(model, "saving a model")
        _write(filepath, overwrite, lambda path: weights_bytes(model, path))

    def load_weights(self, filepath: FilePath, skip_mismatch: bool = False) -> None:
        """Take weights, and the optimizer's state if it has as many variables, from a file.

        ValueError, and nothing taken, if the file is not that of a model like this.

        Args:
            filepath: A `.weights.h5`, `.keras` or `.npz` file.
            skip_mismatch: Leave layers alone whose variables differ from those of the file.
        """
        path = Path(filepath)
        entries = read_weights(path)
        _require_built(self._model, "loading weights into a model")
        load_entries(self._model, entries, skip_mismatch)

    def get_compile_config(self) -> dict[str, Any]:
        """How the model was compiled, as plain data; empty if it was not."""
        compiled, model = self._model.compiled, self._model
        if compiled is None:
            return {}
        names = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")
        given = {name: getattr(compiled, name) for name in names}
        given |= {
            "run_eagerly": model.run_eagerly,
            "steps_per_execution": model.steps_per_execution,
            "jit_compile": model.jit_compile,
        }
        return {name: serialize_keras_object(value) for name, value in given.items()}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as `get_compile_config`, here or in Keras, described it."""
        model = self._model
        known = inspect.signature(type(model).compile).parameters
        given = deserialize_keras_object(config)
        model.compile(**{name: value for name, value in given.items() if name in known})
        if model.built:
            model.optimizer.build(model.trainable_weights)


def _require_built(model: "Model", what: str) -> None:
    if not model.built:
        raise ValueError(
            f"You are {what} that has not yet been built. Try building the model first by "
            "calling it on some data or by using `build()`."
        )


def _write(filepath: FilePath, overwrite: bool, content: Callable[[Path], bytes]) -> None:
    path = Path(filepath)
    data = content(path)
    if not overwrite and os.path.lexists(path) and not _may_overwrite(path):
        return
    with file_faults(path):
        # The file is whole at every moment; who wants older ones gives them names.
        atomic_write(path, data, backup=False)


def _may_overwrite(path: Path) -> bool:
    """Ask, as Keras does; FileExistsError where there is nobody to answer."""
    question = f"[WARNING] {path} already exists - overwrite? [y/n]"
    try:
        answer = input(question).strip().lower()
        while answer not in ("y", "n"):
            answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    except EOFError as error:
        raise FileExistsError(f"{path} already exists, and `overwrite` is False.") from error
    return answer == "y"
