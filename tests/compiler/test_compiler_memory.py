"""Memory: more than there is shows at the largest node, and nothing is built."""

import pytest
from compiler_drawings import chain, classifier, only

from kgui.compiler import build, check
from kgui.compiler.memory import memory_need
from kgui.graph import Project
from kgui.io.errors import MemoryNeedError
from kgui.io.memory import available_memory

UNIT = 10**6


def wide() -> Project:
    """Two layers of 4 GB each (weights alone), the second a little larger."""
    return chain(
        ("Input", {"shape": [1000]}), ("Dense", {"units": UNIT}), ("Dense", {"units": 1001})
    )


def test_need_counts_weights_gradients_slots_and_a_batch() -> None:
    need = memory_need({"a": ((None, 3, 5),), "b": ((None, 2),)}, {"a": 0, "b": 7}, 10)
    assert need.by_node == {"a": 2 * 4 * 10 * 15, "b": 4 * 4 * 7 + 2 * 4 * 10 * 2}
    assert need.total == sum(need.by_node.values())


def test_no_issue_where_it_fits() -> None:
    assert check(wide(), free_memory=64 * 10**9).issues == ()
    assert check(classifier([4], 3)).issues == ()


def test_the_largest_node_alone_is_too_large() -> None:
    issue = only(check(wide(), free_memory=8_100_000_000))
    assert (issue.node_id, issue.severity, issue.cause) == ("b", "error", "memory")
    assert issue.message == "needs 16.3 GB of memory, 8.1 GB is free"


def test_all_together_are_too_large() -> None:
    issue = only(check(wide(), free_memory=20 * 10**9))
    assert issue.node_id == "b"
    assert issue.message.startswith("is the largest layer of a network that needs 32.")
    assert issue.message.endswith("; 20 GB is free")


def test_shapes_stay_known() -> None:
    assert set(check(wide(), free_memory=1).shapes) == {"a", "b", "c"}


def test_build_refuses_before_it_takes_memory() -> None:
    endless = chain(("Input", {"shape": [784]}), ("Dense", {"units": 10**12}))
    with pytest.raises(MemoryNeedError, match=r"^b: needs 12\.. PB of memory, .* is free\. Make"):
        build(endless)


def test_the_machine_tells() -> None:
    assert available_memory() > 2**20
