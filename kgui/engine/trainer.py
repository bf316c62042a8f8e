"""compile, fit, evaluate, predict: Keras's training interface."""

import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from kgui.engine.arranging import check_count
from kgui.engine.backend.session import get_session
from kgui.engine.backend.threads import limit_threads
from kgui.engine.callbacks import Callback, CallbackList, History
from kgui.engine.compiling import Compiled
from kgui.engine.feeding import Feed, Order, Validation, feed_of, refused, training_feeds
from kgui.engine.fitting import Fit, Testing
from kgui.engine.on_batch import BatchTrainer, reported
from kgui.engine.predicting import predict
from kgui.engine.restoring import Before, leaving_no_trace
from kgui.engine.sources import StreamSource, is_stream
from kgui.engine.structure import Structure
from kgui.engine.variables import Array

Callbacks = Sequence[Callback] | Callback | CallbackList | None


class Trainer(BatchTrainer):
    """Training of a model; the model's graph is compiled to plans, once per batch size."""

    def __init__(self) -> None:
        super().__init__()
        self.history: History | None = None
        self.resumed_epoch: int | None = None
        """Epoch that the next fit begins with; set by callbacks that restore a training."""

    def fit(
        self,
        x: Any = None,
        y: Structure = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Callbacks = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
        nb_epoch: int | None = None,
    ) -> History:
        """Train for a number of epochs; returns the History.

        What cannot be trained on is refused before the first step. A stream whose later batches
        do not fit is refused when they come; weights and optimizer are then as before the call.

        Args:
            x: Input arrays: one, a list, or a dict by input name; or a stream of batches
                (x, y) or (x, y, weights): a generator, a `PyDataset`, anything to iterate over.
            y: Target arrays: one, a list, or a dict by output name.
            batch_size: Samples per update; 32 unless given.
            epochs: Number of the last epoch, counted from `initial_epoch`.
            verbose: 0 silent, 1 ("auto") a progress bar, 2 a line per epoch.
            callbacks: Callbacks, called in this order.
            validation_split: Share of the samples, the last ones, held out.
            validation_data: (x, y) or (x, y, weights) or a stream, instead of a share.
            shuffle: A new order of the samples for every epoch; "batch" shuffles within batches.
            class_weight: Weight of each class's samples in the loss.
            sample_weight: Weight of each sample in the loss.
            initial_epoch: Epoch to begin with.
            steps_per_epoch: Batches of an epoch; the next epoch goes on where it stopped.
            validation_steps: Batches of a validation; each begins with the first.
            validation_batch_size: Samples per validation batch; `batch_size` unless given.
            validation_freq: Validate every so many epochs, or at the epochs listed (from 1).
            nb_epoch: Old name of `epochs`.
        """
        compiled = self.require_compiled()
        if nb_epoch is not None:
            warnings.warn("The `nb_epoch` argument in `fit` has been renamed `epochs`.",
                          DeprecationWarning, stacklevel=2)  # fmt: skip
            epochs = nb_epoch
        _check_epochs(epochs, validation_freq)
        _check_counts(steps_per_epoch=steps_per_epoch, validation_steps=validation_steps,
                      validation_batch_size=validation_batch_size)  # fmt: skip
        before = Before(self._self, values=is_stream(x) or is_stream(validation_data))
        try:
            generator = np.random.default_rng(get_session().draw_seed())
            feed, held = training_feeds(
                self._self,
                (x, y, sample_weight),
                batch_size,
                steps_per_epoch,
                Order(shuffle, generator, class_weight),
                Validation(
                    validation_data, validation_split, validation_batch_size, validation_steps
                ),
            )
            run = Fit(self._self, compiled, feed, held)
            run.validation_freq = validation_freq
            run.callbacks = self._listed(callbacks, verbose, epochs, feed, history=True)
            run.prepare()
        except Exception:
            before.restore()
            raise
        with _numerics():
            _run(run, feed, before, initial_epoch, epochs)
        run.keep()
        history = run.callbacks.history
        assert history is not None  # noqa: S101 - the list adds one
        return history

    def take_resumed_epoch(self) -> int | None:
        """The epoch that a restored training goes on with; None if none was restored."""
        epoch, self.resumed_epoch = self.resumed_epoch, None
        return epoch

    def _listed(
        self, callbacks: Callbacks, verbose: Any, epochs: int, feed: Feed, history: bool = False
    ) -> CallbackList:
        if isinstance(callbacks, CallbackList):
            if history and callbacks.history is None:
                callbacks.append(History())
            return callbacks
        if verbose not in ("auto", 0, 1, 2):
            raise ValueError(f'`verbose` should be "auto", 0, 1 or 2. Received: {verbose!r}')
        return CallbackList(
            callbacks, add_history=history, add_progbar=verbose != 0, model=self,
            verbose=verbose, epochs=epochs, steps=feed.count,
        )  # fmt: skip

    def evaluate(
        self,
        x: Any = None,
        y: Structure = None,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Callbacks = None,
        return_dict: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Loss and metrics on arrays or on a stream of batches: a number, a list, or a dict."""
        if kwargs:
            raise ValueError(f"Arguments not recognized: {kwargs}")
        compiled = self.require_compiled()
        _check_counts(steps=steps)
        with leaving_no_trace(self._self), _numerics():
            testing = self._testing(compiled, (x, y, sample_weight), batch_size, steps)
            listed = self._listed(callbacks, verbose, 1, testing.feed)
            logs = testing.run(listed)
            self.objective = testing.objective
        assert testing.objective is not None  # noqa: S101 - a feed has a batch at least
        return logs if return_dict else reported(testing.objective, False)

    def _testing(
        self, compiled: Compiled, data: tuple[Any, Any, Any], size: Any, steps: int | None
    ) -> Testing:
        feed = feed_of(self._self, *data, size=size, steps=steps)
        testing = Testing(self._self, compiled, feed)
        if self.objective is None or not isinstance(feed.source, StreamSource):
            testing.resolve()
            testing.prepare(None)
        return testing

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        steps: int | None = None,
        callbacks: Callbacks = None,
    ) -> Any:
        """Outputs for arrays or a stream, as arrays in the structure of the model's outputs."""
        _check_counts(steps=steps)
        with leaving_no_trace(self._self), _numerics():
            feed = feed_of(self._self, x, size=batch_size, steps=steps)
            listed = self._listed(callbacks, verbose, 1, feed)
            return predict(self._self, feed, listed)

    def predict_classes(self, x: Structure, batch_size: int | None = None) -> Array:
        """Class indices: the likeliest class, or probability above one half."""
        warnings.warn(
            "`predict_classes` was removed from Keras; use `predict` and `argmax(-1)`.",
            DeprecationWarning,
            stacklevel=2,
        )
        result: Array = self.predict(x, batch_size, verbose=0)
        if result.shape[-1] > 1:
            return np.asarray(result.argmax(-1))
        return np.asarray(result > 0.5, "int32")

    def first_non_finite(self) -> str:
        """Name of the layer where NaN or infinity came up first in the last batch; "" if none."""
        program = self.train_program
        found = program.plan.first_non_finite() if program is not None else None
        return found.owner if found is not None else ""


def _run(run: Fit, feed: Feed, before: Before, initial_epoch: int, epochs: int) -> None:
    """Train; a callback that refuses to begin, or a batch that is refused, leaves no trace."""
    try:
        run.run(initial_epoch, epochs)
    except Exception:
        held = run.testing.feed if run.testing is not None else feed
        if not run.began or refused(feed) or refused(held):
            before.restore()
        raise


def _check_epochs(epochs: Any, freq: Any) -> None:
    if isinstance(epochs, bool) or not hasattr(epochs, "__index__"):
        raise ValueError(f"`epochs` should be a whole number. Received: {epochs!r}")
    if isinstance(freq, int):
        check_count("validation_freq", freq)
    elif not isinstance(freq, list | tuple | set | range):
        raise ValueError(
            "Expected `validation_freq` to be a list or int. "
            f"Received: validation_freq={freq} of the type {type(freq)}."
        )


def _check_counts(**counts: Any) -> None:
    for name, value in counts.items():
        if value is not None:
            check_count(name, value)


def _numerics() -> AbstractContextManager[Any]:
    return limit_threads(get_session().threads)
