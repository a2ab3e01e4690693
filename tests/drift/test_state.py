"""Terraform states in both of their forms, as Terraform documents them."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest

from prefect_iac.drift.state import read_state
from prefect_iac.plan.shown import with_types
from prefect_iac.plan.stored_object import StateError, StoredObject
from prefect_provider.objects.catalogue import Deployment, Variable

SOURCE = "registry.terraform.io/prefect-iac/prefect"


def stored(*resources: dict[str, Any], **fields: Any) -> str:
    """A state file."""
    return json.dumps({"version": 4, "terraform_version": "1.11.4", "resources": resources} | fields)


def resource(*instances: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A resource in a state file."""
    return {
        "mode": "managed",
        "type": "prefect_flow",
        "name": "this",
        "provider": f'provider["{SOURCE}"]',
        "instances": instances,
    } | fields


def one(text: str) -> StoredObject:
    """The only object of a state."""
    [found] = read_state(text)
    return found


def test_object_of_a_state_file() -> None:
    """An object has its address, type, provider, attributes and the provider's own data."""
    instance = {
        "schema_version": 1,
        "attributes": {"id": "i", "n": 1.50},
        "private": base64.b64encode(b'{"configured": ["labels"]}').decode(),
        "sensitive_attributes": [
            [{"type": "get_attr", "value": "data"}],
            [
                {"type": "get_attr", "value": "steps"},
                {"type": "index", "value": {"value": 1, "type": "number"}},
                {"type": "get_attr", "value": "token"},
            ],
        ],
    }
    found = one(stored(resource(instance)))
    assert found == StoredObject(
        "prefect_flow.this",
        "prefect_flow",
        SOURCE,
        1,
        {"id": "i", "n": Decimal("1.5")},
        shown=False,
        configured=frozenset({"labels"}),
        sensitive=frozenset({("data",), ("steps", 1, "token")}),
    )


def test_addresses_are_those_of_terraform() -> None:
    """Modules, `count` and `for_each` show in the address as Terraform writes it."""
    text = stored(
        resource({"index_key": 0}, {"index_key": 1}),
        resource({"index_key": 'say "hi"'}, {"index_key": "Ström"}, name="each"),
        resource({}, module='module.a["x"].module.b[2]', name="deep"),
    )
    assert [found.address for found in read_state(text)] == [
        "prefect_flow.this[0]",
        "prefect_flow.this[1]",
        'prefect_flow.each["say \\"hi\\""]',
        'prefect_flow.each["Ström"]',
        'module.a["x"].module.b[2].prefect_flow.deep',
    ]


def test_what_is_not_managed_is_left_out() -> None:
    """Data sources, and objects that Terraform is about to delete, are not compared."""
    text = stored(
        resource({}, mode="data"), resource({"deposed": "abcd1234"}), resource({"attributes": {"id": "kept"}})
    )
    assert one(text).attributes == {"id": "kept"}


def test_module_in_either_form_of_provider() -> None:
    """A provider inside a module, or with an alias, is known by its source."""
    for provider in (f'provider["{SOURCE}"].cloud', f'module.a.provider["{SOURCE}"]'):
        assert one(stored(resource({}, provider=provider))).provider == SOURCE


@pytest.mark.parametrize(
    "private",
    [
        None,
        "",
        "not base64!",
        7,
        *(b"\xff", b"[]", b"{}", b'{"own": {}}', b'{"configured": "x"}', b'{"configured": [1]}'),
    ],
)
def test_states_without_a_note(private: object) -> None:
    """What another provider wrote beside an object, or this one at import, says nothing of what is configured."""
    text = base64.b64encode(private).decode() if isinstance(private, bytes) else private
    assert one(stored(resource({"private": text}))).configured is None


def test_a_note_may_be_empty() -> None:
    """That nothing is configured is known as well."""
    private = base64.b64encode(b'{"configured": []}').decode()
    assert one(stored(resource({"private": private}))).configured == frozenset()


@pytest.mark.parametrize(
    "path", ["x", [], [{"type": "splat"}], [{"type": "index", "value": {"value": True}}]]
)
def test_a_sensitive_place_that_cannot_be_read_hides_all(path: object) -> None:
    """Where Terraform hides something and it cannot be told what, everything is hidden."""
    assert one(stored(resource({"sensitive_attributes": [path]}))).sensitive == frozenset({()})


def test_objects_of_shown_state() -> None:
    """What `terraform show -json` prints has the same objects, those of child modules included."""
    inner = {
        "address": 'module.a["x"].prefect_flow.this[0]',
        "mode": "managed",
        "type": "prefect_flow",
        "name": "this",
        "index": 0,
        "provider_name": SOURCE,
        "schema_version": 0,
        "values": {"id": "i", "name": "n"},
        "sensitive_values": {"name": True, "id": False, "steps": [{}, {"token": True}], "tags": []},
    }
    document = {
        "format_version": "1.0",
        "values": {
            "root_module": {
                "resources": [inner | {"mode": "data"}],
                "child_modules": [{"child_modules": [{"resources": [inner]}]}],
            }
        },
    }
    found = one(json.dumps(document))
    assert (found.address, found.provider) == (inner["address"], SOURCE)
    assert found.attributes == {"id": "i", "name": "n"}
    assert found.shown
    assert found.configured is None
    assert found.sensitive == frozenset({("name",), ("steps", 1, "token")})


def test_empty_states_have_no_objects() -> None:
    """A state before the first apply, in every form, is a state without objects."""
    for nothing in ("", " \n", "\ufeff", "{}", "\ufeff{}"):
        assert read_state(nothing) == []
    assert read_state('{"format_version": "1.2", "planned_values": {}, "configuration": {}}') == []
    assert read_state(stored()) == []
    assert read_state('{"format_version": "1.0"}') == []
    assert read_state('{"format_version": "1.0", "values": {"outputs": {}}}') == []


def test_values_of_any_type_get_their_type_back() -> None:
    """A variable's value, which is shown without its type, becomes what a state file has."""
    assert with_types(Variable, {"value": {"a": [1, "x"]}, "name": "n", "later": 1}) == {
        "value": {
            "type": ["object", {"a": ["tuple", ["number", "string"]]}],
            "value": {"a": [1, "x"]},
        },
        "name": "n",
        "later": 1,
    }
    assert with_types(Variable, {"value": None}) == {"value": None}
    nested = {"concurrency_options": {"collision_strategy": "ENQUEUE"}, "schedules": {"s": {"cron": "x"}}}
    assert with_types(Deployment, nested | {"pull_steps": [{"type": "t"}]}) == nested | {
        "pull_steps": [{"type": "t"}]
    }


def test_objects_of_a_plan() -> None:
    """A plan has the state as it was before Terraform refreshed it, and what is configured of each object."""

    def shown(name: str, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "address": name,
            "mode": "managed",
            "type": "prefect_flow",
            "schema_version": 1,
            "values": values,
        }

    def drifted(name: str, before: Any, **fields: Any) -> dict[str, Any]:
        change = {"actions": ["update"], "before": before, "before_sensitive": {"name": True}}
        return {"address": name, "mode": "managed", "type": "prefect_flow", "change": change} | fields

    inner, root = 'module.m["x"].prefect_flow.each["a"]', "prefect_flow.root"
    configuration = {
        "root_module": {
            "resources": [
                {
                    "address": root,
                    "mode": "managed",
                    "expressions": {
                        "name": {},
                        "tags": {"references": ["x"]},
                        "labels": {"constant_value": None},
                    },
                },
                {"address": "data.prefect_flow.root", "mode": "data", "expressions": {"id": {}}},
            ],
            "module_calls": {
                "m": {
                    "module": {
                        "resources": [
                            {"address": "prefect_flow.each", "mode": "managed", "expressions": {"labels": {}}}
                        ]
                    }
                }
            },
        }
    }
    modules = {
        "resources": [shown(root, {"id": "1"})],
        "child_modules": [{"resources": [shown(inner, {"id": "2"})]}],
    }
    plan = {
        "format_version": "1.2",
        "planned_values": {},
        "prior_state": {"format_version": "1.0", "values": {"root_module": modules}},
        "resource_drift": [
            drifted(inner, {"id": "old"}),
            drifted("prefect_flow.gone", {"id": "3"}),
            drifted("prefect_flow.deposed", {"id": "4"}, deposed="abcd"),
            drifted("prefect_flow.new", None),
        ],
        "configuration": configuration,
    }

    found = {stored.address: stored for stored in read_state(json.dumps(plan))}

    assert {address: stored.attributes["id"] for address, stored in found.items()} == {
        root: "1",
        inner: "old",
        "prefect_flow.gone": "3",
    }
    assert found[root].configured == frozenset({"name", "tags"})
    assert found[inner].configured == frozenset({"labels"})
    assert found["prefect_flow.gone"].configured is None
    assert found[inner].sensitive == frozenset({("name",)})
    assert [stored.schema_version for stored in found.values()] == [1, 1, None]


WRONG = {
    "No state.": "not JSON",
    "[]": "got a JSON array",
    "null": "got nothing",
    '{"a": 1}': "got other JSON",
    '{"version": 4, "resources": [NaN]}': "JSON has no NaN",
    "[" * 100_000: "nested too deeply",
    '{"format_version": "2.0", "values": {}}': "got 2.0; a newer prefect-iac may know it",
    '{"version": 3, "terraform_version": "0.11.0", "modules": []}': "got 3; run `terraform apply -refresh-only`",
    '{"version": 5, "resources": []}': "got 5; a newer prefect-iac may know it",
    '{"meta": {}, "encrypted_data": "x", "encryption_version": "v0"}': "`tofu state pull`",
    '{"version": 4, "resources": {"a": 1}}': "damaged",
    '{"version": 4, "resources": ["x"]}': "damaged",
    '{"version": 4, "resources": [{"mode": "managed", "instances": [{}]}]}': "damaged",
    '{"format_version": "1.0", "values": {"root_module": {"resources": [{"mode": "managed"}]}}}': "damaged",
    '{"format_version": "1.0", "values": []}': "damaged",
    '{"format_version": "1.0", "values": {"root_module": {"child_modules": [3]}}}': "damaged",
    '{"format_version": "1.2", "planned_values": {}, "configuration": []}': "damaged",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:60])
def test_what_is_no_state_is_refused(text: str) -> None:
    """Other text, other versions, and what holds no objects, are refused with what was expected or what to do."""
    with pytest.raises(StateError, match="expected") as caught:
        read_state(text)
    assert WRONG[text] in str(caught.value)


DAMAGED = [
    resource({"attributes": ["x"]}),
    resource({"attributes": {}, "schema_version": "x"}),
    resource({"attributes": {}, "schema_version": True}),
    resource(mode=7),
    resource(name=None),
    resource(instances={"a": 1}),
    resource(module=["x"]),
]


@pytest.mark.parametrize("damage", DAMAGED, ids=lambda damage: str(damage)[-70:])
def test_a_damaged_object_does_not_hide_the_others(damage: dict[str, Any]) -> None:
    """An object that is damaged is among those of the state, with what is wrong, and the others are whole."""
    first, second = read_state(stored(damage, resource({"attributes": {"id": "i"}}, name="other")))
    assert first.damage.startswith("the state is damaged: expected")
    assert first.type == "prefect_flow"
    assert (second.address, second.damage) == ("prefect_flow.other", "")
