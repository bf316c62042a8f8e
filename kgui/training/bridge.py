"""From the engine's hooks to events: a callback that reports, stops, and watches the numbers."""

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from kgui.engine.callbacks import Callback
from kgui.language import tr
from kgui.training.events import BatchProgress, EpochEnded, Event, RunStarted
from kgui.training.failures import LayerFailedError, StopRequestedError

REPORTS_PER_SECOND = 30
WINDOW = 3.0
"""Seconds that the speed is the mean of: long enough to be calm, short enough to be true."""

Logs = Mapping[str, float] | None


class Pace:
    """Samples per second over the last seconds, and the time left at that speed."""

    def __init__(self, window: float = WINDOW) -> None:
        self._window = window
        self._marks: deque[tuple[float, int]] = deque()

    def mark(self, now: float, samples: int) -> None:
        """At the time `now`, in seconds, so many samples were done since the beginning."""
        if self._marks and now < self._marks[-1][0]:
            self._marks.clear()
        self._marks.append((now, samples))
        while len(self._marks) > 2 and now - self._marks[1][0] >= self._window:
            self._marks.popleft()

    @property
    def speed(self) -> float:
        """Samples per second; 0 while it is not known."""
        if len(self._marks) < 2:
            return 0.0
        (began, before), (now, after) = self._marks[0], self._marks[-1]
        return (after - before) / (now - began) if now > began else 0.0


class EventBridge(Callback):
    """Turns hooks into events; polls for the wish to stop, and for NaN, at every batch.

    A stop ends the fit with StopRequestedError before the epoch under way is recorded, so that
    histories hold whole epochs only. What the batches taught is in the weights.
    """

    def __init__(
        self,
        listener: Callable[[Event], None],
        should_stop: Callable[[], bool],
        samples: int,
        batch_size: int,
        notes: tuple[str, ...] = (),
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__()
        self._listener, self._should_stop, self._clock = listener, should_stop, clock
        self._samples, self._batch_size, self._notes = samples, batch_size, notes
        self._pace = Pace()
        self._epoch = 0
        self._due = 0.0

    @property
    def _epochs(self) -> int:
        return int(self.params["epochs"])

    @property
    def _steps(self) -> int:
        return int(self.params["steps"])

    def on_train_begin(self, logs: Any = None) -> None:
        """Tell that the run begins."""
        self._listener(RunStarted(self._epochs, self._steps, self._samples, self._notes))
        self._pace.mark(self._clock(), 0)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Leave between epochs if that is wished."""
        self._epoch = epoch
        self._leave_if_asked()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Stop if asked or if the loss is no number; tell the progress when it is due."""
        loss = logs["loss"]
        if loss - loss != 0:  # NaN and infinity; math.isfinite would cost twice as much here
            self._fail(loss, batch)
        if self._should_stop():
            self.model.stop_training = True
            return
        now = self._clock()
        if now >= self._due:
            self._report(batch + 1, logs, now)

    def on_test_begin(self, logs: Any = None) -> None:
        """Skip the validation if a stop was asked for."""
        self._leave_if_asked()

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Leave a validation in the middle if a stop is asked for."""
        self._leave_if_asked()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Tell the epoch's numbers, unless the epoch was cut short."""
        if self.model.stop_training:
            raise StopRequestedError
        for name, value in logs.items():
            if not math.isfinite(value):
                self._fail(value, None, name)
        self._listener(EpochEnded(epoch, dict(logs)))

    def _leave_if_asked(self) -> None:
        if self.model.stop_training or self._should_stop():
            self.model.stop_training = True
            raise StopRequestedError

    def _report(self, batch: int, logs: Mapping[str, float], now: float) -> None:
        self._due = now + 1 / REPORTS_PER_SECOND
        done = self._epoch * self._samples + min(batch * self._batch_size, self._samples)
        self._pace.mark(now, done)
        speed = self._pace.speed
        left = (self._epochs * self._samples - done) / speed if speed > 0 else math.inf
        self._listener(BatchProgress(self._epoch, batch, self._steps, speed, left, dict(logs)))

    def _fail(self, value: float, batch: int | None, name: str = "loss") -> None:
        layer = self.model.first_non_finite()
        number = tr("not a number") if math.isnan(value) else tr("infinite")
        if batch is None:
            text = tr("{name} became {number} in epoch {epoch}")
        else:
            text = tr("The loss became {number} in epoch {epoch}, batch {batch}")
        text = text.format(name=name, number=number, epoch=self._epoch + 1, batch=(batch or 0) + 1)
        if layer:
            text = tr("{text}; the first bad value came from {layer}").format(
                text=text, layer=layer
            )
        advice = tr("Lower the learning rate, or look for huge values in the data.")
        raise LayerFailedError(f"{text}. {advice}", layer)
