"""Blocks on a real server: what is sent, what is stored, and what nobody may see."""

from __future__ import annotations

import asyncio
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
from tests.objects.connections import count_requests
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing
    from prefect_provider.plugin.engine.lifecycle import Outcome
    from tests.objects.terraform_core import World

SECRET = "hush-hush-hush"
UUID = "01234567-89ab-cdef-0123-456789abcdef"


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

    assert time.monotonic() - started < 20
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


def test_only_a_new_block_needs_data(world: World) -> None:
    """A plan refuses to make a block of nothing, and leaves the data of one that exists as it is."""
    managed = Managed(world, Block)
    [error] = managed.plan(configuration(Block, secret()), prior=None).diagnostics
    assert error.summary == "Block without data"
    assert "Set `data` or `data_wo`" in error.detail

    given = secret(data='{"value": "x"}')
    managed.apply(given)
    bare = {"name": given["name"], "type_slug": "secret"}
    assert managed.changes(bare) == []
    assert managed.changes(bare | {"data_wo": '{"value": "y"}'}) == ["data"]


def test_data_that_is_not_known_yet_is_no_error(world: World) -> None:
    """Data that an ephemeral resource or another resource gives is accepted at validate."""
    for name in ("data", "data_wo"):
        assert shown(Managed(world, Block).validate(secret(**{name: UNKNOWN}))) == []


PLANNED: list[tuple[dict[str, Any], str, str]] = [
    ({"type_slug": "slack-webhook", "data": '{"uri": "hush"}'}, "data", "Did you mean `url`?"),
    ({"type_slug": "slack-webhook", "data_wo": '{"uri": "hush"}'}, "data_wo", "Did you mean `url`?"),
    ({"type_slug": "slack-webhook", "data": "{}"}, "data", "`url` is missing"),
    (
        {"type_slug": "slack-webhook", "data": '{"url": "x", "notify_type": "hush"}'},
        "data",
        'Expected one of "info"',
    ),
    ({"type_slug": "webhook", "data": '{"url": "x", "verify": "hush"}'}, "data", "Expected true or false"),
    (
        {"type_slug": "s3-bucket", "data": f'{{"bucket_name": "b", "credentials": "{UUID}"}}'},
        "data",
        "block_document_id =",
    ),
    (
        {"type_slug": "s3-bucket", "data": f'{{"bucket_name": "b", "credentials": {{"$ref": "{UUID}"}}}}'},
        "data",
        "block_document_id =",
    ),
    (
        {
            "type_slug": "s3-bucket",
            "data": f'{{"bucket_name": "b", "credentials": {{"$ref": {{"block_document_id": "{UUID}"}}}}}}',
        },
        "data",
        "There is no block of this id",
    ),
    ({"type_slug": "slack-webhok", "data": "{}"}, "type_slug", "Did you mean `slack-webhook`"),
    ({"type_slug": "zzzzzz", "data": "{}"}, "type_slug", "prefect block register"),
]


@pytest.mark.parametrize(("values", "attribute", "text"), PLANNED, ids=lambda value: str(value)[:60])
def test_plan_holds_data_against_the_type(
    world: World, values: dict[str, Any], attribute: str, text: str
) -> None:
    """What the type of a block cannot load is found in the plan, at its attribute, without a value."""
    given = configuration(Block, {"name": unique("block")} | values)
    found = [*Managed(world, Block).plan(given, prior=None).diagnostics]

    assert {item.path for item in found} == {(attribute,)}
    assert any(text in item.detail for item in found)
    assert "hush" not in repr(found)


def test_reference_to_a_block_of_another_type(world: World) -> None:
    """A reference to a block that the field cannot take says which types it takes."""
    target = Managed(world, Block)
    target.apply(secret(data='{"value": "x"}'))
    data = {"bucket_name": "b", "credentials": {"$ref": {"block_document_id": target.id}}}
    given = configuration(
        Block, {"name": unique("block"), "type_slug": "s3-bucket", "data": json.dumps(data)}
    )

    [error] = Managed(world, Block).plan(given, prior=None).diagnostics

    assert error.path == ("data",)
    assert "`aws-credentials` or `minio-credentials`, and this one is a `secret`" in error.detail


def test_data_that_stays_is_not_checked_again(world: World) -> None:
    """A block whose stored data its type cannot load can be imported and left as it is."""
    name = unique("block")
    type_ = world.call("GET", "/block_types/slug/slack-webhook")["id"]
    wanted = {"block_schemas": {"block_type_id": {"any_": [type_]}}, "limit": 1}
    [schema] = world.call("POST", "/block_schemas/filter", wanted)
    body = {
        "name": name,
        "data": {"uri": "x"},
        "block_type_id": type_,
        "block_schema_id": schema["id"],
    }
    stored_ = world.call("POST", "/block_documents/", body)

    imported = Managed.imported(world, Block, stored_["id"])

    imported.assert_settled({"name": name, "type_slug": "slack-webhook", "data": '{"uri": "x"}'})


def test_blocks_of_one_type_ask_for_it_once(world: World) -> None:
    """Sixty blocks that are planned and made side by side read their type and its schema once."""
    asked = count_requests(world)

    async def one() -> lifecycle.Outcome:
        given = configuration(Block, secret(data=json.dumps({"value": SECRET})))
        planned = await lifecycle.plan(Block, world.client, None, given, {}, explain)
        return await lifecycle.apply(
            Block, world.client, None, planned.state, given, planned.private, explain
        )

    async def all_() -> list[lifecycle.Outcome]:
        return await asyncio.gather(*(one() for _ in range(60)))

    assert [shown(outcome.diagnostics) for outcome in world.run(all_())] == [[]] * 60
    assert len([url for url in asked if url.endswith("/block_types/slug/secret")]) == 1
    assert len([url for url in asked if url.endswith("/block_schemas/filter")]) == 1


SHOWN: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"value": "v"}, {"value": "********"}, True),
    ({"a": {"b": "s", "c": 1}}, {"a": {"b": "********", "c": 1}}, True),
    ({"a": ["s", 2]}, {"a": ["********", 2]}, True),
    ({"a": {"b": 1}}, {"a": "********"}, True),
    ({"a": "x"}, {"a": "y"}, False),
    ({"a": "x", "b": "s"}, {"a": "x"}, False),
    ({"a": "x"}, {"a": "x", "b": "********"}, False),
    ({"a": [1, 2]}, {"a": [1]}, False),
    ({"a": {"$ref": {"block_document_id": "1"}}}, {}, False),
]


@pytest.mark.parametrize(("held", "shown_", "same"), SHOWN, ids=str)
def test_what_is_masked_may_be_what_is_held(held: dict[str, Any], shown_: dict[str, Any], same: bool) -> None:
    """A refresh asks for secrets in clear only if what the server shows, masked, is not as the state has it.

    The server is a fake: it counts how often secrets are asked for.
    """
    base = {"id": UUID, "name": "b", "block_type": {"slug": "x"}, "updated": "2026-11-01T10:00:00.5Z"}
    in_clear = {"value": "as it is now"}

    def server(out: Outgoing) -> Answer:
        return answer(200, base | {"data": in_clear if "include_secrets" in out.url else shown_})

    transport = FakeTransport(server)
    state = dict.fromkeys(Block.attributes) | {
        "id": UUID,
        "name": "b",
        "type_slug": "x",
        "data": json.dumps(held),
        "updated": "2026-11-01T10:00:00.500Z",
    }
    for changed in (False, True):
        transport.sent.clear()
        if changed:
            base["updated"] = "2026-11-01T10:00:01Z"
        outcome = asyncio.run(lifecycle.refresh(Block, client(transport), state, {}, explain))

        asked_in_clear = any("include_secrets" in out.url for out in transport.sent)
        assert asked_in_clear == (changed or not same)
        assert outcome.state is not None
        expected = in_clear if asked_in_clear else held
        assert json.loads(str(outcome.state["data"])) == expected


def test_a_reference_whose_block_is_gone_is_noticed(world: World) -> None:
    """Prefect drops it from the block that had it, and does not say that this one was changed."""
    inner, outer = Managed(world, Block), Managed(world, Block)
    inner.apply({"name": unique("inner"), "type_slug": "secret", "data": json.dumps({"value": "x"})})
    reference = {"value": {"$ref": {"block_document_id": inner.id}}}
    outer.apply({"name": unique("outer"), "type_slug": "secret", "data": json.dumps(reference)})
    world.call("DELETE", f"/block_documents/{inner.id}")

    state = outer.refresh().state

    assert state is not None
    assert json.loads(str(state["data"])) == {}
