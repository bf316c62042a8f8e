"""Keras code as a drawing: parsed and followed, never executed."""

import ast
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from msgspec.structs import replace

from kgui.graph import edits
from kgui.graph.layout import arrange
from kgui.graph.project import Graph, Node, Project, Wire
from kgui.graph.quoting import shortened
from kgui.interchange.code.drawing import graph_of
from kgui.interchange.code.expressions import value_of
from kgui.interchange.code.faults import CodeError
from kgui.interchange.code.program import Program, Scope
from kgui.interchange.code.statements import run, run_function
from kgui.interchange.code.values import Model, Tensor, Unknown
from kgui.io.read import read_bytes
from kgui.language import tr

LONGEST = 800_000
"""Characters of a program."""
DEEPEST = 80
"""Expressions and statements inside each other."""

_SIGNS = re.compile(r"\bkeras\b|\blayers\.[A-Z]|\b(?:Sequential|Dense|Input|Model)\(")


@dataclass(frozen=True)
class CodeReading:
    """What was read."""

    graph: Graph
    """Nodes and wires; the ids are the names, all positions are 0."""
    training: dict[str, Any] = field(default_factory=dict)
    """Changes of the training settings."""
    validation: float | None = None
    """Share of the rows held out to validate; None where the code does not say it."""
    remarks: tuple[str, ...] = ()
    """Sentences, with their lines, about what was left out."""

    def onto(self, project: Project) -> Project:
        """The project with this drawing and these settings; what has kept its name stays there."""
        graph, all_known = _with_ids(self.graph, project.graph)
        if graph == project.graph:
            graph = project.graph
        changed = project if graph is project.graph else replace(project, graph=graph)
        changed = edits.set_training(changed, **self.training)
        if self.validation is not None:
            changed = edits.set_data(changed, validation=self.validation)
        return changed if all_known else edits.move(changed, arrange(changed))


def _with_ids(graph: Graph, before: Graph) -> tuple[Graph, bool]:
    """The graph with the ids and positions of nodes of the same name and type; whether all had."""
    known = {(node.name, node.type): node for node in before.nodes}
    nodes: list[Node] = []
    ids: dict[str, str] = {}
    taken = {node.id for node in before.nodes}
    for node in graph.nodes:
        old = known.get((node.name, node.type))
        ids[node.id] = _fresh_id(taken) if old is None else old.id
        position = node.position if old is None else old.position
        nodes.append(replace(node, id=ids[node.id], position=position))
    wires = tuple(
        Wire(ids[wire.source], wire.source_port, ids[wire.target], wire.target_port)
        for wire in graph.wires
    )
    return Graph(tuple(nodes), wires), all((n.name, n.type) in known for n in graph.nodes)


def _fresh_id(taken: set[str]) -> str:
    while (node_id := uuid4().hex[:12]) in taken:
        pass
    taken.add(node_id)
    return node_id


def load_code(path: str | Path) -> str:
    """The text of a Python file; InputError or OutputError in one sentence."""
    try:
        return read_bytes(path, LONGEST * 4, tr("program")).decode("utf-8-sig")
    except UnicodeDecodeError:
        sentence = tr("{file} is not UTF-8 text")
        raise CodeError(0, sentence.format(file=Path(path).name)) from None


def is_code(text: str) -> bool:
    """Whether a text looks like a program about Keras, before it is read."""
    return bool(_SIGNS.search(text[:LONGEST]))


def read_code(text: str) -> CodeReading:
    """The drawing that Keras code describes; CodeError in one sentence, with the line, if none."""
    module = _parsed(text)
    program = Program(text, lambda *call: run_function(program, *call))
    scope = Scope(program)
    try:
        run(module.body, scope)
        model = _model(program, scope)
        _look_into_functions(program, scope)
        graph = graph_of(model, program)
    except RecursionError:
        raise program.fault(tr("this is nested too deep")) from None
    settings = dict(model.settings)
    if program.seed is not None and 0 <= program.seed < 2**32:
        settings["seed"] = program.seed
    return CodeReading(graph, settings, model.validation, tuple(program.remarks))


def _parsed(text: str) -> ast.Module:
    if len(text) > LONGEST:
        sentence = tr("The code has {size:,} characters; at most {most:,} are read")
        raise CodeError(0, sentence.format(size=len(text), most=LONGEST))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text)
    except SyntaxError as error:
        reason = shortened(error.msg or "")
        sentence = tr("this is not Python ({reason})").format(reason=reason)
        raise CodeError(error.lineno or 0, sentence) from None
    except (ValueError, RecursionError, MemoryError):
        raise CodeError(0, tr("The text is not Python that can be read")) from None
    _require_shallow(module)
    return module


def _require_shallow(module: ast.Module) -> None:
    level: list[ast.AST] = [module]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    line = next((node.lineno for node in level if hasattr(node, "lineno")), 0)
    raise CodeError(line, tr("this is nested too deep"))


def _model(program: Program, scope: Scope) -> Model:
    """The model that the program is about; functions are called if nothing else makes one."""
    for function in list(program.functions):
        if not program.models and not program.calls and not function.is_called:
            definition = function.definition
            given = [Unknown(ast.Name(argument.arg)) for argument in definition.args.args]
            run_function(program, function, list(given), {}, definition)
    if program.models:
        inner = {call.operation for call in program.calls}
        inner |= {part for model in program.models for part in model.stack or ()}
        outer = [model for model in program.models if model not in inner] or program.models
        trained = [model for model in program.models if model.trained]
        if trained:
            return max(trained, key=lambda model: model.trained)
        usual = scope.names.get("model")
        return usual if usual in outer else outer[-1]
    if program.calls:
        return _loose_ends(program)
    if program.classes:
        raise CodeError(program.classes[0], tr("classes cannot be read as a drawing"))
    raise CodeError(0, tr("The code makes no Keras model"))


def _loose_ends(program: Program) -> Model:
    """The model of tensors that no `Model` was made of: from all inputs to all loose ends."""
    used = {tensor for call in program.calls for tensor in call.inputs}
    inputs = tuple(Tensor(call) for call in program.calls if not call.inputs)
    outputs = tuple(
        Tensor(call) for call in program.calls if call.inputs and Tensor(call) not in used
    )
    return Model(program.calls[0].line, inputs, outputs or inputs)


def _look_into_functions(program: Program, scope: Scope) -> None:
    """Find `compile` and `fit` in functions that nobody called."""
    for function in program.functions:
        if function.is_called or not isinstance(function.definition, ast.FunctionDef):
            continue
        inner = Scope(program, function.scope)
        arguments = function.definition.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            inner.names[argument.arg] = Unknown(ast.Name(argument.arg))
        for node in ast.walk(function.definition):
            program.step()
            if _is_training(node, inner):
                assert isinstance(node, ast.expr)  # noqa: S101 - a call is one
                value_of(node, inner)


def _is_training(node: ast.AST, scope: Scope) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    if node.func.attr not in ("compile", "fit") or not isinstance(owner, ast.Name):
        return False
    return owner.id in scope and isinstance(scope.find(owner.id), Model)
