"""The canvas without a mouse: walking, pushing, wiring, cutting, naming, editing."""

import pytest
from canvas_hands import CONTROL, NONE, SHIFT, Hand
from canvas_samples import NODE_TYPES, chain, check, project_of
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.graph.project import Project
from kgui.widgets import theme
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.document import Document

LEFT, RIGHT, UP, DOWN = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
)  # fmt: skip
ALT = Qt.KeyboardModifier.AltModifier
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def hand_on(qtbot: QtBot, project: Project) -> Hand:
    document = Document(project, check)
    scene = CanvasScene(document, NODE_TYPES, theme.light())
    view = CanvasView(scene)
    qtbot.addWidget(view)
    view.resize(1300, 700)
    view.show()
    view.activateWindow()
    qtbot.waitActive(view)
    view.setFocus()
    view.centerOn(500, 100)
    return Hand(view, scene, document)


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    """A canvas with Input, Flatten, Dense, Dense in a row, wired."""
    return hand_on(qtbot, chain())


@pytest.fixture
def fork(qtbot: QtBot) -> Hand:
    """An Input (0) that feeds three Dense (1 to 3), of which two feed an Add (4); a Dropout (5)."""
    return hand_on(
        qtbot,
        project_of(
            ("Input", 0, 200, {}),
            ("Dense", 300, 0, {"units": 8}),
            ("Dense", 300, 200, {"units": 8}),
            ("Dense", 300, 400, {"units": 8}),
            ("Add", 600, 100, {}),
            ("Dropout", 900, 600, {}),
            wires=((0, 1, 0), (0, 2, 0), (0, 3, 0), (1, 4, 0), (2, 4, 1)),
        ),
    )


def chosen(hand: Hand) -> list[int]:
    ids = [node.id for node in hand.document.project.graph.nodes]
    return [ids.index(node_id) for node_id in hand.view.selected_node_ids()]


def select(hand: Hand, *indices: int) -> None:
    hand.scene.select([hand.node(index).id for index in indices])


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


# Walking


def test_arrows_walk_along_the_wires(hand: Hand) -> None:
    select(hand, 0)
    hand.key(RIGHT)
    hand.key(RIGHT)
    assert chosen(hand) == [2]
    hand.key(LEFT)
    assert chosen(hand) == [1]
    assert not hand.document.history.can_undo


def test_up_and_down_go_to_siblings(fork: Hand) -> None:
    select(fork, 2)
    fork.key(UP)
    assert chosen(fork) == [1]
    fork.key(DOWN)
    fork.key(DOWN)
    assert chosen(fork) == [3]


def test_the_way_back_is_the_way_that_was_gone(fork: Hand) -> None:
    select(fork, 1)
    fork.key(LEFT)
    assert chosen(fork) == [0]
    fork.key(RIGHT)
    assert chosen(fork) == [1]


def test_where_no_wire_leads_the_nearest_follows(fork: Hand) -> None:
    select(fork, 4)
    fork.key(RIGHT)
    assert chosen(fork) == [5]
    fork.key(RIGHT)
    assert chosen(fork) == [5]


def test_with_nothing_selected_the_nearest_is_taken(fork: Hand) -> None:
    fork.view.centerOn(fork.view.node_item(fork.node(5).id))
    fork.key(LEFT)
    assert chosen(fork) == [5]


def test_an_empty_canvas_has_nowhere_to_go(qtbot: QtBot) -> None:
    hand = hand_on(qtbot, Project())
    hand.key(RIGHT)
    assert chosen(hand) == []


def test_shift_and_arrows_extend_the_selection(hand: Hand) -> None:
    select(hand, 1)
    hand.key(RIGHT, SHIFT)
    hand.key(RIGHT, SHIFT)
    assert chosen(hand) == [1, 2, 3]
    hand.key(ESCAPE)
    assert chosen(hand) == []


def test_what_is_walked_to_is_seen(fork: Hand) -> None:
    fork.view.centerOn(-5000, -5000)
    select(fork, 4)
    fork.key(RIGHT)
    card = fork.view.node_item(fork.node(5).id).card
    assert fork.view.viewport().rect().contains(fork.pixel(card.center()))


# Pushing


@pytest.mark.parametrize("modifier", [CONTROL, ALT])
def test_control_and_arrows_push_by_the_grid_as_one_step(
    hand: Hand, modifier: Qt.KeyboardModifier
) -> None:
    select(hand, 0, 1)
    before = hand.node(1).position
    for _ in range(3):
        hand.key(RIGHT, modifier)
    hand.key(DOWN, modifier | SHIFT)
    assert hand.node(0).position == (30, 1)
    assert hand.node(1).position == (before[0] + 30, before[1] + 1)
    hand.document.undo()
    assert hand.node(0).position == (0, 0)
    assert not hand.document.history.can_undo


# Wires


def wire_numbers(hand: Hand) -> list[tuple[int, int, int]]:
    ids = [node.id for node in hand.document.project.graph.nodes]
    return [
        (ids.index(wire.source), ids.index(wire.target), wire.target_port)
        for wire in hand.scene.selected_wires()
    ]


def test_wires_of_a_node_are_gone_through(fork: Hand) -> None:
    select(fork, 0)
    seen = []
    for _ in range(4):
        fork.view.walker.next_wire()
        seen += wire_numbers(fork)
    assert seen == [(0, 1, 0), (0, 2, 0), (0, 3, 0), (0, 1, 0)]
    fork.view.walker.previous_wire()
    assert wire_numbers(fork) == [(0, 3, 0)]
    assert chosen(fork) == []


def test_arrows_leave_a_wire_by_its_ends(fork: Hand) -> None:
    select(fork, 4)
    fork.view.walker.next_wire()
    fork.key(DOWN)
    assert wire_numbers(fork) == [(2, 4, 1)]
    fork.key(LEFT)
    assert (chosen(fork), wire_numbers(fork)) == ([2], [])
    fork.view.walker.next_wire()
    fork.view.walker.next_wire()
    fork.key(RIGHT)
    assert chosen(fork) == [4]


def test_delete_cuts_the_wire_and_the_next_arrow_goes_on_from_its_node(fork: Hand) -> None:
    select(fork, 4)
    fork.view.walker.next_wire()
    fork.key(Qt.Key.Key_Delete)
    assert (1, 4, 0) not in fork.wires()
    assert fork.document.history.undo_label == "Delete wire"
    fork.key(RIGHT)
    assert chosen(fork) == [4]


def test_a_node_without_wires_has_none_to_go_through(fork: Hand) -> None:
    select(fork, 5)
    fork.view.walker.next_wire()
    assert chosen(fork) == [5]


def test_a_layer_is_put_into_the_chosen_wire(hand: Hand) -> None:
    select(hand, 1)
    hand.view.walker.next_wire()
    hand.key(Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "dropout")
    QTest.keyClick(focused(), ENTER)
    assert hand.wires() == {(0, 4, 0), (4, 1, 0), (1, 2, 0), (2, 3, 0)}
    hand.document.undo()
    assert hand.wires() == {(0, 1, 0), (1, 2, 0), (2, 3, 0)}


def test_a_row_is_put_into_the_chosen_wire(hand: Hand) -> None:
    select(hand, 1)
    hand.view.walker.next_wire()
    hand.key(Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "dense 4 > dropout")
    QTest.keyClick(focused(), ENTER)
    assert hand.wires() == {(0, 4, 0), (4, 5, 0), (5, 1, 0), (1, 2, 0), (2, 3, 0)}


# Connecting


def offered(hand: Hand) -> list[str]:
    results = hand.view.connecting.box.results
    return [results.item(row).text() for row in range(results.count())]


def connect(hand: Hand, index: int) -> None:
    select(hand, index)
    hand.view.connecting.open_selected()


def test_what_fits_is_offered_first_and_enter_connects(fork: Hand) -> None:
    connect(fork, 3)
    assert offered(fork)[0] == "to add"
    QTest.keyClick(focused(), ENTER)
    assert (3, 4, 2) in fork.wires()
    assert fork.document.history.undo_label == "Connect"
    assert fork.view.hasFocus()
    assert chosen(fork) == [3]


def test_typing_finds_the_other_end(fork: Hand) -> None:
    connect(fork, 4)
    QTest.keyClicks(focused(), "drop")
    assert offered(fork)[0] == "to dropout"
    QTest.keyClick(focused(), ENTER)
    assert (4, 5, 0) in fork.wires()


def test_a_circle_stands_last_with_its_reason_and_enter_does_nothing(fork: Hand) -> None:
    before = fork.document.project
    connect(fork, 4)
    row = offered(fork).index("to dense")
    assert row > offered(fork).index("to a new layer…")
    box = fork.view.connecting.box
    box.results.setCurrentRow(row)
    assert "would close a circle" in box.tip.text()
    QTest.keyClick(focused(), ENTER)
    assert box.isVisible()
    assert fork.document.project is before


def test_wires_may_be_drawn_backwards_too(fork: Hand) -> None:
    connect(fork, 5)
    QTest.keyClicks(focused(), "from add")
    assert offered(fork)[0] == "from add"
    QTest.keyClick(focused(), ENTER)
    assert (4, 5, 0) in fork.wires()


def test_a_used_input_says_what_it_would_lose(fork: Hand) -> None:
    connect(fork, 5)
    box = fork.view.connecting.box
    QTest.keyClicks(focused(), "to dense_1")
    assert box.results.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "to dense_1, Dense, replaces input"
    )
    QTest.keyClick(focused(), ENTER)
    assert (5, 2, 0) in fork.wires()
    assert (0, 2, 0) not in fork.wires()
    assert fork.document.history.undo_label == "Reconnect"


def test_what_is_connected_already_is_not_offered(fork: Hand) -> None:
    connect(fork, 0)
    assert "to dense" not in offered(fork)


def test_the_last_offer_is_a_new_layer(fork: Hand) -> None:
    connect(fork, 5)
    QTest.keyClicks(focused(), "new layer")
    QTest.keyClick(focused(), ENTER)
    assert fork.view.search.box.isVisible()
    QTest.keyClicks(focused(), "flatten")
    QTest.keyClick(focused(), ENTER)
    assert (5, 6, 0) in fork.wires()


def test_escape_draws_nothing(fork: Hand) -> None:
    before = fork.document.project
    connect(fork, 5)
    QTest.keyClicks(focused(), "flat")
    QTest.keyClick(focused(), ESCAPE)
    assert not fork.view.connecting.box.isVisible()
    assert fork.document.project is before
    assert fork.view.hasFocus()


# Naming


def rename(hand: Hand, index: int, name: str) -> None:
    select(hand, index)
    hand.view.renaming.open_selected()
    QTest.keyClicks(focused(), name)


def test_a_name_is_typed_on_the_node(hand: Hand) -> None:
    rename(hand, 2, "hidden")
    assert focused() is hand.view.renaming.field
    assert hand.node(2).name == "dense"
    QTest.keyClick(focused(), ENTER)
    assert hand.node(2).name == "hidden"
    assert hand.document.history.undo_label == "Rename to hidden"
    assert hand.view.hasFocus()


def test_escape_keeps_the_name(hand: Hand) -> None:
    before = hand.document.project
    rename(hand, 2, "hidden")
    QTest.keyClick(focused(), ESCAPE)
    assert hand.document.project is before
    assert not hand.view.renaming.isVisible()
    assert hand.view.hasFocus()


def test_a_refused_name_says_why_and_stays_to_be_mended(hand: Hand) -> None:
    rename(hand, 2, "input")
    message = hand.view.renaming.message
    assert message.isVisible()
    assert message.text() == 'Another node has the name "input".'
    QTest.keyClick(focused(), ENTER)
    assert hand.view.renaming.isVisible()
    assert hand.node(2).name == "dense"
    QTest.keyClicks(focused(), "_2")
    assert not message.isVisible()
    QTest.keyClick(focused(), ENTER)
    assert hand.node(2).name == "input_2"


def test_a_click_elsewhere_keeps_the_new_name(hand: Hand) -> None:
    rename(hand, 2, "hidden")
    hand.view.setFocus()
    assert hand.node(2).name == "hidden"


def test_an_edit_from_elsewhere_ends_the_naming(hand: Hand) -> None:
    select(hand, 1)
    hand.view.duplicate()
    rename(hand, 2, "hidden")
    hand.document.undo()
    assert not hand.view.renaming.isVisible()
    assert hand.node(2).name == "dense"


# In the window, where the keys belong to actions


@pytest.fixture
def shown(world: World, qtbot: QtBot) -> World:
    """An active window with the keyboard on the canvas."""
    world.window.activateWindow()
    qtbot.waitActive(world.window)
    world.workbench.canvas.setFocus()
    QApplication.processEvents()  # a menu bar that was never laid out hears no shortcuts
    return world


def press(world: World, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(world.workbench.canvas, key, modifier)


def test_the_keys_of_the_actions_do_it_in_the_window(shown: World) -> None:
    ids = shown.draw(("Input", {}), ("Flatten", {}), ("Dense", {}))
    canvas = shown.workbench.canvas
    shown.select(ids[1])
    press(shown, Qt.Key.Key_W)
    assert len(shown.workbench.scene.selected_wires()) == 1
    press(shown, Qt.Key.Key_W, ALT)
    assert shown.workbench.scene.selected_wires()[0].target == ids[2]
    press(shown, LEFT)
    press(shown, Qt.Key.Key_F2)
    QTest.keyClicks(focused(), "flat")
    QTest.keyClick(focused(), ENTER)
    assert shown.project.graph.node(ids[1]).name == "flat"
    press(shown, RIGHT)
    press(shown, ENTER)
    assert canvas.inline.isVisible()
    QTest.keyClick(focused(), ESCAPE)
    press(shown, Qt.Key.Key_C)
    assert canvas.connecting.box.isVisible()


def test_the_third_scenario_by_keys_alone(shown: World) -> None:
    """Input, Dense 64 ReLU, Dropout, Dense 3 softmax in three actions of at most eight."""
    press(shown, Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "input 4 > dense 64 relu > dropout > dense 3 softmax")
    QTest.keyClick(focused(), ENTER)
    graph = shown.project.graph
    assert [(node.type, node.options) for node in graph.nodes] == [
        ("Input", {"shape": [4]}),
        ("Dense", {"units": 64, "activation": "relu"}),
        ("Dropout", {}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    ]
    assert len(graph.wires) == 3


def test_the_third_scenario_layer_by_layer(shown: World) -> None:
    """Each layer is a key and a typed value: eight actions."""
    for text in ("input 4", "dense 64 relu", "dropout", "dense 3 softmax"):
        press(shown, Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), f"{text}\r")
    assert [node.type for node in shown.project.graph.nodes] == [
        "Input", "Dense", "Dropout", "Dense",
    ]  # fmt: skip
    assert len(shown.project.graph.wires) == 3
