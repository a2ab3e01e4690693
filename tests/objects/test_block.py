"""Blocks on a real server: what is sent, what is stored, and what nobody may see."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import RetryPolicy
from prefect_provider.objects.server.block import Block
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.text.path import show_path
from tests.api.fake_transport import FakeTransport, answer, client
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing
    from prefect_provider.plugin.engine.lifecycle import Outcome
    from tests.objects.terraform_core import World

SECRET = "hush-hush-hush"


def secret(**values: Any) -> dict[str, Any]:
    """A block of type `secret`."""
    return {"name": unique("block"), "type_slug": "secret"} | values


def stored(world: World, managed: Managed) -> Any:
    """The data on the server, in clear."""
    return world.call("GET", f"/block_documents/{managed.id}?include_secrets=true")["data"]


def create(world: World, given: dict[str, Any]) -> Outcome:
    """Plan and apply, whatever comes of it."""
    wanted = configuration(Block, given)
    planned = Managed(world, Block).plan(wanted, prior=None)
    return world.run(lifecycle.apply(Block, world.client, None, planned.state, wanted, {}, explain))


def test_wrong_block_type_fails_at_once_with_suggestion(world: World) -> None:
    """A block type that does not exist is reported within seconds, at the attribute, with the one that was meant."""
    started = time.monotonic()

    [error] = create(world, {"name": "x", "type_slug": "slack-webhok", "data": "{}"}).diagnostics

    assert time.monotonic() - started < 3
    assert error.path == ("type_slug",)
    assert error.summary == "Unknown block type `slack-webhok`"
    assert "Did you mean `slack-webhook`" in error.detail
    assert "prefect block type ls" in error.detail


@pytest.mark.parametrize("attribute", ["data", "data_wo"])
def test_secret_is_not_in_the_error(world: World, attribute: str) -> None:
    """An answer that repeats what was sent, as Prefect's 422 does, is shown without the block's texts."""

    def handler(outgoing: Outgoing) -> Answer:
        if "block_types" in outgoing.url:
            return answer(200, {"id": "t", "slug": "secret"})
        if "block_schemas" in outgoing.url:
            return answer(200, [{"id": "s"}])
        body = json.loads(outgoing.body or b"{}")
        problem = {"loc": ["body", "data"], "msg": f"bad value {SECRET}", "input": body, "type": "x"}
        return answer(422, {"exception_message": SECRET, "exception_detail": [problem], "request_body": body})

    fake = client(FakeTransport(handler), policy=RetryPolicy(max_retries=0))
    given = configuration(Block, secret(**{attribute: json.dumps({"value": {"deep": [SECRET]}})}))
    planned = Managed(world, Block).plan(given, prior=None)
    outcome = world.run(lifecycle.apply(Block, fake, None, planned.state, given, {}, explain))

    [error] = outcome.diagnostics
    assert error.summary == "Prefect does not accept the values"
    assert SECRET not in repr(error)
    assert "(sensitive)" in error.detail


def test_drift_of_secret_data_is_seen(world: World) -> None:
    """Data that somebody changed is a difference, although Prefect masks it by default."""
    managed = Managed(world, Block)
    given = secret(data=json.dumps({"value": SECRET}))
    managed.apply(given)
    world.call("PATCH", f"/block_documents/{managed.id}", {"data": {"value": "other"}})

    managed.refresh()

    assert managed.changes(given) == ["data"]
    managed.apply(given)
    assert stored(world, managed) == {"value": SECRET}


def test_write_only_data(world: World) -> None:
    """Write-only data is sent on creation and with each new version, and is in neither plan nor state."""
    managed = Managed(world, Block)
    given = secret(data_wo=json.dumps({"value": SECRET}))
    managed.apply(given)
    assert stored(world, managed) == {"value": SECRET}
    assert SECRET not in repr(managed.state)

    managed.apply(given | {"data_wo": json.dumps({"value": "unseen"})})
    assert stored(world, managed) == {"value": SECRET}

    managed.apply(given | {"data_wo": json.dumps({"value": "seen"}), "data_wo_version": 1})
    assert stored(world, managed) == {"value": "seen"}
    managed.apply(given | {"data_wo": json.dumps({"value": "again"}), "data_wo_version": 2})
    assert stored(world, managed) == {"value": "again"}
    managed.apply(given | {"data_wo": json.dumps({"value": "last"})})
    assert stored(world, managed) == {"value": "last"}


def test_data_becomes_write_only_and_back(world: World) -> None:
    """Switching between `data` and `data_wo`, with and without a version, sends what is configured."""
    managed = Managed(world, Block)
    base = secret()
    managed.apply(base | {"data": '{"value": "a"}'})
    managed.apply(base | {"data_wo": '{"value": "b"}'})
    assert stored(world, managed) == {"value": "b"}
    assert managed.held["data"] is None

    managed.apply(base | {"data": '{"value": "c"}'})
    assert stored(world, managed) == {"value": "c"}
    managed.apply(base | {"data_wo": '{"value": "d"}', "data_wo_version": 5})
    assert stored(world, managed) == {"value": "d"}
    managed.apply(base | {"data": '{"value": "d"}'})
    assert stored(world, managed) == {"value": "d"}


def test_removed_field_is_cleared(world: World) -> None:
    """Data replaces what was stored: a field that is left out is gone."""
    managed = Managed(world, Block)
    base = {"name": unique("block"), "type_slug": "webhook"}
    managed.apply(base | {"data": '{"url": "https://a.example", "method": "PUT"}'})
    managed.apply(base | {"data": '{"url": "https://a.example"}'})
    assert stored(world, managed) == {"url": "https://a.example"}


def test_reference_to_another_block(world: World) -> None:
    """A `$ref` stays as it is written, is kept by refresh and import, and its target may change."""
    first, second = Managed(world, Block), Managed(world, Block)
    for target in (first, second):
        target.apply(secret(data='{"value": "x"}'))
    managed = Managed(world, Block)
    base = {"name": unique("block"), "type_slug": "remote-file-system"}

    def given(target: Managed) -> dict[str, Any]:
        reference = {"$ref": {"block_document_id": target.id}}
        return base | {"data": json.dumps({"settings": reference, "basepath": "s3://x"})}

    managed.apply(given(first))
    managed.apply(given(second))

    Managed.imported(world, Block, managed.id).assert_settled(given(second))
    references = world.call("GET", f"/block_documents/{managed.id}")["block_document_references"]
    assert references["settings"]["block_document"]["id"] == second.id


def test_reference_whose_block_was_deleted_is_drift(world: World) -> None:
    """Prefect drops a reference with its target; the plan shows the change, and that the target is not there."""
    target, managed = Managed(world, Block), Managed(world, Block)
    target.apply(secret(data='{"value": "x"}'))
    reference = {"$ref": {"block_document_id": target.id}}
    given = {
        "name": unique("block"),
        "type_slug": "remote-file-system",
        "data": json.dumps({"settings": reference, "basepath": "s3://x"}),
    }
    managed.apply(given)
    target.destroy()

    managed.refresh()

    planned = managed.plan(configuration(Block, given), prior=managed.state)
    assert planned.state != managed.state
    [error] = planned.diagnostics
    assert error.path == ("data",)
    assert "there is no block of this id" in error.detail.lower()
    assert "settings" in error.detail


def test_import_by_id_and_by_name(world: World) -> None:
    """A block is imported by its id and by `<type>/<name>`, with its data, so that nothing is left to plan."""
    managed = Managed(world, Block)
    given = secret(data=json.dumps({"value": SECRET}))
    managed.apply(given)

    for id_ in (managed.id, f"secret/{given['name']}"):
        Managed.imported(world, Block, id_).assert_settled(given)
    [error] = world.import_state(Block, "secret/there-is-none").diagnostics
    assert error.summary == "No such object"


def test_imported_block_with_write_only_data(world: World) -> None:
    """A block that is imported and configured with write-only data loses the data from its state."""
    managed = Managed(world, Block)
    given = secret(data=json.dumps({"value": SECRET}))
    managed.apply(given)
    imported = Managed.imported(world, Block, managed.id)

    imported.apply({"name": given["name"], "type_slug": "secret", "data_wo": '{"value": "other"}'})

    assert SECRET not in repr(imported.state)
    assert stored(world, imported) == {"value": "other"}


@pytest.mark.parametrize("change", [{"name": "another-name"}, {"type_slug": "json"}], ids=str)
def test_name_and_type_need_a_new_block(world: World, change: dict[str, Any]) -> None:
    """Prefect can change neither a block's name nor its type, and a plan says so at the attribute."""
    managed = Managed(world, Block)
    given = secret(data='{"value": "x"}')
    managed.apply(given)

    outcome = managed.plan(configuration(Block, given | change), prior=managed.state)

    assert outcome.replace == [(*change,)]


def test_block_type_changes(world: World) -> None:
    """A block of another type takes the place of the old one under the same name."""
    managed = Managed(world, Block)
    given = secret(data='{"value": "x"}')
    managed.apply(given)
    managed.apply(given | {"type_slug": "webhook", "data": '{"url": "https://a.example"}'})
    assert managed.held["type_slug"] == "webhook"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "Set `data` or `data_wo`"),
    ({"data": "{}", "data_wo": "{}"}, "data_wo", "cannot be set together"),
    ({"data": "{}", "data_wo_version": 1}, "data_wo_version", "needs `data_wo`"),
    ({"data": '{"value": "********"}'}, "data", "Write the real value"),
    ({"data_wo": '{"a": [{"b": "********"}]}'}, "data_wo", "Write the real value"),
    ({"data": "not json hush"}, "data", "jsonencode()"),
    ({"data": '"text"'}, "data", "a JSON object"),
    ({"data": "{}", "name": "Not_Allowed"}, "name", "lowercase letters, digits and hyphens"),
]


@pytest.mark.parametrize(("values", "path", "text"), WRONG, ids=lambda value: str(value)[:40])
def test_what_prefect_cannot_store_is_refused(
    world: World, values: dict[str, Any], path: str, text: str
) -> None:
    """Missing, masked, malformed and conflicting data is refused with its place and remedy, without the data."""
    [error] = Managed(world, Block).validate({"name": "block", "type_slug": "secret"} | values)

    assert show_path(error.path) == path
    assert text in error.detail
    assert "hush" not in repr(error)


def test_data_that_is_not_known_yet_is_no_error(world: World) -> None:
    """Data that an ephemeral resource or another resource gives is accepted at validate."""
    for name in ("data", "data_wo"):
        assert shown(Managed(world, Block).validate(secret(**{name: UNKNOWN}))) == []
