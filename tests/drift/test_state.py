"""Terraform states in both of their forms, as Terraform documents them."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest

from prefect_iac.drift.shown import with_types
from prefect_iac.drift.state import read_state
from prefect_iac.drift.stored_object import StateError, StoredObject
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
    private = base64.b64encode(b'{"configured": ["labels"]}').decode()
    found = one(
        stored(resource({"schema_version": 1, "attributes": {"id": "i", "n": 1.50}, "private": private}))
    )
    assert found == StoredObject(
        "prefect_flow.this",
        "prefect_flow",
        SOURCE,
        1,
        {"id": "i", "n": Decimal("1.5")},
        shown=False,
        private={"configured": ["labels"]},
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


@pytest.mark.parametrize("private", [None, "", "not base64!", base64.b64encode(b"\xff").decode(), "W10="])
def test_private_data_of_another_provider_is_nobodys(private: str | None) -> None:
    """Data that another provider wrote beside its objects is ignored."""
    assert one(stored(resource({"private": private}))).private is None


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
    assert found.private is None


def test_empty_states_have_no_objects() -> None:
    """A state before the first apply, in either form, is a state without objects."""
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


WRONG = {
    "": "not JSON",
    "No state.": "not JSON",
    "[]": "got a JSON array",
    "null": "got nothing",
    "{}": "got other JSON",
    '{"format_version": "2.0", "values": {}}': "got 2.0; a newer prefect-iac may know it",
    '{"format_version": "1.2", "planned_values": {}}': "got a plan; leave out the file name",
    '{"version": 3, "terraform_version": "0.11.0", "modules": []}': "got 3; run `terraform apply -refresh-only`",
    '{"version": 5, "resources": []}': "expected version 4 of the state file, got 5",
    '{"version": 4, "resources": {"a": 1}}': "damaged",
    '{"version": 4, "resources": ["x"]}': "damaged",
    '{"version": 4, "resources": [{"mode": "managed", "instances": [{}]}]}': "damaged",
    '{"version": 4, "resources": [{"mode": "managed", "type": "t", "name": "n", "instances": [1]}]}': "damaged",
    '{"format_version": "1.0", "values": {"root_module": {"resources": [{"mode": "managed"}]}}}': "damaged",
    '{"format_version": "1.0", "values": []}': "damaged",
    '{"format_version": "1.0", "values": {"root_module": {"child_modules": [3]}}}': "damaged",
    stored(resource({"attributes": ["x"]})): "damaged",
    stored(resource({"attributes": {}, "schema_version": "x"})): "damaged",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:60])
def test_what_is_no_state_is_refused(text: str) -> None:
    """Other text, a plan, other versions and damaged states are refused with what was expected or what to do."""
    with pytest.raises(StateError, match="expected") as caught:
        read_state(text)
    assert WRONG[text] in str(caught.value)
