"""Documents against schemas: the server's verdict, in our words."""

from typing import Any

import pytest

from prefect_provider.rules.json_schema import schema_problems, unknown_names
from prefect_provider.text.path import Path

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "n": {"type": "integer"},
        "mode": {"enum": ["full", "fast"], "type": "string"},
        "when": {"type": "string", "default": "now"},
        "of": {"$ref": "#/definitions/Of"},
        "pair": {"type": "array", "items": [{"type": "integer"}, {"type": "string"}]},
    },
    "required": ["n"],
    "definitions": {"Of": {"type": "object", "properties": {"a": {"type": "number", "minimum": 1}}}},
}


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        ({"n": "many"}, ("n",), 'expected a whole number, got "many"'),
        ({}, ("n",), "`n` is missing"),
        ({"n": 1, "mode": "ful"}, ("mode",), 'expected one of "full", "fast"'),
        ({"n": 1, "of": {"a": 0}}, ("of", "a"), "expected 1 or more, got 0"),
        ({"n": 1, "when": None}, ("when",), "expected text, got null"),
        ({"n": 1, "pair": ["x", "y"]}, ("pair", 0), "expected a whole number"),
    ],
)
def test_what_the_server_refuses_is_found_at_its_place(document: Any, path: Path, words: str) -> None:
    """One problem, at the place, with what was expected."""
    (found,) = schema_problems(document, SCHEMA)

    assert found.path == path
    assert words in found.message


@pytest.mark.parametrize("document", [{"n": 1}, {"n": 1, "pair": None}, {"n": 1, "other": 2}])
def test_what_the_server_takes_passes(document: Any) -> None:
    """Also null for a property that need not be there, and names that the schema does not have."""
    assert schema_problems(document, SCHEMA) == []


def is_marked(value: object) -> bool:
    """Whether a value stands for another."""
    return isinstance(value, dict) and "__prefect_kind" in value


def test_what_stands_for_a_value_is_not_checked() -> None:
    """A template in the place of a number may become one."""
    document = {"n": {"__prefect_kind": "jinja", "template": "{{ x }}"}}

    assert schema_problems(document, SCHEMA)
    assert schema_problems(document, SCHEMA, is_open=is_marked) == []


def test_missing_ones_may_be_left_to_the_run() -> None:
    """A deployment need not give what each run gives."""
    assert schema_problems({}, SCHEMA, ignore_required=True) == []


def test_a_schema_that_is_none_accuses_nobody() -> None:
    """The document cannot be judged by it."""
    assert schema_problems({"a": 1}, {"type": "nonsense"}) == []


def test_unknown_names_have_a_near_one() -> None:
    """A misspelt name says what was meant; a schema without properties, or with room for more, says nothing."""
    (found,) = unknown_names({"mod": 1}, SCHEMA)

    assert (found.path, found.remedy) == (("mod",), "Did you mean `mode`?")
    assert unknown_names({"x": 1}, {"type": "object", "properties": {}}) == []
    assert unknown_names({"x": 1}, {**SCHEMA, "additionalProperties": True}) == []
