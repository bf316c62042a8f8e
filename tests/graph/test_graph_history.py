"""Undo gives back the very objects."""

from kgui.graph import History, Project


def _projects(number: int) -> list[Project]:
    return [Project(id=str(i)) for i in range(number)]


def test_undo_and_redo_return_identical_objects() -> None:
    projects = _projects(4)
    history = History(projects[0])
    for label, project in zip("abc", projects[1:], strict=True):
        history.apply(label, project)
    assert (history.undo_label, history.redo_label) == ("c", "")
    for project in projects[2::-1]:
        assert history.undo() is project
    assert (history.undo_label, history.redo_label) == ("", "a")
    assert (history.can_undo, history.can_redo) == (False, True)
    assert history.undo() is projects[0]
    for project in projects[1:]:
        assert history.redo() is project
    assert history.redo() is projects[3]


def test_applying_forgets_what_was_undone() -> None:
    a, b, c = _projects(3)
    history = History(a)
    history.apply("b", b)
    history.undo()
    history.apply("c", c)
    assert not history.can_redo
    assert history.undo() is a


def test_the_same_object_is_no_step() -> None:
    project = Project()
    history = History(project)
    history.apply("nothing", project)
    assert not history.can_undo


def test_a_gesture_is_one_step() -> None:
    projects = _projects(5)
    history = History(projects[0])
    for project in projects[1:4]:
        history.apply("Move", project, merge_key="move n1")
    history.apply("Move", projects[4], merge_key="move n2")
    assert history.undo() is projects[3]
    assert history.undo() is projects[0]
    assert history.redo() is projects[3]


def test_no_merging_without_a_key_or_after_undo() -> None:
    projects = _projects(5)
    history = History(projects[0])
    history.apply("a", projects[1])
    history.apply("a", projects[2])
    assert history.undo() is projects[1]
    history.apply("k", projects[2], "k")
    history.apply("l", projects[3], "l")
    history.undo()
    history.apply("l", projects[4], "l")
    assert history.undo() is projects[2]
    assert history.undo() is projects[1]


def test_saved_mark() -> None:
    a, b, c = _projects(3)
    history = History(a)
    modified = [history.is_modified]
    history.apply("Move", b, "k")
    modified.append(history.is_modified)
    history.mark_saved()
    modified.append(history.is_modified)
    history.apply("Move", c, "k")
    modified.append(history.is_modified)
    assert history.undo() is b, "what was saved stays within reach"
    modified.append(history.is_modified)
    history.undo()
    modified.append(history.is_modified)
    assert modified == [False, True, False, True, False, True]


def test_the_oldest_steps_are_forgotten() -> None:
    projects = _projects(1_500)
    history = History(projects[0])
    for project in projects[1:]:
        history.apply("a", project)
    steps = 0
    while history.can_undo:
        history.undo()
        steps += 1
    assert steps == 1_000
    assert history.project is projects[499]
    assert history.is_modified
