"""What a layer holds: weights of its own and those of the layers inside it."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kgui.engine import constraints, initializers, regularizers
from kgui.engine.backend.session import floatx, get_session
from kgui.engine.calling import current_call
from kgui.engine.stored import Stored
from kgui.engine.variables import Array, Outline, Variable


class WeightHolder(Stored):
    """Weights, made by `add_weight` or assigned to attributes, and layers in attributes."""

    name: str
    dtype: str
    own_weights: list[Variable]
    _trainable = True

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights; setting it sets it for every layer inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: Any) -> None:
        if not isinstance(value, bool | np.bool_ | int):
            raise ValueError(
                f"Expected `trainable` to be a boolean. Received: trainable={value} "
                f"(of type {type(value)})"
            )
        self._trainable = bool(value)
        for layer in self.sublayers():
            layer.trainable = value

    def sublayers(self) -> "list[WeightHolder]":
        """The layers held in attributes, or in lists, tuples and dicts there, in order."""
        found = self._attributes()
        unique = {id(item): item for item in found if isinstance(item, WeightHolder)}
        return [item for item in unique.values() if item is not self]

    def _owned(self) -> list[Variable]:
        """Weights of its own, in the order they were made or assigned."""
        held = [item for item in self._attributes() if isinstance(item, Variable)]
        return _unique([*self.own_weights, *held])

    def stored_variables(self) -> list[Variable]:
        """Its own weights: those to train first."""
        own = self._owned()
        return [*(w for w in own if w.trainable), *(w for w in own if not w.trainable)]

    def _attributes(self) -> Iterator[Any]:
        for name, value in vars(self).items():
            if name != "_arguments":  # what a layer was made with, not what it is made of
                yield from _held(value)

    def add_weight(
        self,
        shape: Sequence[int] | None = None,
        initializer: Any = None,
        dtype: str | None = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        aggregation: str = "none",
        name: str | None = None,
    ) -> Variable:
        """A new weight of the layer.

        Args:
            shape: Its sizes; none makes a single number.
            initializer: How it starts: glorot_uniform for floats, zeros for whole numbers,
                unless given.
            dtype: Its number type; the layer's unless given.
            trainable: Whether training changes it.
            autocast: Taken as Keras takes it; weights keep their type here.
            regularizer: Penalty on it that is added to the loss.
            constraint: What it is brought to after every update.
            aggregation: Taken as Keras takes it; there is one machine here.
            name: Its name; "variable" unless given.
        """
        sizes = tuple(int(size) for size in shape or ())
        kind = dtype or self.dtype or floatx()
        usual = "glorot_uniform" if "float" in kind else "zeros"
        start = initializers.get(usual if initializer is None else initializer)
        if isinstance(start, initializers.Initializer):
            start.check(sizes)
        within = [part for part in current_call().path if part]
        if not within or within[-1] != self.name:
            within.append(self.name)
        name = name or "variable"
        about: dict[str, Any] = {
            "trainable": trainable, "dtype": kind, "name": name,
            "path": "/".join([*within, name]),
        }  # fmt: skip
        if get_session().abstract:
            weight: Variable = Outline(sizes, **about)
        else:
            weight = Variable(start(sizes, dtype=kind), **about)
        weight.regularizer = regularizers.get(regularizer)
        weight.constraint = constraints.get(constraint)
        self.own_weights.append(weight)
        return weight

    @property
    def weights(self) -> list[Variable]:
        """All weights: the layer's own, those to train first, then those of layers inside."""
        own = self._owned()
        inner = [weight for layer in self.sublayers() for weight in layer.weights]
        first = [weight for weight in own if weight.trainable]
        return _unique([*first, *(weight for weight in own if not weight.trainable), *inner])

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes; none if the layer is frozen."""
        if not self.trainable:
            return []
        own = [weight for weight in self._owned() if weight.trainable]
        inner = [weight for layer in self.sublayers() for weight in layer.trainable_weights]
        return _unique([*own, *inner])

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        trained = {id(weight) for weight in self.trainable_weights}
        return [weight for weight in self.weights if id(weight) not in trained]

    @property
    def variables(self) -> list[Variable]:
        """All weights, by Keras's other name."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes, by Keras's other name."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The weights that training leaves alone, by Keras's other name."""
        return self.non_trainable_weights

    @property
    def penalties(self) -> list[Any]:
        """Penalties on the weights as they are."""
        return [w.regularizer(w) for w in self.trainable_weights if w.regularizer]

    def get_weights(self) -> list[Array]:
        """Copies of all weights."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Take new values for all weights, in the order of `get_weights`."""
        own = self.weights
        if len(weights) != len(own):
            raise ValueError(
                f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of "
                f"length {len(weights)}, but the layer was expecting {len(own)} weights."
            )
        for variable, value in zip(own, weights, strict=True):
            if np.shape(value) != variable.shape:
                raise ValueError(
                    f"Layer {self.name} weight shape {variable.shape} is not compatible with "
                    f"provided weight shape {np.shape(value)}."
                )
        for variable, value in zip(own, weights, strict=True):
            variable.assign(value)

    def count_params(self) -> int:
        """Number of weights, shared ones once; ValueError before there are any."""
        if not getattr(self, "built", True):
            raise ValueError(
                f"You tried to call `count_params` on layer '{self.name}', but the layer isn't "
                "built. You can build it manually via: `layer.build(input_shape)`."
            )
        return sum(weight.size for weight in self.weights)


def _held(value: Any) -> Iterator[Any]:
    """What an attribute holds: itself, or what is in its lists, tuples and dicts."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _held(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _held(item)
    else:
        yield value


def _unique(weights: Sequence[Variable]) -> list[Variable]:
    return list({id(weight): weight for weight in weights}.values())
