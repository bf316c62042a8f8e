"""How far the run is: a bar, the epoch and batch, the speed and the time left."""

import math

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from kgui.language import tr
from kgui.training.events import BatchProgress, EpochEnded, RunEnded, RunStarted


class Progress(QWidget):
    """One line, hidden until there is a run; it says what the last run came to."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("progress")
        self.bar = QProgressBar()
        self.bar.setObjectName("progress.bar")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(tr("Progress of training"))
        self.text = QLabel()
        self.text.setMinimumWidth(1)  # the panel may become as narrow as it must
        self.text.setObjectName("progress.text")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.text)
        self._run: RunStarted | None = None
        self._epochs_done = 0
        self.hide()

    def prepare(self) -> None:
        """A run was asked for; its data are being made ready."""
        self.show()
        self.bar.show()
        self.bar.setRange(0, 0)
        self.text.setText(tr("Preparing the data and the network…"))

    def start(self, run: RunStarted) -> None:
        """A run begins."""
        self._run, self._epochs_done = run, 0
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self.text.setText(self._epoch_text(0))

    def show_batch(self, progress: BatchProgress) -> None:
        """Show the newest progress inside an epoch."""
        if self._run is None:
            return
        done = progress.epoch + progress.batch / max(progress.steps, 1)
        self.bar.setValue(round(1000 * done / max(self._run.epochs, 1)))
        batch = tr("batch {batch} of {batches}").format(
            batch=f"{progress.batch:,}", batches=f"{progress.steps:,}"
        )
        speed = tr("{count} samples/s").format(count=f"{progress.samples_per_second:,.0f}")
        left = tr("{time} left").format(time=duration(progress.seconds_left))
        self.text.setText(" · ".join((self._epoch_text(progress.epoch), batch, speed, left)))

    def end_epoch(self, event: EpochEnded) -> None:
        """An epoch is over."""
        self._epochs_done = event.epoch + 1
        if self._run is not None:
            self.bar.setValue(round(1000 * self._epochs_done / max(self._run.epochs, 1)))

    def end(self, event: RunEnded) -> None:
        """A run is over."""
        epochs = self._run.epochs if self._run is not None else 0
        texts = {
            "finished": tr("Finished after epoch {epoch} of {epochs}."),
            "stopped": tr("Stopped after epoch {epoch} of {epochs}."),
            "failed": tr("Training failed."),
        }
        self.text.setText(texts[event.outcome].format(epoch=self._epochs_done, epochs=epochs))
        self.bar.setRange(0, 1000)
        self.bar.setValue(1000 if event.outcome == "finished" else self.bar.value())
        self.bar.setVisible(event.outcome != "failed")

    def clear(self) -> None:
        """Nothing was trained."""
        self._run, self._epochs_done = None, 0
        self.hide()
        self.text.clear()

    def _epoch_text(self, epoch: int) -> str:
        epochs = self._run.epochs if self._run is not None else 0
        return tr("epoch {epoch} of {epochs}").format(epoch=epoch + 1, epochs=epochs)


def duration(seconds: float) -> str:
    """A time in hours, minutes and seconds: "1:05"; "?" if it is not known."""
    if not math.isfinite(seconds) or seconds < 0 or seconds > 1e7:
        return "?"
    whole = math.ceil(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}"
