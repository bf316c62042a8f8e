"""The progress of a run on stderr: a bar on a terminal, a line per epoch anywhere."""

import math
import shutil
import sys

from kgui.commands.speaking import numbers_text, say
from kgui.language import tr
from kgui.training.events import BatchProgress, EpochEnded, Event, RunStarted

WIDTH = 24
"""Characters of the bar."""


class Progress:
    """Takes the events of a run."""

    def __init__(self) -> None:
        self.notes: tuple[str, ...] = ()
        """What the data have to say."""
        self._epochs = 0
        self._is_terminal = sys.stderr.isatty()
        self._drawn = 0

    def take(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, RunStarted):
            self._epochs, self.notes = event.epochs, event.notes
            for note in event.notes:
                say(note)
        elif isinstance(event, BatchProgress):
            if self._is_terminal:
                self._draw(self._bar(event))
        elif isinstance(event, EpochEnded):
            self.end()
            sys.stderr.write(f"{self._epoch(event.epoch)}: {numbers_text(event.logs)}\n")
            sys.stderr.flush()

    def end(self) -> None:
        """Take the bar away."""
        if self._drawn:
            sys.stderr.write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _draw(self, line: str) -> None:
        line = line[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write("\r" + line.ljust(self._drawn))
        sys.stderr.flush()
        self._drawn = max(self._drawn, len(line))

    def _epoch(self, epoch: int) -> str:
        return tr("epoch {epoch}/{epochs}").format(epoch=epoch + 1, epochs=self._epochs)

    def _bar(self, progress: BatchProgress) -> str:
        full = round(WIDTH * progress.batch / max(progress.steps, 1))
        speed = tr("{count} samples/s").format(count=f"{progress.samples_per_second:,.0f}")
        left = tr("{seconds} s left").format(seconds=_seconds(progress.seconds_left))
        bar = "#" * full + "." * (WIDTH - full)
        return (
            f"{self._epoch(progress.epoch)} [{bar}] {speed}, {left}, {numbers_text(progress.logs)}"
        )


def _seconds(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else "?"
