"""Hooks become events; stop and NaN are noticed at every batch; rates are seldom worked out."""

import math
import time

import pytest

from kgui.engine import Sequential, layers
from kgui.training.bridge import REPORTS_PER_SECOND, EventBridge, Pace
from kgui.training.events import BatchProgress, EpochEnded, Event, RunStarted
from kgui.training.failures import LayerFailedError, StopRequestedError


class Clock:
    """A time that moves when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Setting:
    """A bridge at work on a model that does nothing."""

    def __init__(self, epochs: int = 2, samples: int = 1000, batch_size: int = 10) -> None:
        self.events: list[Event] = []
        self.stop = False
        self.clock = Clock()
        self.bridge = EventBridge(
            self.events.append, lambda: self.stop, samples, batch_size, ("a note",), self.clock
        )
        self.model = Sequential([layers.Input((2,)), layers.Dense(1)])
        self.bridge.set_model(self.model)
        self.bridge.set_params({"epochs": epochs, "steps": -(-samples // batch_size)})
        self.bridge.on_train_begin({})
        self.bridge.on_epoch_begin(0, {})

    def batches(self, count: int, seconds: float, first: int = 0) -> None:
        for batch in range(first, first + count):
            self.clock.now += seconds
            self.bridge.on_train_batch_end(batch, {"loss": 1.0})

    @property
    def progress(self) -> list[BatchProgress]:
        return [event for event in self.events if isinstance(event, BatchProgress)]


def test_the_beginning_is_told_with_notes() -> None:
    assert Setting().events == [RunStarted(2, 100, 1000, ("a note",))]


def test_an_epoch_is_told_once_with_a_copy_of_its_numbers() -> None:
    setting = Setting()
    logs = {"loss": 0.5, "val_loss": 0.75}
    setting.bridge.on_epoch_end(0, logs)
    logs["loss"] = 9.0
    assert setting.events[1:] == [EpochEnded(0, {"loss": 0.5, "val_loss": 0.75})]


def test_progress_is_told_at_most_thirty_times_a_second() -> None:
    setting = Setting(samples=100_000)
    setting.batches(2000, 0.001)
    assert 2 * REPORTS_PER_SECOND - 4 <= len(setting.progress) <= 2 * REPORTS_PER_SECOND + 1


def test_speed_and_time_left_are_those_of_the_last_seconds() -> None:
    setting = Setting(epochs=2, samples=1000, batch_size=10)
    setting.batches(50, 0.5)
    setting.batches(40, 0.1, first=50)
    newest = setting.progress[-1]
    assert (newest.epoch, newest.batch, newest.steps) == (0, 90, 100)
    assert newest.samples_per_second == pytest.approx(100, rel=0.02)
    assert newest.seconds_left == pytest.approx((2000 - 900) / 100, rel=0.02)


def test_the_last_batch_may_be_short() -> None:
    setting = Setting(epochs=1, samples=25, batch_size=10)
    setting.batches(3, 1.0)
    assert setting.progress[-1].seconds_left == pytest.approx(0)


def test_a_clock_that_goes_back_gives_no_negative_speed() -> None:
    pace = Pace()
    for now, samples in ((10.0, 0), (11.0, 100), (5.0, 200), (6.0, 300)):
        pace.mark(now, samples)
        assert pace.speed >= 0
    assert pace.speed == pytest.approx(100)


def test_no_time_is_promised_before_there_is_a_speed() -> None:
    setting = Setting()
    setting.bridge.on_train_batch_end(0, {"loss": 1.0})
    assert math.isinf(setting.progress[-1].seconds_left)


def test_a_stop_is_seen_at_the_next_batch_and_the_epoch_is_not_told() -> None:
    setting = Setting()
    setting.batches(3, 0.1)
    setting.stop = True
    setting.batches(1, 0.1, first=3)
    assert setting.model.stop_training
    with pytest.raises(StopRequestedError):
        setting.bridge.on_test_begin({})
    with pytest.raises(StopRequestedError):
        setting.bridge.on_epoch_end(0, {"loss": 1.0})
    assert not any(isinstance(event, EpochEnded) for event in setting.events)


@pytest.mark.parametrize("hook", ["on_epoch_begin", "on_test_batch_end"])
def test_a_stop_is_seen_between_epochs_and_inside_a_validation(hook: str) -> None:
    setting = Setting()
    setting.stop = True
    with pytest.raises(StopRequestedError):
        getattr(setting.bridge, hook)(1, {"loss": 1.0})


@pytest.mark.parametrize(("loss", "word"), [(math.nan, "not a number"), (math.inf, "infinite")])
def test_a_loss_that_is_no_number_ends_the_run_at_its_batch(loss: float, word: str) -> None:
    setting = Setting()
    setting.bridge.on_epoch_begin(1, {})
    with pytest.raises(LayerFailedError, match=f"^The loss became {word} in epoch 2, batch 5"):
        setting.bridge.on_train_batch_end(4, {"loss": loss})


def test_a_validation_loss_that_is_no_number_is_named() -> None:
    setting = Setting()
    with pytest.raises(LayerFailedError, match=r"^val_loss became not a number in epoch 1"):
        setting.bridge.on_epoch_end(0, {"loss": 1.0, "val_loss": math.nan})


def test_a_batch_costs_next_to_nothing_while_nothing_is_due() -> None:
    setting = Setting(samples=10**9)
    setting.batches(1, 0.1)
    logs, hook = {"loss": 1.0, "accuracy": 0.5}, setting.bridge.on_train_batch_end
    times = []
    for _ in range(7):
        began = time.perf_counter()
        for batch in range(2000):
            hook(batch, logs=logs)
        times.append((time.perf_counter() - began) / 2000)
    # About 0.5 µs alone; ten times that on a machine that others use too.
    assert min(times) < 5e-6
    assert len(setting.progress) == 1
