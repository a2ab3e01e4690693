"""An object as the block of configuration that somebody would write for it, in Terraform's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.secrecy.documents import masked
from prefect_provider.objects.mapping import plain
from prefect_provider.plugin.engine.generation import generate
from prefect_provider.plugin.language.kinds import Json
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.text import json
from prefect_provider.text.masking import SENSITIVE

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Attribute, Declaration
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values

__all__ = ["label_of", "resource_block"]

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_HIDDEN: Final = "null # hidden; --show-values prints it"
"""A value that is required and null is refused, so that nobody applies what was hidden as if it were the value."""

_NEVER_SHOWN: Final = frozenset({"value", "parameters", "job_variables", "payload"})
"""Attributes whose values are for flows, and may be anything."""


def resource_block(kind: type[Resource], label: str, values: Values, *, show_values: bool) -> str:
    """The ``resource`` block of an object with these values: what differs from its default, without its id.

    Unless ``show_values``, what flows are given is hidden, and what may be secret elsewhere.
    """
    writer = _Writer(show_values)
    lines = writer.attributes(kind, generate(kind, values), 1)
    return "\n".join([f'resource "{kind.type_name}" "{label}" {{', *lines, "}"])


def label_of(name: str) -> str:
    """A name of Terraform's for an object of that name."""
    label = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")
    return label if _IDENTIFIER.fullmatch(label) else f"_{label}" if label else "restored"


class _Writer:
    def __init__(self, show_values: bool) -> None:
        self._show_values = show_values

    def attributes(self, declaration: type[Declaration], values: Mapping[str, Any], depth: int) -> list[str]:
        """A line or more for each attribute that has a value, as ``terraform fmt`` has them."""
        indent = "  " * depth
        written = [
            (name, self._attribute(attribute, values[name], depth))
            for name, attribute in declaration.attributes.items()
            if values.get(name) is not None
        ]
        return _aligned(written, indent)

    def _attribute(self, attribute: Attribute, value: Any, depth: int) -> str:
        kind = attribute.kind
        if isinstance(kind, NestedKind):
            return self._nested(kind, value, depth)
        if not self._show_values and (attribute.sensitive or attribute.name in _NEVER_SHOWN):
            return _HIDDEN
        if isinstance(kind, Json):
            return f"jsonencode({_expression(self._open(plain(Json.load(value))), depth)})"
        return _expression(self._open({attribute.name: plain(value)})[attribute.name], depth)

    def _open(self, document: Any) -> Any:
        return document if self._show_values else masked(document)

    def _nested(self, kind: NestedKind, value: Any, depth: int) -> str:
        indent = "  " * depth

        def one(item: Mapping[str, Any], at: int) -> str:
            lines = self.attributes(kind.nested, item, at + 1)
            return "\n".join(["{", *lines, f"{'  ' * at}}}"])

        match kind.mode:
            case "single":
                return one(value, depth)
            case "map":
                items = [
                    f"{indent}  {_key(key)} = {one(item, depth + 1)}" for key, item in sorted(value.items())
                ]
                return "\n".join(["{", *items, f"{indent}}}"])
        items = [f"{indent}  {one(item, depth + 1)}," for item in value]
        return "\n".join(["[", *items, f"{indent}]"]) if items else "[]"


def _aligned(written: list[tuple[str, str]], indent: str) -> list[str]:
    """A line for each name and its value; those of one line each are aligned together, a longer one stands alone."""
    runs: list[list[tuple[str, str]]] = []
    for name, text in written:
        if runs and "\n" not in text and "\n" not in runs[-1][-1][1]:
            runs[-1].append((name, text))
        else:
            runs.append([(name, text)])
    return [
        f"{indent}{name:<{max(len(one) for one, _ in run)}} = {text}" for run in runs for name, text in run
    ]


def _expression(document: Any, depth: int) -> str:
    indent = "  " * depth
    match document:
        case str():
            return _text(document)
        case Mapping():
            if not document:
                return "{}"
            written = [(_key(key), _expression(item, depth + 1)) for key, item in document.items()]
            lines = _aligned(written, f"{indent}  ")
            return "\n".join(["{", *lines, f"{indent}}}"])
        case list() | tuple():
            if all(not isinstance(item, list | tuple | Mapping) for item in document):
                return f"[{', '.join(_expression(item, depth) for item in document)}]"
            lines = [f"{indent}  {_expression(item, depth + 1)}," for item in document]
            return "\n".join(["[", *lines, f"{indent}]"])
    return json.write(document)


def _text(text: str) -> str:
    """A string; what would begin a template is a character like any other."""
    quoted = json.write(text).replace("${", "$${").replace("%{", "%%{")
    return quoted.replace("\\b", "\\u0008").replace("\\f", "\\u000c") if text != SENSITIVE else quoted


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else _text(key)
