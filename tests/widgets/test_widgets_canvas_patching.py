"""What the scene shows is a function of document and report, however it got there."""

import pytest
from canvas_samples import NODE_TYPES, chain, check, project_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from kgui.compiler.issues import Issue, Report
from kgui.graph import edits
from kgui.graph.bypass import set_bypassed
from kgui.graph.project import Node, Project, Wire
from kgui.graph.rewiring import heal
from kgui.widgets import theme
from kgui.widgets.canvas import CanvasScene, CanvasView
from kgui.widgets.canvas.node_item import ACCESSIBLE_NAME
from kgui.widgets.document import Document

NUMBER = st.integers(0, 10_000)


def fresh(project: Project) -> CanvasScene:
    return CanvasScene(Document(project, check), NODE_TYPES, theme.light())


def edited(project: Project, kind: int, first: int, second: int) -> Project:
    """One edit chosen by numbers; the same project where it is not possible."""
    nodes, wires = project.graph.nodes, project.graph.wires
    if kind == 0 or not nodes:
        name = list(NODE_TYPES)[first % len(NODE_TYPES)]
        return edits.add_node(project, edits.new_node(project, name, (first % 900, second % 500)))
    node, other = nodes[first % len(nodes)], nodes[second % len(nodes)]
    if kind == 1:
        wire = Wire(node.id, 0, other.id, second % 3)
        return project if edits.why_not_connect(project, wire) else edits.connect(project, wire)
    if kind == 2:
        return edits.remove(project, [node.id])
    if kind == 3:
        return edits.move(project, {node.id: (second % 700, first % 400)})
    if kind == 4:
        return edits.set_option(project, node.id, "units", 1 + second % 50)
    if kind == 5:
        name = f"name_{first}_{second}"
        refused = edits.why_not_rename(project, node.id, name)
        return project if refused else edits.rename(project, node.id, name)
    if kind == 9:
        return heal(project, [node.id])
    if kind == 10:
        return set_bypassed(project, [node.id, other.id], bypassed=bool(second % 3))
    if kind == 11:
        return edits.paste(project, [node, other][: 1 + (node is not other)], wires, (9.0, 9.0))[0]
    return edits.remove(project, (), [wires[first % len(wires)]]) if wires else project


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 11), NUMBER, NUMBER), max_size=14))
def test_a_patched_scene_equals_a_fresh_one(
    qtbot: QtBot, steps: list[tuple[int, int, int]]
) -> None:
    document = Document(chain(), check)
    scene = CanvasScene(document, NODE_TYPES, theme.light())
    start = scene.snapshot()
    for kind, first, second in steps:
        if kind == 7:
            document.undo()
        elif kind == 8:
            document.redo()
        else:
            project = edited(document.project, kind, first, second)
            document.apply("Edit", project)
        document.report_changed.emit(document.report)
        assert scene.snapshot() == fresh(document.project).snapshot()
    while document.history.can_undo:
        document.undo()
    document.report_changed.emit(document.report)
    assert scene.snapshot() == start


def scene_of(project: Project) -> tuple[Document, CanvasScene]:
    document = Document(project, check)
    return document, CanvasScene(document, NODE_TYPES, theme.light())


def test_opening_another_document_shows_it_alone(qtbot: QtBot) -> None:
    document, scene = scene_of(chain())
    other = project_of(("Dense", 10, 20, {"units": 3}))
    document.replace(other, None)
    document.report_changed.emit(document.report)
    assert scene.snapshot() == fresh(other).snapshot()
    assert len(scene.items()) == 2


def test_unpatched_items_stay_the_same_objects(qtbot: QtBot) -> None:
    document, scene = scene_of(chain())
    before = {key: scene.node_item(key) for key in scene.node_ids()}
    last = document.project.graph.nodes[-1]
    document.apply("Units", edits.set_option(document.project, last.id, "units", 11))
    assert all(scene.node_item(key) is item for key, item in before.items())


def test_shapes_and_counts_arrive_with_the_report(qtbot: QtBot) -> None:
    document, scene = scene_of(chain())
    dense = document.project.graph.nodes[2]
    look = scene.node_item(dense.id).look
    assert (look.summary, look.shape) == ("512 · relu", "(None, 512)")
    assert look.parameters == ("401,920 params", "401,920", "402 k")
    with qtbot.waitSignal(document.report_changed):
        document.apply("Units", edits.set_option(document.project, dense.id, "units", 8))
    assert scene.node_item(dense.id).look.shape == "(None, 8)"
    labels = {wire.source: state[2] for wire, state in scene.snapshot().wires.items()}
    assert labels[dense.id] == "(None, 8)"


def test_an_error_is_a_badge_with_the_escaped_reason_and_the_hint(qtbot: QtBot) -> None:
    project = chain()
    flatten = project.graph.nodes[1].id
    broken = edits.remove(project, [flatten])
    ids = [node.id for node in broken.graph.nodes]
    broken = edits.connect(broken, Wire(ids[0], 0, ids[1], 0))
    document, scene = scene_of(broken)
    first, second = scene.node_item(ids[1]), scene.node_item(ids[2])
    assert (first.look.severity, second.look.severity) == ("error", "")
    assert "expects 2-D input" in first.toolTip()
    assert "Insert a Flatten." in first.toolTip()
    assert "expects 2-D input" in first.data(ACCESSIBLE_NAME)
    document.apply("Cut", edits.remove(broken, (), broken.graph.wires))
    document.report_changed.emit(document.report)
    assert "&lt;has&gt; no input" in first.toolTip()
    assert "<has>" not in first.toolTip()


def test_a_warning_is_no_error(qtbot: QtBot) -> None:
    project = project_of(("Input", 0, 0, {}))
    key = project.graph.nodes[0].id
    report = Report({key: ((None, 4),)}, {}, (Issue(key, "warning", "It leads nowhere."),))
    scene = CanvasScene(Document(project, lambda _: report), NODE_TYPES, theme.light())
    assert scene.node_item(key).look.severity == "warning"
    assert scene.node_item(key).look.complaint == ""


def test_a_node_of_an_unknown_type_is_shown_with_its_wires(qtbot: QtBot) -> None:
    project = chain()
    strange = Node("strange", "Quantum", "quantum", {"spin": 0.5}, (0.0, 300.0))
    project = edits.add_node(project, strange)
    project = edits.connect(project, Wire(project.graph.nodes[0].id, 0, "strange", 2))
    _, scene = scene_of(project)
    item = scene.node_item("strange")
    assert item.port_count(is_output=False) == 3
    assert item.look.summary == "spin 0.5"


def test_wires_are_laid_before_they_are_painted(qtbot: QtBot) -> None:
    document, scene = scene_of(chain())
    view = CanvasView(scene)
    qtbot.addWidget(view)
    wire = document.project.graph.wires[0]
    for position in ((300.0, 50.0), (350.0, 90.0)):
        document.apply("Move", edits.move(document.project, {wire.target: position}))
    view.grab()
    end = scene.wire_item(wire).path().pointAtPercent(1)
    assert end.toTuple() == pytest.approx(scene.port_position(wire.target, 0, False).toTuple())


def test_wires_are_laid_by_the_event_loop(qtbot: QtBot) -> None:
    document, scene = scene_of(chain())
    wire = document.project.graph.wires[0]
    document.apply("Move", edits.move(document.project, {wire.target: (300.0, 50.0)}))
    goal = scene.port_position(wire.target, 0, False)
    qtbot.waitUntil(lambda: scene.wire_item(wire).path().pointAtPercent(1) == goal)


def test_another_theme_repaints_everything(qtbot: QtBot) -> None:
    _, scene = scene_of(chain())
    before = scene.snapshot()
    scene.set_theme(theme.dark())
    assert scene.snapshot() == before
    wire = next(iter(before.wires))
    assert scene.wire_item(wire).pen().color() == theme.dark().wire


@pytest.mark.parametrize("zoom", [0.15, 0.3, 1.0, 2.0])
def test_every_level_of_detail_paints_errors_and_selection_apart(qtbot: QtBot, zoom: float) -> None:
    def picture(project: Project, *, selected: bool) -> QImage:
        _, scene = scene_of(project)
        if selected:
            scene.select_all()
        image = QImage(int(260 * zoom), int(140 * zoom), QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        painter = QPainter(image)
        scene.render(painter, QRectF(image.rect()), QRectF(-30, -30, 260, 140))
        painter.end()
        return image

    sound, broken = project_of(("Input", 0, 0, {})), project_of(("Dense", 0, 0, {}))
    seen = [
        picture(project, selected=selected)
        for project in (sound, broken)
        for selected in (False, True)
    ]
    assert all(a != b for index, a in enumerate(seen) for b in seen[:index])
    red = theme.light().error
    assert any(
        seen[2].pixelColor(x, y) == red
        for x in range(seen[2].width())
        for y in range(seen[2].height())
    )
