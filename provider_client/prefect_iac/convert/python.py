"""Deployments as a program of the constructs."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.convert.symbols import Symbol, Symbols
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.server.deployment.pull_steps import pull_steps_from_api
from prefect_provider.plugin.language.kinds import Json
from prefect_provider.rules.prefect_yaml import automation_name
from prefect_provider.rules.schedules import KINDS
from prefect_provider.rules.triggers import infer_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.project.document import ProjectDeployment
    from prefect_provider.project.triggers import ProjectTrigger

__all__ = ["python_code"]

_WIDTH: Final = 100
_ARGUMENTS: Final[Mapping[str, str]] = {
    "grace_period_seconds": "grace_period",
    "work_pool_name": "work_pool",
    "work_queue_name": "work_queue",
}
_OF_THE_CODE: Final = frozenset({"flow_name", "parameter_openapi_schema"})
"""What the construct reads from the flow's code, where that is at hand."""

_SCHEDULES: Final = {"cron": "Cron", "interval": "Interval", "rrule": "RRule"}
_TRIGGERS: Final = {
    "event": "EventTrigger",
    "metric": "MetricTrigger",
    "compound": "CompoundTrigger",
    "sequence": "SequenceTrigger",
}


class _Call(NamedTuple):
    function: str
    positional: tuple[Any, ...]
    named: dict[str, Any]


class _Code(NamedTuple):
    text: str


def python_code(deployments: Iterable[ProjectDeployment], symbols: Symbols, code: str, of: str) -> str:
    """A program; ``code`` is the directory of the flows relative to it, ``of`` names what it is made from."""
    return _Writer(symbols).program(list(deployments), code, of)


class _Writer:
    def __init__(self, symbols: Symbols) -> None:
        self._symbols: Final = symbols
        self._ours: Final = {"PrefectProvider"}
        self._cdk: Final = {"App", "TerraformStack"}
        self._names: Final = {"self", "app", "name"}

    def program(self, deployments: list[ProjectDeployment], code: str, of: str) -> str:
        looked_up = self._look_ups()
        statements = [line for one in deployments for line in self._deployment(one)]
        environment = any(symbol.kind.endswith("environment") for symbol in self._symbols.met)
        reads_code = any("parameter_openapi_schema" in one.fields for one in deployments)
        standard = (["import os"] if environment else []) + (
            ["from pathlib import Path"] if reads_code else []
        )
        place = "Path(__file__).resolve().parent" + (
            f" / {self._plain(code)}" if code not in ("", ".") else ""
        )
        return "\n".join(
            [
                f'"""The deployments of {of}, and what triggers them."""',
                "",
                *standard,
                *([""] if standard else []),
                f"from cdktn import {', '.join(sorted(self._cdk))}",
                "",
                _imports(sorted(self._ours, key=lambda name: (name.islower(), name))),
                "",
                *([f"CODE = {place}", ""] if reads_code else []),
                "",
                "class Project(TerraformStack):",
                '    """The deployments, and an automation for each trigger."""',
                "",
                "    def __init__(self, app: App, name: str) -> None:",
                "        super().__init__(app, name)",
                '        PrefectProvider(self, "prefect")',
                *looked_up,
                *statements,
                "",
                "",
                'if __name__ == "__main__":',
                "    app = App()",
                '    Project(app, "project")',
                "    app.synth()",
                "",
            ]
        )

    def _look_ups(self) -> list[str]:
        lines: dict[str, None] = {}
        for symbol in self._symbols.met:
            if symbol.kind.endswith("environment"):
                continue
            word = self._variable(symbol)
            self._names.add(word)
            if symbol.kind == "variable":
                call = _Call("DataPrefectVariable", (_Code("self"), word), {"name": symbol.name})
            else:
                kind, _, name = symbol.name.partition(".")
                self._cdk.add("Fn")
                call = _Call("DataPrefectBlock", (_Code("self"), word), {"type_slug": kind, "name": name})
            self._ours.add(call.function)
            lines[f"        {word} = {self._written(call, 8)}"] = None
        return list(lines)

    def _variable(self, symbol: Symbol) -> str:
        return f"{symbol.kind}_{self._symbols.label(symbol).strip('_')}"

    def _deployment(self, one: ProjectDeployment) -> list[str]:
        self._ours.add("Deployment")
        fields = dict(one.fields)
        named: dict[str, Any] = {}
        reads_code = "parameter_openapi_schema" in fields
        for name, value in fields.items():
            if name == "name" or (reads_code and name in _OF_THE_CODE):
                continue
            if name == "schedules":
                named[name] = {slug: self._schedule(schedule) for slug, schedule in value.items()}
            elif name == "pull_steps":
                named[name] = [_step(step) for step in pull_steps_from_api(value)]
            else:
                named[_ARGUMENTS.get(name, name)] = value
        if reads_code:
            named |= {"code": _Code("CODE"), "parameter_schema_from_code": True}
        id_ = self._symbols.named(one.name)
        if self._symbols.is_marked(one.name):
            named = {"name": one.name, **named}
        word = self._word(id_)
        made = self._written(_Call("Deployment", (_Code("self"), id_), named), 8)
        lines = ["", f"        {word} = {made}" if one.triggers else f"        {made}"]
        for position, trigger in enumerate(one.triggers, start=1):
            lines.append(f"        {self._written(self._on(word, one.name, trigger, position), 8)}")
        return lines

    def _word(self, name: str) -> str:
        word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "deployment"
        word = f"_{word}" if word[0].isdigit() or keyword.iskeyword(word) else word
        found = next(
            one for one in (word, *(f"{word}_{n}" for n in range(2, 10_000))) if one not in self._names
        )
        self._names.add(found)
        return found

    def _schedule(self, schedule: Mapping[str, Any]) -> _Call:
        kind = next(kind for kind in KINDS if schedule.get(kind) is not None)
        self._ours.add(_SCHEDULES[kind])
        rest = {name: value for name, value in schedule.items() if name != kind}
        return _Call(_SCHEDULES[kind], (schedule[kind],), rest)

    def _on(self, word: str, deployment: str, trigger: ProjectTrigger, position: int) -> _Call:
        named: dict[str, Any] = dict(trigger.action)
        if trigger.name != automation_name(deployment, position):
            named["name"] = trigger.name
        named |= {
            name: value
            for name, value in (("description", trigger.description), ("enabled", trigger.enabled))
            if value is not None
        }
        return _Call(f"{word}.on", (self._trigger(trigger.trigger),), named)

    def _trigger(self, trigger: Mapping[str, Any]) -> _Call:
        kind = infer_kind(trigger) or "event"
        self._ours.add(_TRIGGERS[kind])
        named = {name: value for name, value in trigger.items() if name != "type" and value is not None}
        if kind == "metric":
            named.pop("posture", None)
        if kind in ("compound", "sequence"):
            named["triggers"] = [self._trigger(one) for one in trigger["triggers"]]
        return _Call(_TRIGGERS[kind], (), named)

    # ------------------------------------------------------------------ layout

    def _written(self, tree: Any, column: int) -> str:
        flat = self._flat(tree)
        if column + len(flat) <= _WIDTH:
            return flat
        inner = column + 4
        match tree:
            case _Call():
                parts = [self._written(one, inner) for one in tree.positional]
                parts += [f"{name}={self._written(one, inner)}" for name, one in tree.named.items()]
                begin, end = f"{tree.function}(", ")"
            case Mapping() if tree:
                parts = [f"{self._flat(key)}: {self._written(one, inner)}" for key, one in tree.items()]
                begin, end = "{", "}"
            case list() if tree:
                parts, begin, end = [self._written(one, inner) for one in tree], "[", "]"
            case _:
                return flat
        lines = [f"{' ' * inner}{part}," for part in parts]
        return "\n".join([begin, *lines, f"{' ' * column}{end}"])

    def _flat(self, tree: Any) -> str:
        match tree:
            case _Code():
                return tree.text
            case _Call():
                parts = [self._flat(one) for one in tree.positional]
                parts += [f"{name}={self._flat(one)}" for name, one in tree.named.items()]
                return f"{tree.function}({', '.join(parts)})"
            case str():
                return self._text(tree)
            case Mapping():
                pairs = (f"{self._flat(key)}: {self._flat(one)}" for key, one in tree.items())
                return f"{{{', '.join(pairs)}}}"
            case list():
                return f"[{', '.join(map(self._flat, tree))}]"
            case float() if tree.is_integer():
                return repr(int(tree))
        return repr(tree)

    def _text(self, text: str) -> str:
        parts = self._symbols.parts(text)
        if len(parts) == 1 and isinstance(parts[0], Symbol):
            return self._symbol(parts[0])
        written = [self._plain(one) if isinstance(one, str) else self._joined(one) for one in parts]
        return " + ".join(written) or '""'

    def _plain(self, text: str) -> str:
        quoted = repr(text)
        if quoted.startswith("'") and '"' not in text:
            quoted = f'"{quoted[1:-1]}"'.replace("\\'", "'")
        if "${" in text or "%{" in text:
            self._ours.add("literal")
            return f"literal({quoted})"
        return quoted

    def _symbol(self, symbol: Symbol) -> str:
        match symbol.kind:
            case "environment":
                return f'os.environ["{symbol.name}"]'
            case "step environment":
                return f'os.environ.get("{symbol.name}", "{{{{ ${symbol.name} }}}}")'
            case "variable":
                return f"{self._variable(symbol)}.value"
        data = f"Fn.jsondecode({self._variable(symbol)}.data)"
        keys = ", ".join(map(self._plain, symbol.keys))
        return f"Fn.lookup_nested({data}, [{keys}])" if keys else data

    def _joined(self, symbol: Symbol) -> str:
        written = self._symbol(symbol)
        if symbol.kind.endswith("environment"):
            return written
        self._cdk.add("Token")
        return f"Token.as_string({written})"


def _imports(names: list[str]) -> str:
    line = f"from prefect_constructs import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    return "\n".join(["from prefect_constructs import (", *(f"    {name}," for name in names), ")"])


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in step.items() if value is not None}
    if isinstance(found.get("inputs"), str):
        found["inputs"] = plain(Json.load(found["inputs"]))
    return {name: plain(value) for name, value in found.items()}
