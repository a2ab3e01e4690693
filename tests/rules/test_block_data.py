"""Block data, held against the fields of a block's type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.rules.block_data import Reference, data_problems, references, wanted_types

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

ID = "01234567-89ab-cdef-0123-456789abcdef"
SECRET = "hush-hush"

FIELDS: dict[str, Any] = {
    "properties": {
        "url": {"type": "string", "format": "password"},
        "level": {"type": "string", "enum": ["info", "warning"], "default": "info"},
        "port": {"type": "integer"},
        "verify": {"type": "boolean"},
        "timeout": {"type": "number", "format": "time-delta"},
        "wait": {"type": "string", "format": "duration"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "server": {"anyOf": [{"$ref": "#/definitions/Server"}, {"type": "string"}]},
        "parameters": {"allOf": [{"$ref": "#/definitions/Parameters"}]},
        "credentials": {"anyOf": [{"$ref": "#/definitions/Aws"}, {"$ref": "#/definitions/Minio"}]},
        "anything": {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/Missing"}]},
    },
    "required": ["url"],
    "definitions": {
        "Server": {"enum": ["a.example", "b.example"]},
        "Parameters": {"type": "object", "properties": {"use_ssl": {"type": "boolean"}}},
        "Aws": {"type": "object", "properties": {"key": {"type": "string"}}},
        "Minio": {"type": "object", "properties": {"user": {"type": "string"}}},
    },
    "block_schema_references": {
        "credentials": [{"block_type_slug": "aws-credentials"}, {"block_type_slug": "minio-credentials"}]
    },
}

WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"uri": SECRET}, ["type `t` has no field `uri`", "Did you mean `url`?", "`url` is missing"]),
    ({"url": SECRET, "Port": 1}, ["type `t` has no field `Port`", "Did you mean `port`?"]),
    ({"url": SECRET, "zzz": 1}, ["no field `zzz`", "It has `url`"]),
    ({}, ["`url` is missing"]),
    ({"url": 5}, ["url", "expected text, got a number"]),
    ({"url": None}, ["url", "expected text, got null"]),
    ({"url": [SECRET]}, ["url", "got a list"]),
    ({"url": "x", "level": SECRET}, ["level", '"info", "warning"']),
    ({"url": "x", "port": SECRET}, ["port", "a whole number", "got text"]),
    ({"url": "x", "port": 1.5}, ["port", "a whole number"]),
    ({"url": "x", "verify": SECRET}, ["verify", "true or false"]),
    ({"url": "x", "tags": SECRET}, ["tags", "a list", "got text"]),
    ({"url": "x", "tags": [SECRET, 5]}, ["tags[1]", "text", "got a number"]),
    ({"url": "x", "headers": {"a": {"b": SECRET}}}, ["headers.a", "text", "got an object"]),
    ({"url": "x", "parameters": {"use_ssl": SECRET}}, ["parameters.use_ssl", "true or false"]),
    ({"url": "x", "either": 5}, ["either", "text or null"]),
    ({"url": "x", "credentials": ID}, ["credentials", "the id of a block as text", "block_document_id ="]),
    ({"url": "x", "credentials": SECRET}, ["credentials", "a reference to a block, got text"]),
    ({"url": "x", "credentials": {"$ref": ID}}, ["got the id itself", "block_document_id ="]),
    ({"url": "x", "credentials": {"$ref": {}}}, ["`block_document_id` is missing"]),
    ({"url": "x", "credentials": {"$ref": {"block_document_id": SECRET}}}, ["a UUID such as"]),
    (
        {"url": "x", "credentials": {"$ref": {"block_document_id": ID}, "key": SECRET}},
        ["Prefect drops what stands beside a reference"],
    ),
    (
        {"url": "x", "anything": [{"$ref": {"block_document_id": ID}}]},
        ["anything[0]", "only where it is a field of the block"],
    ),
]


@pytest.mark.parametrize(("data", "texts"), WRONG, ids=lambda value: str(value)[:60])
def test_what_a_class_cannot_load_is_found(data: dict[str, Any], texts: list[str]) -> None:
    """Missing, misspelt and mistyped fields and references are found with their place and remedy, never a value."""
    told = " ".join(map(str, data_problems(data, FIELDS, "t")))
    assert told
    assert [text for text in texts if text not in told] == []
    assert SECRET not in told


RIGHT: list[dict[str, Any]] = [
    {"url": SECRET},
    {"url": "x", "port": "443", "verify": "yes", "timeout": "30", "wait": 30},
    {"url": "x", "verify": 1, "port": 443.0},
    {"url": "x", "level": "warning", "tags": [], "headers": {}, "either": None, "server": "c.example"},
    {"url": "x", "parameters": {"use_ssl": "true", "more": 1}},
    {"url": "x", "credentials": {"$ref": {"block_document_id": ID}}},
    {"url": {"$ref": {"block_document_id": ID}}},
    {"url": "x", "credentials": {"key": "inline"}},
    {"url": "x", "port": None, "tags": None},
    {"url": "x", "anything": {"a": ["b"]}, "block_type_slug": "t"},
]


@pytest.mark.parametrize("data", RIGHT, ids=lambda value: str(value)[:60])
def test_what_a_class_loads_is_right(data: dict[str, Any]) -> None:
    """What pydantic turns into the wanted type, null for what may be left out, and references are no mistakes."""
    assert data_problems(data, FIELDS, "t") == []


def test_type_that_takes_more_fields() -> None:
    """A type that allows other fields, and one whose schema says nothing, are told nothing about names."""
    assert data_problems({"a": 1}, {"properties": {"b": {}}, "additionalProperties": True}, "t") == []
    assert data_problems({"a": 1}, {}, "t") == []


def test_unknown_name_that_is_near_to_none_is_a_warning() -> None:
    """Prefect stores a field that the class does not know, so that alone is no error."""
    [found] = data_problems({"url": "x", "zzz": 1}, FIELDS, "t")
    assert found.severity == "warning"


def test_references_and_what_they_may_name() -> None:
    """References of the right form are listed, with the types that their fields take."""
    data = {"a": {"$ref": {"block_document_id": ID}}, "b": {"$ref": ID}, "c": 1}
    assert references(data) == [Reference("a", ID)]
    assert wanted_types("credentials", FIELDS) == ["aws-credentials", "minio-credentials"]
    assert wanted_types("url", FIELDS) == []


def test_schemas_of_every_type_can_be_used(prefect_server: PrefectServer) -> None:
    """Data that has what each type of a real server requires, with the right types, is right."""
    plain = {"string": "x", "integer": 1, "number": 1.5, "boolean": True, "array": [], "object": {}}
    checked = 0
    for type_ in prefect_server.call("POST", "/block_types/filter", {}):
        wanted = {"block_schemas": {"block_type_id": {"any_": [type_["id"]]}}, "limit": 1}
        schemas = prefect_server.call("POST", "/block_schemas/filter", wanted)
        if not schemas:
            continue  # one that another test made
        [schema] = schemas
        fields = schema["fields"]
        data: dict[str, Any] = {}
        for name in fields.get("required", []):
            one = fields["properties"][name]
            reference = {"$ref": {"block_document_id": ID}}
            data[name] = reference if wanted_types(name, fields) else plain.get(one.get("type", ""), "x")
            if one.get("enum"):
                data[name] = one["enum"][0]
        assert data_problems(data, fields, type_["slug"]) == [], type_["slug"]
        for name in data:
            without = {key: value for key, value in data.items() if key != name}
            assert f"`{name}` is missing" in str(data_problems(without, fields, type_["slug"]))
            checked += 1
    assert checked > 30
