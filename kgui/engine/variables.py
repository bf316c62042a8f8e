"""Variables: named arrays that live as long as their layer; a plan binds them where they lie."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.mixins import NDArrayOperatorsMixin

from kgui.engine.backend.session import floatx
from kgui.engine.calling import current_call
from kgui.engine.symbolic import Shape
from kgui.engine.tensors import FUNCTIONS, apply_ufunc

Array = npt.NDArray[Any]


class Variable(NDArrayOperatorsMixin):
    """A weight: values in place, so that every plan, layer and optimizer sees one array."""

    def __init__(
        self,
        value: npt.ArrayLike,
        *,
        trainable: bool = True,
        dtype: str | None = None,
        name: str = "variable",
        path: str | None = None,
    ) -> None:
        self.array: Array = np.array(value, dtype=dtype or floatx(), order="C")
        self.trainable = trainable
        self.name = name
        self.path = path or name
        self.regularizer: Callable[[Any], Any] | None = None
        """Penalty on the values, added to the loss."""
        self.constraint: Callable[[Any], Any] | None = None
        """What the values are brought to after every update."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes along every axis."""
        return self.array.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of values."""
        return math.prod(self.shape)

    @property
    def dtype(self) -> str:
        """Name of the number type."""
        return self.array.dtype.name

    @property
    def value(self) -> Array:
        """The values themselves, not a copy."""
        return self.array

    def numpy(self) -> Array:
        """A copy of the values."""
        return self.array.copy()

    def assign(self, value: Any) -> None:
        """Take new values of the same shape; while a plan is traced, it will in every run."""
        call = current_call()
        if call.tracing:
            if call.states is not None:
                self._check_shape(symbolic_shape(value))
                call.states.assign(self, value)
            return
        new = np.asarray(value, dtype=self.array.dtype)
        self._check_shape(new.shape)
        self.array[...] = new

    def assign_add(self, value: Any) -> None:
        """Add values of the same shape."""
        self.assign(self + value)

    def assign_sub(self, value: Any) -> None:
        """Subtract values of the same shape."""
        self.assign(self - value)

    def _check_shape(self, shape: Shape) -> None:
        if shape != self.shape:
            raise ValueError(
                f"The shape of the target variable and the shape of the target value in "
                f"`variable.assign(value)` must match. variable.shape={self.shape}, "
                f"Received: value.shape={shape}. Target variable: {self.path}"
            )

    def move_into(self, home: Array) -> None:
        """Live in a part of a larger array from now on; plans made before are out of date."""
        home[...] = self.array
        self.array = home

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What NumPy's operators and functions do with variables: primitives of the engine."""
        given = {key: value for key, value in options.items() if key != "out"}
        if any(value is not self for value in options.get("out", ())):
            given["out"] = options["out"]
        return apply_ufunc(ufunc, method, inputs, given, through_engine=True)

    def __getitem__(self, key: Any) -> Any:
        return FUNCTIONS["getitem"](self, key)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))

    def __hash__(self) -> int:
        return id(self)

    def __bool__(self) -> bool:
        return bool(self.array)

    def __float__(self) -> float:
        return float(self.array)

    def __int__(self) -> int:
        return int(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.array, dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}>"


class Outline(Variable):
    """A weight of an abstract session: of any size, without values, without memory."""

    def __init__(self, shape: tuple[int, ...], *, dtype: str, **description: Any) -> None:
        super().__init__((), dtype=dtype, **description)
        self._shape = shape

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes along every axis, had it values."""
        return self._shape


def symbolic_shape(value: Any) -> Shape:
    """The shape of a tensor, variable, array or number."""
    shape = getattr(value, "shape", ())
    return tuple(shape)
