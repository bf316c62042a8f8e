"""Rows of the optimizers."""

from kgui.engine.backend import blas
from kgui.engine.backend.emitter import Instruction
from kgui.engine.backend.memory import address
from kgui.engine.backend.native import codes
from kgui.engine.backend.native.lowering import Row, lowering, plain


@lowering
def adam(at: Instruction) -> Row | None:
    """Adam, but for AMSGrad."""
    gradient, rate, iterations, *slots = at.reads
    if len(slots) != 2 or not plain(gradient, rate, *slots, at.out):
        return None
    given = (gradient, rate, iterations, *slots, at.out)
    reals = tuple(at.constants[name] for name in ("beta_1", "beta_2", "epsilon"))
    once = blas.suits(gradient, *slots, at.out)
    return Row((codes.ADAM, at.out.size, *map(address, given), int(once)), reals)


@lowering
def sgd(at: Instruction) -> Row | None:
    """Plain gradient descent."""
    gradient, rate = at.reads
    if not plain(gradient, rate, at.out):
        return None
    return Row((codes.SGD, at.out.size, *map(address, (gradient, rate, at.out))))


@lowering
def sgd_momentum(at: Instruction) -> Row | None:
    """Gradient descent with momentum."""
    gradient, rate, _, velocity = at.reads
    if not plain(gradient, rate, velocity, at.out):
        return None
    places = map(address, (gradient, rate, velocity, at.out))
    nesterov = int(at.constants["nesterov"])
    reals = (at.constants["momentum"],)
    return Row((codes.MOMENTUM, at.out.size, *places, nesterov), reals)
