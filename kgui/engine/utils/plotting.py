"""A picture of a model as SVG, without other programs."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from kgui.engine.models.model import Model
from kgui.engine.models.sequential import Sequential
from kgui.engine.symbolic import Node
from kgui.engine.utils.layered import Place, lay_out
from kgui.io import atomic_write

_LETTER, _LINE, _MARGIN = 7.3, 18.0, 16.0
"""Pixels: the width of a letter, the height of a line, the rim of the picture."""


class _Box(NamedTuple):
    """A box with its lines of text, the first of them in bold."""

    lines: tuple[str, ...]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return max(map(len, self.lines)) * _LETTER + 20, len(self.lines) * _LINE + 10


def plot_model(
    model: Model,
    to_file: str | Path | None = "model.svg",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 96,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
) -> str:
    """Draw a model's layers and how they are connected; returns the SVG, and writes it.

    Args:
        model: The model, built.
        to_file: File to write, ending in `.svg`; None to write none.
        show_shapes: Whether to show what shapes go in and come out.
        show_dtype: Whether to show the type of the outputs.
        show_layer_names: Whether to show the layers' names.
        rankdir: "TB" from top to bottom, "LR" from left to right.
        expand_nested: Whether to draw the layers of models inside.
        dpi: Dots per inch: 96 draws one dot a pixel.
        show_layer_activations: Whether to show activation functions.
        show_trainable: Whether to say which layers training changes.
    """
    if not model.built:
        raise ValueError(
            "This model has not yet been built. Build the model first by calling `build()` or by "
            "calling the model on a batch of data."
        )
    if rankdir not in ("TB", "LR"):
        raise ValueError(f'`rankdir` must be "TB" or "LR". Received: rankdir={rankdir}')
    if to_file is not None and Path(to_file).suffix.lower() != ".svg":
        raise ValueError(f"Pictures of models are SVG files (.svg). Received: to_file={to_file}")
    shown = _Shown(
        show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable
    )
    drawing = _Drawing(shown, expand_nested)
    drawing.add(model)
    text = _svg(drawing.boxes, drawing.wires, rankdir == "LR", dpi / 96)
    if to_file is not None:
        atomic_write(to_file, text.encode(), backup=False)
    return text


class _Shown(NamedTuple):
    """What boxes say."""

    shapes: bool
    dtype: bool
    names: bool
    activations: bool
    trainable: bool

    def box(self, layer: Any, inputs: Sequence[Any], outputs: Sequence[Any]) -> _Box:
        """The box of one layer."""
        kind = type(layer).__name__
        kind = "Functional" if kind == "Model" else kind
        lines = [f"{layer.name} ({kind})" if self.names else kind]
        activation = getattr(layer, "activation", None)
        if self.activations and activation is not None:
            lines.append(f"Activation: {getattr(activation, '__name__', activation)}")
        if self.shapes:
            source = f"Input shape: {_shapes(inputs)}   " if inputs else ""
            lines.append(f"{source}Output shape: {_shapes(outputs)}")
        if self.dtype:
            types = dict.fromkeys(tensor.dtype for tensor in outputs)
            lines.append(f"Output dtype: {', '.join(types) or '?'}")
        if self.trainable and getattr(layer, "weights", None):
            lines.append("Trainable" if layer.trainable else "Non-trainable")
        return _Box(tuple(lines))


def _shapes(tensors: Sequence[Any]) -> str:
    return ", ".join(str(tensor.shape) for tensor in tensors) or "?"


class _Drawing:
    """Boxes in order of execution, and wires between them."""

    def __init__(self, shown: _Shown, expand: bool) -> None:
        self.boxes: list[_Box] = []
        self.wires: list[tuple[int, int]] = []
        self._shown, self._expand = shown, expand

    def add(self, model: Model, given: Sequence[int | None] = ()) -> list[int | None]:
        """Draw a model; `given` are the boxes that its inputs come from. Returns its outputs'."""
        if not model.is_graph:
            return self._stack(model, given)
        sources: dict[int, int | None] = {}
        if given:
            sources = {id(t): box for t, box in zip(model.inputs, given, strict=True)}
        boxes: dict[int, int] = {}
        for node in model.nodes:
            if not all(id(tensor) in sources for tensor in node.outputs):
                hidden = isinstance(model, Sequential) and node.is_input and not given
                made = [None] * len(node.outputs) if hidden else self._node(node, sources, boxes)
                pairs = zip(node.outputs, made, strict=True)
                sources.update((id(tensor), box) for tensor, box in pairs)
        return [sources[id(tensor)] for tensor in model.outputs]

    def _node(
        self, node: Node, sources: dict[int, int | None], boxes: dict[int, int]
    ) -> list[int | None]:
        operation = node.operation
        starts = [sources[id(tensor)] for tensor in node.inputs]
        if self._expand and isinstance(operation, Model) and operation.is_graph:
            return self.add(operation, starts)
        if id(operation) not in boxes:
            boxes[id(operation)] = len(self.boxes)
            self.boxes.append(self._shown.box(operation, node.inputs, node.outputs))
        box = boxes[id(operation)]
        self._connect(starts, box)
        return [box] * len(node.outputs)

    def _stack(self, model: Model, given: Sequence[int | None]) -> list[int | None]:
        """The layers of a class of one's own: only its `call` knows the wires."""
        for layer in model.layers:
            calls = layer.inbound_nodes[:1]
            inputs = [tensor for call in calls for tensor in call.inputs]
            outputs = [tensor for call in calls for tensor in call.outputs]
            self.boxes.append(self._shown.box(layer, inputs, outputs))
        return list(given)

    def _connect(self, starts: Sequence[int | None], end: int) -> None:
        wires = [(start, end) for start in starts if start is not None and start != end]
        self.wires += [wire for wire in dict.fromkeys(wires) if wire not in self.wires]


def _svg(
    boxes: Sequence[_Box], wires: Sequence[tuple[int, int]], sideways: bool, scale: float
) -> str:
    sizes = [box.size for box in boxes]
    places = [Place(x + _MARGIN, y + _MARGIN) for x, y in lay_out(sizes, wires, sideways)]
    pairs = list(zip(places, sizes, strict=True))
    width = max((p.x + w for p, (w, _) in pairs), default=0.0) + _MARGIN
    height = max((p.y + h for p, (_, h) in pairs), default=0.0) + _MARGIN
    parts = [_head(width, height, scale)]
    parts += [_wire(pairs[start], pairs[end], sideways) for start, end in wires]
    parts += [_drawn(box, place) for box, place in zip(boxes, places, strict=True)]
    return "\n".join([*parts, "</svg>", ""])


def _head(width: float, height: float, scale: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale:.0f}" '
        f'height="{height * scale:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        'font-family="DejaVu Sans Mono, monospace" font-size="12">\n'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#444"/></marker></defs>\n'
        '<rect width="100%" height="100%" fill="white"/>'
    )


def _wire(
    start: tuple[Place, tuple[float, float]], end: tuple[Place, tuple[float, float]], sideways: bool
) -> str:
    (a, (width, height)), (b, (next_width, next_height)) = start, end
    if sideways:
        x, y, u, v = a.x + width, a.y + height / 2, b.x, b.y + next_height / 2
        bend = f"{(x + u) / 2:.1f} {y:.1f} {(x + u) / 2:.1f} {v:.1f}"
    else:
        x, y, u, v = a.x + width / 2, a.y + height, b.x + next_width / 2, b.y
        bend = f"{x:.1f} {(y + v) / 2:.1f} {u:.1f} {(y + v) / 2:.1f}"
    path = f"M{x:.1f} {y:.1f}C{bend} {u:.1f} {v:.1f}"
    return f'<path d="{path}" fill="none" stroke="#444" marker-end="url(#arrow)"/>'


def _drawn(box: _Box, place: Place) -> str:
    width, height = box.size
    parts = [
        f'<rect x="{place.x:.1f}" y="{place.y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        'rx="4" fill="#f4f6fa" stroke="#444"/>'
    ]
    for index, line in enumerate(box.lines):
        weight = ' font-weight="bold"' if index == 0 else ""
        parts.append(
            f'<text x="{place.x + width / 2:.1f}" y="{place.y + 18 + index * _LINE:.1f}" '
            f'text-anchor="middle"{weight}>{escape(line)}</text>'
        )
    return "\n".join(parts)
