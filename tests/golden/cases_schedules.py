"""Learning rate schedules: their values, and optimizers that follow them."""

from typing import Any

import numpy as np
from golden_cases import Keras, Results, case, fill, numpy_of, scalar, values


def _schedules(keras: Keras) -> dict[str, Any]:
    made = keras.optimizers.schedules
    return {
        "exponential": made.ExponentialDecay(0.1, 7, 0.5),
        "exponential stairs": made.ExponentialDecay(0.1, decay_steps=7, decay_rate=0.5,
                                                    staircase=True),
        "inverse": made.InverseTimeDecay(0.1, 5, 0.5),
        "inverse stairs": made.InverseTimeDecay(0.1, 5, 0.5, staircase=True),
        "piecewise": made.PiecewiseConstantDecay([3, 10, 20], [1.0, 0.5, 0.2, 0.1]),
        "piecewise one": made.PiecewiseConstantDecay([4], [1.0, 0.5]),
        "polynomial": made.PolynomialDecay(0.1, 12),
        "polynomial options": made.PolynomialDecay(0.1, 12, end_learning_rate=0.01, power=2.0),
        "polynomial cycle": made.PolynomialDecay(0.1, 12, power=0.5, cycle=True),
        "cosine": made.CosineDecay(0.1, 20),
        "cosine alpha": made.CosineDecay(0.1, 20, alpha=0.2),
        "cosine warmup": made.CosineDecay(0.0, 20, warmup_target=0.1, warmup_steps=8),
        "cosine warmup alpha": made.CosineDecay(0.02, 10, 0.1, warmup_target=0.1, warmup_steps=4),
        "restarts": made.CosineDecayRestarts(0.1, 4),
        "restarts options": made.CosineDecayRestarts(0.1, 5, t_mul=1.5, m_mul=0.8, alpha=0.1),
        "restarts equal": made.CosineDecayRestarts(0.1, 6, t_mul=1.0, m_mul=0.5),
    }  # fmt: skip


@case()
def schedules(keras: Keras) -> Results:
    """Forty steps of every schedule, and its configuration."""
    results: dict[str, Any] = {}
    for name, schedule in _schedules(keras).items():
        steps = [np.asarray(step, "int64") for step in range(40)]
        results[name] = np.array([scalar(schedule(step)) for step in steps])
        results[f"{name} config"] = sorted(schedule.get_config().items())
        again = type(schedule).from_config(schedule.get_config())
        results[f"{name} again"] = scalar(again(np.asarray(9, "int64")))
    return results


@case(1e-4)
def scheduled_training(keras: Keras) -> Results:
    """Optimizers that follow a schedule: weights, rate, state and what setting the rate does."""
    layers, results = keras.layers, {}
    made = keras.optimizers
    for name, optimizer in (
        ("sgd", made.SGD(made.schedules.ExponentialDecay(0.5, 2, 0.5))),
        ("adam", made.Adam(made.schedules.CosineDecay(0.1, 4), weight_decay=0.1)),
        ("accumulating", made.SGD(made.schedules.PolynomialDecay(0.1, 6, 0.01),
                                  gradient_accumulation_steps=2)),
    ):  # fmt: skip
        model = fill(keras.Sequential([keras.Input((3,)), layers.Dense(2)]))
        model.compile(optimizer, "mse")
        model.fit(values((12, 3), 1), values((12, 2), 2), batch_size=4, epochs=2, shuffle=False,
                  verbose=0)  # fmt: skip
        results[f"{name} kernel"] = model.get_weights()[0]
        results[f"{name} rate"] = scalar(optimizer.learning_rate)
        results[f"{name} variables"] = len(optimizer.variables)
        results[f"{name} iterations"] = int(numpy_of(optimizer.iterations))
        try:
            optimizer.learning_rate = 0.1
        except TypeError as error:
            results[f"{name} set"] = str(error)
    return results


@case()
def schedule_refusals(keras: Keras) -> Results:
    """Arguments that are refused, and in which words."""
    made = keras.optimizers.schedules
    results = {}
    for name, make in (
        ("exponential", lambda: made.ExponentialDecay(0.1, 0, 0.5)),
        ("cosine", lambda: made.CosineDecay(0.1, -1)),
        ("restarts", lambda: made.CosineDecayRestarts(0.1, 0)),
        ("piecewise", lambda: made.PiecewiseConstantDecay([1, 2], [1.0, 2.0])),
        ("base", lambda: made.LearningRateSchedule()(1)),
    ):
        try:
            make()
            results[name] = "taken"
        except (ValueError, NotImplementedError) as error:
            results[name] = str(error)
    return results
