"""Arguments in Python code as ``prefect.yaml`` has them: literals, and objects of Prefect's SDK made of them."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlparse

from prefect_provider.flow_code.scope import NotLiteralError, Scope, shown
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.text.path import Path

__all__ = ["SdkValues"]

_TRIGGERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        f"{prefix}{kind}Trigger": kind.lower()
        for prefix in ("", "Deployment")
        for kind in ("Event", "Metric", "Compound", "Sequence")
    }
)
_SCHEDULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{name: name.lower() for name in ("Cron", "Interval", "RRule")},
        **{f"{name}Schedule": name.lower() for name in ("Cron", "Interval", "RRule")},
    }
)
_PLAIN: Final = frozenset(
    {"ConcurrencyLimitConfig", "DeploymentScheduleCreate", "MetricTriggerQuery", "ResourceSpecification"}
)
_ENUMERATIONS: Final = frozenset({"Posture", "ConcurrencyLimitStrategy"})
_STEPS: Final[Mapping[str, str]] = MappingProxyType({"GitRepository": "git_clone"})
_OF_A_CLONE: Final[Mapping[str, str]] = MappingProxyType(
    {"url": "repository", "name": "clone_directory_name"}
)


class SdkValues:
    """Reads expressions of one file; what they do not tell is a problem at its line."""

    def __init__(self, scope: Scope, lines: dict[Path, int], problems: list[Problem]) -> None:
        self._scope: Final = scope
        self._lines: Final = lines
        self._problems: Final = problems
        self._following: Final[set[str]] = set()

    def of(self, node: ast.expr, path: Path) -> Any:
        """The value of an expression; ``None`` also for what is a problem."""
        self._lines.setdefault(path, node.lineno)
        match node:
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return self._dict([key for key in keys if key is not None], values, path)
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return [self.of(element, (*path, index)) for index, element in enumerate(elements)]
            case ast.Call():
                return self._call(node, path)
            case ast.Name(id=name) if name in self._scope.constants and name not in self._following:
                self._following.add(name)
                try:
                    return self.of(self._scope.constants[name], path)
                finally:
                    self._following.discard(name)
            case ast.Attribute(value=owner, attr=member) if self._prefect(owner) in _ENUMERATIONS:
                return member
        try:
            value = self._scope.literal(node)
        except NotLiteralError as error:
            return self._unknown(node, path, str(error))
        return sorted(value) if isinstance(value, set) else value

    @staticmethod
    def schedule(value: Any) -> Any:
        """A schedule as ``prefect.yaml`` has it, flat."""
        if isinstance(value, dict) and isinstance(value.get("schedule"), dict):
            value = {**value["schedule"], **{key: one for key, one in value.items() if key != "schedule"}}
        return value

    def _dict(self, keys: list[ast.expr], values: list[ast.expr], path: Path) -> dict[str, Any]:
        found = {}
        for key, value in zip(keys, values, strict=True):
            name = self.of(key, path)
            if not isinstance(name, str):
                self._problem(path, f"the key `{shown(key)}` is no text", "Write it as text.")
                continue
            self._lines[*path, name] = key.lineno
            found[name] = self.of(value, (*path, name))
        return found

    def _prefect(self, node: ast.expr) -> str | None:
        """The last name of what is imported from Prefect."""
        dotted = self._scope.dotted(node) or ""
        return dotted.rpartition(".")[2] if dotted.partition(".")[0] == "prefect" else None

    def _call(self, node: ast.Call, path: Path) -> Any:
        dotted = self._scope.dotted(node.func) or ""
        if dotted in ("datetime.timedelta", "datetime.datetime"):
            return self._moment(node, path, timedelta if dotted.endswith("timedelta") else datetime)
        called = self._prefect(node.func) or ""
        if called in _TRIGGERS:
            return {"type": _TRIGGERS[called], **self._named(node, path)}
        if called in _SCHEDULES:
            kind = _SCHEDULES[called]
            first = {kind: self.of(node.args[0], (*path, kind))} if node.args else {}
            return {**first, **self._named(node, path, taken=1)}
        if called in _STEPS:
            inputs = self._named(node, path)
            # It says how often a program that serves looks for new code.
            inputs.pop("pull_interval", None)
            clone = {_OF_A_CLONE.get(key, key): value for key, value in inputs.items()}
            if clone.get("clone_directory_name") == _clone_name(clone):
                del clone["clone_directory_name"]
            return {_STEPS[called]: clone}
        if called == "DockerImage":
            named = self._named(node, path)
            return ":".join(str(named[key]) for key in ("name", "tag") if key in named)
        if called in _PLAIN:
            return self._named(node, path)
        if isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
            return self._named(node, path)
        return self._unknown(node, path, shown(node))

    def _named(self, node: ast.Call, path: Path, *, taken: int = 0) -> dict[str, Any]:
        for extra in node.args[taken:]:
            self._unknown(extra, path, f"{shown(extra)}, which has no name")
        found = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                self._unknown(keyword.value, path, f"**{shown(keyword.value)}")
                continue
            self._lines[*path, keyword.arg] = keyword.value.lineno
            value = self.of(keyword.value, (*path, keyword.arg))
            if value is not None:
                found[keyword.arg] = value
        return found

    def _moment(self, node: ast.Call, path: Path, kind: type[timedelta | datetime]) -> Any:
        arguments: list[Any] = [self.of(one, path) for one in node.args]
        named: dict[str, Any] = {
            one.arg: UTC if self._scope.dotted(one.value) in _UTC else self.of(one.value, path)
            for one in node.keywords
            if one.arg is not None
        }
        try:
            value: Any = kind(*arguments, **named)
        except (TypeError, ValueError, OverflowError) as error:
            return self._unknown(node, path, f"{shown(node)}: {error}")
        if isinstance(value, datetime):
            return value.isoformat()
        seconds = value.total_seconds()
        return int(seconds) if seconds.is_integer() else seconds

    def _unknown(self, node: ast.expr, path: Path, said: str) -> None:
        self._lines[path] = node.lineno
        self._problem(path, f"this is known only when the code runs: {said}", "Write the value itself.")

    def _problem(self, path: Path, what: str, remedy: str) -> None:
        self._problems.append(Problem(path, what, remedy))


_UTC: Final = frozenset({"datetime.UTC", "datetime.timezone.utc"})


def _clone_name(clone: Mapping[str, Any]) -> str | None:
    """What Prefect calls the directory of a repository by itself; it does not say it in the step."""
    repository, branch = clone.get("repository"), clone.get("branch")
    if not isinstance(repository, str):
        return None
    name = urlparse(repository).path.split("/")[-1].replace(".git", "")
    return f"{name}-{branch.replace('/', '-')}" if isinstance(branch, str) and branch else name
