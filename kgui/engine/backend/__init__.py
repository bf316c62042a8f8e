"""Where numbers are computed: kernels by name, and the session's dtype, seeds and threads."""

from kgui.engine.backend.choice import backend, prepare, use, wait_for_kernels
from kgui.engine.backend.session import (
    SeedGenerator,
    Session,
    clear_session,
    epsilon,
    floatx,
    get_session,
    image_data_format,
    set_epsilon,
    set_floatx,
    set_session,
    use_session,
)

__all__ = [
    "SeedGenerator",
    "Session",
    "backend",
    "clear_session",
    "epsilon",
    "floatx",
    "get_session",
    "image_data_format",
    "prepare",
    "set_epsilon",
    "set_floatx",
    "set_session",
    "use",
    "use_session",
    "wait_for_kernels",
]
