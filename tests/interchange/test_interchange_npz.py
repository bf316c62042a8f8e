"""Models in `.npz` files: what goes in comes out, what does not belong is refused in a sentence."""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn import chain, iris

from kgui.data.values import Array
from kgui.engine.backend import Session, use_session
from kgui.engine.models import load_model
from kgui.graph import edits
from kgui.interchange import npz
from kgui.interchange.npz import DESCRIPTION, arrays_of, export_npz, load_npz, weights_of
from kgui.interchange.trained import TrainedModel
from kgui.io.arrays import describe_arrays, write_arrays
from kgui.io.errors import InputError, KguiError, OutputError
from kgui.training.run import train


@pytest.fixture(scope="module")
def trained() -> TrainedModel:
    """Iris, a little."""
    return train(iris(epochs=3, seed=4))


@pytest.fixture
def file(trained: TrainedModel, tmp_path: Path) -> Path:
    """The exported model."""
    path = tmp_path / "flowers.npz"
    export_npz(trained, path)
    return path


def rewritten(
    path: Path,
    change: Callable[[dict[str, Any]], None] = lambda described: None,
    arrays: Callable[[dict[str, Array]], None] = lambda arrays: None,
) -> Path:
    """The file with its description and arrays changed by somebody who knows the format."""
    with np.load(path, allow_pickle=False) as found:
        held = {name: found[name] for name in found.files}
    described = json.loads(held.pop(DESCRIPTION).tobytes())
    arrays(held)
    described["arrays"] = describe_arrays(held)
    change(described)
    held[DESCRIPTION] = np.frombuffer(json.dumps(described).encode(), np.uint8)
    write_arrays(path, held)
    return path


def test_a_model_comes_back_whole(trained: TrainedModel, file: Path) -> None:
    back = load_npz(file)
    assert back.project == trained.project
    assert back.preparation == trained.preparation
    assert back.target == trained.target
    assert back.history == trained.history
    assert back.evaluation == trained.evaluation
    assert (back.epochs, back.seed, back.stopped) == (3, 4, False)
    rows = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32)
    assert np.array_equal(back.model.predict(rows), trained.model.predict(rows))
    loss = back.model.evaluate(rows, np.zeros(20, np.int32), verbose=0)[0]
    assert np.isfinite(loss)


def test_the_engine_loads_it_for_scripts(trained: TrainedModel, file: Path) -> None:
    model = load_model(file)
    rows = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32)
    assert np.array_equal(model.predict(rows), trained.model.predict(rows))
    assert model.compiled is None
    rewritten(file, arrays=lambda held: held.pop("dense/kernel"))
    with pytest.raises(ValueError, match="its arrays are not those of its layers"):
        load_model(file)


def test_plain_numpy_opens_it(trained: TrainedModel, file: Path) -> None:
    with np.load(file, allow_pickle=False) as found:
        names = set(found.files)
        assert names == {DESCRIPTION, *weights_of(trained.model)}
        assert found["dense/kernel"].dtype == np.float32
        assert found["dense_1/bias"].shape == (3,)
        described = json.loads(found[DESCRIPTION].tobytes().decode("utf-8"))
    assert described["format"] == "kgui-model"
    assert described["version"] == 1
    assert described["classes"] == ["setosa", "versicolor", "virginica"]
    layers = described["architecture"]["layers"]
    assert [layer["name"] for layer in layers] == ["input", "dense", "dense_1"]
    assert layers[2]["config"]["units"] == 3
    assert layers[2]["inbound"] == ["dense"]
    assert described["training"]["history"] == trained.history


def test_the_same_model_gives_the_same_bytes(trained: TrainedModel, tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        export_npz(trained, tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("name", ["file", "allow_pickle", "arr_0", "__kgui__"])
def test_layers_may_have_any_name(name: str, tmp_path: Path) -> None:
    project = iris(epochs=1)
    project = edits.rename(project, project.graph.nodes[1].id, name)
    trained, path = train(project), tmp_path / "model.npz"
    export_npz(trained, path)
    back = load_npz(path)
    assert f"{name}/kernel" in weights_of(back.model)


def test_numbers_that_json_lacks_survive_as_nan(trained: TrainedModel, tmp_path: Path) -> None:
    odd = replace(trained, evaluation={"train": {"loss": float("inf"), "accuracy": 0.5}})
    export_npz(odd, tmp_path / "odd.npz")
    numbers = load_npz(tmp_path / "odd.npz").evaluation["train"]
    assert np.isnan(numbers["loss"])
    assert numbers["accuracy"] == 0.5


def test_a_bad_export_leaves_the_good_file_alone(
    trained: TrainedModel, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()
    honest = arrays_of(trained)

    def lying(model: TrainedModel) -> dict[str, Array]:
        return {**honest, "dense/bias": honest["dense/bias"] + 1}

    monkeypatch.setattr(npz, "arrays_of", lying)
    with pytest.raises(OutputError, match=r"^flowers.npz was not written, because the model"):
        export_npz(trained, file)
    monkeypatch.setattr(npz, "arrays_of", lambda model: {"dense/bias": honest["dense/bias"]})
    with pytest.raises(OutputError, match=r"^flowers.npz was not written, because it could not"):
        export_npz(trained, file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir() if path.suffix == ".npz"] == [file.name]


def test_a_folder_that_is_not_there_is_told(trained: TrainedModel, tmp_path: Path) -> None:
    with pytest.raises(KguiError, match=r"nowhere|model\.npz"):
        export_npz(trained, tmp_path / "nowhere" / "model.npz")


class Touched:
    """What a pickle would have done."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def test_pickled_objects_are_refused_and_not_run(file: Path, tmp_path: Path) -> None:
    trap = tmp_path / "touched"
    np.savez(file, evil=np.array([Touched(trap)], dtype=object))
    with pytest.raises(InputError, match=r"flowers\.npz .*evil.*object"):
        load_npz(file)
    assert not trap.exists()


def test_a_model_without_description_is_no_kgui_model(file: Path) -> None:
    write_arrays(file, {"w": np.zeros(3, np.float32)})
    with pytest.raises(
        InputError, match=r"^flowers\.npz is not a kgui model: it has no array __kgui__\.$"
    ):
        load_npz(file)


def wrong(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(described: dict[str, Any]) -> None:
        described[key] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (wrong("format", "other"), r"^flowers\.npz is not a kgui model: its format is 'other'"),
        (wrong("version", True), r"^flowers\.npz is not a kgui model: its format is"),
        (wrong("version", 2), r"^flowers\.npz was written by kgui .* \(format 2\); this program"),
        (wrong("classes", 5), r"^flowers\.npz is not a kgui model: .*classes"),
        (wrong("classes", ["a"]), r"^flowers\.npz does not fit: it names 1 classes"),
        (wrong("target", {"name": "x", "kind": "poem"}), r"^flowers\.npz does not fit"),
        (wrong("preparation", {"steps": 1}), r"^flowers\.npz: The description of the data"),
        (wrong("architecture", {}), r"^flowers\.npz does not fit: the architecture is not that"),
        (wrong("project", {}), r"^flowers\.npz is not a kgui graph"),
        (wrong("training", []), r"^flowers\.npz is not a kgui model: .*training"),
    ],
)
def test_a_description_that_is_wrong_is_refused_with_the_reason(
    file: Path, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        load_npz(rewritten(file, change))


def set_array(name: str, value: Array | None) -> Callable[[dict[str, Array]], None]:
    def change(arrays: dict[str, Array]) -> None:
        arrays.pop(name, None)
        if value is not None:
            arrays[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            set_array("dense_1/kernel", np.zeros((16, 4), np.float32)),
            "flowers.npz does not fit: 'dense_1/kernel' is (16, 4), "
            "the architecture needs (16, 3).",
        ),
        (
            set_array("dense_1/bias", None),
            "flowers.npz does not fit: 'dense_1/bias' is missing, the architecture needs (3,).",
        ),
        (
            set_array("extra/kernel", np.zeros(1, np.float32)),
            "flowers.npz does not fit: 'extra/kernel' has no place in the architecture.",
        ),
        (
            set_array("dense/bias", np.zeros(16, np.float64)),
            "flowers.npz does not fit: 'dense/bias' has the type float64, "
            "the architecture needs float32.",
        ),
    ],
)
def test_arrays_of_another_network_are_refused_by_name(
    file: Path, change: Callable[[dict[str, Array]], None], sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_npz(rewritten(file, arrays=change))
    assert str(caught.value) == sentence


def test_a_changed_weight_is_found_out(file: Path) -> None:
    with pytest.raises(InputError, match="dense/kernel"):
        load_npz(rewritten(file, lambda described: described["arrays"]["dense/kernel"].update(
            sha256="0" * 64)))  # fmt: skip


def test_a_drawing_of_terabytes_takes_no_memory(file: Path) -> None:
    def grow(described: dict[str, Any]) -> None:
        described["project"]["nodes"][1]["options"]["units"] = 10**12

    with pytest.raises(KguiError, match=r"^flowers\.npz"):
        load_npz(rewritten(file, grow))


def damaged(data: bytes) -> Iterator[bytes]:
    generator = np.random.default_rng(7)
    for _ in range(150):
        place = int(generator.integers(len(data)))
        yield (
            data[:place]
            + bytes([data[place] ^ (1 << int(generator.integers(8)))])
            + data[place + 1 :]
        )
    for _ in range(50):
        yield data[: int(generator.integers(len(data)))]


def test_damage_is_an_error_or_changes_nothing(trained: TrainedModel, file: Path) -> None:
    weights = weights_of(trained.model)
    for data in damaged(file.read_bytes()):
        file.write_bytes(data)
        try:
            back = load_npz(file)
        except KguiError:
            continue
        found = weights_of(back.model)
        assert all(np.array_equal(found[name], weights[name]) for name in weights)


def test_another_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flowers.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match=r"flowers\.npz"):
        load_npz(path)


def test_an_untrained_branching_model_survives(trained: TrainedModel, tmp_path: Path) -> None:
    project = chain(("Input", {"shape": [4]}), ("Dense", {"units": 3}), source="sample:iris")
    with use_session(Session(1)):
        model = npz.build(project)
    export_npz(replace(trained, project=project, model=model, history={}), tmp_path / "m.npz")
    assert load_npz(tmp_path / "m.npz").history == {}
