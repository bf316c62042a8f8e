"""Where numbers are computed: kernels by name, and the session's dtype, seeds and threads."""

from kgui.engine.backend.session import (
    SeedGenerator,
    Session,
    backend,
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
    "set_epsilon",
    "set_floatx",
    "set_session",
    "use_session",
]
