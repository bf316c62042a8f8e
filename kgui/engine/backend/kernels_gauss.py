"""NumPy kernels of the error function and the normal distribution, without SciPy.

For z >= 0, erfc(z) = t exp(-z² + P(2t - 1)) with t = 2 / (2 + z), P fitted by Chebyshev
polynomials to 1e-16; float32 takes as many terms as it can resolve. Near 0, erf(x) = x Q(x²).
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.polynomial import chebyshev

from kgui.engine.backend.kernels import Array, Step, clip_ufunc, constant, kernel

_TAIL = (
    -0.6513268598908547, 0.6419697923564902, 0.019476473204185836, -0.009561514786808632,
    -0.0009465953444820369, 0.00036683949785276145, 4.252332480690777e-05,
    -2.0278578112534242e-05, -1.6242900046470256e-06, 1.3036558355805232e-06,
    1.5626441722066142e-08, -8.523809591492654e-08, 6.5290544390988515e-09,
    5.059343495551469e-09, -9.91364156493033e-10, -2.273651222931836e-10,
    9.646791102015527e-11, 2.3940380830391162e-12, -6.886027526497563e-12,
    8.944879273090935e-13, 3.130921399343045e-13, -1.1270822361390627e-13,
    3.8109052630053813e-16, 7.10609761302164e-15, -1.523028207107287e-15,
    -9.457491907162407e-17, 1.210236801987318e-16, -2.8166766913289694e-17,
)  # fmt: skip
_MIDDLE = (
    -4.230945824295338e-12, 8.709045129053106e-11, -1.216456005728345e-09,
    1.4792401209404813e-08, -1.6364642158167616e-07, 1.6462045441468418e-06,
    -1.4925647567519332e-05, 0.00012055332902888736, -0.000854832702193483,
    0.0052239776254232985, -0.02686617064512984, 0.1128379167095512, -0.37612638903183754,
    1.1283791670955126,
)  # fmt: skip

_DENSITY = 1 / math.sqrt(2 * math.pi)


def _tail_polynomial(like: Array) -> list[Array]:
    """P's coefficients, the highest power first."""
    terms = 12 if like.dtype.itemsize < 8 else len(_TAIL)
    return [constant(c, like) for c in reversed(chebyshev.cheb2poly(_TAIL[:terms]))]


def _polynomial(coefficients: list[Array], x: Array, out: Array) -> None:
    out.fill(coefficients[0])
    for coefficient in coefficients[1:]:
        np.multiply(out, x, out)
        np.add(out, coefficient, out)


def _tail(like: Array, factor: float) -> Callable[[Array, Array], object]:
    """A function (x, out) that fills out with erfc(|x| * factor)."""
    terms = _tail_polynomial(like)
    square, share, power = (np.empty_like(like) for _ in range(3))
    one, two, width = (constant(c, like) for c in (1, 2, factor))

    def compute(x: Array, out: Array) -> object:
        np.absolute(x, square)
        np.multiply(square, width, square)
        np.add(square, two, share)
        np.divide(two, share, share)
        np.multiply(square, square, square)
        np.multiply(share, two, out)
        np.subtract(out, one, out)
        _polynomial(terms, out, power)
        np.subtract(power, square, power)
        np.exp(power, power)
        return np.multiply(power, share, out)

    return compute


@kernel
def erf(x: Array, out: Array) -> Step:
    """out = the error function of x; `out` is not x."""
    tail, inside, small = _tail(x, 1.0), np.empty(x.shape, bool), np.empty_like(x)
    square, one = np.empty_like(x), constant(1, x)
    limits, terms = (constant(-1, x), one), [constant(c, x) for c in _MIDDLE]

    def step() -> None:
        tail(x, out)
        np.subtract(one, out, out)
        np.copysign(out, x, out)
        clip_ufunc(x, *limits, small)
        np.equal(small, x, inside)
        np.multiply(small, small, square)
        polynomial = small
        _polynomial(terms, square, polynomial)
        np.multiply(polynomial, x, polynomial)
        np.copyto(out, polynomial, where=inside)

    return step


@kernel
def erf_gradient(x: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * 2 exp(-x²) / sqrt(pi)."""
    slope, factor = np.empty_like(x), constant(2 / math.sqrt(math.pi), x)

    def step() -> None:
        np.multiply(x, x, slope)
        np.negative(slope, slope)
        np.exp(slope, slope)
        np.multiply(slope, factor, slope)
        np.multiply(slope, gradient, out)

    return step


@kernel
def gelu_gate(x: Array, out: Array) -> Step:
    """out = the probability that a standard normal number is below x; `out` is not x."""
    tail, above, sign = _tail(x, math.sqrt(0.5)), np.empty_like(x), np.empty_like(x)
    half, zero = constant(0.5, x), constant(0, x)

    def step() -> None:
        tail(x, out)
        np.multiply(out, half, out)
        np.greater_equal(x, zero, above)
        np.copysign(out, x, sign)  # above - sign: 1 - tail where x >= 0, the tail below
        np.subtract(above, sign, out)

    return step


@kernel
def gelu_gradient(x: Array, gate: Array, gradient: Array, out: Array) -> Step:
    """out = gradient * (gate + x * density of x)."""
    slope, half, factor = np.empty_like(x), constant(-0.5, x), constant(_DENSITY, x)

    def step() -> None:
        np.multiply(x, x, slope)
        np.multiply(slope, half, slope)
        np.exp(slope, slope)
        np.multiply(slope, factor, slope)
        np.multiply(slope, x, slope)
        np.add(slope, gate, slope)
        np.multiply(slope, gradient, out)

    return step
