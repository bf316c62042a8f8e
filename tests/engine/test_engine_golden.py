"""The engine's numbers against Keras 3's, recorded by tests/golden/make_golden.py."""

import json
from pathlib import Path
from typing import Any

import golden_all
import numpy as np
import pytest

from kgui import engine

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    """Recorded arrays by case and key."""
    with np.load(GOLDEN / "keras_numbers.npz", allow_pickle=False) as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def facts() -> dict[str, dict[str, Any]]:
    """Recorded names, orders and messages by case."""
    return json.loads((GOLDEN / "keras_facts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", golden_all.CASES)
def test_equals_keras(name: str, numbers: dict[str, Any], facts: dict[str, Any]) -> None:
    case = golden_all.CASES[name]
    results = case.run(engine)
    recorded = {key for key in numbers if key.startswith(f"{name}/")}
    recorded |= {f"{name}/{key}" for key in facts[name]}
    assert {f"{name}/{key}" for key in results} == recorded
    wrong = []
    for key, value in results.items():
        if golden_all.is_number(value):
            expected = numbers[f"{name}/{key}"]
            try:
                np.testing.assert_allclose(
                    value, expected, rtol=case.tolerance, atol=case.tolerance / 10
                )
            except AssertionError as error:
                wrong.append(f"{key}: {error}")
        elif json.loads(json.dumps(value)) != facts[name][key]:
            wrong.append(f"{key}: {value!r}, but Keras {facts[name][key]!r}")
    assert not wrong, "\n\n".join(wrong)


def test_no_case_was_forgotten(facts: dict[str, Any]) -> None:
    assert set(facts) - {""} == set(golden_all.CASES)
    assert facts[""]["keras"].startswith("3.")
