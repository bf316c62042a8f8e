"""A drawing with an Embedding: checked, trained on whole numbers, exported, read, and used."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import chain

from kgui.compiler import check
from kgui.interchange.npz import export_npz, load_npz
from kgui.io.errors import InputError
from kgui.training.run import train

WORDS = np.random.default_rng(1).integers(0, 12, (60, 6))
KINDS = np.where((WORDS < 6).sum(1) > 3, 1, 0)


def drawing(count: int, **options: Any) -> Any:
    return chain(
        ("Input", {"shape": [6]}),
        ("Embedding", {"input_dim": count, "output_dim": 3, **options}),
        ("Flatten", {}),
        ("Dense", {"units": 2, "activation": "softmax"}),
        source="words.npz", epochs=30, learning_rate=0.05,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    np.savez(tmp_path / "words.npz", x=WORDS, y=KINDS)
    return tmp_path


def test_words_are_learnt_and_kept(folder: Path) -> None:
    project = drawing(12, embeddings_initializer="random_normal")
    assert check(project).errors == ()
    trained = train(project, folder=folder)
    assert trained.evaluation["train"]["accuracy"] > 0.9
    export_npz(trained, folder / "model.npz")
    back = load_npz(folder / "model.npz")
    assert back.project == project
    predicted = trained.model.predict(WORDS, verbose=0)
    np.testing.assert_array_equal(back.model.predict(WORDS, verbose=0), predicted)
    np.testing.assert_array_equal(back.model.predict(WORDS.astype("float64"), verbose=0), predicted)


def test_too_small_a_table_is_named(folder: Path) -> None:
    text = "embedding: takes indices from 0 to 9, but the data go up to 11"
    with pytest.raises(InputError, match=text):
        train(drawing(10), folder=folder)


def test_a_lost_mask_is_told(folder: Path) -> None:
    project = drawing(12, mask_zero=True)
    (issue,) = check(project).issues
    assert (issue.severity, issue.message[:14]) == ("warning", "loses the mask")
    assert project.graph.node(issue.node_id).name == "flatten"
    with pytest.warns(UserWarning, match="destroy the mask information"):
        assert np.isfinite(train(project, folder=folder).history["loss"]).all()
