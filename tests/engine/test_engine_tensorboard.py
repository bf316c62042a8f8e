"""Event files, read by the real TensorBoard (in the extra dev, which every check installs)."""

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_models import X, Y, classifier, quiet

from kgui.engine import Input, Sequential, callbacks, layers

WHY = "reads event files with TensorBoard, which the extra dev brings"


def events(folder: Path) -> Any:
    """What TensorBoard finds in a folder."""
    pytest.importorskip("tensorboard", reason=WHY)
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(
        str(folder), size_guidance={"histograms": 0, "images": 0, "tensors": 0}
    )
    found.Reload()
    return found


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Steps and numbers by tag."""
    from tensorboard.util import tensor_util

    found = events(folder)
    tags = found.Tags()
    read = {tag: [(e.step, e.value) for e in found.Scalars(tag)] for tag in tags["scalars"]}
    for tag in tags["tensors"]:
        if found.SummaryMetadata(tag).plugin_data.plugin_name == "scalars":
            pairs = [(e.step, e.tensor_proto) for e in found.Tensors(tag)]
            read[tag] = [(step, float(tensor_util.make_ndarray(p))) for step, p in pairs]
    return read


@pytest.fixture(autouse=True)
def _needs_the_writer() -> None:
    pytest.importorskip("tensorboardX", reason="the extra dev brings it")


def test_epochs_of_training_and_validation(tmp_path: Path) -> None:
    model = classifier(metrics=["accuracy"])
    board = callbacks.TensorBoard(tmp_path)
    history = quiet(model, X, Y, epochs=3, validation_split=0.5, callbacks=[board])
    train, held = scalars(tmp_path / "train"), scalars(tmp_path / "validation")
    assert set(train) == {"epoch_loss", "epoch_accuracy", "epoch_learning_rate"}
    assert set(held) == {
        "epoch_loss", "epoch_accuracy", "evaluation_loss_vs_iterations",
        "evaluation_accuracy_vs_iterations",
    }  # fmt: skip
    for name, numbers in history.items():
        part = held if name.startswith("val_") else train
        steps, values = zip(*part[f"epoch_{name.removeprefix('val_')}"], strict=True)
        assert steps == (0, 1, 2)
        assert values == pytest.approx(numbers, rel=1e-5)
    assert [step for step, _ in held["evaluation_loss_vs_iterations"]] == [1, 2, 3]
    assert train["epoch_learning_rate"][0][1] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("freq", "steps"), [("batch", [1, 2, 3, 4, 5, 6]), (2, [2, 4, 6]), (4, [4])]
)
def test_batches(freq: Any, steps: list[int], tmp_path: Path) -> None:
    board = callbacks.TensorBoard(tmp_path, update_freq=freq, write_steps_per_second=True)
    quiet(classifier(), X, Y, batch_size=8, epochs=2, callbacks=[board])
    found = scalars(tmp_path / "train")
    assert [step for step, _ in found["batch_loss"]] == steps
    assert [step for step, _ in found["batch_steps_per_second"]] == steps
    assert all(value > 0 for _, value in found["epoch_steps_per_second"])


def test_histograms_pictures_and_the_graph(tmp_path: Path) -> None:
    model = Sequential([Input((3,), name="start"), layers.Dense(4, name="one"),
                        layers.Dense(2, "softmax", name="two")])  # fmt: skip
    model.compile("sgd", "sparse_categorical_crossentropy")
    board = callbacks.TensorBoard(tmp_path, histogram_freq=2, write_images=True)
    quiet(model, X, Y, epochs=3, callbacks=[board])
    found = events(tmp_path / "train")
    tags = found.Tags()
    paths = [weight.path for weight in model.weights]
    assert tags["histograms"] == [f"{path}/histogram" for path in paths]
    assert tags["images"] == [f"{path}/image" for path in paths]
    nodes = {node.name: list(node.input) for node in found.Graph().node}
    assert nodes["two"] == ["one"] and nodes["one"] == ["start"]
    first, second = found.Histograms(f"{paths[0]}/histogram")
    assert (first.step, second.step) == (0, 2)
    kernel = model.get_weights()[0]
    assert second.histogram_value.num == kernel.size
    assert second.histogram_value.sum == pytest.approx(float(kernel.sum()), rel=1e-4)


def test_pictures_are_pngs_of_the_weights(tmp_path: Path) -> None:
    model = Sequential([Input((3,)), layers.Dense(2)])
    model.set_weights([np.array([[0, 1], [0.5, 2], [-1, 0.25]]), np.zeros(2)])
    model.compile("sgd", "mse")
    board = callbacks.TensorBoard(tmp_path, histogram_freq=1, write_images=True)
    board.set_model(model)
    board.on_epoch_end(0, {})
    board.on_train_end()
    found = events(tmp_path / "train")
    (image,) = found.Images(f"{model.weights[0].path}/image")
    assert (image.width, image.height) == (3, 2)
    pixels = pytest.importorskip("PIL.Image", reason=WHY)
    shown = np.asarray(pixels.open(io.BytesIO(image.encoded_image_string)))
    assert shown.tolist() == [[0, 127, 0], [255, 255, 63]]


def test_evaluation_alone(tmp_path: Path) -> None:
    model = classifier()
    board = callbacks.TensorBoard(tmp_path)
    loss = model.evaluate(X, Y, verbose=0, callbacks=[board])
    ((step, value),) = scalars(tmp_path / "validation")["evaluation_loss_vs_iterations"]
    assert (step, value) == (0, pytest.approx(loss, rel=1e-5))
    assert not (tmp_path / "train").exists()


def test_logs_are_worked_out_for_batches_only_where_they_are_written(tmp_path: Path) -> None:
    for freq, wanted in (("epoch", 0), ("batch", 1)):
        board = callbacks.TensorBoard(tmp_path, update_freq=freq)
        assert len(callbacks.CallbackList([board]).hooks("on_train_batch_end")) == wanted


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"update_freq": "often"}, "`update_freq` should be"),
        ({"update_freq": 0}, "`update_freq` should be"),
        ({"profile_batch": 2}, "Profiling is not available"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        callbacks.TensorBoard(**options)


def test_without_the_writer_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=r"pip install kgui\[tensorboard\]\.$") as caught:
        callbacks.TensorBoard()
    assert "\n" not in str(caught.value)
