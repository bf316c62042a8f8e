"""docs/engine.md, run as it stands."""

import re
from pathlib import Path
from typing import Any

from kgui.engine import backend

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "engine.md"
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


def test_every_block_runs_in_order() -> None:
    assert len(BLOCKS) == 5
    scope: dict[str, Any] = {"__name__": "guide"}
    with backend.use_session(backend.Session()):
        for block in BLOCKS:
            exec(block, scope)  # noqa: S102 - the documentation itself
    assert set(scope["history"].history) == {"accuracy", "loss", "val_accuracy", "val_loss"}
    assert scope["answers"].shape == (5, 10)
    assert scope["model"].name.startswith("functional")
