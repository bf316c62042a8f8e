"""Cross-entropies of probabilities, clipped as Keras clips them.

Where the probabilities come straight from a softmax, the plan takes the gradient to the logits
in one step (`through_softmax`); the numbers are the same, zero where the probability is clipped.
"""

from collections.abc import Callable

from kgui.engine.backend.emitter import Emitter
from kgui.engine.backend.session import epsilon
from kgui.engine.errors import ShapeError
from kgui.engine.ops.composite import composite
from kgui.engine.ops.primitive import Array, Forward, Gradients, Primitive, Tensor
from kgui.engine.symbolic import Shape


class CrossEntropy(Primitive):
    """Cross-entropy of (targets, probabilities); one value per row."""

    def __init__(self, sparse: bool) -> None:
        super().__init__()
        self.sparse = sparse
        self.epsilon = epsilon()

    def output_shape(self, *shapes: Shape) -> Shape:
        """The probabilities' without the classes."""
        targets, probabilities = shapes
        expected = probabilities[:-1] if self.sparse else probabilities
        fits = len(expected) == len(targets) and not any(
            None not in (a, b) and a != b for a, b in zip(targets, expected, strict=True)
        )
        if not fits:
            raise ShapeError(
                "Argument `output` must have shape that fits `target`. "
                "Received: target.shape={targets}, output.shape={probabilities}",
                targets=targets,
                probabilities=probabilities,
            )
        return probabilities[:-1]

    def output_dtype(self, *dtypes: str) -> str:
        """The probabilities' type."""
        return dtypes[1]

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """-log of the (clipped, normalised) probability of the true class."""
        targets, p = inputs
        output = out()
        total = emit.buffer(p.shape[:-1], p.dtype)
        emit("sum_over", p, out=total, axes=(p.ndim - 1,))
        limits = {"low": self.epsilon, "high": 1 - self.epsilon}
        if self.sparse:
            emit("take_class", p, targets, out=output)
            emit("divide", output, total, out=output)
            emit("clip", output, out=output, **limits)
            emit("log", output, out=output)
        else:
            logs = emit.buffer(p.shape, p.dtype)
            emit("divide", p, total[..., None], out=logs)
            emit("clip", logs, out=logs, **limits)
            emit("log", logs, out=logs)
            emit("multiply", logs, targets, out=logs)
            emit("sum_over", logs, out=output, axes=(p.ndim - 1,))
        emit("negative", output, out=output)
        return Forward(inputs, output, (total,))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """-y / p where not clipped, then through the division by the sum."""
        if not into.wants(1):
            return
        targets, p = done.inputs
        total = done.saved[0][..., None]
        shape, dtype = p.shape, p.dtype
        share = emit("divide", p, total, out=emit.buffer(shape, dtype))
        slope = emit.buffer(shape, dtype)
        if self.sparse:
            emit("take_class_gradient", targets, gradient, out=slope)
        else:
            emit("multiply", targets, gradient[..., None], out=slope)
        emit("divide", slope, share, out=slope)
        emit("negative", slope, out=slope)
        limits = {"low": self.epsilon, "high": 1 - self.epsilon}
        emit("clip_gradient", share, slope, out=slope, **limits)
        product = emit("multiply", slope, share, out=emit.buffer(shape, dtype))
        inner = emit.buffer(total.shape[:-1], dtype)
        emit("sum_over", product, out=inner, axes=(p.ndim - 1,))
        emit("subtract", slope, inner[..., None], out=slope)
        emit("divide", slope, total, out=into.into(1))

    def through_softmax(self, emit: Emitter, done: Forward, gradient: Array, out: Array) -> None:
        """The gradient to the logits whose softmax the probabilities are."""
        targets, p = done.inputs
        name = "softmax_sparse_gradient" if self.sparse else "softmax_categorical_gradient"
        emit(name, p, targets, gradient, out=out, epsilon=self.epsilon)


class TakeClass(Primitive):
    """x[i, labels[i]] of (labels, x)."""

    reads_inputs = True

    def output_shape(self, *shapes: Shape) -> Shape:
        """x's without the classes."""
        return shapes[1][:-1]

    def output_dtype(self, *dtypes: str) -> str:
        """x's type."""
        return dtypes[1]

    def forward(
        self, emit: Emitter, inputs: tuple[Array, ...], out: Callable[[], Array]
    ) -> Forward:
        """One value of each row."""
        labels, x = inputs
        return Forward(inputs, emit("take_class", x, labels, out=out()))

    def backward(self, emit: Emitter, done: Forward, gradient: Array, into: Gradients) -> None:
        """The gradient at the chosen values."""
        if into.wants(1):
            emit("take_class_gradient", done.inputs[0], gradient, out=into.into(1))


@composite
def categorical_crossentropy(target: Tensor, output: Tensor) -> Tensor:
    """Cross-entropy per row of one-hot or soft targets and probabilities."""
    return CrossEntropy(sparse=False)(target, output)


@composite
def sparse_categorical_crossentropy(target: Tensor, output: Tensor) -> Tensor:
    """Cross-entropy per row of class indices and probabilities."""
    return CrossEntropy(sparse=True)(target, output)


def take_class(labels: Tensor, x: Tensor) -> Tensor:
    """The value of each row at its label."""
    return TakeClass()(labels, x)
