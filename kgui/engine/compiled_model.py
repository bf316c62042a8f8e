"""compile, and what a compiled model knows: optimizer, loss and metrics."""

import warnings
from typing import TYPE_CHECKING, Any, cast

from kgui.engine import optimizers
from kgui.engine.arranging import check_count
from kgui.engine.compiling import Compiled, Objective
from kgui.engine.metrics import Mean, Metric

if TYPE_CHECKING:
    from kgui.engine.kept_programs import Kept
    from kgui.engine.models.model import Model
    from kgui.engine.on_batch import BatchWork


class CompileMetrics(Metric):
    """The metrics that were given to `compile`, as one; `result` is a dict by key."""

    def __init__(self, objective: Objective | None) -> None:
        super().__init__("compile_metrics")
        self._trackers = objective.trackers if objective else []

    @property
    def metrics(self) -> list[Metric]:
        """The metrics; none before the first data say which ones the strings stand for."""
        return [tracker.metric for tracker in self._trackers]

    def reset_state(self) -> None:
        """Start all of them again."""
        for metric in self.metrics:
            metric.reset_state()

    def result(self) -> dict[str, Any]:
        """Their values by key."""
        return {tracker.key: tracker.metric.result() for tracker in self._trackers}


class CompiledModel:
    """The arguments of `compile`, and the numbers of the last pass over data."""

    def __init__(self) -> None:
        self.compiled: Compiled | None = None
        self.stop_training = False
        self.stop_evaluating = False
        self.stop_predicting = False
        self.run_eagerly = False
        self.jit_compile: bool | str = "auto"
        self.steps_per_execution = 1
        self.objective: Objective | None = None
        """Losses and metrics of the last fit or batch; None after `compile`."""
        self.batch_work: BatchWork | None = None
        """Programs of `train_on_batch` and its like."""
        self.kept: Kept | None = None
        """Programs of the last fit."""

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Choose how to train.

        Args:
            optimizer: Name or object.
            loss: Name, object or function; a list or dict for several outputs.
            loss_weights: Factor of each output's loss.
            metrics: Names, objects or functions; a list or dict for several outputs.
            weighted_metrics: Metrics in which samples count by their weights.
            run_eagerly: Plan every batch anew, so that the Python code of layers, losses and
                metrics of one's own runs for every batch: slow, for debugging.
            steps_per_execution: Batches between two calls of the batch hooks.
            jit_compile: Taken for Keras's sake: plans are made in any case, and
                `backend.use` chooses the kernels that carry them out.
            auto_scale_loss: Taken for Keras's sake: nothing here computes in float16.
        """
        check_count("steps_per_execution", steps_per_execution)
        if jit_compile is True and run_eagerly:
            jit_compile = False
            warnings.warn(
                "If `run_eagerly` is True, then `jit_compile` cannot also be True. "
                "Disabling `jit_compile`.",
                stacklevel=2,
            )
        before = self.compiled
        self.compiled = Compiled(
            optimizers.get(optimizer),
            loss if loss is not None or before is None else before.loss,
            loss_weights if loss_weights is not None or before is None else before.loss_weights,
            metrics if metrics is not None or before is None else before.metrics,
            before.weighted_metrics
            if weighted_metrics is None and before is not None
            else weighted_metrics,
            bool(run_eagerly),
            int(steps_per_execution),
        )
        self.run_eagerly, self.jit_compile = bool(run_eagerly), jit_compile
        self.steps_per_execution = int(steps_per_execution)
        self.stop_training, self.objective, self.batch_work = False, None, None
        self.kept = None

    def require_compiled(self) -> Compiled:
        """What `compile` was given; ValueError before it was called."""
        _refuse_own_steps(type(self))
        if self.compiled is None:
            raise ValueError("You must call `compile()` before using the model.")
        return self.compiled

    @property
    def optimizer(self) -> optimizers.Optimizer:
        """The optimizer of the last compile."""
        if self.compiled is None:
            raise AttributeError(
                f"'{type(self).__name__}' object has no attribute 'optimizer'. "
                "You must call `compile()` before using the model."
            )
        return self.compiled.optimizer

    @property
    def loss(self) -> Any:
        """The loss as it was given to the last compile."""
        return self.compiled.loss if self.compiled else None

    @property
    def metrics(self) -> list[Metric]:
        """The mean of the loss, the metrics of `compile`, the means of each output's loss."""
        if self.compiled is None:
            return []
        objective = self.objective
        found: list[Metric] = [objective.total if objective else Mean("loss")]
        if self.compiled.metrics is not None or self.compiled.weighted_metrics is not None:
            found.append(CompileMetrics(objective))
        return [*found, *(mean for _, _, mean in objective.parts)] if objective else found

    @property
    def metrics_names(self) -> list[str]:
        """Names of the metrics; those of `compile` are one, "compile_metrics"."""
        return [metric.name for metric in self.metrics]

    def reset_metrics(self) -> None:
        """Start all metrics again."""
        for metric in self.metrics:
            metric.reset_state()

    def get_metrics_result(self) -> dict[str, Any]:
        """The numbers so far, by key."""
        return self.objective.logs() if self.objective else {}

    @property
    def _self(self) -> "Model":
        return cast("Model", self)


def _refuse_own_steps(kind: type) -> None:
    """Say that a step of one's own would not be used, rather than train otherwise in silence."""
    for name in ("train_step", "test_step"):
        if hasattr(kind, name):
            raise NotImplementedError(
                f"{kind.__name__}.{name}() would not be used: `fit` and `evaluate` run planned "
                "steps. Write a loop of your own with `GradientTape` and "
                "`optimizer.apply_gradients` instead."
            )
