"""The engine's tests: golden cases importable, and a fresh session for every test."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgui.engine.backend import Session, use_session

sys.path.insert(0, str(Path(__file__).parents[1] / "golden"))


@pytest.fixture(autouse=True)
def session() -> Iterator[Session]:
    """Names, seeds and number type of the test's own."""
    with use_session(Session(seed=1)) as own:
        yield own


@pytest.fixture
def doubles(session: Session) -> None:
    """Compute in float64."""
    session.floatx = "float64"
