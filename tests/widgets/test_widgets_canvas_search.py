"""The search at the cursor: opened by keys, mouse and loose wires; what it offers and adds."""

from collections.abc import Callable

import pytest
from canvas_hands import LEFT, NONE, Hand
from canvas_samples import NODE_TYPES, chain, check, project_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from window_fakes import World

from kgui.graph.project import Project
from kgui.widgets import theme
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.canvas.search import SearchBox
from kgui.widgets.canvas.search.phrases import read
from kgui.widgets.document import Document

GROUND = QPoint(640, 600)
TYPES = tuple(NODE_TYPES.values())


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


def box(hand: Hand) -> SearchBox:
    return hand.view.search.box


def offered(hand: Hand) -> list[str]:
    results = box(hand).results
    return [results.item(row).text() for row in range(results.count())]


def type_text(hand: Hand, text: str) -> None:
    QTest.keyClicks(box(hand).field, text)


def press(hand: Hand, key: Qt.Key) -> None:
    QTest.keyClick(box(hand).field, key)


# Opening


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Tab])
def test_keys_open_it_with_the_field_focused(hand: Hand, key: Qt.Key) -> None:
    hand.key(key)
    assert box(hand).isVisible()
    assert box(hand).field.hasFocus()
    assert set(offered(hand)) == set(NODE_TYPES)


def test_a_double_click_on_the_ground_opens_it_there(hand: Hand) -> None:
    QTest.mouseDClick(hand.view.viewport(), LEFT, NONE, GROUND)
    assert box(hand).geometry().adjusted(-10, -10, 10, 10).contains(GROUND)
    type_text(hand, "drop")
    press(hand, Qt.Key.Key_Return)
    card = hand.view.node_item(hand.node(-1).id).card
    assert (hand.pixel(card.center()) - GROUND).manhattanLength() <= 10


def test_space_that_panned_does_not_open_it(hand: Hand) -> None:
    QTest.keyPress(hand.view, Qt.Key.Key_Space)
    hand.drag(GROUND, GROUND + QPoint(40, 0))
    QTest.keyRelease(hand.view, Qt.Key.Key_Space)
    assert not box(hand).isVisible()


def test_a_double_click_on_a_node_or_wire_does_not_open_it(hand: Hand) -> None:
    for place in (hand.body(1), (hand.output(1) + hand.input(2)) / 2):
        QTest.mouseDClick(hand.view.viewport(), LEFT, NONE, place)
        assert not box(hand).isVisible()
        hand.release(place)


def test_it_lies_inside_the_view(hand: Hand) -> None:
    QTest.mouseDClick(hand.view.viewport(), LEFT, NONE, QPoint(1290, 690))
    assert hand.view.rect().contains(box(hand).geometry())


# Closing


def test_escape_closes_it_and_changes_nothing(hand: Hand) -> None:
    before = hand.document.project
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, "dense")
    press(hand, Qt.Key.Key_Escape)
    assert not box(hand).isVisible()
    assert hand.view.hasFocus()
    assert hand.document.project is before


def test_a_click_elsewhere_closes_it(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Tab)
    hand.view.setFocus()
    assert not box(hand).isVisible()


def test_a_click_on_its_edge_does_not_reach_the_canvas(hand: Hand) -> None:
    hand.scene.select([hand.node(0).id])
    hand.key(Qt.Key.Key_Tab)
    QTest.mouseClick(box(hand), LEFT, NONE, QPoint(2, 2))
    assert box(hand).isVisible()
    assert hand.view.selected_node_ids() == (hand.node(0).id,)


# Choosing


@pytest.mark.parametrize(
    ("text", "name"), [("fc", "Dense"), ("Affine", "Dense"), ("concat", "Concatenate")]
)
def test_synonyms_find_the_layer(hand: Hand, text: str, name: str) -> None:
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, text)
    assert offered(hand)[0] == name
    press(hand, Qt.Key.Key_Return)
    assert hand.node(-1).type == name


def test_arrows_choose_and_wrap(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Tab)
    press(hand, Qt.Key.Key_Up)
    last = offered(hand)[-1]
    assert box(hand).results.currentItem().text() == last
    press(hand, Qt.Key.Key_Down)
    press(hand, Qt.Key.Key_Down)
    second = offered(hand)[1]
    press(hand, Qt.Key.Key_Return)
    assert hand.node(-1).type == second


def test_a_click_chooses(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, "drop")
    results = box(hand).results
    place = results.visualItemRect(results.item(0)).center()
    QTest.mouseClick(results.viewport(), LEFT, NONE, place)
    assert hand.node(-1).type == "Dropout"


def test_with_a_selection_the_layer_comes_after_it_and_is_wired(hand: Hand) -> None:
    hand.scene.select([hand.node(3).id])
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, "dropout")
    press(hand, Qt.Key.Key_Return)
    assert (3, 4, 0) in hand.wires()
    assert hand.document.history.undo_label == "Add Dropout"
    assert hand.view.selected_node_ids() == (hand.node(4).id,)


def test_what_was_used_last_comes_first(hand: Hand) -> None:
    for name in ("Flatten", "Add"):
        hand.view.append_node(name)
    hand.key(Qt.Key.Key_Tab)
    assert offered(hand)[:2] == ["Add", "Flatten"]


def test_nonsense_offers_nothing_and_enter_does_nothing(hand: Hand) -> None:
    before = hand.document.project
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, "zzz")
    assert offered(hand) == []
    assert box(hand).nothing.isVisible()
    press(hand, Qt.Key.Key_Return)
    assert box(hand).isVisible()
    assert hand.document.project is before


def test_tab_completes_the_name(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, "input > den")
    press(hand, Qt.Key.Key_Tab)
    assert box(hand).field.text() == "input > Dense "


def test_the_last_used_are_known_after_a_restart(make_world: Callable[[], World]) -> None:
    make_world().workbench.canvas.append_node("Dropout")
    assert make_world().workbench.canvas.search.recent == ("Dropout",)


# Values and rows


def test_values_are_typed_behind_the_name(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, "dense 64")
    press(hand, Qt.Key.Key_Return)
    assert hand.node(-1).options == {"units": 64}


def test_a_row_of_layers_is_one_step(qtbot: QtBot) -> None:
    hand = hand_on(qtbot, Project())
    hand.key(Qt.Key.Key_Tab)
    type_text(hand, "input 28x28 > flatten > fc 64 > dropout 0.2 > dense 3")
    press(hand, Qt.Key.Key_Return)
    nodes = hand.document.project.graph.nodes
    assert [node.type for node in nodes] == ["Input", "Flatten", "Dense", "Dropout", "Dense"]
    assert [node.options for node in nodes] == [
        {"shape": [28, 28]}, {}, {"units": 64}, {"rate": 0.2}, {"units": 3},
    ]  # fmt: skip
    assert hand.wires() == {(i, i + 1, 0) for i in range(4)}
    assert hand.document.history.undo_label == "Add 5 layers"
    cards = [hand.view.node_item(node.id).card for node in nodes]
    assert not any(a.intersects(b) for a in cards for b in cards if a is not b)
    hand.document.undo()
    assert not hand.document.project.graph.nodes


@pytest.mark.parametrize(
    "text", ["dense foo", "dense 0.5", "zzz > dense", " > dense", "dense 1 2 3"]
)
def test_what_means_nothing_offers_nothing(text: str) -> None:
    assert read(text, TYPES, TYPES).choices == ()


@pytest.mark.parametrize(
    ("text", "options"),
    [("dense units=7", {"units": 7}), ("Dense", {}), ("concatenate 1", {"axis": 1})],
)
def test_options_by_name_and_by_order(text: str, options: dict[str, int]) -> None:
    assert read(text, TYPES, TYPES).choices[0].options == options


# Loose wires


def test_a_wire_dropped_on_the_ground_asks_and_wires(hand: Hand) -> None:
    hand.drag(hand.output(3), GROUND)
    assert box(hand).field.hasFocus()
    assert "Input" not in offered(hand)
    type_text(hand, "dropout")
    press(hand, Qt.Key.Key_Return)
    assert (3, 4, 0) in hand.wires()
    assert hand.document.history.undo_label == "Add Dropout"
    end = hand.input(4)
    assert (end - GROUND).manhattanLength() <= 10


def test_only_what_fits_the_shape_is_offered(hand: Hand) -> None:
    hand.drag(hand.output(3), GROUND)
    flat = offered(hand)
    press(hand, Qt.Key.Key_Escape)
    hand.drag(hand.output(0), GROUND)
    assert "SpatialDropout1D" not in flat
    assert "SpatialDropout1D" in offered(hand)


def test_from_an_input_the_last_of_a_row_feeds_it(qtbot: QtBot) -> None:
    hand = hand_on(qtbot, project_of(("Dense", 600, 0, {"units": 4})))
    hand.drag(hand.input(0), QPoint(500, 500))
    assert "Input" in offered(hand)
    type_text(hand, "input 9 > dense 5")
    press(hand, Qt.Key.Key_Return)
    assert hand.wires() == {(1, 2, 0), (2, 0, 0)}
    assert (hand.output(2) - QPoint(500, 500)).manhattanLength() <= 10


def test_the_loose_wire_hangs_until_it_is_decided(hand: Hand) -> None:
    before, items = hand.document.project, len(hand.scene.items())
    hand.drag(hand.output(3), GROUND)
    assert len(hand.scene.items()) == items + 1
    press(hand, Qt.Key.Key_Escape)
    assert len(hand.scene.items()) == items
    assert hand.document.project is before


def test_a_change_from_elsewhere_closes_it(hand: Hand) -> None:
    hand.view.append_node("Flatten")
    hand.drag(hand.output(3), GROUND)
    hand.document.undo()
    assert not box(hand).isVisible()


def test_dragging_an_end_off_does_not_ask(hand: Hand) -> None:
    hand.drag(hand.input(2), GROUND)
    assert not box(hand).isVisible()
    assert hand.document.history.undo_label == "Disconnect"
