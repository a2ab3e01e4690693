"""Webhooks: their templates are checked, their addresses are known, and requests become events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from prefect_provider.objects.cloud.service_account import ServiceAccount
from prefect_provider.objects.cloud.webhook import Webhook, WebhookLookup, Webhooks
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN
from tests.cloud.cases.keys import TEMPLATE
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


def _received(world: World, resource_id: str) -> list[dict[str, Any]]:
    """The events of a resource that the workspace's server has by now, or after a while."""
    import time

    wanted = {"filter": {"resource": {"id": [resource_id]}}}
    until = time.monotonic() + 120
    while time.monotonic() < until:
        found = world.call("POST", "/events/filter", wanted)["events"]
        if found:
            return list(found)
        time.sleep(0.2)
    return []


def test_requests_become_events(cloud_world: World) -> None:
    """A form and JSON are rendered; the event is of the workspace, and the webhook is related to it."""
    managed, name = Managed(cloud_world, Webhook), unique("orders")
    managed.apply({"name": name, "template": TEMPLATE.replace("order.{{", f"{name}.{{{{")})
    endpoint = managed.held["endpoint"]
    assert endpoint == f"{cloud_world.cloud.url.removesuffix('/api')}/hooks/{managed.held['slug']}"

    assert httpx.post(endpoint, data={"id": "1"}).status_code == 204
    assert httpx.put(endpoint, json={"id": "2"}, headers={"Authorization": "Bearer x"}).status_code == 204
    for number in ("1", "2"):
        [event] = _received(cloud_world, f"{name}.{number}")
        assert event["event"] == "order.complete"
        assert event["payload"]["body"] == {"id": number}
        assert "authorization" not in event["payload"]["headers"]
        assert event["related"][0]["prefect.resource.id"] == f"prefect-cloud.webhook.{managed.id}"

    managed.apply(
        {"name": name, "template": '{"event": {{ body.x }}, "resource": {"prefect.resource.id": "a"}}'}
    )
    assert httpx.post(endpoint, json={"x": "no JSON"}).status_code == 400
    [failed] = _received(cloud_world, f"prefect-cloud.webhook.{managed.id}")
    assert failed["event"] == "prefect-cloud.webhook.failed"

    managed.apply({"name": name, "template": TEMPLATE, "enabled": False})
    assert httpx.post(endpoint, json={}).status_code == 404
    managed.destroy()


def test_a_service_account_guards_a_webhook(cloud_world: World) -> None:
    """Requests without its key are refused; it comes and goes without a new address."""
    account, managed = Managed(cloud_world, ServiceAccount), Managed(cloud_world, Webhook)
    account.apply({"name": unique("guard")})
    given = {"name": unique("guarded"), "template": TEMPLATE}
    managed.apply(given)
    endpoint = managed.held["endpoint"]
    managed.apply(given | {"service_account_id": account.id})
    assert managed.held["endpoint"] == endpoint

    def post(**headers: str) -> int:
        return httpx.post(endpoint, json={"id": "x"}, headers=headers).status_code

    assert post() == 401
    assert post(Authorization=f"Bearer {cloud_world.cloud.key}") == 401
    assert post(Authorization=f"Bearer {account.held['api_key']}") == 204
    managed.apply(given)
    assert post() == 204
    managed.destroy()
    account.destroy()


def test_an_account_that_enforces_authentication(account_world: World) -> None:
    """The plan refuses an enabled webhook without a service account, and lets one be that is not enabled."""
    cloud = account_world.cloud
    settings = {"enforce_webhook_authentication": True}
    cloud.store.change("accounts", cloud.account_id, "Account", settings=settings)
    managed, given = Managed(account_world, Webhook), {"name": "x", "template": TEMPLATE}
    refused = managed.plan(configuration(Webhook, given), prior=None)
    assert [(one.path, one.severity) for one in refused.diagnostics] == [(("service_account_id",), "error")]
    managed.apply(given | {"enabled": False})


def test_keepers_change_the_address(account_world: World) -> None:
    """A change of them gives another address, which the plan says; other changes leave it."""
    managed, given = Managed(account_world, Webhook), {"name": "x", "template": TEMPLATE}
    managed.apply(given | {"endpoint_keepers": {"a": "1"}})
    endpoint = managed.held["endpoint"]
    managed.apply(given | {"endpoint_keepers": {"a": "1"}, "description": "d"})
    assert managed.held["endpoint"] == endpoint
    changed = given | {"endpoint_keepers": {"a": "2"}, "description": "d"}
    planned = managed.plan(configuration(Webhook, changed), prior=managed.state)
    assert planned.state is not None
    assert planned.state["endpoint"] == UNKNOWN
    managed.apply(changed)
    assert managed.held["endpoint"] != endpoint


def test_reads_that_lag(account_world: World) -> None:
    """A template that is not seen at once is waited for."""
    managed, given = Managed(account_world, Webhook), {"name": "x", "template": TEMPLATE}
    account_world.cloud.store.lag = 2
    managed.apply(given)
    managed.apply(given | {"template": TEMPLATE + "\n", "enabled": False})
    account_world.cloud.store.lag = 0
    assert managed.held["template"] == TEMPLATE + "\n"


def test_data_sources(account_world: World) -> None:
    """By id and by name it is the same webhook; a name of several is refused with their ids."""
    managed, name = Managed(account_world, Webhook), unique("found")
    managed.apply({"name": name, "template": TEMPLATE})

    def look(given: dict[str, Any]) -> lifecycle.Outcome:
        config = configuration(WebhookLookup, given)
        return account_world.run(lifecycle.read_data(WebhookLookup, account_world.client, config, explain))

    for way in ({"id": managed.id}, {"name": name}):
        found = look(way)
        assert shown(found.diagnostics) == []
        assert found.state is not None
        assert (found.state["slug"], found.state["template"]) == (managed.held["slug"], TEMPLATE)

    other = Managed(account_world, Webhook)
    other.apply({"name": name, "template": TEMPLATE})
    third = Managed(account_world, Webhook)
    third.apply({"name": "Third", "template": TEMPLATE})
    for condition, wanted in (
        ({}, {managed.id, other.id, third.id}),
        ({"names": [name]}, {managed.id, other.id}),
        ({"name_like": "thi"}, {third.id}),
    ):
        config = configuration(Webhooks, condition)
        listed = account_world.run(lifecycle.read_data(Webhooks, account_world.client, config, explain))
        assert listed.state is not None
        assert {one["id"] for one in listed.state["webhooks"]} == wanted


def test_the_provider_s_place_is_shown(account_world: World) -> None:
    """Account and workspace are in the state, and leaving them out later changes nothing."""
    cloud, managed = account_world.cloud, Managed(account_world, Webhook)
    managed.apply({"name": "x", "template": TEMPLATE})
    assert (managed.held["account_id"], managed.held["workspace_id"]) == (
        cloud.account_id,
        cloud.workspace_id,
    )
