"""A progress bar in the console, as `keras.utils.Progbar`."""

import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

BOLD, GREEN, WHITE, PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


class Progbar:
    """Shows how many steps are done, how long they take, and numbers besides.

    Args:
        target: Number of steps; None if nobody knows.
        width: Characters of the bar.
        verbose: 0 silent, 1 a bar, 2 a line at the end.
        interval: Least seconds between two pictures of the bar.
        stateful_metrics: Names of numbers that are shown as they are; others are averaged.
        stateless_metrics: Names of numbers that are averaged; others are shown as they are.
        unit_name: What is counted.
    """

    def __init__(
        self,
        target: int | None,
        width: int = 20,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError(
                "Only one of `stateful_metrics` or `stateless_metrics` can be provided."
            )
        self.target, self.width, self.verbose = target, width, verbose
        self.interval, self.unit_name = interval, unit_name
        self._shown_as_is = set(stateful_metrics or ())
        self._averaged = None if stateless_metrics is None else set(stateless_metrics)
        self._values: dict[str, tuple[Any, int]] = {}
        self._done = 0
        self._began = time.time()
        self._updated = 0.0
        self._after_first: float | None = None
        self._length = 0

    def add(self, n: int, values: Sequence[tuple[str, Any]] | None = None) -> None:
        """So many steps more are done."""
        self.update(self._done + n, values)

    def update(
        self,
        current: int,
        values: Sequence[tuple[str, Any]] | None = None,
        finalize: bool | None = None,
    ) -> None:
        """Show that `current` steps are done; `finalize` ends the line."""
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        for name, value in values or ():
            self._take(name, value, current, finalize)
        self._done = current
        now = time.time()
        pace = self._pace(current, now)
        if self.verbose == 1:
            if now - self._updated < self.interval and not finalize:
                return
            self._show_bar(current, now, pace, finalize)
        elif self.verbose == 2 and finalize and self.target:
            done = f"{current:{len(str(self.target))}d}/{self.target}"
            took = f"{now - self._began:.0f}s"
            _write(f"{done} - {took} - {self._each(pace)}{self._numbers()}\n")
        self._updated = now

    def _take(self, name: str, value: Any, current: int, finalize: bool) -> None:
        averaged = self._averaged
        mean = name not in self._shown_as_is if averaged is None else name in averaged
        if not mean or finalize:
            self._values[name] = (value, 1)
            return
        steps = max(current - self._done, 1)
        total, count = self._values.get(name, (0.0, 0))
        self._values[name] = (total + value * steps, count + steps)

    def _pace(self, current: int, now: float) -> float:
        """Seconds a step; the first one is left out, since plans are made in it."""
        if not current:
            return 0.0
        if self._after_first is not None and current > 1:
            return (now - self._after_first) / (current - 1)
        if current == 1:
            self._after_first = now
        return (now - self._began) / current

    def _show_bar(self, current: int, now: float, pace: float, finalize: bool) -> None:
        bar, length = self._bar(current)
        if self.target and not finalize:
            spent = _duration(pace * (self.target - current))
        else:
            spent = f"{now - self._began:.0f}s"
        tail = f" {self._each(pace)}{self._numbers()}"
        length += 1 + len(spent) + len(tail)
        back = "\b" * self._length + "\r" if _goes_back() else "\n"
        rest = " " * (self._length - length) + ("\n" if finalize else "")
        _write(f"{back}{bar} {BOLD}{spent}{PLAIN}{tail}{rest}")
        self._length = length

    def _bar(self, current: int) -> tuple[str, int]:
        """The bar, and how many characters of it are seen."""
        if not self.target:
            text = f"{current:7d}/Unknown"
            return text, len(text)
        count = f"{current:{len(str(self.target))}d}/{self.target}"
        full = int(self.width * (current / self.target))
        bar = f"{BOLD}{count}{PLAIN} " + (f"{GREEN}{'━' * full}{PLAIN}" if full > 0 else "")
        return f"{bar}{WHITE}{'━' * (self.width - full)}{PLAIN}", len(count) + 1 + self.width

    def _each(self, pace: float) -> str:
        if pace >= 1 or pace == 0:
            return f"{pace:.0f}s/{self.unit_name}"
        if pace >= 1e-3:
            return f"{pace * 1e3:.0f}ms/{self.unit_name}"
        return f"{pace * 1e6:.0f}us/{self.unit_name}"

    def _numbers(self) -> str:
        return "".join(f" - {name}: {self._number(*pair)}" for name, pair in self._values.items())

    def _number(self, total: Any, count: int) -> str:
        mean = float(np.mean(total)) / max(1, count)
        # The line of verbose=2 shows negative numbers by their power of ten, as Keras does.
        size = mean if self.verbose == 2 else abs(mean)
        return f"{mean:.4f}" if size > 1e-3 else f"{mean:.4e}"


def _duration(seconds: float) -> str:
    whole = int(seconds)
    if seconds > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}" if seconds > 60 else f"{whole}s"


def _goes_back() -> bool:
    """True where a line can be written over; as Keras does, that is trusted to any Unix."""
    return "posix" in sys.modules or "ipykernel" in sys.modules or sys.stdout.isatty()


def _write(text: str) -> None:
    """Write to the console, if there is one, in characters that it can show."""
    if sys.stdout is None:
        return  # a program started without a console
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "utf-8"
        plain = text.replace("━", "=").encode(encoding, errors="replace")
        sys.stdout.write(plain.decode(encoding))
    sys.stdout.flush()


def say(text: str) -> None:
    """Print a line, as callbacks with `verbose` do."""
    _write(f"{text}\n")
