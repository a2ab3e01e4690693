"""One object as its state has it beside what the server has: what is different, and who decides on it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prefect_iac.drift.comparison import Comparison, compare
from prefect_iac.plan.stored_object import StoredObject
from prefect_provider.objects.catalogue import RESOURCES
from prefect_provider.plugin.language.declaration import Declaration, Nested, computed, optional, required
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Integer,
    Json,
    ListOf,
    MapOf,
    SetOf,
    String,
    Timestamp,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedList, NestedMap, NestedSet, NestedSingle
from prefect_provider.plugin.language.types import DYNAMIC
from prefect_provider.plugin.language.values import Dynamic
from prefect_provider.text.path import show_path

HIDDEN = "(sensitive)"


class Inner(Nested):
    """An object in another."""

    name = required(String(), "A name.")
    value = optional(String(), "A value.")
    count = optional(Integer(), "How many.", default=1)
    token = optional(String(), "A secret.", sensitive=True)
    anchor = optional(Timestamp(), "When.", server_default=True)


class Toy(Declaration):
    """Has every kind of attribute."""

    id = computed(Uuid(), "Id.")
    created = computed(Timestamp(), "When it was made.")
    updated = computed(Timestamp(), "When it was changed.", volatile=True)
    queue_id = computed(Uuid(), "What comes with it.")
    name = optional(String(), "Name.")
    text = optional(String(), "Text.", null_is="")
    size = optional(Integer(), "Size.", default=3)
    tags = optional(SetOf(String()), "Tags.", default=[])
    words = optional(ListOf(String()), "Words.")
    env = optional(MapOf(String()), "Variables.")
    document = optional(Json(), "JSON.")
    value = optional(AnyValue(), "Anything.")
    secret_data = optional(Json(), "Declared.", sensitive=True)
    one = optional(NestedSingle(Inner), "One.")
    steps = optional(NestedList(Inner), "In order.")
    members = optional(NestedSet(Inner), "Distinct.")
    by_name = optional(NestedMap(Inner), "By name.")
    rank = optional(Integer(), "The server's.", server_default=True)
    template = optional(Json(), "The server's, or nothing.", server_default=True, reset="{}")


def inner(name: str, **values: Any) -> dict[str, Any]:
    """An object of `Inner`, whole."""
    return {"name": name, "value": None, "count": 1, "token": None, "anchor": None} | values


def differ(
    held: dict[str, Any],
    actual: dict[str, Any],
    *,
    configured: set[str] | None = None,
    sensitive: set[tuple[str | int, ...]] | None = None,
    attributes: dict[str, Any] | None = None,
) -> Comparison:
    """Compare two toys; what is not given is null."""
    nothing = dict.fromkeys(Toy.attributes)
    stored = StoredObject(
        "prefect_toy.this",
        "prefect_toy",
        "",
        0,
        {},
        shown=False,
        configured=None if configured is None else frozenset(configured),
        sensitive=frozenset(sensitive or ()),
    )
    given = nothing | held
    return compare(Toy, stored, given if attributes is None else attributes, given, nothing | actual)


def told(held: dict[str, Any], actual: dict[str, Any], **options: Any) -> list[tuple[str, str, Any, Any]]:
    """The certain changes, each as place, how, was and is."""
    found = differ(held, actual, **options)
    assert found.undecided == ()
    return [(show_path(change.path), change.how, change.was, change.now) for change in found.changes]


LISTS: dict[str, tuple[dict[str, Any], dict[str, Any], list[tuple[str, str, Any, Any]]]] = {
    "an element changed": (
        {"words": ["a", "b", "c"]},
        {"words": ["a", "x", "c"]},
        [("words[1]", "changed", "b", "x")],
    ),
    "an element added in front": (
        {"words": ["a", "b"]},
        {"words": ["x", "a", "b"]},
        [("words[0]", "added", None, "x")],
    ),
    "an element removed": (
        {"words": ["a", "b", "c"]},
        {"words": ["a", "c"]},
        [("words[1]", "removed", "b", None)],
    ),
    "all of it": ({"words": ["a"]}, {"words": None}, [("words", "changed", ["a"], None)]),
    "members of a set": (
        {"tags": ["a", "b"]},
        {"tags": ["c", "b"]},
        [("tags", "removed", "a", None), ("tags", "added", None, "c")],
    ),
    "keys of a map": (
        {"env": {"A": "1", "B": "2"}},
        {"env": {"B": "3", "C": "4"}},
        [("env.A", "removed", "1", None), ("env.B", "changed", "2", "3"), ("env.C", "added", None, "4")],
    ),
    "an object in front, and another changed": (
        {"steps": [inner("a", value="1"), inner("b", value="2")]},
        {"steps": [inner("x"), inner("a", value="1"), inner("b", value="9")]},
        [("steps[0]", "added", None, inner("x")), ("steps[1].value", "changed", "2", "9")],
    ),
    "an object removed, and the next changed": (
        {"steps": [inner("a", value="1"), inner("b", value="2")]},
        {"steps": [inner("b", value="9")]},
        [("steps[0]", "removed", inner("a", value="1"), None), ("steps[1].value", "changed", "2", "9")],
    ),
    "objects of a set": (
        {"members": [inner("a"), inner("b")]},
        {"members": [inner("b"), inner("c")]},
        [("members", "removed", inner("a"), None), ("members", "added", None, inner("c"))],
    ),
    "objects by name": (
        {"by_name": {"a": inner("a"), "b": inner("b")}},
        {"by_name": {"b": inner("b", count=2), "c": inner("c")}},
        [
            ("by_name.a", "removed", inner("a"), None),
            ("by_name.b.count", "changed", 1, 2),
            ("by_name.c", "added", None, inner("c")),
        ],
    ),
    "lists in JSON": (
        {"document": '{"l": [{"name": "a", "v": 1}, {"name": "b", "v": 2}]}'},
        {"document": '{"l": [{"name": "b", "v": 3}]}'},
        [("document.l[0]", "removed", {"name": "a", "v": 1}, None), ("document.l[1].v", "changed", 2, 3)],
    ),
    "JSON in JSON": (
        {"document": json.dumps({"c": json.dumps({"a": 1, "b": [1]})})},
        {"document": json.dumps({"c": json.dumps({"a": 2, "b": [1]})})},
        [("document.c.a", "changed", 1, 2)],
    ),
    "a number is not a truth": (
        {"document": '{"a": {"b": 1}}'},
        {"document": '{"a": {"b": true}}'},
        [("document.a.b", "changed", 1, True)],
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_changes_of_what_holds_several(case: str) -> None:
    """Of lists, sets and maps the elements are told that were added, removed or changed; never two whole lists."""
    held, actual, expected = LISTS[case]
    assert told(held, actual) == expected
    assert told(held, held) == told(actual, actual) == []


def test_long_lists_take_no_time() -> None:
    """Thousands of elements are compared, and each is told, without comparing each with each."""
    was, now = [str(number) for number in range(5_000)], [f"x{number}" for number in range(4_999)]
    assert len(told({"words": was}, {"words": now})) == 5_000
    assert len(told({"words": ["a"] * 5_000}, {"words": ["b", *["a"] * 4_999]})) == 1


def test_what_only_the_server_sets_is_no_difference() -> None:
    """Times of other precision, and whatever else only the server sets, do not count; another id does."""
    held = {"id": "a", "created": "2026-11-25T09:50:00Z", "updated": "2026-11-25T09:50:00Z", "queue_id": "q"}
    actual = {
        "id": "a",
        "created": "2026-11-25T09:50:00.314179Z",
        "updated": "2026-11-26T00:00:00Z",
        "queue_id": "r",
    }
    assert told(held, actual) == []
    assert told(held, actual | {"id": "b"}) == [("id", "changed", "a", "b")]


def test_what_the_writer_of_the_state_did_not_have_is_no_difference() -> None:
    """An attribute that the state lacks, at any depth, was not there for the provider that wrote it."""
    attributes = {
        "name": "n",
        "one": {"name": "a"},
        "steps": [{"name": "b"}],
        "by_name": {"c": {"name": "c"}},
    }
    held = {
        "name": "n",
        "one": inner("a", count=None),
        "steps": [inner("b", count=None)],
        "by_name": {"c": inner("c", count=None)},
    }
    actual = {
        "name": "n",
        "text": "t",
        "one": inner("a", count=5),
        "steps": [inner("b", count=5)],
        "by_name": {"c": inner("c", count=5)},
    }
    assert told(held, actual, attributes=attributes) == []
    assert told(held, actual | {"name": "m"}, attributes=attributes) == [("name", "changed", "n", "m")]


def test_null_means_the_default() -> None:
    """Null in a state of another provider is what leaving it out means here, at any depth."""
    assert told({"size": None, "tags": None, "text": None}, {"size": 3, "tags": [], "text": ""}) == []
    assert told({"steps": [inner("a", count=None)]}, {"steps": [inner("a", count=1)]}) == []
    assert told({"size": None}, {"size": 4}) == [("size", "changed", None, 4)]


WHO: dict[str, tuple[dict[str, Any], dict[str, Any], set[str] | None, str]] = {
    "noted as configured": ({"rank": 1}, {"rank": 2}, {"rank"}, "changes"),
    "noted as something else": ({"rank": 1}, {"rank": 2}, {"template"}, ""),
    "noted as nothing": ({"rank": 1, "template": '{"a":1}'}, {"rank": 2, "template": "{}"}, set(), ""),
    "no note": ({"rank": 1}, {"rank": 2}, None, "undecided"),
    "no note, null": ({"rank": None}, {"rank": 2}, None, ""),
    "no note, as if reset": ({"template": "{}"}, {"template": '{"a":1}'}, None, ""),
    "no note, a template": ({"template": '{"a":1}'}, {"template": '{"a":2}'}, None, "undecided"),
    "no note, a template written by hand": (
        {"template": '{ "a": 1 }'},
        {"template": '{"a":2}'},
        None,
        "changes",
    ),
    "an anchor read off a clock": (
        {"one": inner("a", anchor="2026-11-25T09:50:00.314179Z")},
        {"one": inner("a", anchor="2026-11-26T09:50:00.5Z")},
        None,
        "",
    ),
    "an anchor written by hand": (
        {"one": inner("a", anchor="2026-11-25T00:00:00Z")},
        {"one": inner("a", anchor="2026-11-26T09:50:00.5Z")},
        set(),
        "changes",
    ),
}


@pytest.mark.parametrize("case", WHO)
def test_who_decides(case: str) -> None:
    """What is left to the server is no difference, what is configured is one; without a note, the value may tell."""
    held, actual, configured, expected = WHO[case]
    found = differ(held, actual, configured=configured)
    assert [name for name in ("changes", "undecided") if getattr(found, name)] == (
        [expected] if expected else []
    )


SECRECY: dict[str, tuple[dict[str, Any], dict[str, Any], list[tuple[str, str, Any, Any]]]] = {
    "declared": (
        {"secret_data": '"hush"'},
        {"secret_data": '"hush2"'},
        [("secret_data", "changed", HIDDEN, HIDDEN)],
    ),
    "declared inside": (
        {"steps": [inner("a", token="hush")]},
        {"steps": [inner("a", token="hush2")]},
        [("steps[0].token", "changed", HIDDEN, HIDDEN)],
    ),
    "declared inside what is new": (
        {"steps": []},
        {"steps": [inner("a", token="hush")]},
        [("steps[0]", "added", None, inner("a", token=HIDDEN))],
    ),
    "by key, at any depth": (
        {"document": '{"env": {"apiKey": "hush", "n": 1}}'},
        {"document": '{"env": {"apiKey": "hush2", "n": 2}}'},
        [("document.env.apiKey", "changed", HIDDEN, HIDDEN), ("document.env.n", "changed", 1, 2)],
    ),
    "by key, new and gone": (
        {"document": '{"accessToken": "hush"}'},
        {"document": '{"DB_PASSWORD": {"a": "hush"}}'},
        [("document.DB_PASSWORD", "added", None, HIDDEN), ("document.accessToken", "removed", HIDDEN, None)],
    ),
    "by key in a map": (
        {"env": {"PGPASSWORD": "hush"}},
        {"env": {"PGPASSWORD": "hush2"}},
        [("env.PGPASSWORD", "changed", HIDDEN, HIDDEN)],
    ),
    "by the name beside it": (
        {"document": '{"env": [{"name": "DB_PASSWORD", "value": "hush"}, {"name": "A", "value": "1"}]}'},
        {"document": '{"env": [{"name": "DB_PASSWORD", "value": "hush2"}, {"name": "A", "value": "2"}]}'},
        [
            ("document.env[0].value", "changed", HIDDEN, HIDDEN),
            ("document.env[1].value", "changed", "1", "2"),
        ],
    ),
    "by the name beside it, renamed": (
        {"document": '[{"name": "A", "value": "1"}]'},
        {"document": '[{"name": "A_TOKEN", "value": "hush"}]'},
        [("document[0].name", "changed", "A", "A_TOKEN"), ("document[0].value", "changed", HIDDEN, HIDDEN)],
    ),
    "by the object's own name": (
        {"name": "db_password", "value": Dynamic(DYNAMIC, "hush")},
        {"name": "db_password", "value": Dynamic(DYNAMIC, {"a": "hush"})},
        [("value", "changed", HIDDEN, HIDDEN)],
    ),
    "in a URL": (
        {"document": '{"url": "postgres://u:hush@h/d"}'},
        {"document": '{"url": "postgres://u:hush2@g/d"}'},
        [("document.url", "changed", f"postgres://u:{HIDDEN}@h/d", f"postgres://u:{HIDDEN}@g/d")],
    ),
    "in a URL, where nothing else changed": (
        {"text": "postgres://u:hush@h/d"},
        {"text": "postgres://u:hush2@h/d"},
        [("text", "changed", HIDDEN, HIDDEN)],
    ),
    "in JSON in JSON": (
        {"document": json.dumps({"c": json.dumps({"password": "hush"})})},
        {"document": json.dumps({"c": json.dumps({"password": "hush2"})})},
        [("document.c.password", "changed", HIDDEN, HIDDEN)],
    ),
    "in arguments": (
        {"document": '["--password", "hush", "x"]'},
        {"document": '["--password", "hush2", "x"]'},
        [("document[1]", "changed", HIDDEN, HIDDEN)],
    ),
    "by value, elsewhere": (
        {"secret_data": '"hush-hush-hush"', "text": "a"},
        {"secret_data": '"hush-hush-hush"', "text": "say hush-hush-hush"},
        [("text", "changed", "a", f"say {HIDDEN}")],
    ),
    "a name of a secret": (
        {"document": '{"token": "{{ prefect.blocks.secret.a }}"}'},
        {"document": '{"token": "{{ prefect.blocks.secret.b }}"}'},
        [("document.token", "changed", "{{ prefect.blocks.secret.a }}", "{{ prefect.blocks.secret.b }}")],
    ),
    "an innocent key": (
        {"document": '{"keyspace": "a", "token_count": 1}'},
        {"document": '{"keyspace": "b", "token_count": 2}'},
        [("document.keyspace", "changed", "a", "b"), ("document.token_count", "changed", 1, 2)],
    ),
}


@pytest.mark.parametrize("case", SECRECY)
def test_secrecy(case: str) -> None:
    """Of what may be secret only that it changed is told, wherever it stands, and of the rest everything."""
    held, actual, expected = SECRECY[case]
    assert told(held, actual) == expected
    assert "hush" not in str(told(held, actual))


PLACES: dict[
    str, tuple[set[tuple[str | int, ...]], dict[str, Any], dict[str, Any], dict[str, tuple[Any, Any]]]
] = {
    "an attribute": ({("text",)}, {"text": "hush"}, {"text": "hush2"}, {"text": (HIDDEN, HIDDEN)}),
    "all of it": ({()}, {"size": 1}, {"size": 2}, {"size": (HIDDEN, HIDDEN)}),
    "inside an object": (
        {("one", "value")},
        {"one": inner("a", value="hush", count=1)},
        {"one": inner("a", value="hush2", count=2)},
        {"one.value": (HIDDEN, HIDDEN), "one.count": (1, 2)},
    ),
    "an element that moved": (
        {("steps", 0, "value")},
        {"steps": [inner("a", value="hush")]},
        {"steps": [inner("x"), inner("a", value="hush2")]},
        {"steps[0]": (None, inner("x")), "steps[0].value": (HIDDEN, HIDDEN)},
    ),
    "inside a map": (
        {("env", "A")},
        {"env": {"A": "hush", "B": "1"}},
        {"env": {"A": "hush2", "B": "2"}},
        {"env.A": (HIDDEN, HIDDEN), "env.B": ("1", "2")},
    ),
    "inside a map that is gone": (
        {("env", "A")},
        {"env": {"A": "hush", "B": "1"}},
        {"env": None},
        {"env": ({"A": HIDDEN, "B": "1"}, None)},
    ),
    "inside a value of any type": (
        {("value", "a", 0, "b")},
        {"value": Dynamic(DYNAMIC, {"a": [{"b": "hush", "c": 1}]})},
        {"value": Dynamic(DYNAMIC, {"a": [{"b": "hush2", "c": 2}]})},
        {"value.a[0].b": (HIDDEN, HIDDEN), "value.a[0].c": (1, 2)},
    ),
    "inside what is new": (
        {("value", "a", 0)},
        {"value": Dynamic(DYNAMIC, {"a": ["hush"]})},
        {"value": Dynamic(DYNAMIC, {"a": ["hush", "hush2"], "d": "a hush-hush-hush"})},
        {"value.a[1]": (None, HIDDEN), "value.d": (None, "a hush-hush-hush")},
    ),
    "known from inside a map": (
        {("env", "A")},
        {"env": {"A": "hush-hush-hush"}},
        {"env": {"A": "hush-hush-hush"}, "text": "say hush-hush-hush"},
        {"text": (None, f"say {HIDDEN}")},
    ),
    "members of a set": (
        {("tags", 0)},
        {"tags": ["hush"]},
        {"tags": ["hush2"]},
        {"tags": (None, HIDDEN)},
    ),
    "a whole set": (
        {("tags",)},
        {"tags": ["hush"]},
        {"tags": ["hush2"]},
        {"tags": (HIDDEN, HIDDEN)},
    ),
    "what became null": ({("text",)}, {"text": "hush"}, {"text": None}, {"text": (HIDDEN, HIDDEN)}),
}


@pytest.mark.parametrize("case", PLACES)
def test_places_that_terraform_hides(case: str) -> None:
    """What Terraform hides is hidden, although neither its name nor the declaration says that it is secret."""
    places, held, actual, expected = PLACES[case]
    found = differ(held, actual, sensitive=places)
    assert {show_path(change.path): (change.was, change.now) for change in found.changes} == expected


def test_short_values_of_secrets_hide_nothing_else() -> None:
    """A secret of a few letters may be any word, so it is hidden at its own place only."""
    held = {"secret_data": '"main"', "text": "main"}
    assert told(held, {"secret_data": '"main"', "text": "main street"}) == [
        ("text", "changed", "main", "main street")
    ]


def test_numbers_of_any_size() -> None:
    """Numbers that JSON readers cannot hold are told as text, and no digit of a difference is lost."""
    huge = "1" + "0" * 5_000
    assert told({"document": huge}, {"document": f"{huge[:-1]}1"}) == [
        ("document", "changed", huge, f"{huge[:-1]}1")
    ]
    [(_, _, was, now)] = told({"document": "0.1"}, {"document": "1e400"})
    assert (was, now) == (0.1, "1" + "0" * 400)
    assert len(told({"document": "0.1"}, {"document": "0.10000000000000000001"})) == 1


def test_every_attribute_that_sounds_secret_is_declared_or_a_reference() -> None:
    """No attribute of a resource is hidden by accident of its name, which would hide it from every report."""
    from prefect_iac.secrecy.names import sounds_secret

    def hidden(declaration: type[Declaration]) -> set[str]:
        found = set()
        for name, attribute in declaration.attributes.items():
            # Yes and no are shown whatever they are called.
            if sounds_secret(name) and not attribute.sensitive and not isinstance(attribute.kind, Bool):
                found.add(name)
            nested = getattr(attribute.kind, "nested", None)
            if nested is not None:
                found |= hidden(nested)
        return found

    # The inputs of pull steps: a reference to a block in double braces is shown.
    assert set().union(*map(hidden, RESOURCES)) <= {"credentials"}
