"""Deployments and automations as resources of Terraform's language."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.configuration.content import content
from prefect_iac.configuration.expressions import JsonText, Template, Written
from prefect_iac.configuration.hcl import block, quoted
from prefect_iac.convert.symbols import Symbol, Symbols
from prefect_provider.functions.yaml_automations import file_attributes
from prefect_provider.functions.yaml_deployments import deployment_attributes
from prefect_provider.functions.yaml_triggers import automation_attributes
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.plugin.engine.generation import generate
from prefect_provider.project.source import ProjectError
from prefect_provider.text import json
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from prefect_iac.convert.reading import Converted
    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.project.automations import FileAutomation
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
_FILE: Final = re.compile(r"[^:]+\.py:.+")


def hcl_code(converted: Converted, code: str) -> str:
    """A configuration; ``code`` is the directory of the flows relative to the configuration's."""
    symbols = converted.symbols
    writer = _Writer(symbols)
    blocks = []
    labels: set[str] = set()
    for one in converted.deployments:
        label = _unique(symbols.named(one.name), labels)
        blocks += writer.deployment(one, label, code)
    for automation in converted.automations:
        blocks.append(writer.automation(automation, _unique(automation.name, labels)))
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
                    body = {"type": Written("string"), "description": f"{symbol.name} of the environment."}
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
            written[head] = _block(head, body)
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
            place = posixpath.normpath(posixpath.join(code, FilePath(one.code).as_posix()))
            at = "${path.module}/" + ("" if place == "." else f"{place}/")
            call = f'provider::prefect::parameter_schema("{at}{quoted(entrypoint)[1:-1]}")'
            body["parameter_openapi_schema"] = Written(call)
        written = [_block(f'resource "prefect_deployment" "{label}"', body)]
        for position, trigger in enumerate(one.triggers, start=1):
            values = automation_attributes(trigger)
            for symbol in self._symbols.lost(trigger.trigger, values):
                what = f"a placeholder of {symbol.name} cannot stand here in Terraform's language"
                remedy = "Write the value, or convert to Python."
                trigger.source.refuse([Problem(trigger.path, what, remedy)])
            action = values.pop("action")
            automation = self._content(Automation, generate(Automation, {**values, "actions": [action]}))
            kind, *rest = automation["actions"][0].items()
            target = ("deployment_id", Written(f"prefect_deployment.{label}.id"))
            automation["actions"] = [dict([kind, target, *rest])]
            written.append(_block(f'resource "prefect_automation" "{label}_{position}"', automation))
        return written

    def automation(self, one: FileAutomation, label: str) -> str:
        body = self._content(Automation, generate(Automation, file_attributes(one)))
        return _block(f'resource "prefect_automation" "{label}"', body)

    def _content(self, declaration: type[Declaration], values: Mapping[str, Any]) -> dict[str, Any]:
        return content(declaration, values, lambda _, value: self._with_symbols(value), as_given=True)

    def _with_symbols(self, tree: Any) -> Any:
        """The tree with expressions in the place of the marks in its texts."""
        match tree:
            case str():
                return self._text(tree)
            case Mapping():
                return {key: self._with_symbols(item) for key, item in tree.items()}
            case list():
                return [self._with_symbols(item) for item in tree]
            case JsonText():
                return JsonText(self._with_symbols(tree.document))
            case float() if tree.is_integer():
                return int(tree)
        return tree

    def _text(self, text: str) -> str | Written | Template:
        parts = [
            Written(self._symbol(one)) if isinstance(one, Symbol) else one
            for one in self._symbols.parts(text)
        ]
        if not any(isinstance(one, Written) for one in parts):
            return text
        return parts[0] if len(parts) == 1 else Template(tuple(parts))

    def _symbol(self, symbol: Symbol) -> str:
        label = self._symbols.label(symbol)
        match symbol.kind:
            case "environment" | "step environment":
                return f"var.{label}"
            case "variable":
                return f"data.prefect_variable.{label}.value"
        keys = "".join(f"[{key}]" if key.isdecimal() else f"[{json.write(key)}]" for key in symbol.keys)
        return f"jsondecode(data.prefect_block.{label}.data){keys}"


def _block(head: str, body: Mapping[str, Any]) -> str:
    return f"{block(head, body)}\n"
