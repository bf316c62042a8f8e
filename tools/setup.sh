#!/usr/bin/env bash
# Make .venv hold everything that kgui needs; says in one line what it cannot do itself.
#   tools/setup.sh run     what the program needs
#   tools/setup.sh test    and what its tests need
set -euo pipefail
cd "$(dirname "$0")/.."
goal="${1:-run}"
venv=.venv
stamp="$venv/.ready-$goal"

is_root() { [ "$(id -u)" = 0 ]; }
can_install() { is_root && command -v apt-get >/dev/null; }
install_packages() {
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
stop() { echo "kgui: $*" >&2; exit 1; }

find_python() {
    for name in "${PYTHON:-}" python3.12 python3.13 python3.11 python3; do
        [ -n "$name" ] && command -v "$name" >/dev/null || continue
        "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
            2>/dev/null && { echo "$name"; return; }
    done
    return 1
}

make_environment() {
    local python
    python=$(find_python) || {
        can_install && install_packages python3 python3-venv && python=$(find_python)
    } || stop "Python 3.11, 3.12 or 3.13 is needed; install it, for example with: apt-get install python3 python3-venv"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        local package
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        if can_install; then install_packages "$package"; else
            stop "this Python cannot make environments; run: sudo apt-get install $package"
        fi
    fi
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    local extra=""
    [ "$goal" = test ] && extra="[dev]"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check -c constraints.txt \
        "setuptools==80.9.0"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check -c constraints.txt \
        --no-build-isolation -e ".$extra"
}

# Qt's own libraries come with the wheel; these come with the system.
libraries="libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3"
screen_libraries="libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-image0 libxcb-render-util0"

qt_starts() {
    QT_QPA_PLATFORM="$1" "$venv/bin/python" -c \
        'from PySide6.QtWidgets import QApplication; QApplication([])' >/dev/null 2>&1
}

check_qt() {
    local platform=offscreen wanted="$libraries"
    if [ "$goal" = run ] && [ -n "${DISPLAY:-}" ]; then
        platform=xcb wanted="$libraries $screen_libraries"
    fi
    qt_starts "$platform" && return
    # shellcheck disable=SC2086 # a list of packages
    if can_install; then install_packages $wanted; fi
    qt_starts "$platform" || stop "Qt needs libraries of the system; run: sudo apt-get install $wanted"
}

# With these a robot drags on a virtual screen and saving is killed at every system call; without
# them those two tests say that they were skipped.
add_test_programs() {
    [ "$goal" = test ] && can_install || return 0
    command -v Xvfb >/dev/null && command -v strace >/dev/null && return 0
    # shellcheck disable=SC2086 # a list of packages
    install_packages xvfb strace $screen_libraries
}

if [ ! -f "$stamp" ] || [ pyproject.toml -nt "$stamp" ] || [ constraints.txt -nt "$stamp" ] ||
    [ tools/setup.sh -nt "$stamp" ]; then
    make_environment
    check_qt
    add_test_programs
    touch "$stamp"
fi
