"""Intersection over union of classes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kgui.engine.backend.session import epsilon
from kgui.engine.metrics.metric import Metric
from kgui.engine.variables import Array


class IoU(Metric):
    """Intersection over union, averaged over some classes.

    Args:
        num_classes: Number of classes.
        target_class_ids: Classes to average over.
        name: Key under which the value is reported.
        dtype: Number type, as Keras takes it.
        ignore_class: Targets of this class do not count.
        sparse_y_true: Targets are class indices, not one-hot.
        sparse_y_pred: Predictions are class indices, not probabilities.
        axis: Axis of the classes where they are not indices.
    """

    direction = "up"

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(name, dtype)
        if max(target_class_ids) >= num_classes:
            raise ValueError(
                f"Target class id {max(target_class_ids)} is out of range, which is "
                f"[0, {num_classes})."
            )
        self.num_classes = num_classes
        self.target_class_ids = list(target_class_ids)
        self.ignore_class = ignore_class
        self.sparse_y_true, self.sparse_y_pred = sparse_y_true, sparse_y_pred
        self.axis = axis
        self.reset_state()

    def reset_state(self) -> None:
        """Start again."""
        self.matrix: Array = np.zeros((self.num_classes, self.num_classes))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch of targets and predictions."""
        true, predicted = np.asarray(y_true), np.asarray(y_pred)
        true = true if self.sparse_y_true else true.argmax(self.axis)
        predicted = predicted if self.sparse_y_pred else predicted.argmax(self.axis)
        true, predicted = true.astype(int).reshape(-1), predicted.astype(int).reshape(-1)
        # Keras counts in whole numbers: a weight of 0.5 is none.
        whole = np.asarray(1 if sample_weight is None else sample_weight).astype(int)
        weights = np.broadcast_to(whole.reshape(-1) if whole.ndim > 1 else whole, true.shape)
        counts = (true >= 0) & (true < self.num_classes)
        counts &= (predicted >= 0) & (predicted < self.num_classes)
        if self.ignore_class is not None:
            counts &= true != self.ignore_class
        np.add.at(self.matrix, (true[counts], predicted[counts]), weights[counts])

    def result(self) -> float:
        """The mean over the classes that came up so far."""
        both = np.diag(self.matrix)
        union = self.matrix.sum(0) + self.matrix.sum(1) - both
        both, union = both[self.target_class_ids], union[self.target_class_ids]
        seen = union > 1e-9
        shares = np.where(seen, both / (union + epsilon()), 0.0)
        return float(shares.sum() / (seen.sum() + epsilon()))


class BinaryIoU(IoU):
    """Intersection over union of two classes, told by a threshold."""

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take in a batch of targets and probabilities."""
        decided = np.asarray(y_pred, "float32") >= np.float32(self.threshold)
        super().update_state(y_true, decided, sample_weight)


class MeanIoU(IoU):
    """Intersection over union, averaged over all classes."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes, range(num_classes), name, dtype, ignore_class, sparse_y_true,
            sparse_y_pred, axis,
        )  # fmt: skip


class OneHotIoU(IoU):
    """Intersection over union of one-hot targets, averaged over some classes."""

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis
        )


class OneHotMeanIoU(MeanIoU):
    """Intersection over union of one-hot targets, averaged over all classes."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: str | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)
