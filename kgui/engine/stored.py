"""What files keep of a layer or an optimizer: its own variables, numbered in a fixed order."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from kgui.engine.variables import Array, Variable


class Stored:
    """Something with variables of its own that are saved and loaded.

    A subclass may override both methods, as in Keras, to keep more or something else.
    """

    name: str
    built: bool

    def stored_variables(self) -> list[Variable]:
        """The variables in the order in which files number them."""
        raise NotImplementedError

    def save_own_variables(self, store: MutableMapping[str, Any]) -> None:
        """Put the values of the own variables into the store, under "0", "1", ..."""
        for index, variable in enumerate(self.stored_variables()):
            store[str(index)] = variable.array

    def load_own_variables(self, store: Mapping[str, Array]) -> None:
        """Take the values of the own variables from the store; ValueError if they do not fit."""
        variables = self.stored_variables()
        if len(store) != len(variables):
            if not variables and not getattr(self, "built", True):
                raise ValueError(
                    f"Layer '{self.name}' was never built and thus it doesn't have any variables. "
                    f"However the weights file lists {len(store)} variables for this layer."
                )
            raise ValueError(
                f"Layer '{self.name}' expected {len(variables)} variables, but received "
                f"{len(store)} variables during loading. "
                f"Expected: {[variable.name for variable in variables]}"
            )
        for index, variable in enumerate(variables):
            if str(index) not in store:
                raise ValueError(f"Layer '{self.name}': variable {index} is not in the file.")
            variable.assign(store[str(index)])
