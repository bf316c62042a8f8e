"""Whatever hands do on the canvas: the scene shows the document, and undo leads back to the start.

Drags between any two places, with and without Esc in the middle; keys; drops; search; forms.
"""

from canvas_hands import CONTROL, LEFT, NONE, Hand
from canvas_samples import NODE_TYPES, chain, check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kgui.graph.project import Project
from kgui.graph.rules import faults
from kgui.widgets import theme
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.canvas.mime import node_mime_data
from kgui.widgets.document import Document

NUMBER = st.integers(0, 10_000)
PHRASES = ("dense 3", "add", "input 4 > dense 2", "zzz", "flatten > fc 7")
KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Right, Qt.Key.Key_Escape)
ACTIONS = st.sampled_from(
    ["drag", "drag", "drag", "cancelled drag", "click", "key", "drop", "search", "form", "bypass",
     "duplicate", "undo", "redo"]
)  # fmt: skip
Step = tuple[str, int, int]


def place(hand: Hand, choice: int) -> QPoint:
    """A port, a header, the middle of a wire, or somewhere on the ground."""
    graph = hand.document.project.graph
    places = [QPoint(40 + choice * 7 % 1200, 30 + choice * 13 % 640)]
    for node in graph.nodes:
        item = hand.view.node_item(node.id)
        card = item.card
        spots = [card.center(), card.topLeft() + QPointF(60, 12)]
        for is_output in (True, False):
            ports = range(item.port_count(is_output=is_output))
            spots += [item.port_position(port, is_output=is_output) for port in ports]
        places += [hand.pixel(spot) for spot in spots]
    hand.scene.flush()
    paths = [hand.scene.wire_item(wire).path() for wire in graph.wires]
    places += [hand.pixel(path.pointAtPercent(0.5)) for path in paths]
    return places[choice % len(places)]


def act(hand: Hand, step: Step) -> None:
    """One thing that a hand does."""
    name, first, second = step
    search, inline = hand.view.search.box, hand.view.inline
    if name.endswith("drag"):
        start, goal = place(hand, first), place(hand, second)
        hand.press(start, [goal])
        if name.startswith("cancelled"):
            hand.key(Qt.Key.Key_Escape)
        hand.release(goal)
    elif name == "click":
        hand.click(place(hand, first), CONTROL if second % 2 else NONE)
    elif name == "key":
        hand.key(KEYS[first % len(KEYS)])
    elif name == "drop":
        names = list(NODE_TYPES)
        hand.drop(node_mime_data(names[first % len(names)]), place(hand, second))
    elif name == "search":
        hand.key(Qt.Key.Key_Tab)
        QTest.keyClicks(search.field, PHRASES[first % len(PHRASES)])
        QTest.keyClick(search.field, Qt.Key.Key_Return if second % 4 else Qt.Key.Key_Escape)
    elif name == "form":
        QTest.mouseDClick(hand.view.viewport(), LEFT, NONE, place(hand, first))
        hand.release(place(hand, first))
        field = inline.focusWidget() if inline.isVisible() else None
        if field is not None:
            QTest.keyClicks(field, str(second % 9))
            QTest.keyClick(field, Qt.Key.Key_Return if second % 3 else Qt.Key.Key_Escape)
    else:
        edit = {"bypass": hand.view.bypass, "duplicate": hand.view.duplicate,
                "undo": hand.document.undo, "redo": hand.document.redo}  # fmt: skip
        edit[name]()


def lay_down(hand: Hand) -> None:
    """Close what a step may have left open."""
    hand.view.search.close()
    hand.view.inline.leave()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(ACTIONS, NUMBER, NUMBER), max_size=12))
def test_the_scene_follows_and_undo_leads_back(qtbot: QtBot, steps: list[Step]) -> None:
    first = chain()
    document = Document(first, check)
    scene = CanvasScene(document, NODE_TYPES, theme.light())
    view = CanvasView(scene)
    view.resize(1300, 700)
    view.show()
    view.centerOn(500, 100)
    hand, start, extra = Hand(view, scene, document), scene.snapshot(), len(scene.items())
    for step in steps:
        act(hand, step)
        lay_down(hand)
        document.report_changed.emit(document.report)
        assert faults(document.project) == []
        assert scene.snapshot() == fresh(document.project).snapshot()
        assert not any(item.is_lit for item in scene.items_shown.wires.values())
        assert not any(item.wiring for item in scene.items_shown.nodes.values())
    while document.history.can_undo:
        document.undo()
    document.report_changed.emit(document.report)
    assert document.project is first
    assert scene.snapshot() == start
    assert len(scene.items()) == extra
    view.close()
    view.deleteLater()


def fresh(project: Project) -> CanvasScene:
    return CanvasScene(Document(project, check), NODE_TYPES, theme.light())
