"""The last trained model of every document, kept until the next run: closing loses nothing.

Kept in the user's data folder under the document's id; only ids as this program makes them name
a file, whatever a document says.
"""

import os
import re
import sys
from pathlib import Path

from kgui.interchange.npz import export_npz, load_npz
from kgui.interchange.trained import TrainedModel

_ID = re.compile(r"[0-9a-f]{32}")


def data_folder() -> Path:
    """Where this program keeps data of the user's; XDG_DATA_HOME where it is set."""
    if base := os.environ.get("XDG_DATA_HOME"):
        return Path(base) / "kgui"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "kgui"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "kgui"
    return Path.home() / ".local" / "share" / "kgui"


def kept_path(project_id: str) -> Path | None:
    """Where the document's last model is, or would be; None for an id that is not ours."""
    if not _ID.fullmatch(project_id):
        return None
    return data_folder() / "models" / f"{project_id}.npz"


def has_kept(project_id: str) -> bool:
    """Whether there is a model from an earlier session."""
    path = kept_path(project_id)
    return path is not None and path.is_file()


def keep(trained: TrainedModel) -> None:
    """Keep the model in place of the one before; OSError or KguiError if that fails."""
    path = kept_path(trained.project.id)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        export_npz(trained, path, backup=False)


def kept(project_id: str) -> TrainedModel | None:
    """The document's last model; None if there is none, KguiError if it cannot be read."""
    path = kept_path(project_id)
    return load_npz(path) if path is not None and path.is_file() else None
