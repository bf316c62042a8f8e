"""Faults of a network: the template and its values stay apart, so that a program can translate."""


class EngineError(ValueError):
    """A fault worded by a template and the values that fill it.

    `plain` is a second wording for people who drew the network instead of writing code.
    """

    def __init__(self, template: str, *, plain: str = "", **values: object) -> None:
        self.template = template
        self.plain = plain or template
        self.values = values
        super().__init__(template.format(**values))


class ShapeError(EngineError):
    """A tensor's shape does not fit the operation it was given to."""


class OptionError(EngineError):
    """An argument of a layer, loss, metric or optimizer is not allowed; `option` names it."""

    def __init__(self, template: str, *, option: str, plain: str = "", **values: object) -> None:
        self.option = option
        super().__init__(template, plain=plain, option=option, **values)


class DataError(EngineError):
    """Arrays given to fit, evaluate or predict do not fit the model or each other."""


class IndexRangeError(DataError, IndexError):
    """Data hold an index that a layer has no row for."""


class LayerError(RuntimeError):
    """What went wrong while a layer computed: the layer's name and the phase come with it."""

    def __init__(self, layer: str, phase: str, cause: BaseException) -> None:
        self.layer = layer
        self.phase = phase
        super().__init__(f"Layer '{layer}' failed in the {phase} pass: {cause}")
