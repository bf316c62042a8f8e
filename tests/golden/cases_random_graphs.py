"""Random graphs: several inputs and outputs, shared layers, models inside, every merging layer."""

import random
from typing import Any

import numpy as np
from golden_cases import Keras, Results, case, fill, values

COUNT = 32
WIDTH = 3
MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
ACTIVATIONS = (None, "tanh", "sigmoid", "softplus", "elu")


class _Drawing:
    """Draws one graph: the same for the same seed, whichever package builds it."""

    def __init__(self, keras: Keras, seed: int) -> None:
        self._keras = keras
        self._draw = random.Random(seed)  # noqa: S311 - a drawing, not a secret
        self._inner = self._nested()
        self._shared = self._dense("shared")
        self._made = 0

    def model(self) -> Any:
        """A model of one to three inputs and outputs."""
        names = [f"in_{index}" for index in range(self._draw.randint(1, 3))]
        inputs = [self._keras.Input((WIDTH,), name=name) for name in names]
        tensors: list[Any] = [self._shared(tensor) for tensor in inputs]
        for _ in range(self._draw.randint(4, 10)):
            tensors.append(self._step(tensors))
        joined = self._keras.layers.Concatenate(name="all")(tensors)
        chosen = [joined, *self._draw.sample(tensors, self._draw.randint(0, 2))]
        outputs = [
            self._keras.layers.Dense(2, name=f"out_{index}")(tensor)
            for index, tensor in enumerate(chosen)
        ]
        return self._keras.Model(inputs, outputs, name="drawn")

    def _step(self, tensors: list[Any]) -> Any:
        self._made += 1
        name = f"{self._made}"
        kind = self._draw.choice(("dense", "shared", "inner", *MERGES))
        first, second = self._draw.choice(tensors), self._draw.choice(tensors)
        if kind == "dense":
            return self._dense(f"dense_{name}")(first)
        if kind == "shared":
            return self._shared(first)
        if kind == "inner":
            return self._inner(first)
        return self._merge(kind, name, first, second)

    def _merge(self, kind: str, name: str, first: Any, second: Any) -> Any:
        options = {"axes": 1, "normalize": True} if kind == "Dot" else {}
        merged = getattr(self._keras.layers, kind)(**options, name=f"{kind.lower()}_{name}")
        return self._dense(f"after_{name}")(merged([first, second]))

    def _dense(self, name: str) -> Any:
        activation = self._draw.choice(ACTIVATIONS)
        return self._keras.layers.Dense(WIDTH, activation=activation, name=name)

    def _nested(self) -> Any:
        inside = self._keras.Input((WIDTH,), name="inside")
        x = self._keras.layers.Dense(4, activation="tanh", name="hidden")(inside)
        y = self._keras.layers.Dense(WIDTH, name="back")(x)
        return self._keras.Model(
            inside, self._keras.layers.Add(name="around")([y, inside]), name="inner"
        )


def _arrays(tensors: list[Any], seed: int) -> list[Any]:
    return [values((8, tensor.shape[-1]), seed + index) for index, tensor in enumerate(tensors)]


@case(1e-4)
def random_graphs(keras: Keras) -> Results:
    """What each graph computes, its gradients (one step of SGD), and five epochs' losses."""
    results: dict[str, Any] = {}
    for seed in range(COUNT):
        model = fill(_Drawing(keras, seed).model())
        x, y = _arrays(model.inputs, seed), _arrays(model.outputs, seed + 50)
        results[f"{seed} layers"] = [layer.name for layer in model.layers]
        predicted = model.predict(x, verbose=0)
        predicted = predicted if isinstance(predicted, list) else [predicted]
        results.update({f"{seed} output {index}": p for index, p in enumerate(predicted)})
        before = model.get_weights()
        model.compile(keras.optimizers.SGD(1.0), loss="mse")
        model.fit(x, y, batch_size=8, verbose=0)
        steps = [old - new for old, new in zip(before, model.get_weights(), strict=True)]
        results[f"{seed} gradients"] = np.concatenate([step.ravel() for step in steps])
        model.set_weights(before)
        model.compile(keras.optimizers.Adam(0.01), loss="mse")
        history = model.fit(x, y, batch_size=4, epochs=5, shuffle=False, verbose=0)
        results[f"{seed} losses"] = history.history["loss"]
    return results
