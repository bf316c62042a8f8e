"""One call of predict: batch after batch, with the hooks around them."""

from typing import TYPE_CHECKING, Any

from kgui.engine.batches import ArrayData, Results, count_rows
from kgui.engine.callbacks import CallbackList
from kgui.engine.callbacks.callback_list import plain_logs
from kgui.engine.feeding import Feed
from kgui.engine.fitting import each
from kgui.engine.kept_programs import Programs
from kgui.engine.programs import Program, ProgramBuilder
from kgui.engine.sources import ArraySource
from kgui.engine.structure import pack

if TYPE_CHECKING:
    from kgui.engine.models.model import Model


def predict(model: "Model", feed: Feed, callbacks: CallbackList) -> Any:
    """The outputs for every row, in the structure of the model's outputs."""

    def make(data: ArrayData, count: int) -> Program:
        return ProgramBuilder(model, data.inputs, count).predict()

    programs = Programs(make, model.run_eagerly)
    results = Results(_expected(feed))
    group, outputs, step = model.steps_per_execution, [], -1
    model.stop_predicting = False
    begin = callbacks.hooks("on_predict_batch_begin")
    end = callbacks.hooks("on_predict_batch_end")
    callbacks.call("on_predict_begin", {})
    for step, (data, rows) in enumerate(feed.epoch()):
        if step % group == 0:
            each(begin, step, {})
        count = count_rows(rows)
        program = programs.get(data, count)
        program.load(data.inputs, rows)
        program.run()
        outputs = results.take(program.outputs, count)
        if (step + 1) % group == 0:
            if end:
                packed = pack(model.outputs_structure, outputs)
                each(end, step, plain_logs({"outputs": packed}))
            if model.stop_predicting:
                break
    callbacks.call("on_predict_end", {})
    return pack(model.outputs_structure, results.arrays)


def _expected(feed: Feed) -> int | None:
    """Rows to come; None where only the end will tell."""
    source = feed.source
    if not isinstance(source, ArraySource):
        return None
    rows = len(source.data)
    return rows if feed.steps is None else min(rows, feed.steps * source.size)
