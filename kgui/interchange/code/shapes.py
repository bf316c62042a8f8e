"""The shape of a tensor, where a program asks for it."""

from kgui.compiler.examination import examine
from kgui.compiler.issues import Shape
from kgui.interchange.code.values import Layer, Tensor


def shape_of(tensor: Tensor) -> Shape | None:
    """The shape, batch first; None where it is not known. Looks at layers only, not at models."""
    known: dict[Tensor, Shape | None] = {}
    waiting = [tensor]
    while waiting:
        last = waiting[-1]
        missing = [other for other in last.call.inputs if other not in known]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        known[last] = _shape(last, [known[other] for other in last.call.inputs])
    return known[tensor]


def _shape(tensor: Tensor, before: list[Shape | None]) -> Shape | None:
    layer = tensor.call.operation
    shapes = [shape for shape in before if shape is not None]
    if not isinstance(layer, Layer) or len(shapes) < len(before):
        return None
    outcome = examine(layer.type, layer.options, shapes)
    return outcome.shapes[tensor.index] if tensor.index < len(outcome.shapes) else None
