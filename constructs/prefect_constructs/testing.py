"""Assertions about what a stack comes to, and about when its automations fire, for the tests of an app.

For example::

    template = Template.from_stack(stack)
    template.resource_count("prefect_deployment", 1)
    template.has_resource("prefect_deployment", {"name": "nightly", "parameters": {"region": "eu"}})
    assert template.errors() == []

    TriggerTest(nightly.when_failed()).at("5m", "prefect.flow-run.Completed").never_fires()
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any, Final

from prefect_constructs._runtime import AnyStack, Testing
from prefect_constructs.trigger_testing import TriggerTest

__all__ = ["Template", "TriggerTest"]

_ERROR: Final = "@cdktf/error"
_WARNING: Final = "@cdktf/warn"


class Template:
    """The configuration that a stack is synthesized to.

    Expected attributes are a part of the actual ones at every level, while lists are compared whole. An
    attribute that is JSON text may be expected as a document. ``None`` stands for an attribute that is not
    set.
    """

    def __init__(self, document: Mapping[str, Any], annotations: Mapping[str, list[str]]) -> None:
        """Use :meth:`from_stack`."""
        self.document: Final = document
        self._annotations = annotations

    @classmethod
    def from_stack(cls, stack: AnyStack) -> Template:
        """Synthesize a stack."""
        document: dict[str, Any] = json.loads(_synth(stack))
        annotations: dict[str, list[str]] = {_ERROR: [], _WARNING: []}
        for construct in stack.node.find_all():
            for entry in construct.node.metadata:
                if entry.type in annotations:
                    annotations[entry.type].append(f"{construct.node.path}: {entry.data}")
            annotations[_ERROR] += [f"{construct.node.path}: {text}" for text in construct.node.validate()]
        return cls(document, annotations)

    def resources(self, type_name: str) -> dict[str, dict[str, Any]]:
        """The resources of a type, by their names in Terraform."""
        found: dict[str, dict[str, Any]] = self.document.get("resource", {}).get(type_name, {})
        return found

    def data_sources(self, type_name: str) -> dict[str, dict[str, Any]]:
        """The data sources of a type, by their names in Terraform."""
        found: dict[str, dict[str, Any]] = self.document.get("data", {}).get(type_name, {})
        return found

    def errors(self) -> list[str]:
        """What keeps the stack from being deployed, each with the path of the construct."""
        return self._annotations[_ERROR]

    def warnings(self) -> list[str]:
        """The warnings of the stack's constructs, each with the path of the construct."""
        return self._annotations[_WARNING]

    def resource_count(self, type_name: str, count: int) -> None:
        """Check how many resources of a type there are.

        :raises AssertionError: there are more or fewer.
        """
        found = self.resources(type_name)
        if len(found) != count:
            msg = f"expected {count} of {type_name}, got {len(found)}: {', '.join(found) or 'none'}"
            raise AssertionError(msg)

    def has_resource(self, type_name: str, attributes: Mapping[str, Any] | None = None) -> None:
        """Check that there is a resource of a type with these attributes.

        :raises AssertionError: there is none; the text shows how the most similar one differs.
        """
        _check(type_name, self.resources(type_name), attributes or {})

    def has_data_source(self, type_name: str, attributes: Mapping[str, Any] | None = None) -> None:
        """Check that there is a data source of a type with these attributes.

        :raises AssertionError: there is none; the text shows how the most similar one differs.
        """
        _check(f"data {type_name}", self.data_sources(type_name), attributes or {})


def _synth(stack: Any) -> str:
    text: str = Testing.synth(stack)
    return text


def _check(what: str, found: Mapping[str, Mapping[str, Any]], expected: Mapping[str, Any]) -> None:
    if not found:
        msg = f"expected a {what}, and there is none"
        raise AssertionError(msg)
    differences = {name: _difference(expected, actual) for name, actual in found.items()}
    if "" in differences.values():
        return
    name = min(differences, key=lambda name: len(differences[name]))
    msg = f"no {what} is as expected; the most similar one, {name}:\n{differences[name]}"
    raise AssertionError(msg)


def _difference(expected: Any, actual: Any) -> str:
    """How the relevant part of ``actual`` differs; empty if it does not."""
    wanted, got = _aligned(expected, actual)
    if wanted == got:
        return ""
    return "\n".join(
        difflib.unified_diff(_lines(wanted), _lines(got), "expected", "actual", lineterm="", n=10)
    )


def _lines(document: Any) -> list[str]:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False).splitlines()


def _aligned(expected: Any, actual: Any) -> tuple[Any, Any]:
    """Both sides with what does not matter left out, so that they are equal exactly if they match."""
    if isinstance(actual, str) and isinstance(expected, (Mapping, list)):
        actual = _parsed(actual)
        if isinstance(expected, Mapping) and isinstance(actual, dict):
            # A document is either the expected one or not.
            return dict(expected), actual
    if isinstance(expected, Mapping) and isinstance(actual, dict):
        pairs = {key: _aligned(value, actual.get(key)) for key, value in expected.items()}
        return {key: wanted for key, (wanted, _) in pairs.items()}, {
            key: got for key, (_, got) in pairs.items()
        }
    if isinstance(expected, (list, tuple)) and isinstance(actual, list):
        aligned = [_aligned(*both) for both in zip(expected, actual, strict=False)]
        common = len(aligned)
        return (
            [wanted for wanted, _ in aligned] + list(expected[common:]),
            [got for _, got in aligned] + actual[common:],
        )
    return expected, actual


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
