"""Deployments and automations as a program of the constructs."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.configuration.constructs import arguments_of
from prefect_iac.configuration.content import content
from prefect_iac.configuration.expressions import Written
from prefect_iac.configuration.python import (
    Code,
    Group,
    call,
    expression,
    functions_in,
    quoted,
    statement,
)
from prefect_iac.convert.symbols import Symbol, Symbols
from prefect_provider.functions.yaml_automations import file_attributes
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.deployment.pull_steps import pull_steps_from_api
from prefect_provider.plugin.engine.generation import generate
from prefect_provider.plugin.language.kinds import Json
from prefect_provider.rules.prefect_yaml import automation_name
from prefect_provider.rules.schedules import KINDS
from prefect_provider.rules.triggers import infer_kind

if TYPE_CHECKING:
    from prefect_iac.configuration.expressions import Reference
    from prefect_iac.convert.reading import Converted
    from prefect_provider.project.automations import FileAutomation
    from prefect_provider.project.document import ProjectDeployment
    from prefect_provider.project.triggers import ProjectTrigger

__all__ = ["python_code"]

_WIDTH: Final = 100
_DEPLOYMENTS: Final = "The deployments, and an automation for each trigger."
_AUTOMATIONS: Final = "The automations."
_ARGUMENTS: Final[Mapping[str, str]] = {
    "grace_period_seconds": "grace_period",
    "work_pool_name": "work_pool",
    "work_queue_name": "work_queue",
}
_NOT_IN_IDS: Final = re.compile(r"[^A-Za-z0-9_-]")
"""What the CDK leaves out of an id to have the name in Terraform's state."""

_OF_THE_PROGRAM: Final = frozenset({"app", "literal", "name", "os", "self", "super"})
"""The words that its code uses itself."""

_OF_THE_CODE: Final = frozenset({"flow_name", "parameter_openapi_schema"})
"""What the construct reads from the flow's code, where that is at hand."""

_SCHEDULES: Final = {"cron": "Cron", "interval": "Interval", "rrule": "RRule"}
_TRIGGERS: Final = {
    "event": "EventTrigger",
    "metric": "MetricTrigger",
    "compound": "CompoundTrigger",
    "sequence": "SequenceTrigger",
}


def python_code(converted: Converted, code: str, of: str) -> str:
    """A program; ``code`` is the directory of the flows relative to it, ``of`` names what it is made from."""
    return _Writer(converted.symbols).program(converted, code, of)


class _Writer:
    def __init__(self, symbols: Symbols) -> None:
        self._symbols: Final = symbols
        self._ours: Final = {"PrefectProvider"}
        self._cdk: Final = {"App", "TerraformStack"}
        self._names: Final = set(_OF_THE_PROGRAM)
        self._ids: Final = {"prefect"}

    def program(self, converted: Converted, code: str, of: str) -> str:
        deployments = converted.deployments
        looked_up = self._look_ups()
        statements = [line for one in deployments for line in self._deployment(one)]
        statements += [line for one in converted.automations for line in self._automation(one)]
        made, whole = (
            (f"The deployments of {of}, and what triggers them.", _DEPLOYMENTS)
            if deployments
            else (f"The automations of {of}.", _AUTOMATIONS)
        )
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
                f'"""{made}"""',
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
                f'    """{whole}"""',
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
            self._ids.add(word)
            if symbol.kind == "variable":
                function, given = "DataPrefectVariable", {"name": symbol.name}
            else:
                kind, _, name = symbol.name.partition(".")
                self._cdk.add("Fn")
                function, given = "DataPrefectBlock", {"type_slug": kind, "name": name}
            self._ours.add(function)
            lines[self._statement(f"{word} = ", self._made(function, word, given))] = None
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
            place = "" if one.code == "." else f" / {quoted(FilePath(one.code).as_posix())}"
            named |= {"code": Written(f"CODE{place}"), "parameter_schema_from_code": True}
        called = self._symbols.named(one.name)
        id_ = self._id(called, "deployment")
        if id_ != one.name:
            named = {"name": one.name, **named}
        word = self._word(called)
        made = self._made("Deployment", id_, named)
        lines = ["", self._statement(f"{word} = " if one.triggers else "", made)]
        for position, trigger in enumerate(one.triggers, start=1):
            lines.append(self._statement("", self._on(word, one.name, trigger, position)))
        return lines

    def _automation(self, one: FileAutomation) -> list[str]:
        values = generate(Automation, file_attributes(one))
        body = content(Automation, values, lambda _, value: value, as_given=True)
        id_ = self._id(one.name, "automation")
        if id_ == one.name:
            del body["name"]
        code = call(
            "Automation", ["self", quoted(id_)], arguments_of("prefect_automation", body, _none, _none)
        )
        self._ours.update(functions_in(code))
        return ["", self._statement("", code)]

    def _id(self, name: str, otherwise: str) -> str:
        """An id, which is the name wherever that can be one and is not taken."""
        bare = _NOT_IN_IDS.sub("", name)
        if "${" in name or "%{" in name or not re.match("[A-Za-z_]", bare):
            bare = _NOT_IN_IDS.sub("_", name).strip("_-")
            name = f"_{bare}" if bare[:1].isdigit() else bare or otherwise
        longer = (name, *(f"{name}_{n}" for n in range(2, 10_000)))
        found = next(one for one in longer if not {one, _NOT_IN_IDS.sub("", one)} & self._ids)
        self._ids.update((found, _NOT_IN_IDS.sub("", found)))
        return found

    def _word(self, name: str) -> str:
        word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "deployment"
        word = f"_{word}" if word[0].isdigit() or keyword.iskeyword(word) else word
        found = next(
            one for one in (word, *(f"{word}_{n}" for n in range(2, 10_000))) if one not in self._names
        )
        self._names.add(found)
        return found

    def _schedule(self, schedule: Mapping[str, Any]) -> Group:
        kind = next(kind for kind in KINDS if schedule.get(kind) is not None)
        self._ours.add(_SCHEDULES[kind])
        rest = {name: value for name, value in schedule.items() if name != kind}
        return self._call(_SCHEDULES[kind], [schedule[kind]], rest)

    def _on(self, word: str, deployment: str, trigger: ProjectTrigger, position: int) -> Group:
        named: dict[str, Any] = dict(trigger.action)
        if trigger.name != automation_name(deployment, position):
            named["name"] = trigger.name
        named |= {
            name: value
            for name, value in (("description", trigger.description), ("enabled", trigger.enabled))
            if value is not None
        }
        return self._call(f"{word}.on", [self._trigger(trigger.trigger)], named)

    def _trigger(self, trigger: Mapping[str, Any]) -> Group:
        kind = infer_kind(trigger) or "event"
        self._ours.add(_TRIGGERS[kind])
        named = {name: value for name, value in trigger.items() if name != "type" and value is not None}
        if kind == "metric":
            named.pop("posture", None)
        if kind in ("compound", "sequence"):
            named["triggers"] = [self._trigger(one) for one in trigger["triggers"]]
        return self._call(_TRIGGERS[kind], [], named)

    # ------------------------------------------------------------------ code

    def _made(self, function: str, id_: str, named: Mapping[str, Any]) -> Group:
        """A construct that is made in the stack."""
        return self._call(function, [Written("self"), id_], named)

    def _call(self, function: str, positional: list[Any], named: Mapping[str, Any]) -> Group:
        given = {name: self._value(value) for name, value in named.items()}
        return call(function, [self._value(one) for one in positional], given)

    def _value(self, tree: Any) -> Code:
        code = expression(self._with_symbols(tree), lambda one: f"{one.label}.{one.attribute}")
        if "literal" in functions_in(code):
            self._ours.add("literal")
        return code

    @staticmethod
    def _statement(head: str, code: Code) -> str:
        return statement(head, code, indent=8, width=_WIDTH)

    def _with_symbols(self, tree: Any) -> Any:
        """The tree with expressions in the place of the marks in its texts."""
        match tree:
            case Group() | Written():
                return tree
            case str():
                return Written(self._text(tree)) if self._symbols.is_marked(tree) else tree
            case Mapping():
                return {self._with_symbols(key): self._with_symbols(item) for key, item in tree.items()}
            case list():
                return [self._with_symbols(item) for item in tree]
            case float() if tree.is_integer():
                return int(tree)
        return tree

    def _text(self, text: str) -> str:
        parts = self._symbols.parts(text)
        if len(parts) == 1 and isinstance(parts[0], Symbol):
            return self._symbol(parts[0])
        return " + ".join(self._plain(one) if isinstance(one, str) else self._joined(one) for one in parts)

    def _plain(self, text: str) -> str:
        if "${" in text or "%{" in text:
            self._ours.add("literal")
            return f"literal({quoted(text)})"
        return quoted(text)

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


def _none(reference: Reference) -> str:
    msg = f"a file of automations refers to no {reference.attribute}"
    raise AssertionError(msg)


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
