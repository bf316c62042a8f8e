"""Runs every golden case with the real Keras 3 and writes what it returned.

    KERAS_BACKEND=torch python tests/golden/make_golden.py

needs keras and torch; the tests need neither.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import golden_all  # noqa: E402 - found beside this script
import keras  # noqa: E402 - the path is set first

NUMBERS, FACTS = HERE / "keras_numbers.npz", HERE / "keras_facts.json"


def main() -> None:
    """Write the two files."""
    numbers: dict[str, Any] = {}
    facts: dict[str, Any] = {"": {"keras": keras.__version__, "backend": keras.backend.backend()}}
    for case in golden_all.CASES.values():
        keras.utils.clear_session()
        facts[case.name] = {}
        for key, value in case.run(keras).items():
            if golden_all.is_number(value):
                numbers[f"{case.name}/{key}"] = np.asarray(value)
            else:
                facts[case.name][key] = value
    np.savez_compressed(NUMBERS, **numbers)
    FACTS.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    total = NUMBERS.stat().st_size + FACTS.stat().st_size
    print(f"{len(golden_all.CASES)} cases, {len(numbers)} arrays, {total:,} bytes")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
