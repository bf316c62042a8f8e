"""What a view must patch."""

from msgspec.structs import replace

from kgui.graph import Difference, Frame, Note, Project, Wire, difference, edits


def test_nothing(drawing: Project) -> None:
    assert difference(drawing, drawing) == Difference()
    assert difference(drawing, replace(drawing)) == Difference()


def test_nodes_and_wires(drawing: Project) -> None:
    after = edits.remove(drawing, ["n1"])
    node = edits.new_node(after, "ReLU", (0, 0))
    after = edits.connect(edits.add_node(after, node), Wire("n0", 0, node.id, 0))
    after = edits.set_option(after, "n2", "units", 65)
    found = difference(drawing, after)
    assert found.nodes_added == (node,)
    assert found.nodes_removed == (drawing.graph.node("n1"),)
    assert found.nodes_changed == ((drawing.graph.node("n2"), after.graph.node("n2")),)
    assert found.wires_added == (Wire("n0", 0, node.id, 0),)
    assert found.wires_removed == drawing.graph.wires[:2]
    assert found.graph_changed
    back = difference(after, drawing)
    assert (back.nodes_added, back.wires_added) == (found.nodes_removed, found.wires_removed)


def test_a_type_alone_is_a_change(drawing: Project) -> None:
    one = edits.set_option(drawing, "n2", "axis", 1)
    assert difference(one, edits.set_option(one, "n2", "axis", True)).graph_changed


def test_the_order_of_options_is_no_change(drawing: Project) -> None:
    back = edits.set_option(edits.reset_option(drawing, "n2", "activation"), "n2", "x", 1)
    back = edits.set_option(edits.reset_option(back, "n2", "x"), "n2", "activation", "relu")
    assert list(back.graph.node("n2").options) == ["units", "activation"]
    assert difference(drawing, back) == Difference()


def test_positions_do_not_change_the_graph(drawing: Project) -> None:
    found = difference(drawing, edits.move(drawing, {"n0": (1, 1)}))
    assert len(found.nodes_changed) == 1
    assert not found.graph_changed


def test_settings_frames_and_notes(drawing: Project) -> None:
    assert difference(drawing, edits.set_data(drawing, target="x")).data_changed
    assert difference(drawing, edits.set_training(drawing, epochs=9)).training_changed
    frame, note = Frame("f", "", (0, 0, 1, 1)), Note("n", "")
    before, after = replace(drawing, frames=(frame,)), replace(drawing, notes=(note,))
    found = difference(before, after)
    assert (found.frames_removed, found.notes_added) == ((frame,), (note,))
    title = replace(frame, title="new")
    assert difference(before, replace(before, frames=(title,))).frames_changed == ((frame, title),)
    text = replace(note, text="new")
    assert difference(after, replace(after, notes=(text,))).notes_changed == ((note, text),)
