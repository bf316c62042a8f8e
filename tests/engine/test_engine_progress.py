"""The progress bar, as it stands on the console."""

import io
import re
from typing import Any

import pytest
from small_models import X, Y, classifier

from kgui.engine import callbacks, utils
from kgui.engine.callbacks import progress_bar


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which a test sets."""
    now = [100.0]
    monkeypatch.setattr(progress_bar.time, "time", lambda: now[0])
    return now


def plain(text: str) -> str:
    """What is seen of the last line."""
    return re.sub("\x1b\\[[0-9]+m|\b", "", text).split("\r")[-1]


def test_a_bar_with_a_target(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    bar = utils.Progbar(12)
    clock[0] += 2
    bar.update(1, [("loss", 0.5)])
    seen = capsys.readouterr().out
    assert plain(seen) == " 1/12 ━━━━━━━━━━━━━━━━━━━━ 22s 2s/step - loss: 0.5000"
    assert seen.count("\x1b[32m━\x1b[0m") == 1 and "\x1b[37m" + "━" * 19 in seen
    clock[0] += 0.01
    bar.update(2, [("loss", 0.3)])
    assert capsys.readouterr().out == "", "at most one picture in 0.05 seconds"
    clock[0] += 1.09
    bar.update(12, [("loss", 0.1)])
    assert plain(capsys.readouterr().out) == (
        "12/12 ━━━━━━━━━━━━━━━━━━━━ 3s 100ms/step - loss: 0.1000\n"
    )


def test_a_bar_without_a_target(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    bar = utils.Progbar(None, interval=0)
    clock[0] += 0.0001
    bar.update(1, [("loss", 1e-4)])
    assert plain(capsys.readouterr().out) == "      1/Unknown 0s 100us/step - loss: 1.0000e-04"


@pytest.mark.parametrize(
    ("seconds", "told"), [(50, "50s"), (90, "1:30"), (3700, "1:01:40"), (0.4, "0s")]
)
def test_how_long_it_will_take(
    seconds: float, told: str, clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    bar = utils.Progbar(2, interval=0)
    clock[0] += seconds
    bar.update(1)
    assert f" {told} " in plain(capsys.readouterr().out)


def test_numbers_are_averaged_unless_they_are_said_to_be_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bar = utils.Progbar(4, interval=0, stateful_metrics=["b"])
    bar.update(1, [("a", 1.0), ("b", 1.0)])
    bar.update(3, [("a", 4.0), ("b", 4.0)])
    assert plain(capsys.readouterr().out).endswith("- a: 3.0000 - b: 4.0000")
    bar = utils.Progbar(4, interval=0, stateless_metrics=[])
    bar.add(1, [("a", 1.0)])
    bar.add(2, [("a", 4.0)])
    assert plain(capsys.readouterr().out).endswith("- a: 4.0000")
    with pytest.raises(ValueError, match="Only one of"):
        utils.Progbar(1, stateful_metrics=["a"], stateless_metrics=["b"])


def test_one_line_an_epoch(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    bar = utils.Progbar(100, verbose=2)
    bar.update(50, [("loss", 0.5)])
    assert capsys.readouterr().out == ""
    clock[0] += 5
    bar.update(100, [("loss", 0.25)])
    assert capsys.readouterr().out == "100/100 - 5s - 50ms/step - loss: 0.2500\n"


def test_consoles_that_cannot_show_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", console)
    utils.Progbar(2).update(2)
    assert b"====" in console.buffer.getvalue()  # type: ignore[attr-defined] # it is a BytesIO
    monkeypatch.setattr("sys.stdout", None)
    utils.Progbar(2).update(2)


@pytest.mark.parametrize("verbose", [1, "auto"])
def test_fit_evaluate_and_predict_show_it(verbose: Any, capsys: pytest.CaptureFixture[str]) -> None:
    model = classifier()
    model.fit(X, Y, batch_size=4, epochs=2, verbose=verbose, validation_split=0.5)
    lines = [plain(line) for line in capsys.readouterr().out.split("\n")]
    assert lines[0] == "Epoch 1/2" and lines[2] == "Epoch 2/2"
    assert re.match(r"3/3 ━{20} \d+s \S+/step - loss: [\d.]+ - val_loss: [\d.]+", lines[1])
    model.evaluate(X, Y, batch_size=10, verbose=verbose)
    assert re.match(r"2/2 ━{20} .* - loss: ", plain(capsys.readouterr().out))
    model.predict(X, batch_size=5, verbose=verbose)
    assert plain(capsys.readouterr().out).startswith("4/4 " + "━" * 20)


def test_streams_whose_length_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    model = classifier()
    with pytest.warns(UserWarning, match="ran out of data"):
        model.fit(((X, Y) for _ in range(3)), epochs=1)
    out = capsys.readouterr().out
    assert "1/Unknown" in out and plain(out).startswith("3/3 ")


def test_a_logger_alone_and_a_list_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    model = classifier()
    alone = callbacks.CallbackList(
        [callbacks.ProgbarLogger()], model=model, verbose=2, epochs=3, steps=1
    )
    alone.on_train_begin()
    alone.on_epoch_begin(0)
    alone.on_train_batch_end(0, {"loss": 2})
    alone.on_epoch_end(0, logs={"loss": 2, "accuracy": 1})
    assert re.fullmatch(
        r"Epoch 1/3\n1/1 - 0s - \S+/step - accuracy: 1.0000 - loss: 2.0000\n",
        capsys.readouterr().out,
    )
    given = callbacks.CallbackList(add_history=True, model=model, verbose=0, epochs=1, steps=1)
    assert model.fit(X, Y, callbacks=given, verbose=0) is given.history is model.history
    bare = callbacks.CallbackList(model=model)
    assert model.fit(X, Y, callbacks=bare).history["loss"]
    with pytest.raises(TypeError, match="should hold `Callback` objects"):
        bare.append("no callback")  # type: ignore[arg-type] # on purpose
