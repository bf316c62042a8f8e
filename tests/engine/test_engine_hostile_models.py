"""Model files that nobody should have to trust: code in them is not run, damage is told."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from saved_states import SAVED
from small_models import classifier

from kgui.engine import Sequential, models, saving
from kgui.engine.layers import Dense
from kgui.io.archives import archive_bytes


def test_code_is_neither_written_nor_read(tmp_path: Path) -> None:
    model = classifier()
    model.compile("sgd", lambda y, p: p - y)
    with pytest.raises(ValueError, match="files never hold code"):
        model.save(tmp_path / "m.npz")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="code in files is never run"):
        saving.deserialize_keras_object({"class_name": "__lambda__", "config": {"value": "…"}})


def test_one_sentence_for_what_is_no_model(tmp_path: Path) -> None:
    for name in ("m.h5", "m.pt"):
        with pytest.raises(ValueError, match=r"legacy HDF5|format not supported"):
            models.load_model(tmp_path / name)
    with pytest.raises(ValueError, match="File not found: filepath="):
        models.load_model(tmp_path / "m.npz")
    classifier().save_weights(tmp_path / "w.npz")
    with pytest.raises(ValueError, match="holds weights but no model"):
        models.load_model(tmp_path / "w.npz")
    with pytest.warns(UserWarning, match="has not yet been built"):
        Sequential([Dense(2)]).save(tmp_path / "u.npz")
    assert len(models.load_model(tmp_path / "u.npz").layers) == 1


def _config() -> dict[str, Any]:
    with zipfile.ZipFile(SAVED / "graph.keras") as archive:
        found: dict[str, Any] = json.loads(archive.read("config.json"))
    return found


def _dense(config: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(
        entry for entry in config["config"]["layers"] if entry["name"] == "shared"
    )
    return found


def _deep(config: dict[str, Any]) -> None:
    value: Any = []
    for _ in range(900):
        value = [value]
    config["config"]["name"] = value


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "code": (lambda c: _dense(c).update(class_name="__lambda__"), "never run|describes"),
    "lambda layer": (lambda c: _dense(c).update(class_name="Lambda"), "Could not locate|lambda"),
    "module": (lambda c: _dense(c).update(module="os", class_name="system"), "Could not locate"),
    "import": (
        lambda c: _dense(c).update(module="kgui.io.atomic_write", class_name="Path"),
        "Could not locate",
    ),
    "no layer": (
        lambda c: _dense(c).update(module="keras.losses", class_name="Huber", config={}),
        "expected a layer",
    ),
    "function": (
        lambda c: _dense(c)["config"].update(
            activation={"module": "builtins", "class_name": "function", "config": "eval",
                        "registered_name": "eval"}
        ), "Could not locate function 'eval'",
    ),
    "huge": (lambda c: _dense(c)["config"].update(units=1 << 60), "cannot be read|memory"),
    "negative": (lambda c: _dense(c)["config"].update(units=-1), "units"),
    "text": (lambda c: _dense(c)["config"].update(units="many"), "units"),
    "option": (lambda c: _dense(c)["config"].update(colour="red"), "does not know the argument"),
    "no name": (lambda c: _dense(c).pop("name"), "damaged"),
    "no calls": (lambda c: _dense(c).update(inbound_nodes=[]), "resolved|not called"),
    "loop": (
        lambda c: _dense(c)["inbound_nodes"][0]["args"][0]["config"].update(
            keras_history=["concatenate", 0, 0]
        ), "loops or disconnected",
    ),
    "stranger": (
        lambda c: _dense(c)["inbound_nodes"][0]["args"][0]["config"].update(
            keras_history=["../../etc", 0, 0]
        ), "Unknown layer",
    ),
    "twice": (lambda c: c["config"]["layers"].append(_dense(c)), "used twice"),
    "no graph": (lambda c: c.update(config=[]), "must be a dictionary"),
    "other": (lambda c: c.update(module="keras.losses", class_name="Huber", config={}), "no model"),
    "optimizer": (
        lambda c: c["compile_config"]["optimizer"].update(class_name="Wizard"),
        "Could not locate class 'Wizard'",
    ),
    "deep": (_deep, "damaged|JSON|must be text"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_descriptions_are_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    change, said = HOSTILE[case]
    config = _config()
    change(config)
    with zipfile.ZipFile(SAVED / "graph.keras") as archive:
        weights = archive.read("model.weights.h5")
    parts = {"config.json": json.dumps(config).encode(), "model.weights.h5": weights}
    path = tmp_path / "m.keras"
    path.write_bytes(archive_bytes(parts))
    with pytest.raises((ValueError, MemoryError)) as caught:
        models.load_model(path)
    assert re.search(said, str(caught.value)), str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"config.json": b"{}"}, "has no model.weights.h5"),
        ({"model.weights.h5": b""}, "has no config.json"),
        ({"config.json": b"[", "model.weights.h5": b""}, "is not JSON"),
        ({"config.json": b"[]", "model.weights.h5": b""}, "describes no model"),
        ({"config.json": b"{}", "model.weights.h5": b"no"}, "not a Keras weights file"),
        ({"config.json": b"[" * 100_000, "model.weights.h5": b""}, "is not JSON"),
    ],
)
def test_archives_of_something_else_are_refused(
    parts: dict[str, bytes], said: str, tmp_path: Path
) -> None:
    pytest.importorskip("h5py")
    path = tmp_path / "m.keras"
    path.write_bytes(archive_bytes(parts))
    with pytest.raises(ValueError, match=re.escape(said)):
        models.load_model(path)


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * (65 << 20))
    with pytest.raises(ValueError, match="more than the"):
        models.load_model(path)
