"""Curves and progress of a run."""

import math

import pytest
from pytestqt.qtbot import QtBot

from kgui.training.events import BatchProgress, EpochEnded, RunEnded, RunStarted
from kgui.widgets import theme
from kgui.widgets.plots import Plots
from kgui.widgets.plots.series import Series, drawable
from kgui.widgets.progress import Progress, duration


@pytest.fixture
def plots(qtbot: QtBot) -> Plots:
    made = Plots(theme.light())
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


def test_words_stand_where_nothing_is_drawn(plots: Plots) -> None:
    assert plots.empty.isVisible()
    assert plots.points("loss") == []


def test_one_point_an_epoch_on_every_curve(plots: Plots) -> None:
    plots.add_epoch(0, {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.1, "val_accuracy": 0.4})
    plots.add_epoch(1, {"loss": 0.5, "accuracy": 0.75, "val_loss": 0.6, "val_accuracy": 0.7})
    assert not plots.empty.isVisible()
    assert plots.points("loss") == [(1, 1.0), (2, 0.5)]
    assert plots.points("val_loss") == [(1, 1.1), (2, 0.6)]
    assert plots.points("accuracy") == [(1, 0.5), (2, 0.75)]
    assert plots.points("val_accuracy") == [(1, 0.4), (2, 0.7)]
    assert plots.points("unheard_of") == []


def test_clear_forgets_everything(plots: Plots) -> None:
    plots.add_epoch(0, {"loss": 1.0})
    plots.clear()
    assert plots.empty.isVisible()
    assert plots.points("loss") == []
    plots.add_epoch(0, {"loss": 2.0})
    assert plots.points("loss") == [(1, 2.0)]


def test_a_run_without_metric_shows_one_plot(plots: Plots) -> None:
    plots.add_epoch(0, {"loss": 1.0, "val_loss": 1.0})
    assert plots.curves is not None
    assert plots.curves.loss_plot.isVisible()
    assert not plots.curves.metric_plot.isVisible()


def test_numbers_that_cannot_be_drawn_do_no_harm(plots: Plots) -> None:
    values = [1e300, math.nan, -math.inf, math.inf, 0.0, 1e-320]
    for epoch, value in enumerate(values):
        plots.add_epoch(epoch, {"loss": value})
    plots.grab()
    drawn = [value for _, value in plots.points("loss")]
    assert drawn[0] == 1e30
    assert math.isnan(drawn[1])
    assert drawn[2:5] == [-1e30, 1e30, 0.0]


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1e308, -1e31])
def test_drawable_numbers_are_held_within_limits(value: float) -> None:
    assert abs(drawable(value)) == 1e30


def test_symbols_are_shown_while_there_are_few_points(plots: Plots) -> None:
    plots.add_epoch(0, {"loss": 1.0})
    assert plots.curves is not None
    curve = plots.curves.loss_plot.curves[0]
    assert curve.opts["symbol"] == "o"
    assert curve.opts["pen"].widthF() == 1
    for epoch in range(1, 100):
        plots.add_epoch(epoch, {"loss": 1.0})
    assert curve.opts["symbol"] is None


def test_ticks_are_whole_epochs(plots: Plots) -> None:
    plots.add_epoch(0, {"loss": 1.0})
    assert plots.curves is not None
    axis = plots.curves.loss_plot.axis
    assert axis.tickValues(0.96, 5.04, 300) == [(1.0, [1.0, 2.0, 3.0, 4.0, 5.0])]
    assert axis.tickValues(1, 1000, 300)[0][0] == 200.0
    assert axis.tickValues(-0.96, 50.96, 300) == [(10.0, [1.0, 10.0, 20.0, 30.0, 40.0, 50.0])]
    assert axis.tickValues(0.6, 10.4, 300) == [(2.0, [2.0, 4.0, 6.0, 8.0, 10.0])]
    assert axis.tickStrings([1.0, 2.0], 1, 1) == ["1", "2"]


def test_the_legend_tells_the_latest_values(plots: Plots) -> None:
    plots.add_epoch(0, {"loss": 0.25})
    assert plots.curves is not None
    training, validation = plots.curves.loss_plot.legend
    assert "training" in training.text()
    assert "0.25" in training.text()
    assert not validation.isVisible()


def test_colours_follow_the_theme(plots: Plots) -> None:
    plots.add_epoch(0, {"loss": 0.25})
    assert plots.curves is not None
    for chosen in (theme.dark(), theme.light()):
        plots.set_theme(chosen)
        curves = plots.curves.loss_plot.curves
        colours = [curve.opts["pen"].color().name() for curve in curves]
        assert colours == [colour.name() for colour in chosen.series[:2]]
        brush = plots.curves.loss_plot.plot.backgroundBrush()
        assert brush.color().name() == chosen.base.name()


def test_series_keep_the_first_metric() -> None:
    series = Series()
    series.add(0, {"val_loss": 1, "loss": 1, "mae": 2, "mse": 3})
    assert series.metric == "mae"


def test_progress_tells_epoch_speed_and_time_left(qtbot: QtBot) -> None:
    progress = Progress()
    qtbot.addWidget(progress)
    assert progress.isHidden()
    progress.prepare()
    assert not progress.isHidden()
    assert progress.bar.maximum() == 0  # busy: nobody knows how long
    progress.start(RunStarted(epochs=4, steps=10, samples=320))
    progress.show_batch(BatchProgress(1, 5, 10, 12345.6, 65.2, {"loss": 1.0}))
    wanted = "epoch 2 of 4 · batch 5 of 10 · 12,346 samples/s · 1:06 left"
    assert progress.text.text() == wanted
    assert progress.bar.value() == 375
    progress.end_epoch(EpochEnded(1, {}))
    assert progress.bar.value() == 500


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        ("finished", "Finished after epoch 2 of 4."),
        ("stopped", "Stopped after epoch 2 of 4."),
        ("failed", "Training failed."),
    ],
)
def test_progress_tells_how_it_ended(qtbot: QtBot, outcome: str, text: str) -> None:
    progress = Progress()
    qtbot.addWidget(progress)
    progress.start(RunStarted(4, 10, 320))
    progress.end_epoch(EpochEnded(1, {}))
    progress.end(RunEnded(outcome, "why"))  # type: ignore[arg-type]  # one of the literals
    assert progress.text.text() == text
    progress.clear()
    assert progress.isHidden()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59.2, "1:00"), (65, "1:05"), (3661, "1:01:01"), (math.inf, "?"),
     (math.nan, "?"), (-1, "?"), (1e300, "?")],
)  # fmt: skip
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
