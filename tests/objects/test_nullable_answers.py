"""Null is refused only where the server's own document says that it never answers with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from prefect_provider.objects.answers import answer_problems
from prefect_provider.objects.catalogue import SERVER_RESOURCES

if TYPE_CHECKING:
    from prefect_provider.objects.remote import RemoteObject
    from tests.environment.prefect_server import PrefectServer

_PLACE: Final = re.compile(r"\{[^}]*\}")


def _answer_of(document: dict[str, Any], path: str) -> dict[str, Any]:
    """The fields of the object that a GET of a path answers with, or one of the list above it."""
    wanted = _PLACE.sub("{}", path)
    for known, operations in document["paths"].items():
        if _PLACE.sub("{}", known) in (wanted, wanted.removesuffix("/{}")) and "get" in operations:
            schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            name = schema.get("items", schema)["$ref"].rpartition("/")[2]
            fields: dict[str, Any] = document["components"]["schemas"][name]["properties"]
            return fields
    msg = f"the document has no GET {path}"
    raise AssertionError(msg)


def _can_be_null(field: dict[str, Any]) -> bool:
    return any(choice.get("type") == "null" for choice in field.get("anyOf", ()))


@pytest.mark.parametrize("kind", SERVER_RESOURCES, ids=lambda kind: kind.type_name)
def test_what_may_be_null_is_taken(kind: type[RemoteObject], prefect_server: PrefectServer) -> None:
    """Of each field that can be null, null alone is no reason to refuse an answer."""
    document = prefect_server.call("GET", "/openapi.json")
    fields = _answer_of(document, kind.by_id or kind.address or f"{kind.collection}/{{id}}")

    refused = {
        attribute.source
        for attribute in kind.attributes.values()
        if attribute.source
        and answer_problems(kind, {attribute.source: None}, nullable=kind.nullable, unchecked=kind.unchecked)
    }

    # What is needed to know an object at all is not null for the objects that can be declared.
    assert {name for name in refused - set(kind.needed) if _can_be_null(fields[name])} == set()
    assert refused
