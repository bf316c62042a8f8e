"""Numbers too small for full precision are 0 inside, and themselves again outside."""

import platform
import sys

import numpy as np
import pytest

from kgui.engine import Input, Sequential, callbacks, layers
from kgui.engine.backend.denormals import flush_denormals

HERE = sys.platform == "linux" and platform.machine() == "x86_64"
SMALL, HALF = np.full(64, 1e-38, np.float32), np.full(64, 0.1, np.float32)


@pytest.mark.skipif(not HERE, reason="only glibc on x86-64 is known to do it")
def test_small_products_are_zero_inside_only() -> None:
    assert (SMALL * HALF > 0).all()
    with flush_denormals():
        assert not (SMALL * HALF).any()
        with pytest.raises(ZeroDivisionError), flush_denormals():
            _ = 1 // 0
        assert not (SMALL * HALF).any()
    assert (SMALL * HALF > 0).all()


@pytest.mark.skipif(not HERE, reason="only glibc on x86-64 is known to do it")
def test_a_fit_computes_without_them() -> None:
    seen: list[bool] = []
    watch = callbacks.LambdaCallback(on_epoch_end=lambda *_: seen.append((SMALL * HALF).any()))
    model = Sequential([Input((3,)), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 1)), epochs=1, verbose=0, callbacks=[watch])
    assert seen == [False]
    assert (SMALL * HALF > 0).all()
