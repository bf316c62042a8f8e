"""Objects as plain data in Keras's layout, and back: from an allow-list, never from code.

serialize_keras_object(object)    {module, class_name, config, registered_name}
deserialize_keras_object(config)  the object; ValueError for what is not known here
"""

import inspect
from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from kgui.engine import activations, constraints, initializers, losses, metrics, optimizers
from kgui.engine import regularizers as regularizers_module
from kgui.engine.layers.layer import Layer
from kgui.engine.optimizers import schedules
from kgui.engine.optimizers.common import CommonOptions
from kgui.engine.saving.registration import custom_object, custom_object_scope, registered_name

Config = dict[str, Any]


def namespaces() -> dict[str, ModuleType]:
    """Where classes of each of Keras's modules are found."""
    from kgui.engine import layers, models  # they make use of this module

    return {
        "keras.layers": layers,
        "keras.models": models,
        "keras.optimizers.schedules": schedules,
        "keras.optimizers": optimizers,
        "keras.losses": losses,
        "keras.metrics": metrics,
        "keras.initializers": initializers,
        "keras.regularizers": regularizers_module,
        "keras.constraints": constraints,
        "keras.activations": activations,
    }


# --- Out -----------------------------------------------------------------------------------------


def serialize_keras_object(obj: Any) -> Any:
    """Plain data that `deserialize_keras_object`, here or in Keras, makes an equal object of."""
    if obj is None or isinstance(obj, str | bool | int | float):
        return obj
    if isinstance(obj, list | tuple):
        return [serialize_keras_object(item) for item in obj]
    if isinstance(obj, dict):
        return _with_module({key: serialize_keras_object(value) for key, value in obj.items()})
    if isinstance(obj, np.ndarray) and obj.ndim:
        config = {"value": obj.tolist(), "dtype": obj.dtype.name}
        return {"class_name": "__numpy__", "config": config}
    if isinstance(obj, np.generic | np.ndarray):
        return obj.item()
    if isinstance(obj, FunctionType):
        return _function(obj)
    if isinstance(obj, slice):
        parts = {"start": obj.start, "stop": obj.stop, "step": obj.step}
        return {"class_name": "__slice__", "config": serialize_keras_object(parts)}
    if obj is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    return _instance(obj)


def plain_argument(value: Any) -> Any:
    """An argument of a layer as plain data: an activation by its name, objects in full."""
    if isinstance(value, FunctionType) and _public_module(value) == "keras.activations":
        return value.__name__
    return serialize_keras_object(value)


def _function(function: FunctionType) -> Config:
    if function.__name__ == "<lambda>":
        raise ValueError(
            "A lambda cannot be saved, because files never hold code: use a named function, and "
            "give it to `load_model` as one of the `custom_objects`."
        )
    name = registered_name(function)  # all that Keras says of a function
    return {
        "module": "builtins", "class_name": "function", "config": name,
        "registered_name": "function",
    }  # fmt: skip


def _instance(obj: Any) -> Config:
    from kgui.engine.saving.graphs import input_config  # graphs are made of objects

    kind = type(obj)
    config = input_config(obj)
    if config is None and not hasattr(obj, "get_config"):
        raise TypeError(
            f"Cannot serialize object {obj} of type {kind}. To be serializable, a class must "
            "implement the `get_config()` method."
        )
    config = serialize_keras_object(config if config is not None else obj.get_config())
    module, name = _public_module(kind), kind.__name__
    own = (kind.__module__, name, registered_name(kind))
    place = own if module is None else _MODELS.get(name, (module, name, None))
    about = {"module": place[0], "class_name": place[1], "config": config}
    return {**about, "registered_name": place[2], **_built_and_compiled(obj)}


def _built_and_compiled(obj: Any) -> Config:
    """For which shapes a layer was built, and how a model was compiled."""
    found = {}
    if hasattr(obj, "get_build_config") and (build := obj.get_build_config()) is not None:
        found["build_config"] = serialize_keras_object(build)
    if hasattr(obj, "get_compile_config"):
        found["compile_config"] = _compile_config(obj)
    return found


def _compile_config(model: Any) -> Config:
    """How the model was compiled; nothing where that has no plain data, such as a lambda."""
    try:
        config: Config = model.get_compile_config()
    except (TypeError, ValueError):
        return {}
    return config


_MODELS = {
    "Model": ("keras.src.models.functional", "Functional", "Functional"),
    "Sequential": ("keras", "Sequential", None),
}
"""What Keras calls its models in files."""


def _public_module(item: Any) -> str | None:
    """Keras's module of a class or function of the engine; None for one's own."""
    if not item.__module__.startswith("kgui.engine."):
        return None
    for module, space in namespaces().items():
        if getattr(space, item.__name__, None) is item:
            return module
    return None


def _with_module(config: Config) -> Config:
    """An object in a layer's own short form, {class_name, config}, in full."""
    if config.keys() != {"class_name", "config"} or config["class_name"].startswith("__"):
        return config
    name = config["class_name"]
    if name in _MODELS:
        known, name, registered = _MODELS[name]
        about = {"module": known, "class_name": name, "registered_name": registered}
        return {**config, **about}
    module = _module_of(name)
    return {"module": module, **config, "registered_name": None if module else config["class_name"]}


def _module_of(name: str) -> str | None:
    """Keras's module of a class that is known by its name alone."""
    return next((m for m, space in namespaces().items() if name in vars(space)), None)


# --- In ------------------------------------------------------------------------------------------


def deserialize_keras_object(
    config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True
) -> Any:
    """The object that the data describe.

    Args:
        config: What `serialize_keras_object` gave, here or in Keras.
        custom_objects: Classes and functions of one's own, by name.
        safe_mode: Taken for Keras's sake: code in a file is refused in any case.
    """
    with custom_object_scope(custom_objects):
        return _revived(config)


def _revived(config: Any) -> Any:
    if isinstance(config, list):
        return [_revived(item) for item in config]
    if not isinstance(config, dict):
        return config
    if "class_name" not in config or "config" not in config:
        return {key: _revived(value) for key, value in config.items()}
    name, inner = config["class_name"], config["config"]
    if not isinstance(name, str):
        raise ValueError(f"The name of a class must be a text. Received: {name}")
    if name in _SPECIAL:
        return _SPECIAL[name](inner)
    if name == "function" or isinstance(inner, str):
        return _named(config, inner)
    if not isinstance(inner, dict):
        raise ValueError(f"The configuration of '{name}' must be a dictionary. Received: {inner}")
    return _object(config, name, inner)


def _lambda(inner: Any) -> Any:
    raise ValueError(
        "The file holds a lambda, which is code, and code in files is never run: build the model "
        "in Python and use `load_weights`."
    )


def _tensor(inner: Config) -> Any:
    return np.array(inner["value"], str(inner["dtype"]))


_SPECIAL: dict[str, Any] = {
    "__lambda__": _lambda,
    "__tensor__": _tensor,
    "__numpy__": _tensor,
    "__tuple__": lambda inner: tuple(_revived(inner["value"])),
    "__ellipsis__": lambda inner: ...,
    "__slice__": lambda inner: slice(inner["start"], inner["stop"], inner["step"]),
    "DTypePolicy": lambda inner: inner["name"],
}


def _named(config: Config, name: Any) -> Any:
    """A function by its name; a custom object may be given without its package."""
    found = custom_object(name, config.get("registered_name"), str(name).rpartition(">")[2])
    module = str(config.get("module"))
    if found is None and module.partition(".")[0] in ("keras", "kgui", "builtins"):
        # Keras writes where a function is defined: "keras.src.losses.losses".
        places = (losses, metrics, activations)
        found = next((vars(place)[name] for place in places if name in vars(place)), None)
        if not isinstance(found, FunctionType) or not found.__module__.startswith("kgui.engine."):
            found = None
    if not callable(found):
        raise _unknown("function", str(name))
    return found


def _object(config: Config, name: str, inner: Config) -> Any:
    from kgui.engine.saving.graphs import graph_from_config  # graphs are made of objects

    own = custom_object(config.get("registered_name"), name)
    if own is not None:
        made = own.from_config(inner) if hasattr(own, "from_config") else own(**inner)
        return _built(made, config.get("build_config"))
    if name == "Lambda":
        _lambda(inner)
    if name in ("Functional", "Model", "Sequential"):
        return graph_from_config(None, inner)
    kind = _known_class(str(config["module"]) if "module" in config else _module_of(name), name)
    values = {key: _revived(value) for key, value in inner.items()}
    return _built(kind.from_config(_accepted(kind, values)), config.get("build_config"))


def _built(made: Any, shapes: Any) -> Any:
    """A layer built for the shapes that its file tells; ValueError where they are none."""
    if isinstance(made, Layer) and isinstance(shapes, dict) and not made.built:
        try:
            made.build_from_config(shapes)
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise ValueError(f"Layer '{made.name}' cannot be built for {shapes}.") from error
    return made


def _known_class(module: str | None, name: str) -> Any:
    # Keras on some backends writes "keras.src.backend.torch.optimizers.torch_adam".
    module = module or ""
    if ".optimizers." in module and not module.startswith("keras.optimizers"):
        module = "keras.optimizers"
    space = namespaces().get(module)
    found = getattr(space, name, None) if space is not None else None
    inside = isinstance(found, type) and found.__module__.startswith("kgui.engine.")
    if not inside or not hasattr(found, "get_config"):
        raise _unknown("class", name)
    return found


def _unknown(what: str, name: str) -> ValueError:
    return ValueError(
        f"Could not locate {what} '{name[:100]}'. Make sure custom classes and functions are "
        "included in the `custom_objects` argument when loading."
    )


_LAYER_OPTIONS = {"name", "trainable", "dtype", "activity_regularizer"}


def _accepted(kind: type, values: Config) -> Config:
    """The values that the class takes; ValueError for others, unless they ask for nothing."""
    makers = [vars(base)["__init__"] for base in kind.__mro__ if "__init__" in vars(base)]
    accepted = {name for maker in makers for name in inspect.signature(maker).parameters}
    accepted -= {"self", "args", "kwargs", "options"}
    if issubclass(kind, Layer):
        accepted |= _LAYER_OPTIONS - {"activity_regularizer"}
    if issubclass(kind, optimizers.Optimizer):
        accepted |= set(CommonOptions.__annotations__)
    rest = {key: value for key, value in values.items() if key not in accepted | {"dtype"}}
    # What Keras takes and nobody here needs: nothing, off, and the usual order of axes.
    unknown = [key for key, value in rest.items() if value not in (None, False, "channels_last")]
    if unknown:
        raise ValueError(
            f"'{kind.__name__}' does not know the argument '{unknown[0]}', which the file sets to "
            f"{str(values[unknown[0]])[:100]}."
        )
    return {key: value for key, value in values.items() if key in accepted}
