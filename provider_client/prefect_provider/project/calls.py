"""Deployments that Python code makes with `.serve(...)`, `.deploy(...)` and `.to_deployment(...)`; it is not run.

They become what an entry of ``prefect.yaml`` says, with the line of each argument. What is known only when the code
runs is an error at its line.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, TypeVar

from prefect_provider.flow_code.code import FlowSourceError, find_code
from prefect_provider.flow_code.scope import Scope, shown
from prefect_provider.flow_code.source import default_flow_name, read_flow_name
from prefect_provider.project.names import Names
from prefect_provider.project.source import ProjectError, Source
from prefect_provider.project.storage import Places, source_step
from prefect_provider.project.values import SdkValues
from prefect_provider.rules.yaml_text import YamlText
from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import closest, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.text.path import Path

__all__ = ["read_calls"]

_FLOW: Final = frozenset({"prefect.flow", "prefect.flows.flow", "prefect.main.flow"})
_SERVES: Final = frozenset({"serve"})
_MAKES: Final = _SERVES | {"deploy", "adeploy", "to_deployment", "ato_deployment"}
_APPLIES: Final = frozenset({"apply", "aapply"})
_FROM_SOURCE: Final = frozenset({"from_source", "afrom_source"})
_SEVERAL: Final = frozenset(
    {f"{module}.serve" for module in ("prefect", "prefect.flows", "prefect.main")}
    | {f"{module}.deploy" for module in ("prefect", "prefect.deployments", "prefect.deployments.runner")}
)
_ADDS: Final = frozenset({"add_flow", "aadd_flow"})
_CLASSES: Final = frozenset({"Deployment", "RunnerDeployment"})
_DEEPEST: Final = 20
"""How often a name may stand for another."""

_SAME: Final = frozenset(
    {"concurrency_limit", "description", "enforce_parameter_schema", "name", "parameters", "paused", "tags"}
    | {"schedule", "triggers", "version"}
)
_POOL: Final[Mapping[str, str]] = {
    "work_pool_name": "name",
    "work_queue_name": "work_queue_name",
    "job_variables": "job_variables",
}
_OF_ANY_POOL: Final = frozenset({"image", "work_pool_name"})
"""What tells `apply` of a deployment from that of others."""

_KINDS: Final = ("cron", "interval", "rrule")
_OF_THE_PROGRAM: Final = frozenset(
    {"build", "push", "ignore_warnings", "limit", "pause_on_shutdown"}
    | {"print_next_steps", "print_next_steps_message", "print_starting_message", "webserver"}
)
"""Arguments that say how the program goes on, or how it builds its image, and nothing of the deployment."""


def read_calls(text: str, place: str, directory: FilePath | None = None) -> Source:
    """The deployments of a Python file; ``place`` is the file's path as entrypoints have it. Raises ProjectError.

    ``directory`` is where the program would run: what it imports is looked for there, and beside the file. Without it
    nothing but the text is read.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        msg = f"line {line}: this is no Python: {getattr(error, 'msg', error)}"
        raise ProjectError(msg) from error
    lines: dict[Path, int] = {}
    reading = _Calls(tree, place, directory, lines)
    deployments = [
        reading.deployment(call, shared, ("deployments", index), lines)
        for index, (call, shared) in enumerate(reading.calls())
    ]
    source = Source(YamlText({"deployments": deployments}, lines))
    source.refuse(reading.problems)
    return source


class _Calls:
    def __init__(
        self, tree: ast.Module, place: str, directory: FilePath | None, lines: dict[Path, int]
    ) -> None:
        self._tree: Final = tree
        self._place: Final = place
        self._directory: Final = directory
        self._lines: Final = lines
        self._scope: Final = Scope(tree)
        self._names: Final = Names(tree, self._scope)
        self._changed: Final = {
            id(_awaited(one)) for one in self._names.changed() if isinstance(one, ast.expr)
        }
        self._flows: Final = {
            id(node)
            for node in tree.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            and any(self._is_flow(one) for one in node.decorator_list)
        }
        self.problems: Final[list[Problem]] = []

    def _is_flow(self, decorator: ast.expr) -> bool:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        return self._scope.dotted(called) in _FLOW

    def calls(self) -> Iterator[tuple[ast.Call, list[ast.keyword]]]:
        """The calls that make a deployment, in the order of the file, with what is said for several of them."""
        shared: dict[int, list[ast.keyword]] = {}
        found: list[ast.Call] = []
        called: set[int] = set()
        for node in ast.walk(self._tree):
            if not isinstance(node, ast.Call):
                continue
            called.add(id(node.func))
            name = node.func.attr if isinstance(node.func, ast.Attribute) else shown(node.func)
            if self._names.at(node).dotted(node.func) in _SEVERAL:
                for argument in node.args:
                    self._share(argument, node, shared, name, _told(node.keywords))
            elif isinstance(node.func, ast.Attribute) and name in _APPLIES:
                owner = node.func.value
                is_known = not isinstance(owner, ast.Name) or self._names.every(owner)
                told = _told(node.keywords) & _OF_ANY_POOL if is_known else set()
                self._share(owner, node, shared, name, told)
            elif self._makes(node.func):
                found.append(node)
            elif self._makes_otherwise(node):
                self._astray(node, name, f"deployments that `{shown(node.func)}` makes are not read")
        self._refuse_uncalled(called)
        for call in sorted(found, key=lambda one: (one.lineno, one.col_offset)):
            yield call, shared.get(id(call), [])

    def _refuse_uncalled(self, called: set[int]) -> None:
        """Methods that make deployments of this file's flows, and are given to something that calls them."""
        for node in ast.walk(self._tree):
            if not isinstance(node, ast.Attribute) or node.attr not in _MAKES or id(node) in called:
                continue
            if self._is_flow_of_this_file(node.value):
                self._astray(node, node.attr, f"`{shown(node)}` is called elsewhere")

    def _share(
        self,
        argument: ast.expr,
        node: ast.Call,
        shared: dict[int, list[ast.keyword]],
        name: str,
        told: set[str],
    ) -> None:
        """Note what a call says for the deployments that it is given."""
        made = list(self._made(argument))
        for one in made:
            shared[id(one)] = node.keywords
        imported = self._imported(argument.value if isinstance(argument, ast.Starred) else argument)
        if not made and (told or (imported and name not in _APPLIES)):
            self._astray(argument, name, f"what this is, is known only when the code runs: {shown(argument)}")

    def _astray(self, node: ast.expr, name: str, what: str) -> None:
        """Say once for each kind that deployments are made in a way that cannot be followed."""
        if (name,) not in self._lines:
            self._refuse(node, (name,), self._lines, what)

    def _makes_otherwise(self, call: ast.Call) -> bool:
        """Whether a deployment is made by other means: a runner, or a class of Prefect's."""
        if not isinstance(call.func, ast.Attribute):
            return False
        if call.func.attr in _ADDS:
            return not self._is_of_others(call.func.value)
        dotted = self._names.at(call).dotted(call.func.value) or ""
        return (
            dotted.partition(".")[0] == "prefect"
            and dotted.rpartition(".")[2] in _CLASSES
            and call.func.attr.removeprefix("a").startswith(("from_", "build_from"))
        )

    def _is_flow_of_this_file(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and id(self._names.only(node)) in self._flows

    def _made(self, node: ast.expr, depth: int = 0) -> Iterator[ast.expr]:
        """The calls that an expression stands for: by a name, in a list, awaited."""
        node = _awaited(node.value if isinstance(node, ast.Starred) else node)
        if isinstance(node, ast.Name):
            value = self._names.only(node)
            if isinstance(value, ast.expr) and depth < _DEEPEST:
                yield from self._made(value, depth + 1)
        elif isinstance(node, (ast.List, ast.Tuple)):
            for element in node.elts:
                yield from self._made(element, depth + 1)
        elif isinstance(node, ast.Call) and self._makes(node.func):
            yield node

    def _makes(self, called: ast.expr) -> bool:
        """Whether what is called is a method that makes a deployment of a flow."""
        return (
            isinstance(called, ast.Attribute)
            and called.attr in _MAKES
            and not self._is_of_others(called.value)
        )

    def _is_of_others(self, owner: ast.expr) -> bool:
        """Whether something is made by a class of this file, or of a package that is not Prefect: `FastAPI()`."""
        made = self._names.every(owner) if isinstance(owner, ast.Name) else [owner]
        return bool(made) and all(self._is_made_by_others(_awaited(one)) for one in made)

    def _is_made_by_others(self, made: ast.AST) -> bool:
        if not isinstance(made, ast.Call):
            return False
        root: ast.expr = made.func
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name) or self._is_flow_of_this_file(root):
            return False
        scope = self._names.at(root)
        origin = scope.imports.get(root.id, "")
        return root.id in scope.classes or (origin != "" and origin.partition(".")[0] != "prefect")

    def deployment(
        self, call: ast.Call, shared: list[ast.keyword], path: Path, lines: dict[Path, int]
    ) -> dict[str, Any]:
        """What a call says, as an entry of ``prefect.yaml`` does."""
        lines[path] = call.lineno
        entry: dict[str, Any] = {}
        assert isinstance(call.func, ast.Attribute)  # noqa: S101 - only such calls are found
        self._flow(call.func.value, entry, path, lines)
        if id(call) in self._changed:
            self._refuse(call, path, lines, "this deployment is changed after it is made")
        served = call.func.attr in _SERVES
        positional = [ast.keyword("name", one) for one in call.args[:1]]
        for extra in call.args[1:]:
            self._refuse(extra, path, lines, "arguments are to be named")
        # What is said for several deployments comes before what one of them says, and an image before all variables.
        own = sorted(call.keywords, key=lambda keyword: keyword.arg == "image")
        for keyword in [*positional, *own, *shared]:
            name, node = keyword.arg, keyword.value
            if name is None:
                self._refuse(node, path, lines, "arguments given with ** are not read")
            elif name == "entrypoint_type":
                self._entrypoint_type(node, call.func.value, entry, path, lines)
            elif name not in _OF_THE_PROGRAM:
                called = "concurrency_limit" if served and name == "global_limit" else name
                self._argument(called, node, entry, path, lines)
        if isinstance(entry.get("name"), str):
            # As Prefect does, for the sake of `serve(__file__)`.
            entry["name"] = entry["name"].removesuffix(".py")
        if "name" not in entry and served:
            entry["name"] = self._flow_name(entry["entrypoint"])
        return entry

    def _flow_name(self, entrypoint: str) -> str:
        try:
            name = read_flow_name(entrypoint, self._directory) if self._directory else None
        except FlowSourceError:
            name = None
        return name or default_flow_name(entrypoint)

    def _entrypoint_type(
        self, kind: ast.expr, flow: ast.expr, entry: dict[str, Any], path: Path, lines: dict[Path, int]
    ) -> None:
        if not (isinstance(kind, ast.Attribute) and kind.attr in ("FILE_PATH", "MODULE_PATH")):
            what = f"this is known only when the code runs: {shown(kind)}"
            self._refuse(kind, (*path, "entrypoint_type"), lines, what)
        elif kind.attr == "MODULE_PATH":
            origin = self._imported(flow)
            if origin is None:
                what = "the module of this flow is called `__main__` where this file is run"
                self._refuse(kind, (*path, "entrypoint_type"), lines, what)
            else:
                entry["entrypoint"] = origin

    def _argument(
        self,
        name: str,
        node: ast.expr,
        entry: dict[str, Any],
        path: Path,
        lines: dict[Path, int],
    ) -> None:
        values = self._values(node)
        pool: dict[str, Any] = {}
        if name in _SAME:
            lines[*path, name] = node.lineno
            value = values.of(node, (*path, name))
            if value is not None:
                entry[name] = value
        elif name in _POOL:
            pool = {_POOL[name]: values.of(node, (*path, "work_pool", _POOL[name]))}
        elif name == "image":
            image = values.of(node, (*path, "work_pool", "job_variables", "image"))
            if image is not None:
                pool = {"job_variables": {"image": image}}
        elif name in _KINDS or name == "schedules":
            listed = entry.setdefault("schedules", [])
            for one in node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]:
                place = (*path, "schedules", len(listed))
                lines[place] = one.lineno
                value = values.of(one, place)
                if value is not None:
                    listed.append({name: value} if name in _KINDS else values.schedule(value))
        else:
            known = sorted({*_SAME, *_POOL, *_KINDS, "image", "schedules"})
            near = closest(name, known)
            remedy = f"Did you mean `{near}`?" if near else f"There are {names(known)}."
            lines[*path, name] = node.lineno
            self.problems.append(Problem((*path, name), f"a deployment has no `{name}`", remedy))
        given = {key: value for key, value in pool.items() if value is not None}
        if given:
            before = entry.setdefault("work_pool", {})
            variables = {**before.get("job_variables", {}), **given.pop("job_variables", {})}
            before |= given | ({"job_variables": variables} if variables else {})

    def _values(self, node: ast.AST) -> SdkValues:
        return SdkValues(self._names.at(node), self._lines, self.problems)

    def _flow(
        self, node: ast.expr, entry: dict[str, Any], path: Path, lines: dict[Path, int], depth: int = 0
    ) -> None:
        """The entrypoint, and the pull steps of a flow whose code lies elsewhere."""
        entry["entrypoint"] = ""
        node = _awaited(node)
        if isinstance(node, ast.Name):
            value = self._names.only(node)
            if id(value) in self._flows:
                entry["entrypoint"] = f"{self._place}:{getattr(value, 'name', '')}"
                return
            if isinstance(value, ast.expr) and depth < _DEEPEST:
                self._flow(value, entry, path, lines, depth + 1)
                return
        origin = self._imported(node)
        if origin is not None:
            entry["entrypoint"] = self._in_a_file(origin)
            return
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(called, ast.Attribute) and called.attr in _FROM_SOURCE:
            self._from_source(node, entry, path, lines)
            return
        what = f"the flow `{shown(node)}` is none of this file"
        if isinstance(node, ast.Name) and len(self._names.every(node)) > 1:
            what = f"`{shown(node)}` is more than one thing in this file"
        self._refuse(node, (*path, "entrypoint"), lines, what)

    def _imported(self, node: ast.expr) -> str | None:
        """The dotted name of what comes from another module, or of a part of a module."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        scope = self._names.at(node)
        is_import = isinstance(root, ast.Name) and root.id in scope.imports
        return scope.dotted(node) if is_import else None

    def _in_a_file(self, origin: str) -> str:
        """The entrypoint of an imported flow, whose file Prefect names, from where the program would run."""
        if self._directory is None:
            return origin
        beside = self._directory / FilePath(self._place).parent
        for base in (beside, self._directory):
            try:
                code = find_code(origin, base)
            except FlowSourceError:
                code = None
            if code is not None:
                file = os.path.relpath(code.file.resolve(), self._directory.resolve())
                return f"{FilePath(file).as_posix()}:{origin.rpartition('.')[2]}"
        return origin

    def _from_source(
        self,
        call: ast.Call,
        entry: dict[str, Any],
        path: Path,
        lines: dict[Path, int],
    ) -> None:
        values = self._values(call)
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        given |= dict(zip(("source", "entrypoint"), call.args, strict=False))
        if "source" not in given or "entrypoint" not in given:
            self._refuse(call, path, lines, "`from_source` is to have a `source` and an `entrypoint`")
            return
        entry["entrypoint"] = values.of(given["entrypoint"], (*path, "entrypoint")) or ""
        lines[*path, "pull"] = given["source"].lineno
        place = self._place_of(given["source"])
        source = str(place) if place is not None else values.of(given["source"], (*path, "pull"))
        if isinstance(source, str):
            entry["pull"] = [source_step(source, self._local)]
        elif isinstance(source, dict):
            steps = {f"prefect.deployments.steps.{name}": inputs for name, inputs in source.items()}
            entry["pull"] = [steps]

    def _place_of(self, node: ast.expr) -> FilePath | None:
        if self._directory is None:
            return None
        return Places(self._names.at(node), self._directory, self._place).of(node)

    def _local(self, directory: str) -> str:
        """A directory as Prefect keeps it, which is from the root on."""
        return directory if self._directory is None else str((self._directory / directory).resolve())

    def _refuse(self, node: ast.expr, path: Path, lines: dict[Path, int], what: str) -> None:
        lines[path] = node.lineno
        self.problems.append(Problem(path, what, "Write it out, or make this deployment by hand."))


_Node = TypeVar("_Node", bound=ast.AST)


def _awaited(node: _Node) -> _Node | ast.expr:
    return node.value if isinstance(node, ast.Await) else node


def _told(keywords: list[ast.keyword]) -> set[str]:
    """What a call says of deployments."""
    return {keyword.arg or "**" for keyword in keywords} - _OF_THE_PROGRAM
