"""Words: amounts of memory, shapes, long values."""

import pytest

from kgui.compiler.wording import bytes_text, explain, names_text, sizes_text
from kgui.engine.errors import ShapeError
from kgui.language import language


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (8_100_000_000, "8.1 GB"),
        (3_600_000_000_000, "3.6 TB"), (2 * 10**18, "2 EB"), (10**30, "more than 1000 EB"),
    ],
)  # fmt: skip
def test_bytes(count: int, text: str) -> None:
    assert bytes_text(count) == text


def test_sizes_and_names() -> None:
    assert sizes_text((28, None)) == "28, None"
    assert names_text(["a", "b", "c"]) == "a, b, c"
    assert names_text(["a", "b", "c", "d"]) == "a, b, c, …"


def test_errors_are_translated_before_they_are_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ShapeError("Input {index}", plain="gets {shape}, not {value!r}", index=0,
                       shape=(None, 28, 28), value="x")  # fmt: skip
    assert explain(error) == "gets (None, 28, 28), not 'x'"
    catalogue = {"gets {shape}, not {value!r}": "{value} statt {shape}"}
    monkeypatch.setattr(language, "translate", lambda text: catalogue[text])
    assert explain(error) == "x statt (None, 28, 28)"
    assert explain(ShapeError("{shapes}", shapes=["x"] * 99, plain="gets {shape}, not {value!r}",
                              shape=(), value="y" * 99)) .count("y") < 40  # fmt: skip
