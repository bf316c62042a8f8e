"""The three passes over a batch, each compiled to a plan: train, test, predict."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kgui.engine import ops
from kgui.engine.backend.memory import filled
from kgui.engine.batches import joined
from kgui.engine.calling import Call, States, calling
from kgui.engine.compiling import Objective
from kgui.engine.errors import ShapeError
from kgui.engine.execution import Plan
from kgui.engine.metrics.reduction import MeanMetricWrapper, masked_weights, weighted_samples
from kgui.engine.optimizers import Optimizer
from kgui.engine.plan import Planner
from kgui.engine.symbolic import KerasTensor
from kgui.engine.variables import Array

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


SMALL, TOGETHER = 16384, 32
"""Bytes of a batch up to which so many are taken from the data at once."""


class Program:
    """A compiled pass over batches of one size: load the rows, run, read the outputs."""

    def __init__(self, plan: Plan, buffers: Sequence[Array], outputs: Sequence[Array]) -> None:
        self.plan = plan
        self.buffers = list(buffers)
        self.outputs = list(outputs)
        self._size = len(self.buffers[0])
        self._bytes = sum(buffer.nbytes for buffer in self.buffers)
        self._source: Sequence[Array] | None = None
        self._fetches = False
        self._blocks: list[Array] = []

    def step(self, arrays: Sequence[Array], rows: Array | slice) -> None:
        """Load these rows of the arrays and compute the pass."""
        if not isinstance(rows, slice) and self._can_fetch(arrays):
            self.plan.run_rows(rows, len(rows))
        else:
            self.load(arrays, rows)
            self.plan.run()

    def steps(self, arrays: Sequence[Array], batches: Sequence[Array | slice]) -> None:
        """Several passes, one after the other, over batches of the program's size."""
        if self._can_fetch(arrays):
            self.plan.run_rows(joined(batches), self._size)
            return
        if isinstance(batches[0], slice) or self._bytes > SMALL:
            for rows in batches:
                self.load(arrays, rows)
                self.plan.run()
            return
        for start in range(0, len(batches), TOGETHER):
            some = batches[start : start + TOGETHER]
            self._take(arrays, joined(some))
            for index in range(len(some)):
                for buffer, block in zip(self.buffers, self._blocks, strict=True):
                    buffer[...] = block[index]
                self.plan.run()

    def _take(self, arrays: Sequence[Array], rows: Array) -> None:
        """Fill the blocks with rows of many batches: one call instead of one each."""
        if not self._blocks:
            self._blocks = [np.empty((TOGETHER, *b.shape), b.dtype) for b in self.buffers]
        for array, block in zip(arrays, self._blocks, strict=True):
            array.take(rows, 0, block.reshape(-1, *block.shape[2:])[: len(rows)], "clip")

    def _can_fetch(self, arrays: Sequence[Array]) -> bool:
        """True if the plan itself can take rows of these arrays."""
        opening = self.plan.opening
        if opening is not None and arrays is not self._source:
            self._source, self._fetches = arrays, opening.bind(arrays, self.buffers)
        return opening is not None and self._fetches

    def take_compiled(self) -> None:
        """Change over to compiled kernels, if they have become ready."""
        if self.plan.take_compiled():
            self._source = None

    def release(self) -> None:
        """Let go of the data that the plan fetches rows of."""
        if self._source is not None and self.plan.opening is not None:
            self.plan.opening.unbind()
        self._source, self._fetches = None, False

    def load(self, arrays: Sequence[Array], rows: Array | slice) -> None:
        """Fill the input buffers with these rows of the arrays."""
        for array, buffer in zip(arrays, self.buffers, strict=True):
            if isinstance(rows, slice):
                np.copyto(buffer, array[rows])
            else:
                # Without mode="clip" NumPy buffers the output: 23 times slower.
                array.take(rows, 0, buffer, "clip")

    def run(self) -> None:
        """Compute the pass."""
        self.plan.run()


TracedMean = tuple[MeanMetricWrapper, KerasTensor, KerasTensor | None]
"""A metric, its values and, where they count by weight, the samples' weights."""


@dataclass
class Traced:
    """What a pass over a batch works out."""

    outputs: list[KerasTensor]
    total: KerasTensor
    parts: list[KerasTensor]
    means: list[TracedMean]

    @property
    def wanted(self) -> list[KerasTensor]:
        """Every tensor that is read after the pass."""
        tensors = [*self.outputs, self.total, *self.parts]
        for _, values, weights in self.means:
            tensors += [values] if weights is None else [values, weights]
        return tensors


class ProgramBuilder:
    """Traces a model for batches of one size and lays out the pass."""

    def __init__(self, model: "Model", arrays: Sequence[Array], size: int) -> None:
        self.model = model
        self.planner = Planner()
        self.tensors = [
            KerasTensor((size, *array.shape[1:]), array.dtype.name, name="") for array in arrays
        ]
        self.buffers = [filled((size, *array.shape[1:]), array.dtype) for array in arrays]
        for tensor, buffer in zip(self.tensors, self.buffers, strict=True):
            self.planner.bind(tensor, buffer)
        self.size = size
        self.penalties: list[KerasTensor] = []
        """What layers add to the loss while they are traced."""
        self.states = States()
        """What layers assign to their variables."""
        self.inputs = self.tensors[: len(model.inputs)]
        self.rest = self.tensors[len(model.inputs) :]

    def trace(self, training: bool) -> list[KerasTensor]:
        """The model's outputs for the batch."""
        self.penalties, self.states = [], States()
        call = Call(training, tracing=True, losses=self.penalties, states=self.states)
        with calling(call):
            return self.model.outputs_for(self.inputs, training)

    def predict(self) -> Program:
        """The forward pass alone."""
        outputs = [self._own(tensor) for tensor in self.trace(training=False)]
        self.planner.forward([*outputs, *self._assigned()])
        self._assign()
        return self._program(outputs)

    def _own(self, tensor: KerasTensor) -> KerasTensor:
        """An output that is an input as it is has no node of its own to compute it."""
        with calling(Call(tracing=True)):
            return ops.multiply(tensor, 1.0) if tensor.node is None else tensor

    def test(self, objective: Objective) -> Program:
        """Forward, losses and metrics."""
        traced = self._objective(objective, training=False)
        self.planner.forward([*traced.wanted, *self._assigned()])
        self._accumulate(objective, traced)
        self._assign()
        return self._program(traced.outputs)

    def train(self, objective: Objective, optimizer: Optimizer) -> Program:
        """Forward, losses, metrics, gradients and one update."""
        parameters = optimizer.parameters
        assert parameters is not None  # noqa: S101 - built before
        traced = self._objective(objective, training=True)
        nodes = self.planner.forward([*traced.wanted, *self._assigned()], training=True)
        self._accumulate(objective, traced)
        self.planner.backward(traced.total, nodes, parameters.slots())
        self._assign()
        self.planner.emit.owner, self.planner.emit.phase = "", "update"
        if parameters.variables:
            optimizer.emit_apply(self.planner.emit)
        return self._program(traced.outputs)

    def _assigned(self) -> list[KerasTensor]:
        """New values of variables that have to be computed."""
        return [value for _, value in self.states.items() if isinstance(value, KerasTensor)]

    def _assign(self) -> None:
        """Give the variables their new values; last of all, since derivatives read the old."""
        for variable, value in self.states.items():
            self.planner.assign(variable, value)

    def _objective(self, objective: Objective, training: bool) -> "Traced":
        outputs = [self._own(tensor) for tensor in self.trace(training)]
        targets, weights = self.rest[: len(outputs)], self.rest[len(outputs) :]
        values: list[KerasTensor] = []
        total: KerasTensor | None = None
        owners = self.model.output_names
        for index, loss in enumerate(objective.losses):
            if loss is None:
                continue
            weight = weights[index] if weights else None
            with calling(Call(training, tracing=True, owner=owners[index])):
                with _named(f"loss '{loss.name}'", owners[index], targets[index], outputs[index]):
                    value = loss(targets[index], outputs[index], weight)
                if value.shape:
                    raise ValueError(
                        f"The loss '{loss.name}' gives an array of shape {value.shape}; training "
                        f"needs one number. Received: reduction={loss.reduction!r}"
                    )
                factor = objective.weights[index]
                scaled = value if factor == 1 else ops.multiply(value, factor)
                total = scaled if total is None else ops.add(total, scaled)
            values.append(value)
        assert total is not None  # noqa: S101 - resolved losses hold at least one
        with calling(Call(training, tracing=True)):
            for penalty in [*self.penalties, *self.model.penalties]:
                total = ops.add(total, penalty)
        parts = values if objective.parts else []
        return Traced(outputs, total, parts, self._means(objective, outputs, targets, weights))

    def _means(
        self,
        objective: Objective,
        outputs: Sequence[KerasTensor],
        targets: Sequence[KerasTensor],
        weights: Sequence[KerasTensor],
    ) -> "list[TracedMean]":
        means = []
        for tracker in objective.trackers:
            metric, index = tracker.metric, tracker.output
            if not tracker.planned or not isinstance(metric, MeanMetricWrapper):
                continue
            with calling(Call(tracing=True, owner=self.model.output_names[index])):
                owner = self.model.output_names[index]
                with _named(f"metric '{tracker.key}'", owner, targets[index], outputs[index]):
                    values = metric.values(targets[index], outputs[index])
                weight = weights[index] if tracker.weighted and weights else None
                if weight is not None:
                    weight = metric.weights(targets[index], outputs[index], weight)
                weight = masked_weights(outputs[index], weight)
                if weight is not None:
                    means.append((metric, *weighted_samples(values, weight)))
                else:
                    means.append((metric, values, None))
        return means

    def _accumulate(self, objective: Objective, traced: "Traced") -> None:
        emit, array = self.planner.emit, self.planner.array
        weight = float(self.size)
        emit("accumulate_weighted", array(traced.total), out=objective.total.state, weight=weight)
        for (_, _, mean), value in zip(objective.parts, traced.parts, strict=True):
            emit("accumulate_weighted", array(value), out=mean.state, weight=weight)
        for metric, values, weights in traced.means:
            if weights is None:
                emit("accumulate", array(values), out=metric.state)
            else:
                emit("accumulate_both", array(values), array(weights), out=metric.state)

    def _program(self, outputs: Sequence[KerasTensor]) -> Program:
        arrays = [self.planner.array(tensor) for tensor in outputs]
        return Program(self.planner.finish(), self.buffers, arrays)


@contextmanager
def _named(what: str, output: str, target: KerasTensor, given: KerasTensor) -> Iterator[None]:
    """Say of which output the shapes are that do not fit together."""
    try:
        yield
    except ShapeError as error:
        raise ShapeError(
            "The {what} of the output '{output}' cannot be computed from targets of shape "
            "{target} and outputs of shape {given}. {why}",
            plain="gives values of shape {given}, which do not fit targets of shape {target}",
            what=what,
            output=output,
            target=(None, *target.shape[1:]),
            given=(None, *given.shape[1:]),
            why=str(error),
        ) from error


def eager_metrics(objective: Objective) -> list[Any]:
    """Trackers whose metric no plan can compute: they are updated after each batch."""
    return [tracker for tracker in objective.trackers if not tracker.planned]
