"""A call that is refused leaves the model as it was: weights, optimizer, flags."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from small_models import ENDS, STARTS, X, Y, two_ends

from kgui.engine import Model, Sequential, callbacks, layers, losses, metrics, ops, optimizers
from kgui.engine import utils as engine_utils
from kgui.engine.errors import DataError, ShapeError
from kgui.engine.layers.core import Input

HOLES = X.copy()
HOLES[4, 1], HOLES[7, 0] = np.nan, np.inf
WRONG = Y.copy()
WRONG[5] = 7
GOOD = (X[:4], Y[:4])


def stream(*batches: Any) -> Iterator[Any]:
    yield from batches


class Batches(engine_utils.PyDataset):
    def __init__(self, *batches: Any) -> None:
        super().__init__()
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> Any:
        return self.batches[index]


def fits(*data: Any, **options: Any) -> Callable[[Model], Any]:
    return lambda model: model.fit(*data, verbose=0, **options)


def late(batch: Any, **options: Any) -> Callable[[Model], Any]:
    """A generator whose fourth batch is bad."""
    return lambda model: model.fit(stream(GOOD, GOOD, GOOD, batch), verbose=0, **options)


def strange(callback: Any) -> Any:
    return callback("strange")


CALLS: dict[str, tuple[Callable[[Model], Any], str]] = {
    "nan": (fits(HOLES, Y), r"`x` holds 1 NaN and 1 infinite of 60 values; the first is in row 4, "
                            r"column 1"),
    "nan weights": (fits(X, Y, sample_weight=np.full(20, np.nan)), "`sample_weight` holds 20 NaN"),
    "nan held out": (fits(X, Y, validation_data=(HOLES, Y)), "`validation x` holds 1 NaN"),
    "label": (fits(X, WRONG), r"labels from 0 to 7, outside the valid range of \[0, 2\).*2 units"),
    "label held out": (fits(X, Y, validation_data=(X, WRONG)), "labels from 0 to 7"),
    "width": (fits(X[:, :2], Y, validation_data=(X, Y)), "incompatible with the layer"),
    "width held out": (fits(X, Y, validation_data=(X[:, :2], Y)), r"found shape=\(20, 2\)"),
    "rank": (fits(X[:, None, None], Y[:, None], validation_data=(X, Y)), "incompatible"),
    "counts": (fits(X, Y[:5]), "Data cardinality is ambiguous.*'x' sizes: 20; 'y' sizes: 5"),
    "empty": (fits(X[:0], Y[:0]), "There are no samples"),
    "nothing": (fits(None, Y), "There is no data"),
    "a number": (fits(X, 3), "a single value was given: 3"),
    "four parts": (fits(X, Y, validation_data=(X, Y, Y, Y)), "found: tuple of 4 parts"),
    "one hot": (fits(X, np.eye(2)[Y]), "loss 'sparse_categorical_crossentropy' of the output"),
    **{
        f"batch_size {size!r}": (fits(X, Y, batch_size=size), "`batch_size` should be a positive")
        for size in (0, -1, 2.5, "8", True)
    },
    "epochs": (fits(X, Y, epochs=1.5), "`epochs` should be a whole number"),
    "steps": (fits(X, Y, steps_per_epoch=0), "`steps_per_epoch` should be a positive integer"),
    "split": (fits(X, Y, validation_split=2), "`validation_split` should be between 0 and 1"),
    "frequency": (fits(X, Y, validation_freq="1"), "`validation_freq` to be a list or int"),
    "class weights": (fits(X, Y, class_weight=[1, 2]), "`class_weight` must be a dictionary"),
    "verbose": (lambda model: model.fit(X, Y, verbose="loud"), "`verbose` should be"),
    "monitor": (fits(X, Y, callbacks=strange(callbacks.EarlyStopping)), "Pass `mode='max'`"),
    "plateau": (fits(X, Y, callbacks=strange(callbacks.ReduceLROnPlateau)), "Pass `mode='max'`"),
    "stream: width": (late((X[:, :2], Y)), "incompatible with the layer"),
    "stream: parts": (late((X, Y, Y, Y)), "found: tuple of 4 parts"),
    "stream: structure": (late((X, Y, np.ones(20))), "Batch 4 of the generator has another"),
    "stream: label": (late((X, WRONG), epochs=2), "labels from 0 to 7"),
    "stream: nan": (late((HOLES, Y)), "holds 1 NaN"),
    "stream: None": (late(None), "There is no data"),
    "stream: counts": (late((X, Y[:3])), "cardinality"),
    "stream: targets": (late((X, Y[:, None][:, [0, 0, 0]])), "another structure"),
    "stream: text": (late((np.full((20, 3), "a"), Y)), "must be numbers"),
    "dataset": (fits(Batches(GOOD, GOOD, GOOD, (X[:, :2], Y))), "incompatible"),
    "dataset empty": (fits(Batches()), "has length 0"),
    "validation stream": (
        lambda model: model.fit(X, Y, epochs=3, verbose=0,
                                validation_data=stream(GOOD, GOOD, GOOD, (X, WRONG))),
        "labels from 0 to 7",
    ),
    "evaluate": (lambda model: model.evaluate(X, WRONG, verbose=0), "labels from 0 to 7"),
    "evaluate stream": (
        lambda model: model.evaluate(stream(GOOD, GOOD, (X, WRONG)), verbose=0),
        "labels from 0 to 7",
    ),
    "predict": (lambda model: model.predict(X[:0], verbose=0), "There are no samples"),
    "train_on_batch": (lambda model: model.train_on_batch(X, WRONG), "labels from 0 to 7"),
    "train_on_batch nan": (lambda model: model.train_on_batch(HOLES, Y), "`x` holds 1 NaN"),
    "train_on_batch targets": (lambda model: model.train_on_batch(X), "targets for 0 were given"),
    "test_on_batch": (lambda model: model.test_on_batch(X, WRONG), "labels from 0 to 7"),
}  # fmt: skip


def state_of(model: Model) -> list[Any]:
    optimizer = model.optimizer
    return [
        model.compiled, model.stop_training, model.built, model.objective, model.history,
        [layer.built for layer in model.layers],
        [len(layer.inbound_nodes) for layer in model.layers],
        [weight.tolist() for weight in model.get_weights()] if model.built else None,
        [variable.numpy().tolist() for variable in optimizer.variables],
    ]  # fmt: skip


def made(kind: str) -> Model:
    first = [] if kind == "deferred" else [Input((3,))]
    model = Sequential([*first, layers.Dense(4, "relu"), layers.Dense(2, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    if kind == "trained":
        model.fit(X, Y, verbose=0)
    return model


@pytest.mark.parametrize("kind", ["new", "trained", "deferred"])
@pytest.mark.parametrize("name", CALLS)
def test_a_refused_call_leaves_no_trace(name: str, kind: str) -> None:
    call, message = CALLS[name]
    model = made(kind)
    before = state_of(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a generator without a length runs out
        with pytest.raises((ValueError, TypeError), match=message):
            call(model)
    assert state_of(model) == before
    model.fit(X, Y, verbose=0)


def test_the_number_of_the_bad_batch_is_told() -> None:
    with pytest.raises(DataError) as caught:
        made("new").fit(stream(GOOD, (X[:, :2], Y)), verbose=0)
    assert caught.value.__notes__ == ["It was batch 2 that the generator gave."]


def test_targets_of_one_output_among_several_are_named() -> None:
    model = two_ends()
    holes = ENDS[1].copy()
    holes[3, 1] = np.nan
    with pytest.raises(DataError, match=r"`y` of 'q' holds 1 NaN of 40 values.*row 3, column 1"):
        model.fit(STARTS, [ENDS[0], holes], verbose=0)
    with pytest.raises(ShapeError, match="The loss 'mse' of the output 'q' cannot be computed"):
        model.fit(STARTS, [ENDS[0], X], verbose=0)
    model.compile("sgd", "mse", metrics=[[], ["categorical_accuracy"]])
    with pytest.raises(ShapeError, match="of the output 'q'"):
        model.fit(STARTS, [ENDS[0], np.ones((20, 2, 2))], verbose=0)


def test_losses_of_ones_own_may_know_what_to_do_with_missing_targets() -> None:
    holes = ENDS[0].copy()
    holes[3] = np.nan

    def known(y_true: Any, y_pred: Any) -> Any:
        return ops.square(y_pred)

    for loss, refused in ((known, False), ("mse", True), (losses.MeanAbsoluteError(), True)):
        model = Sequential([Input((3,)), layers.Dense(1)])
        model.compile("sgd", loss)
        if refused:
            with pytest.raises(DataError, match="`y` holds 1 NaN"):
                model.fit(X, holes, verbose=0)
        else:
            assert np.isfinite(model.fit(X, holes, verbose=0).history["loss"][0])


def test_huge_numbers_are_finite_though_their_sum_is_not() -> None:
    model = Sequential([Input((2,)), layers.Dense(1, kernel_initializer="zeros")])
    model.compile("sgd", "mse")
    model.fit(np.full((8, 2), 3e38), np.zeros((8, 1)), verbose=0)


def test_higher_ranks_name_the_whole_index() -> None:
    inputs = Input((2, 3))
    model = Model(inputs, layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    x = np.zeros((4, 2, 3))
    x[2, 1, 0] = -np.inf
    with pytest.raises(DataError, match=r"1 infinite of 24 values; the first is in row 2, index"):
        model.fit(x, np.zeros((4, 2, 1)), verbose=0)


@pytest.mark.parametrize(
    ("get", "name", "nearest"),
    [
        (losses.get, "mze", "'mse'"),
        (losses.get, "categorical_crossentropi", "'categorical_crossentropy'"),
        (metrics.get, "acuracy", "'accuracy'"),
        (optimizers.get, "adm", "'adam'"),
        (optimizers.get, {"class_name": "RMSpro"}, "'rmsprop'"),
        (layers.Activation, "reul", "'relu'"),
        (lambda name: layers.Dense(1, kernel_initializer=name), "glorot", "'glorot_normal'"),
        (lambda name: layers.Dense(1, kernel_regularizer=name), "l1_l2", "'l1l2'"),
    ],
)
def test_unknown_names_come_with_the_nearest(get: Any, name: Any, nearest: str) -> None:
    with pytest.raises(ValueError, match=r"^Could not interpret [a-z ]+ identifier") as caught:
        get(name)
    told = str(caught.value)
    assert nearest in told.partition("Did you mean")[2]


@pytest.mark.parametrize("identifier", ["Adam", "ADAMW", {"class_name": "sgd", "config": {}},
                                        {"class_name": "Adafactor"}])  # fmt: skip
def test_optimizers_are_got_by_any_form(identifier: Any) -> None:
    made = optimizers.get(identifier)
    assert isinstance(made, optimizers.Optimizer) and optimizers.get(made) is made


@pytest.mark.parametrize("identifier", [3, None, {"config": {}}])
def test_what_is_no_optimizer(identifier: Any) -> None:
    with pytest.raises(ValueError, match="Could not interpret optimizer identifier"):
        optimizers.get(identifier)
