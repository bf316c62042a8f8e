"""The same seed gives the same weights and history: in the window, on the command line, in code."""

from pathlib import Path
from typing import Any

import numpy as np
from drawn import chain
from pytestqt.qtbot import QtBot

from kgui import cli
from kgui.data import open_source
from kgui.engine import Sequential, backend, layers, utils
from kgui.graph import Project, edits, save
from kgui.interchange.npz import load_npz
from kgui.training.thread import TrainingThread

SEED = 7


def _project() -> Project:
    project = chain(
        ("Input", {"shape": [4]}),
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dropout", {"rate": 0.25}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    )
    project = edits.set_data(project, source="sample:iris")
    return edits.set_training(project, epochs=3, batch_size=16, seed=SEED)


def _in_a_window(qtbot: QtBot, project: Project) -> tuple[dict[str, Any], list[Any]]:
    thread = TrainingThread(project)
    with qtbot.waitSignal(thread.ended, timeout=20_000):
        thread.start()
    assert thread.wait(20_000)
    assert thread.trained is not None
    return dict(thread.trained.history), thread.trained.model.get_weights()


def _on_the_command_line(project: Project, folder: Path) -> tuple[dict[str, Any], list[Any]]:
    save(project, folder / "drawing.kgui")
    out = folder / "model.npz"
    assert cli.main(["train", str(folder / "drawing.kgui"), "--out", str(out)]) == 0
    trained = load_npz(out)
    return dict(trained.history), trained.model.get_weights()


def _in_code(project: Project) -> tuple[dict[str, Any], list[Any]]:
    parts, _ = open_source(project.data).split(SEED)
    assert parts.validation is not None
    with backend.use_session(backend.Session()):
        utils.set_random_seed(SEED)
        model = Sequential(
            [
                layers.Input((4,)),
                layers.Dense(8, activation="relu"),
                layers.Dropout(0.25),
                layers.Dense(3, activation="softmax"),
            ]
        )
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(
            parts.train.inputs["x"],
            parts.train.targets,
            batch_size=16,
            epochs=3,
            validation_data=(parts.validation.inputs["x"], parts.validation.targets),
            verbose=0,
        )
        return history.history, model.get_weights()


def test_window_command_line_and_script_agree_bit_for_bit(qtbot: QtBot, tmp_path: Path) -> None:
    project = _project()
    history, weights = _in_code(project)
    for other, values in (_in_a_window(qtbot, project), _on_the_command_line(project, tmp_path)):
        assert other == history
        for mine, theirs in zip(weights, values, strict=True):
            np.testing.assert_array_equal(mine, theirs)
