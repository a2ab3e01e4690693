"""Variables on a real server, and what is refused before."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
)
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from prefect_provider.plugin.wire.state_json import from_json
from prefect_provider.text.path import show_path
from tests.objects.terraform_core import Managed, configuration, shown, unique

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from tests.objects.terraform_core import World


def test_null_inside_a_variable(world: World) -> None:
    """Nulls inside objects and lists are stored, read back and imported, whoever wrote them."""
    type_ = ObjectType({"a": STRING, "b": TupleType((STRING, NUMBER)), "c": MapType(STRING)})
    value = Dynamic(type_, {"a": None, "b": [None, 1], "c": {"x": None}})
    managed = Managed(world, Variable)
    given = {"name": unique("variable"), "value": value}
    managed.apply(given)
    assert world.call("GET", f"/variables/{managed.id}")["value"] == {
        "a": None,
        "b": [None, 1],
        "c": {"x": None},
    }

    world.call("PATCH", f"/variables/{managed.id}", {"value": {"a": [None]}})
    managed.refresh()
    assert managed.held["value"] == Dynamic(ObjectType({"a": TupleType((DYNAMIC,))}), {"a": [None]})
    managed.apply(given)


def test_variable_that_somebody_set_to_null(world: World) -> None:
    """A variable that is null as a whole on the server is drift, and healed."""
    managed = Managed(world, Variable)
    given = {"name": unique("variable"), "value": Dynamic(STRING, "x")}
    managed.apply(given)
    world.call("PATCH", f"/variables/{managed.id}", {"value": None})

    managed.refresh()

    assert managed.held["value"] is None
    assert managed.changes(given) == ["value"]
    managed.apply(given)


@pytest.mark.parametrize(
    "value",
    [
        Dynamic(ListType(NUMBER), [1, 2]),
        Dynamic(SetType(STRING), ["a", "b"]),
        Dynamic(MapType(BOOL), {"x": True}),
        Dynamic(NUMBER, 2**53 + 1),
        Dynamic(NUMBER, -(2**63)),
        Dynamic(NUMBER, Decimal("0.1")),
        Dynamic(NUMBER, Decimal("-1.5e-300")),
        Dynamic(STRING, "“ünïcode”\n\t\\ ${x} 流"),
        Dynamic(STRING, '{"looks": "like json"}'),
        Dynamic(ListType(ObjectType({"a": NUMBER})), [{"a": 1}]),
    ],
    ids=lambda value: str(value.value)[:20],
)
def test_value_of_every_type_lives(world: World, value: Dynamic) -> None:
    """Lists, sets, maps and numbers of up to 64 bits are stored exactly, and plan nothing more."""
    managed = Managed(world, Variable)
    given = {"name": unique("variable"), "value": value, "tags": ["b", "a"]}
    managed.apply(given)
    Managed.imported(world, Variable, managed.id).assert_settled(given)


def test_type_changes_in_place(world: World) -> None:
    """A variable may become a value of another type, and keeps its id."""
    managed = Managed(world, Variable)
    name = unique("variable")
    managed.apply({"name": name, "value": Dynamic(STRING, "1")})
    id_ = managed.id

    managed.apply({"name": name, "value": Dynamic(NUMBER, 1)})
    managed.apply({"name": name, "value": Dynamic(BOOL, True)})

    assert managed.id == id_
    assert world.call("GET", f"/variables/{id_}")["value"] is True


def test_rename_in_place(world: World) -> None:
    """A variable is renamed, not made anew."""
    managed = Managed(world, Variable)
    value = Dynamic(STRING, "x")
    managed.apply({"name": unique("variable"), "value": value})
    id_ = managed.id
    managed.apply({"name": unique("other"), "value": value})
    assert managed.id == id_


def test_import_by_id_and_by_name(world: World) -> None:
    """A variable is imported by its id, by `name/<name>` and by its bare name."""
    managed = Managed(world, Variable)
    given = {"name": unique("variable"), "value": Dynamic(STRING, "x")}
    managed.apply(given)

    for id_ in (managed.id, f"name/{given['name']}", str(given["name"])):
        assert Managed.imported(world, Variable, id_).id == managed.id


def test_state_of_version_0_is_upgraded() -> None:
    """State from before values had types, which the official provider wrote, is read as the text it was."""
    old = {"id": "x", "name": "n", "value": "text", "tags": ["a"], "account_id": None}

    state = from_json(
        json.dumps(Variable.upgrade(0, old)).encode(), Variable.object_type(), ignore_extra=True
    )

    assert state["value"] == Dynamic(STRING, "text")


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": "Upper"}, "name", "lowercase letters"),
    ({"name": "a b"}, "name", "lowercase letters"),
    ({"name": "a" * 256}, "name", "1 to 255"),
    ({"value": Dynamic(STRING, "x" * 5000)}, "value", "at most 5000 characters as JSON, got 5002"),
    ({"value": Dynamic(NUMBER, 2**63)}, "value", "64 bits"),
    ({"value": Dynamic(NUMBER, Decimal("0.1234567890123456789"))}, "value", "64-bit float"),
    ({"value": Dynamic(NUMBER, Decimal("1e300"))}, "value", "64 bits"),
    (
        {"value": Dynamic(ObjectType({"a": TupleType((STRING, NUMBER))}), {"a": ["x", 2**70]})},
        "value.a[1]",
        "Write it as a string",
    ),
]


@pytest.mark.parametrize(("values", "path", "text"), WRONG, ids=lambda value: str(value)[:30])
def test_what_prefect_cannot_store_is_refused(
    world: World, values: dict[str, Any], path: str, text: str
) -> None:
    """A name or value that Prefect cannot store, or not exactly, is refused with its place and the remedy."""
    found = Managed(world, Variable).validate({"name": "n", "value": Dynamic(STRING, "x")} | values)

    [error] = found
    assert show_path(error.path) == path
    assert text in error.detail


def test_longest_value_is_accepted_and_stored(world: World) -> None:
    """A value of as many characters as Prefect takes is neither refused by us nor by Prefect."""
    managed = Managed(world, Variable)
    managed.apply({"name": unique("variable"), "value": Dynamic(STRING, "x" * 4998)})


def test_value_that_is_not_known_yet_is_not_checked(world: World) -> None:
    """What depends on another resource is neither refused at validate nor a crash."""
    partly = Dynamic(ObjectType({"a": STRING, "b": NUMBER}), {"a": UNKNOWN, "b": 2**70})

    for value in (UNKNOWN, partly):
        assert shown(Managed(world, Variable).validate({"name": UNKNOWN, "value": value})) == []


def test_name_that_is_taken_is_explained(world: World) -> None:
    """A variable that exists already is not overwritten; the plan refuses it and prints the block that imports it."""
    name = unique("variable")
    there = world.call("POST", "/variables/", {"name": name, "value": "keep"})
    managed = Managed(world, Variable)

    given = configuration(Variable, {"name": name, "value": Dynamic(STRING, "x")})
    [error] = managed.plan(given, prior=None).diagnostics

    assert error.path == ("name",)
    assert f'to = prefect_variable.<name>\n    id = "{there["id"]}"' in error.detail

    assert world.call("GET", f"/variables/name/{name}")["value"] == "keep"


class Level(IntEnum):
    """A subclass of int, as a program in Python may pass on."""

    HIGH = 1


def _nested(levels: int) -> Dynamic:
    value: Any = 1
    type_: Any = NUMBER
    for _ in range(levels):
        value, type_ = [value], TupleType((type_,))
    return Dynamic(type_, value)


def _checked(value: Dynamic) -> list[Diagnostic]:
    """What a check of the value says, without Terraform's wire in between, as constructs call it."""
    found = Diagnostics()
    asyncio.run(Variable(None, found).validate({"name": "n", "value": value}))
    return [*found]


def test_subclasses_of_int_are_numbers() -> None:
    """A member of an IntEnum is checked at once, at any depth, and is the number that it is."""
    for value in (Level.HIGH, [Level.HIGH], {"a": [Level.HIGH, {"b": Level.HIGH}]}):
        assert _checked(Dynamic(DYNAMIC, value)) == []
    [error] = _checked(Dynamic(NUMBER, IntEnum("Huge", {"VALUE": 2**63}).VALUE))  # type: ignore[attr-defined]
    assert "64 bits" in error.detail


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Dynamic(STRING, "a\ud800b"), r"half of one (\ud800, a lone surrogate)"),
        (Dynamic(ObjectType({"\udfff": NUMBER}), {"\udfff": 1}), r"half of one (\udfff"),
        (Dynamic(NUMBER, Decimal("1e9999")), "64-bit float holds"),
        (Dynamic(NUMBER, Decimal("1e-400")), "64-bit float holds"),
        (_nested(150), "at most 100 levels"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_no_server_could_keep_is_refused_in_words(value: Dynamic, text: str) -> None:
    """Half characters, numbers beyond all bounds and deep nesting are errors, not defects."""
    [error] = _checked(value)
    assert error.path[0] == "value"
    assert text in error.detail


def test_deepest_value_is_stored(world: World) -> None:
    """As many levels as are accepted are stored and read back."""
    managed = Managed(world, Variable)
    managed.apply({"name": unique("variable"), "value": _nested(90)})
