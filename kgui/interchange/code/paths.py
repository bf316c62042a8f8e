"""The names of Keras, whichever way they were imported, and what they mean without an import."""

from collections.abc import Mapping
from types import MappingProxyType

from kgui.compiler.reflection import layer_classes
from kgui.engine import (
    activations,
    callbacks,
    constraints,
    initializers,
    losses,
    metrics,
    optimizers,
    regularizers,
)
from kgui.engine import layers as engine_layers
from kgui.interchange.code.values import Path

ROOTS = (
    "tensorflow.compat.v1.keras", "tensorflow.python.keras", "tensorflow.keras", "tf_keras",
    "keras.api", "keras.src", "kgui.engine", "keras",
)  # fmt: skip
"""Where Keras is found, longest names first."""
MODELS = {"keras.models.Sequential": "keras.Sequential", "keras.models.Model": "keras.Model",
          "keras.models.Functional": "keras.Model", "keras.engine.Model": "keras.Model",
          "keras.layers.Input": "keras.Input", "keras.layers.InputLayer": "keras.Input",
          "keras.engine.Input": "keras.Input"}  # fmt: skip
_FAMILIES = {"activations": activations, "callbacks": callbacks, "constraints": constraints,
             "initializers": initializers, "losses": losses, "metrics": metrics,
             "optimizers": optimizers, "regularizers": regularizers}  # fmt: skip
MODULES = {"keras": "keras", "tf": "tensorflow", "tensorflow": "tensorflow", "np": "numpy",
           "layers": "keras.layers", "models": "keras.models", "K": "keras.backend",
           "backend": "keras.backend", "ops": "keras.ops",
           **{family: f"keras.{family}" for family in _FAMILIES}}  # fmt: skip


def canonical(name: str) -> str:
    """The name as Keras 3 has it: "tensorflow.keras.layers.Dense" -> "keras.layers.Dense"."""
    for root in ROOTS:
        if name == root or name.startswith(f"{root}."):
            name = "keras" + name[len(root) :]
            break
    else:
        return name
    parts = name.split(".")
    if len(parts) > 3 and parts[1] in ("layers", *_FAMILIES):
        name = ".".join((*parts[:2], parts[-1]))  # keras.layers.core.Dense, of Keras 1 and 2
    return MODELS.get(name, name)


def _known() -> Mapping[str, Path]:
    found = {name: Path(target) for name, target in MODULES.items()}
    for family, module in _FAMILIES.items():
        for name, item in vars(module).items():
            home = getattr(item, "__module__", "")
            if name[0] != "_" and callable(item) and home.startswith(module.__name__):
                found[name] = Path(f"keras.{family}.{name}")
    exported = {*engine_layers.__all__, *layer_classes()}
    found.update({name: Path(canonical(f"keras.layers.{name}")) for name in exported})
    found.update({name: Path(f"keras.{name}") for name in ("Input", "Model", "Sequential")})
    return MappingProxyType(found)


WITHOUT_IMPORT = _known()
"""What names mean in a piece of a program that lacks its imports."""
