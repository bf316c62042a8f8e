"""The canvas under real mouse, key and drop events: every gesture is one step, or none."""

import pytest
from canvas_hands import CONTROL, LEFT, NONE, SHIFT, Hand
from canvas_samples import NODE_TYPES, chain, check, project_of
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kgui.graph.project import Project
from kgui.widgets import theme
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.canvas.geometry import NODE_HEIGHT, NODE_WIDTH
from kgui.widgets.canvas.mime import node_mime_data
from kgui.widgets.document import Document

MIDDLE = Qt.MouseButton.MiddleButton


def hand_on(qtbot: QtBot, project: Project) -> Hand:
    document = Document(project, check)
    scene = CanvasScene(document, NODE_TYPES, theme.light())
    view = CanvasView(scene)
    qtbot.addWidget(view)
    view.resize(1300, 700)
    view.show()
    view.centerOn(500, 100)
    return Hand(view, scene, document)


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    """A canvas with Input, Flatten, Dense, Dense in a row, wired."""
    return hand_on(qtbot, chain())


@pytest.fixture
def loose(qtbot: QtBot) -> Hand:
    """A canvas with Input, Dense, Dense and Add, no wires."""
    return hand_on(
        qtbot,
        project_of(
            ("Input", 0, 0, {}),
            ("Dense", 300, 0, {"units": 4}),
            ("Dense", 300, 150, {"units": 4}),
            ("Add", 600, 0, {}),
        ),
    )


def hint(hand: Hand) -> str:
    label = hand.view.findChild(QLabel, "canvas_hint")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


# Adding


def test_a_dropped_layer_lies_under_the_pointer_on_the_grid(hand: Hand) -> None:
    place = QPoint(311, 507)
    assert hand.drop(node_mime_data("Dropout"), place)
    node = hand.node(-1)
    assert (node.type, node.name) == ("Dropout", "dropout")
    assert all(part % 10 == 0 for part in node.position)
    middle = QPointF(*node.position) + QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)
    assert (hand.pixel(middle) - place).manhattanLength() <= 10
    assert hand.document.history.undo_label == "Add Dropout"
    assert hand.view.selected_node_ids() == (node.id,)
    hand.document.undo()
    assert len(hand.scene.node_ids()) == 4


def test_options_that_must_be_given_start_with_the_suggestion(hand: Hand) -> None:
    hand.drop(node_mime_data("Dense"), QPoint(300, 500))
    assert hand.node(-1).options == {"units": 32}


@pytest.mark.parametrize("type_name", ["Nothing", ""])
def test_unknown_layers_are_not_taken(hand: Hand, type_name: str) -> None:
    before = hand.document.project
    assert not hand.drop(node_mime_data(type_name), QPoint(300, 500))
    assert hand.document.project is before


def test_text_is_not_taken(hand: Hand) -> None:
    data = QMimeData()
    data.setText("Dense")
    assert not hand.drop(data, QPoint(300, 500))


def test_append_goes_on_from_what_was_added(qtbot: QtBot) -> None:
    hand = hand_on(qtbot, Project())
    for name in ("Input", "Flatten", "Dense"):
        hand.view.append_node(name)
    assert hand.wires() == {(0, 1, 0), (1, 2, 0)}
    lefts = [node.position[0] for node in hand.document.project.graph.nodes]
    assert lefts[1] - lefts[0] >= NODE_WIDTH
    assert hand.document.history.undo_label == "Add Dense"
    hand.document.undo()
    assert hand.wires() == {(0, 1, 0)}


def test_append_joins_all_that_are_selected(loose: Hand) -> None:
    loose.scene.select([loose.node(1).id, loose.node(2).id])
    loose.view.append_node("Concatenate")
    assert loose.wires() == {(1, 4, 0), (2, 4, 1)}


def test_appended_layers_cover_no_other(hand: Hand) -> None:
    for _ in range(3):
        hand.scene.select([hand.node(0).id])
        hand.view.append_node("Dropout")
    cards = [hand.view.node_item(node_id).card for node_id in hand.scene.node_ids()]
    assert not any(a.intersects(b) for a in cards for b in cards if a is not b)


def test_an_input_is_appended_without_a_wire(hand: Hand) -> None:
    hand.scene.select([hand.node(3).id])
    before = hand.wires()
    hand.view.append_node("Input")
    assert hand.wires() == before


# Wires


def test_wire_from_output_to_input(loose: Hand) -> None:
    loose.drag(loose.output(0), loose.input(1))
    assert loose.wires() == {(0, 1, 0)}
    assert loose.document.history.undo_label == "Connect"


def test_wire_from_input_to_output(loose: Hand) -> None:
    loose.drag(loose.input(1), loose.output(0))
    assert loose.wires() == {(0, 1, 0)}


def test_wire_snaps_to_a_port_nearby(loose: Hand) -> None:
    loose.drag(loose.output(0), loose.input(1) + QPoint(-14, 8))
    assert loose.wires() == {(0, 1, 0)}


def test_wire_beyond_snapping_is_dropped(loose: Hand) -> None:
    before = loose.document.project
    loose.drag(loose.output(0), loose.input(1) + QPoint(-24, 8))
    assert loose.document.project is before


def test_wire_on_a_body_takes_the_first_free_input(loose: Hand) -> None:
    loose.drag(loose.output(1), loose.body(3))
    loose.drag(loose.output(2), loose.body(3))
    loose.drag(loose.output(0), loose.body(3))
    assert loose.wires() == {(1, 3, 0), (2, 3, 1), (0, 3, 2)}


def test_wire_from_an_input_may_end_on_a_body(loose: Hand) -> None:
    loose.drag(loose.input(1), loose.body(0))
    assert loose.wires() == {(0, 1, 0)}


def test_a_growing_node_has_one_free_port_more(loose: Hand) -> None:
    item = loose.view.node_item(loose.node(3).id)
    counts = [item.port_count(is_output=False)]
    for source in (0, 1, 2):
        loose.drag(loose.output(source), loose.body(3))
        counts.append(item.port_count(is_output=False))
    assert counts == [2, 2, 3, 4]


def test_wires_end_at_their_ports_when_a_node_grows(loose: Hand) -> None:
    for source in (0, 1, 2):
        loose.drag(loose.output(source), loose.body(3))
    ends = {wire: state[1] for wire, state in loose.scene.snapshot().wires.items()}
    for wire, end in ends.items():
        port = loose.view.port_position(wire.target, wire.target_port, False)
        assert end == pytest.approx((port.x(), port.y()))


@pytest.mark.parametrize(
    ("start", "goal", "reason"),
    [
        ("output 3", "input 2", "circle"),
        ("output 3", "body 1", "circle"),
        ("output 2", "body 2", "own input"),
        ("output 1", "output 2", "Two outputs cannot be joined"),
        ("input 1", "input 0", "Two inputs cannot be joined"),
        ("output 3", "body 0", "input has no input"),
    ],
)
def test_refused_while_dragging_with_the_reason(
    qtbot: QtBot, start: str, goal: str, reason: str
) -> None:
    hand = hand_on(
        qtbot,
        project_of(
            ("Input", 0, 0, {}),
            ("Dense", 300, 0, {}),
            ("Dense", 600, 0, {}),
            ("Dense", 900, 0, {}),
            wires=((1, 2, 0), (2, 3, 0)),
        ),
    )
    places = {f"{name} {i}": where for i in range(4) for name, where in spots(hand, i).items()}
    if start == "input 1":
        places["input 0"] = hand.input(2)
    before = hand.document.project
    hand.press(places[start], [QPoint(650, 600), places[goal]])
    assert reason in hint(hand)
    hand.release(places[goal])
    assert hint(hand) == ""
    assert hand.document.project is before


def spots(hand: Hand, index: int) -> dict[str, QPoint]:
    found = {"output": hand.output(index), "body": hand.body(index)}
    return found if index == 0 else {**found, "input": hand.input(index)}


def test_fitting_ports_light_up_and_others_dim(hand: Hand) -> None:
    hand.press(hand.output(2), [QPoint(640, 600)])
    states = [hand.view.node_item(node_id).state() for node_id in hand.scene.node_ids()]
    assert [state.lit for state in states] == [None, None, None, "input"]
    assert [state.dimmed for state in states] == [True, True, False, False]
    hand.release(QPoint(640, 600))
    assert not any(hand.view.node_item(key).state().dimmed for key in hand.scene.node_ids())


@pytest.fixture
def shapes(qtbot: QtBot) -> Hand:
    """Inputs of (8, 8, 3), (64) and (8, 8, 3), Concatenate with the first, RepeatVector."""
    return hand_on(
        qtbot,
        project_of(
            ("Input", 0, 0, {"shape": [8, 8, 3]}),
            ("Input", 0, 120, {"shape": [64]}),
            ("Input", 0, 240, {"shape": [8, 8, 3]}),
            ("Concatenate", 400, 0, {}),
            ("SpatialDropout1D", 400, 200, {"rate": 0.5}),
            wires=((0, 3, 0),),
        ),
    )


def test_ports_light_up_by_shape(shapes: Hand) -> None:
    items = [shapes.view.node_item(node_id) for node_id in shapes.scene.node_ids()]
    shapes.press(shapes.output(1), [QPoint(640, 600)])
    assert [item.state().lit for item in items[3:]] == [None, None]
    assert [item.state().dimmed for item in items[3:]] == [True, True]
    shapes.key(Qt.Key.Key_Escape)
    shapes.release(QPoint(640, 600))
    shapes.press(shapes.output(2), [QPoint(640, 600)])
    assert [item.state().lit for item in items[3:]] == ["input", None]
    shapes.key(Qt.Key.Key_Escape)


def test_the_tip_says_why_a_shape_does_not_fit(shapes: Hand) -> None:
    shapes.press(shapes.output(1), [shapes.input(3, 1)])
    assert hint(shapes).startswith("Concatenate needs inputs whose shapes are the same")
    assert "(None, 8, 8, 3)" in hint(shapes)
    assert "(None, 64)" in hint(shapes)
    QTest.mouseMove(shapes.view.viewport(), shapes.input(4))
    assert hint(shapes).startswith("SpatialDropout1D needs an input with 3 axes")
    QTest.mouseMove(shapes.view.viewport(), shapes.input(3, 0))
    assert hint(shapes) == ""
    shapes.key(Qt.Key.Key_Escape)
    assert hint(shapes) == ""


def test_a_misfit_may_be_drawn_all_the_same(shapes: Hand) -> None:
    """A drawing with mistakes is a drawing: the node says what is wrong until it is mended."""
    shapes.drag(shapes.output(1), shapes.input(3, 1))
    assert shapes.wires() == {(0, 3, 0), (1, 3, 1)}


def test_from_an_input_outputs_light_up_by_shape(shapes: Hand) -> None:
    items = [shapes.view.node_item(node_id) for node_id in shapes.scene.node_ids()]
    shapes.press(shapes.input(3, 1), [QPoint(640, 600)])
    assert [item.state().lit for item in items[:3]] == ["output", None, "output"]
    shapes.key(Qt.Key.Key_Escape)


def test_a_used_input_is_replaced_in_one_step(loose: Hand) -> None:
    loose.drag(loose.output(0), loose.input(1))
    loose.drag(loose.output(2), loose.input(1))
    assert loose.wires() == {(2, 1, 0)}
    loose.document.undo()
    assert loose.wires() == {(0, 1, 0)}


def test_dragging_the_end_off_an_input_disconnects(hand: Hand) -> None:
    hand.drag(hand.input(2), QPoint(700, 600))
    assert hand.wires() == {(0, 1, 0), (2, 3, 0)}
    assert hand.document.history.undo_label == "Disconnect"
    hand.document.undo()
    assert (1, 2, 0) in hand.wires()


def test_the_end_may_go_to_another_input(loose: Hand) -> None:
    loose.drag(loose.output(0), loose.input(1))
    loose.drag(loose.input(1), loose.input(2))
    assert loose.wires() == {(0, 2, 0)}
    assert loose.document.history.undo_label == "Reconnect"


def test_the_end_put_back_changes_nothing(hand: Hand) -> None:
    before = hand.document.project
    hand.press(hand.input(2), [QPoint(700, 600), hand.input(2)])
    hand.release(hand.input(2))
    assert hand.document.project is before


def test_escape_leaves_the_wire_where_it_was(hand: Hand) -> None:
    before, shown = hand.document.project, hand.scene.snapshot()
    hand.press(hand.input(2), [QPoint(700, 600)])
    wire = before.graph.wires[1]
    assert not hand.scene.wire_item(wire).isVisible()
    hand.key(Qt.Key.Key_Escape)
    assert hand.scene.wire_item(wire).isVisible()
    hand.release(QPoint(700, 600))
    assert hand.document.project is before
    assert hand.scene.snapshot() == shown


def test_a_click_on_a_port_selects_its_node(hand: Hand) -> None:
    hand.click(hand.output(1))
    assert hand.view.selected_node_ids() == (hand.node(1).id,)


@pytest.mark.parametrize("zoom", [0.6, 1.0, 2.0])
def test_a_port_is_taken_anywhere_within_sixteen_pixels(loose: Hand, zoom: float) -> None:
    loose.view.scale(zoom, zoom)
    loose.view.centerOn(loose.view.port_position(loose.node(0).id, 0, True))
    item = loose.view.node_item(loose.node(1).id)
    loose.press(loose.output(0) + QPoint(7, 3), [loose.output(0) + QPoint(60, 90)])
    assert item.state().lit == "input"
    loose.key(Qt.Key.Key_Escape)
    assert item.state().lit is None


# Moving


def test_move_is_one_step_and_snaps(hand: Hand) -> None:
    before = hand.document.project
    hand.drag(hand.body(1), hand.body(1) + QPoint(33, 58))
    assert hand.node(1).position == (310, 60)
    assert hand.document.history.undo_label == "Move flatten"
    hand.document.undo()
    assert hand.document.project is before
    assert hand.view.node_item(hand.node(1).id).pos() == QPointF(280, 0)


def test_shift_moves_freely(hand: Hand) -> None:
    hand.press(hand.body(1), [])
    goal = hand.body(1) + QPoint(33, 58)
    QTest.mouseMove(hand.view.viewport(), goal)
    hand.release(goal, SHIFT)
    assert hand.node(1).position == (313, 58)


def test_selected_nodes_move_together(hand: Hand) -> None:
    hand.view.select_all()
    hand.drag(hand.body(2), hand.body(2) + QPoint(0, 40))
    assert {node.position[1] for node in hand.document.project.graph.nodes} == {40}
    assert hand.document.history.undo_label == "Move 4 layers"
    hand.document.undo()
    assert not hand.document.history.can_undo


def test_escape_puts_nodes_back(hand: Hand) -> None:
    before, shown = hand.document.project, hand.scene.snapshot()
    hand.press(hand.body(1), [hand.body(1) + QPoint(50, 50)])
    assert hand.scene.snapshot() != shown
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.body(1))
    assert hand.document.project is before
    assert hand.scene.snapshot() == shown


def test_a_change_from_elsewhere_ends_the_gesture(hand: Hand) -> None:
    hand.drag(hand.body(3), hand.body(3) + QPoint(0, 40))
    hand.press(hand.body(1), [hand.body(1) + QPoint(50, 50)])
    hand.document.undo()
    hand.release(hand.body(1))
    assert hand.document.project.graph == chain_like(hand)
    assert not hand.document.history.can_undo


def chain_like(hand: Hand) -> object:
    """The graph with every node on the line of the start."""
    assert {node.position[1] for node in hand.document.project.graph.nodes} == {0}
    return hand.document.project.graph


def test_wires_follow_a_moving_node_before_it_is_let_go(hand: Hand) -> None:
    hand.press(hand.body(1), [hand.body(1) + QPoint(0, 60)])
    wire = hand.document.project.graph.wires[0]
    assert hand.scene.snapshot().wires[wire][1][1] == pytest.approx(100)
    hand.key(Qt.Key.Key_Escape)


# Selecting


def test_click_selects_one(hand: Hand) -> None:
    hand.click(hand.body(1))
    assert hand.view.selected_node_ids() == (hand.node(1).id,)
    hand.click(hand.body(2))
    assert hand.view.selected_node_ids() == (hand.node(2).id,)
    hand.click(QPoint(640, 650))
    assert hand.view.selected_node_ids() == ()


def test_control_click_toggles_and_shift_click_adds(hand: Hand) -> None:
    hand.click(hand.body(0))
    hand.click(hand.body(1), CONTROL)
    hand.click(hand.body(2), SHIFT)
    hand.click(hand.body(0), CONTROL)
    assert hand.view.selected_node_ids() == (hand.node(1).id, hand.node(2).id)


def test_click_on_one_of_many_selects_it_alone(hand: Hand) -> None:
    hand.view.select_all()
    hand.click(hand.body(1))
    assert hand.view.selected_node_ids() == (hand.node(1).id,)


def box(hand: Hand, first: int, last: int) -> tuple[QPoint, QPoint]:
    """A box that touches the cards of some nodes and no others."""
    return hand.body(first) + QPoint(10, -60), hand.body(last) + QPoint(10, 5)


def test_box_selects_what_it_touches(hand: Hand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hand.view.selection_changed):
        hand.drag(*box(hand, 1, 2))
    assert hand.view.selected_node_ids() == (hand.node(1).id, hand.node(2).id)
    assert not hand.document.history.can_undo


def test_box_with_control_toggles_and_with_shift_adds(hand: Hand) -> None:
    hand.scene.select([hand.node(1).id])
    hand.drag(*box(hand, 1, 2), CONTROL)
    assert hand.view.selected_node_ids() == (hand.node(2).id,)
    hand.drag(*box(hand, 0, 1), SHIFT)
    assert hand.view.selected_node_ids() == tuple(hand.node(i).id for i in (0, 1, 2))


def test_escape_brings_the_selection_back(hand: Hand) -> None:
    hand.scene.select([hand.node(3).id])
    items = len(hand.scene.items())
    hand.press(box(hand, 0, 1)[0], [box(hand, 0, 1)[1]])
    assert hand.view.selected_node_ids() == (hand.node(0).id, hand.node(1).id)
    hand.key(Qt.Key.Key_Escape)
    assert hand.view.selected_node_ids() == (hand.node(3).id,)
    assert len(hand.scene.items()) == items


def test_escape_without_a_gesture_selects_nothing(hand: Hand) -> None:
    hand.view.select_all()
    hand.key(Qt.Key.Key_Escape)
    assert hand.view.selected_node_ids() == ()


def test_a_wire_is_selected_and_deleted(hand: Hand) -> None:
    hand.click((hand.output(1) + hand.input(2)) / 2)
    assert hand.scene.selected_wires() == (hand.document.project.graph.wires[1],)
    hand.key(Qt.Key.Key_Delete)
    assert hand.wires() == {(0, 1, 0), (2, 3, 0)}
    assert hand.document.history.undo_label == "Delete wire"


def test_delete_takes_nodes_with_their_wires(hand: Hand) -> None:
    hand.scene.select([hand.node(1).id])
    hand.key(Qt.Key.Key_Delete)
    assert [node.type for node in hand.document.project.graph.nodes] == ["Input", "Dense", "Dense"]
    assert hand.wires() == {(1, 2, 0)}
    assert hand.document.history.undo_label == "Delete flatten"
    hand.document.undo()
    assert len(hand.wires()) == 3


def test_deleting_tells_that_the_selection_is_gone(hand: Hand, qtbot: QtBot) -> None:
    hand.scene.select([hand.node(1).id])
    with qtbot.waitSignal(hand.view.selection_changed):
        hand.view.delete_selection()
    assert hand.view.selected_node_ids() == ()


def test_delete_of_nothing_is_no_step(hand: Hand) -> None:
    hand.key(Qt.Key.Key_Delete)
    assert not hand.document.history.can_undo


def test_duplicate_copies_nodes_and_the_wires_among_them(hand: Hand) -> None:
    hand.scene.select([hand.node(1).id, hand.node(2).id])
    ids = hand.view.duplicate()
    assert hand.view.selected_node_ids() == ids
    assert (4, 5, 0) in hand.wires()
    assert len(hand.wires()) == 4
    assert hand.node(5).options == hand.node(2).options


def test_arrange_is_one_step(loose: Hand) -> None:
    loose.view.append_node("Dropout")
    loose.document.undo()
    loose.drag(loose.output(1), loose.input(2))
    loose.view.arrange()
    assert loose.document.history.undo_label == "Arrange layers"
    cards = [loose.view.node_item(key).card for key in loose.scene.node_ids()]
    assert not any(a.intersects(b) for a in cards for b in cards if a is not b)


def test_double_click_tells_which_node(hand: Hand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hand.view.node_activated) as told:
        QTest.mouseDClick(hand.view.viewport(), LEFT, NONE, hand.body(2))
    assert told.args == [hand.node(2).id]


# Seeing


@pytest.mark.parametrize("button", [MIDDLE, LEFT])
def test_pan_moves_the_sheet(hand: Hand, button: Qt.MouseButton) -> None:
    before = hand.body(1)
    if button == LEFT:
        QTest.keyPress(hand.view, Qt.Key.Key_Space)
    hand.drag(hand.body(2), hand.body(2) + QPoint(-70, 45), button=button)
    assert hand.body(1) - before == QPoint(-70, 45)
    assert not hand.document.history.can_undo
    QTest.keyRelease(hand.view, Qt.Key.Key_Space)


def test_escape_pans_back(hand: Hand) -> None:
    before = hand.body(1)
    hand.press(QPoint(600, 600), [QPoint(500, 500)], button=MIDDLE)
    assert hand.body(1) != before
    hand.key(Qt.Key.Key_Escape)
    assert hand.body(1) == before
    hand.release(QPoint(500, 500), button=MIDDLE)


def test_wheel_zooms_at_the_pointer_within_limits(hand: Hand, qtbot: QtBot) -> None:
    place = QPoint(900, 420)
    under = hand.view.mapToScene(place)
    with qtbot.waitSignal(hand.view.zoom_changed):
        hand.wheel(place, 3)
    assert hand.view.zoom() == pytest.approx(1.2**3)
    assert (hand.pixel(under) - place).manhattanLength() <= 2
    hand.wheel(place, 50)
    assert hand.view.zoom() == 4.0
    hand.wheel(place, -100)
    assert hand.view.zoom() == 0.1
    assert (hand.pixel(under) - place).manhattanLength() <= 8


def test_zoom_steps_and_reset(hand: Hand) -> None:
    hand.view.zoom_in()
    hand.view.zoom_in()
    hand.view.zoom_out()
    assert hand.view.zoom() == pytest.approx(1.2)
    hand.view.zoom_reset()
    assert hand.view.zoom() == 1.0


def test_fit_shows_every_node(qtbot: QtBot) -> None:
    far = (("Dense", x * 900.0, x * 300.0, {}) for x in range(-4, 5))
    hand = hand_on(qtbot, project_of(*far))
    hand.view.fit()
    viewport = hand.view.viewport().rect()
    for node_id in hand.scene.node_ids():
        card = hand.view.node_item(node_id).card
        assert viewport.contains(hand.pixel(card.topLeft()))
        assert viewport.contains(hand.pixel(card.bottomRight()))


def test_fit_does_not_magnify(hand: Hand) -> None:
    hand.view.fit()
    assert hand.view.zoom() <= 1.0


def test_reveal_selects_and_centres(hand: Hand) -> None:
    for _ in range(10):
        hand.view.zoom_out()
    hand.view.reveal(hand.node(3).id)
    assert hand.view.selected_node_ids() == (hand.node(3).id,)
    away = hand.pixel(hand.view.node_item(hand.node(3).id).card.center())
    assert (away - hand.view.viewport().rect().center()).manhattanLength() <= 3
    assert hand.view.zoom() >= 0.6


def test_hovered_port_lights_up(hand: Hand) -> None:
    item = hand.view.node_item(hand.node(1).id)
    QTest.mouseMove(hand.view.viewport(), hand.output(1) + QPoint(2, 2))
    assert item.hovered == ("output", 0)
    hand.leave()
    assert item.hovered is None


def test_an_empty_canvas_says_how_to_begin(qtbot: QtBot) -> None:
    hand = hand_on(qtbot, Project())
    empty = hand.view.grab().toImage()
    hand.view.add_node("Dense", QPointF(0, 0))
    hand.document.undo()
    assert hand.view.grab().toImage() == empty
    hand.scene.set_theme(theme.dark())
    assert hand.view.grab().toImage() != empty
