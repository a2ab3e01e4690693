"""Deployments as resources of Terraform's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.convert.symbols import Symbol, Symbols
from prefect_provider.functions.yaml_deployments import deployment_attributes
from prefect_provider.functions.yaml_triggers import automation_attributes
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.plugin.engine.generation import generate
from prefect_provider.plugin.language.kinds import Json
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.project.source import ProjectError
from prefect_provider.text import json
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.project.document import ProjectDeployment

__all__ = ["hcl_code"]

_HEAD: Final = """\
terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}
"""
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_FILE: Final = re.compile(r"[^:]+\.py:.+")


class _Code(NamedTuple):
    """An expression, as it is written."""

    text: str


class _Document(NamedTuple):
    """The JSON of a document."""

    value: Any


def hcl_code(deployments: Iterable[ProjectDeployment], symbols: Symbols, code: str) -> str:
    """A configuration; ``code`` is the directory of the flows relative to the configuration's."""
    writer = _Writer(symbols)
    blocks = []
    labels: set[str] = set()
    for one in deployments:
        label = _unique(symbols.named(one.name), labels)
        blocks += writer.deployment(one, label, code)
    return "\n".join([_HEAD, *writer.inputs(), *blocks])


def _unique(name: str, taken: set[str]) -> str:
    word = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "deployment"
    word = f"_{word}" if word[0].isdigit() else word
    label = next(one for one in (word, *(f"{word}_{n}" for n in range(2, 10_000))) if one not in taken)
    taken.add(label)
    return label


class _Writer:
    def __init__(self, symbols: Symbols) -> None:
        self._symbols: Final = symbols

    def inputs(self) -> list[str]:
        """The variables, and what is looked up."""
        written: dict[str, str] = {}
        for symbol in self._symbols.met:
            body: dict[str, Any]
            match symbol.kind:
                case "environment" | "step environment":
                    body = {"type": _Code("string"), "description": f"{symbol.name} of the environment."}
                    if symbol._replace(kind="environment") not in self._symbols.met:
                        body["default"] = f"{{{{ ${symbol.name} }}}}"
                    head = f'variable "{self._symbols.label(symbol)}"'
                case "variable":
                    body, head = (
                        {"name": symbol.name},
                        f'data "prefect_variable" "{self._symbols.label(symbol)}"',
                    )
                case "block":
                    kind, _, name = symbol.name.partition(".")
                    body, head = (
                        {"type_slug": kind, "name": name},
                        f'data "prefect_block" "{self._symbols.label(symbol)}"',
                    )
            written[head] = self._block(head, body)
        return list(written.values())

    def deployment(self, one: ProjectDeployment, label: str, code: str) -> list[str]:
        attributes = deployment_attributes(one.fields)
        lost = self._symbols.lost(one.fields, attributes)
        if lost:
            msg = f"{one.name}: a placeholder of {lost[0].name} cannot stand where it does in Terraform's language"
            raise ProjectError(self._symbols.placeholders(msg))
        body = self._content(Deployment, attributes)
        entrypoint = str(one.fields.get("entrypoint"))
        if "parameter_openapi_schema" in body and _FILE.fullmatch(entrypoint):
            at = "${path.module}/" + ("" if code == "." else f"{code}/")
            call = f'provider::prefect::parameter_schema("{at}{self._quoted(entrypoint)[1:-1]}")'
            body["parameter_openapi_schema"] = _Code(call)
        written = [self._block(f'resource "prefect_deployment" "{label}"', body)]
        for position, trigger in enumerate(one.triggers, start=1):
            values = automation_attributes(trigger)
            for symbol in self._symbols.lost(trigger.trigger, values):
                what = f"a placeholder of {symbol.name} cannot stand here in Terraform's language"
                remedy = "Write the value, or convert to Python."
                trigger.source.refuse([Problem(trigger.path, what, remedy)])
            action = values.pop("action")
            content = self._content(Automation, generate(Automation, {**values, "actions": [action]}))
            kind, *rest = content["actions"][0].items()
            target = ("deployment_id", _Code(f"prefect_deployment.{label}.id"))
            content["actions"] = [dict([kind, target, *rest])]
            written.append(self._block(f'resource "prefect_automation" "{label}_{position}"', content))
        return written

    def _content(self, declaration: type[Declaration], values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self._tree(attribute.kind, values[name])
            for name, attribute in declaration.attributes.items()
            if values.get(name) is not None
        }

    def _tree(self, kind: Any, value: Any) -> Any:
        if isinstance(kind, NestedKind):
            match kind.mode:
                case "single":
                    return self._content(kind.nested, value)
                case "map":
                    return {key: self._content(kind.nested, item) for key, item in value.items()}
            return [self._content(kind.nested, item) for item in value]
        return _Document(plain(Json.load(value))) if isinstance(kind, Json) else value

    def _block(self, head: str, body: Mapping[str, Any]) -> str:
        return "\n".join([f"{head} {{", *self._lines(body, 1), "}", ""])

    def _lines(self, body: Mapping[str, Any], depth: int) -> list[str]:
        indent = "  " * depth
        written = [(self._key(name), self._expression(value, depth)) for name, value in body.items()]
        runs: list[list[tuple[str, str]]] = []
        for name, text in written:
            if runs and "\n" not in text and "\n" not in runs[-1][-1][1]:
                runs[-1].append((name, text))
            else:
                runs.append([(name, text)])
        return [
            f"{indent}{name:<{max(len(one) for one, _ in run)}} = {text}"
            for run in runs
            for name, text in run
        ]

    def _key(self, key: str) -> str:
        return key if _IDENTIFIER.fullmatch(key) else self._quoted(key)

    def _expression(self, tree: Any, depth: int) -> str:
        indent = "  " * depth
        match tree:
            case _Code():
                return tree.text
            case _Document():
                return f"jsonencode({self._expression(tree.value, depth)})"
            case str():
                return self._text(tree)
            case Mapping():
                if not tree:
                    return "{}"
                return "\n".join(["{", *self._lines(tree, depth + 1), f"{indent}}}"])
            case list():
                if not any(isinstance(item, list | Mapping) for item in tree):
                    return f"[{', '.join(self._expression(item, depth) for item in tree)}]"
                lines = [f"{indent}  {self._expression(item, depth + 1)}," for item in tree]
                return "\n".join(["[", *lines, f"{indent}]"])
            case float() if tree.is_integer():
                return str(int(tree))
        return json.write(tree)

    def _text(self, text: str) -> str:
        parts = self._symbols.parts(text)
        if len(parts) == 1 and isinstance(parts[0], Symbol):
            return self._symbol(parts[0])
        written = (
            f"${{{self._symbol(part)}}}" if isinstance(part, Symbol) else self._quoted(part)[1:-1]
            for part in parts
        )
        return f'"{"".join(written)}"'

    def _symbol(self, symbol: Symbol) -> str:
        label = self._symbols.label(symbol)
        match symbol.kind:
            case "environment" | "step environment":
                return f"var.{label}"
            case "variable":
                return f"data.prefect_variable.{label}.value"
        keys = "".join(f"[{key}]" if key.isdecimal() else f"[{json.write(key)}]" for key in symbol.keys)
        return f"jsondecode(data.prefect_block.{label}.data){keys}"

    @staticmethod
    def _quoted(text: str) -> str:
        quoted = json.write(text).replace("${", "$${").replace("%{", "%%{")
        return quoted.replace("\\b", "\\u0008").replace("\\f", "\\u000c")
