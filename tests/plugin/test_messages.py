"""Declarations, paths and diagnostics as messages of the protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from prefect_provider.plugin.language.declaration import Nested, optional
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.plugin.language.kinds import Integer, MapOf, String
from prefect_provider.plugin.wire.messages import (
    describe,
    diagnostic_messages,
    function_message,
    path_message,
    schema_message,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from tests.plugin.toy.provider import Glue, Upper
from tests.plugin.toy.things import Thing

if TYPE_CHECKING:
    from prefect_provider.text.path import Path


def test_a_schema_says_of_each_attribute_what_the_declaration_says() -> None:
    """Roles, types, nesting, sensitivity and the version arrive in the schema."""
    schema = schema_message(Thing, 1)
    assert (schema.version, schema.block.version) == (1, 1)
    assert schema.block.description == Thing.documentation()
    attributes = {attribute.name: attribute for attribute in schema.block.attributes}
    assert list(attributes) == list(Thing.attributes)
    for name, declared in Thing.attributes.items():
        said = attributes[name]
        assert (said.required, said.optional, said.computed, said.sensitive, said.write_only) == (
            declared.required, declared.optional, declared.computed, declared.sensitive, declared.write_only,
        ), name  # fmt: skip
    assert json.loads(attributes["words"].type) == ["list", "string"]
    nesting = {
        name: attributes[name].nested_type.nesting
        for name in ("part", "parts", "set_of_parts", "map_of_parts")
    }
    assert list(nesting.values()) == [
        pb.Schema.Object.SINGLE, pb.Schema.Object.LIST, pb.Schema.Object.SET, pb.Schema.Object.MAP,
    ]  # fmt: skip
    frame = {attribute.name: attribute for attribute in attributes["frame"].nested_type.attributes}
    assert frame["pin_wo"].write_only
    assert frame["colour"].computed


class Described(Nested):
    """For its descriptions."""

    plain = optional(String(), "A text.")
    chosen = optional(String(choices=("a", "b")), "A letter.", default="a", replace=True)
    nulled = optional(Integer(), "A number.", null_is=5)
    labels = optional(MapOf(String()), "Labels.", deprecated="Use tags.")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plain", "A text."),
        ("chosen", 'A letter. One of `a`, `b`. Defaults to `"a"`. Changing it creates a new object.'),
        ("nulled", "A number. Left out, it is `5`."),
        ("labels", "Labels. Deprecated: Use tags."),
    ],
)
def test_a_description_tells_what_the_declaration_adds(name: str, text: str) -> None:
    """Choices, defaults and replacement are part of the text, so nobody has to write them twice."""
    assert describe(Described.attributes[name]) == text


def test_a_function_has_its_parameters_and_its_docstring() -> None:
    """The variadic parameter is apart, and the text has no indentation of the code."""
    message = function_message(Upper)
    assert message.description == "The text in capitals.\n\nNothing else happens to it."
    assert [(parameter.name, parameter.allow_null_value) for parameter in message.parameters] == [
        ("text", True)
    ]
    assert not message.HasField("variadic_parameter")
    assert function_message(Glue).variadic_parameter.name == "texts"


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        (("name",), [("attribute_name", "name")]),
        (("frame", "size"), [("attribute_name", "frame"), ("attribute_name", "size")]),
        (
            ("parts", 1, "core", "material"),
            [
                ("attribute_name", "parts"),
                ("element_key_int", 1),
                ("attribute_name", "core"),
                ("attribute_name", "material"),
            ],
        ),
        (
            ("map_of_parts", "label", "label"),
            [
                ("attribute_name", "map_of_parts"),
                ("element_key_string", "label"),
                ("attribute_name", "label"),
            ],
        ),
        (("labels", "a.b"), [("attribute_name", "labels"), ("element_key_string", "a.b")]),
        (("text", "nothing inside"), [("attribute_name", "text")]),
    ],
)
def test_a_path_has_the_kind_of_each_step(path: Path, steps: list[tuple[str, str | int]]) -> None:
    """Names of attributes, indexes and keys are told apart by the declaration."""
    message = path_message(Thing, path)
    found = []
    for step in message.steps:
        which = step.WhichOneof("selector")
        assert which is not None
        found.append((which, getattr(step, which)))
    assert found == steps


def test_a_diagnostic_points_at_the_outer_attribute_and_says_the_rest() -> None:
    """Terraform shows the line of the outermost attribute; the inner path is in the text, once."""
    outer, inner, said, nowhere = diagnostic_messages(
        [
            Diagnostic("error", "Wrong", "Fix it.", ("name",)),
            Diagnostic("warning", "Wrong", "Fix it.", ("parts", 1, "label")),
            Diagnostic("error", "Wrong `parts[1].label`", "Fix it.", ("parts", 1, "label")),
            Diagnostic("error", "Wrong"),
        ]
    )
    assert (outer.detail, outer.attribute.steps[0].attribute_name) == ("Fix it.", "name")
    assert (inner.detail, inner.severity) == ("At `parts[1].label`: Fix it.", pb.Diagnostic.WARNING)
    assert [step.attribute_name for step in inner.attribute.steps] == ["parts"]
    assert said.detail == "Fix it."
    assert not nowhere.HasField("attribute")


@pytest.mark.parametrize("path", [("secret",), ("secret_wo",), ("frame", "secret"), ("frame", "pin_wo")])
def test_a_diagnostic_does_not_point_at_a_secret(path: Path) -> None:
    """Terraform prints the line that a diagnostic points at, so the place of a secret is only said in words."""
    (message,) = diagnostic_messages([Diagnostic("error", "Wrong", "Fix it.", path)], Thing)

    assert not message.HasField("attribute")
    assert message.detail == f"At `{'.'.join(map(str, path))}`: Fix it."
