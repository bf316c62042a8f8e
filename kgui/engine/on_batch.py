"""train_on_batch, test_on_batch, predict_on_batch: single steps for loops of one's own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kgui.engine.arranging import arrange, check_batch, weigh_classes
from kgui.engine.backend.session import floatx, get_session
from kgui.engine.backend.threads import limit_threads
from kgui.engine.batches import ArrayData
from kgui.engine.compiled_model import CompiledModel
from kgui.engine.compiling import Objective, resolve
from kgui.engine.fitting import update_eager
from kgui.engine.kept_programs import Programs
from kgui.engine.programs import Program, ProgramBuilder, eager_metrics
from kgui.engine.restoring import leaving_no_trace
from kgui.engine.structure import Structure, pack

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


class BatchWork:
    """Programs of single batches, kept from call to call while the model stays what it is."""

    def __init__(self, model: "Model") -> None:
        self._model, self._floatx = model, floatx()
        eager = model.run_eagerly
        self._train, self._test, self._predict = (
            Programs(make, eager)
            for make in (self._make_train, self._make_test, self._make_predict)
        )
        self._objective: Objective | None = None
        self._ready = False
        self._layers = list(_within(model))
        self._note()

    def _note(self) -> None:
        """Remember where the weights live, and what is frozen."""
        self._homes = [(weight, weight.array) for weight in self._model.weights]
        self._trainable = [layer.trainable for layer in self._layers]

    @property
    def is_current(self) -> bool:
        """False once weights live elsewhere, or layers were frozen."""
        return (
            all(weight.array is home for weight, home in self._homes)
            and [layer.trainable for layer in self._layers] == self._trainable
            and self._floatx == floatx()
        )

    def _make_train(self, data: ArrayData, count: int) -> Program:
        objective = self._resolve(data)
        model = self._model
        return ProgramBuilder(model, data.arrays, count).train(objective, model.optimizer)

    def _make_test(self, data: ArrayData, count: int) -> Program:
        return ProgramBuilder(self._model, data.arrays, count).test(self._resolve(data))

    def _make_predict(self, data: ArrayData, count: int) -> Program:
        return ProgramBuilder(self._model, data.inputs, count).predict()

    def _resolve(self, data: ArrayData) -> Objective:
        model = self._model
        if self._objective is None:
            names, outputs = model.output_keys, model.outputs
            self._objective = resolve(model.require_compiled(), names, outputs, data.targets)
        return self._objective

    def step(self, data: ArrayData, *, train: bool) -> Objective:
        """One pass over the batch, with an update of the weights if `train`."""
        model = self._model
        objective = self._resolve(data)
        check_batch(model, objective, data, "" if train else None)
        if train and not self._ready:
            model.optimizer.build(model.trainable_weights)
            self._ready = True
            self._note()
        program = (self._train if train else self._test).get(data, len(data))
        model.objective = objective
        objective.reset()
        if train:
            model.train_program = program
        rows = slice(0, len(data))
        program.load(data.arrays, rows)
        program.run()
        update_eager(eager_metrics(objective), data, program, rows)
        return objective

    def predict(self, data: ArrayData) -> list[Any]:
        """Copies of the outputs."""
        program = self._predict.get(data, len(data))
        program.load(data.inputs, slice(0, len(data)))
        program.run()
        return [output.copy() for output in program.outputs]


def _within(layer: Any) -> Iterator[Any]:
    """A layer and all that it holds."""
    yield layer
    for part in layer.sublayers():
        yield from _within(part)


class BatchTrainer(CompiledModel):
    """Single steps."""

    train_program: Program | None = None
    """The program of the last training batch."""

    def train_on_batch(
        self,
        x: Structure,
        y: Structure = None,
        sample_weight: Any = None,
        class_weight: dict[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """One update; returns the batch's loss and metrics: a number, a list, or a dict."""
        self.require_compiled()
        if class_weight is not None and sample_weight is not None:
            raise ValueError(
                "Arguments `sample_weight` and `class_weight` cannot be specified at the same "
                f"time. Received: sample_weight={sample_weight}, class_weight={class_weight}"
            )
        return self._step(x, y, sample_weight, class_weight, return_dict, train=True)

    def test_on_batch(
        self,
        x: Structure,
        y: Structure = None,
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Loss and metrics of a batch: a number, a list, or a dict."""
        self.require_compiled()
        return self._step(x, y, sample_weight, None, return_dict, train=False)

    def predict_on_batch(self, x: Structure) -> Any:
        """Outputs for one batch, in the structure of the model's outputs."""
        with leaving_no_trace(self._self), limit_threads(get_session().threads):
            outputs = self._work().predict(arrange(self._self, x))
        return pack(self._self.outputs_structure, outputs)

    def _work(self) -> BatchWork:
        if self.batch_work is None or not self.batch_work.is_current:
            self.batch_work = BatchWork(self._self)
        return self.batch_work

    def _step(
        self, x: Any, y: Any, weights: Any, classes: Any, return_dict: bool, *, train: bool
    ) -> Any:
        with leaving_no_trace(self._self), limit_threads(get_session().threads):
            data = arrange(self._self, x, y, weights)
            if classes is not None:
                data = weigh_classes(data, classes)
            objective = self._work().step(data, train=train)
        return reported(objective, return_dict)


def reported(objective: Objective, return_dict: bool) -> Any:
    """The numbers as evaluate gives them: a dict, a list, or the only one."""
    if return_dict:
        return objective.logs()
    values = objective.ordered()
    return values[0] if len(values) == 1 else values
