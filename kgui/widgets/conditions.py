"""What can be done now, by the names that the table of actions uses."""

from typing import TYPE_CHECKING

from kgui.graph.blocks import BLOCK
from kgui.graph.sharing import sharers

if TYPE_CHECKING:
    # The table of actions is there before the first paint, the workbench comes after it.
    from kgui.widgets.workbench import Workbench


def conditions(workbench: "Workbench") -> dict[str, bool]:
    """Name of a condition -> whether it holds."""
    document, selected = workbench.document, workbench.canvas.selected_node_ids()
    graph = workbench.level.project.graph
    chosen = [node for node in graph.nodes if node.id in selected] if selected else []
    shared = sharers(graph.nodes) if selected else {}
    remarks = workbench.scene.remarks.selected()
    running = workbench.training.is_running
    return {
        "can_undo": document.history.can_undo,
        "can_redo": document.history.can_redo,
        "has_nodes": bool(document.project.graph.nodes),
        "has_selection": bool(selected or workbench.scene.selected_wires() or remarks),
        "has_nodes_selected": bool(selected),
        "has_shared_selected": any(node.shares or node.id in shared for node in chosen),
        "has_block_selected": len(chosen) == 1 and chosen[0].type == BLOCK,
        "is_inside": bool(workbench.level.blocks),
        "has_things_selected": bool(selected or remarks),
        "has_frames_selected": bool(remarks.frames),
        "has_one_selected": len(selected) + len(remarks.frames) + len(remarks.notes) == 1,
        "has_two_selected": len(selected) > 1,
        "has_three_selected": len(selected) > 2,
        "has_typed_code": workbench.code.is_edited,
        "has_model": workbench.has_model and not running,
        "can_train": workbench.desk.can_train,
        "is_training": running,
    }
