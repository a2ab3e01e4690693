"""Who changed what: asked of a real server's events, and of a fake Prefect Cloud's, which alone name people."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_iac.drift.authors import find_causes
from prefect_iac.drift.detection import find_drift
from prefect_iac.drift.report import Cause, Changed, DriftReport, Missing, ValueChange
from prefect_iac.output import FORMATS
from prefect_iac.output.drift import drift_report
from prefect_provider.api import RetryPolicy
from prefect_provider.objects.auditing import ACTOR, MARK, audit
from prefect_provider.objects.catalogue import (
    Automation,
    Deployment,
    Flow,
    GlobalConcurrencyLimit,
    Variable,
    WorkPool,
)
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from prefect_provider.text.path import show_path
from tests.api.fake_transport import FakeTransport, answer, client
from tests.drift.test_drift import state_file, written
from tests.environment.processes import wait_until
from tests.objects.terraform_core import Managed, World, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.plan.stored_object import StoredObject
    from prefect_provider.api import Answer, Outgoing
    from tests.environment.prefect_server import PrefectServer

CLOUD = (
    "https://api.prefect.cloud/api/accounts/11111111-1111-4111-8111-111111111111"
    "/workspaces/22222222-2222-4222-8222-222222222222"
)
ID = "3a9445c1-9451-48c0-a9c6-96b3d46e6a3a"


@pytest.fixture
def world(prefect_server: PrefectServer) -> Iterator[World]:
    """A client and an event loop for one test."""
    world = World(prefect_server)
    yield world
    world.close()


def waited(world: World, resource_id: str, *names: str) -> None:
    """Until the server has kept an event of each name that concerns the resource."""
    asked = {"filter": {"any_resource": {"id": [resource_id]}}}

    def there() -> bool:
        events = world.call("POST", "/events/filter", asked)["events"]
        return set(names) <= {one["event"] for one in events}

    wait_until(there, what=f"events {names} of {resource_id}", seconds=120)


def asked(world: World, objects: list[StoredObject]) -> tuple[DriftReport, dict[str, Cause]]:
    """The drift, and the cause of each change by its attribute; of a missing object by nothing."""
    found = world.run(find_drift(objects, world.client))
    causes = world.run(find_causes(found, world.client))
    return found._replace(causes=causes), {show_path(path): cause for (_, path), cause in causes.items()}


def recent(at: datetime | None) -> bool:
    """Whether it was within the last minute."""
    return at is not None and abs(datetime.now(UTC) - at) < timedelta(minutes=1)


def deployment_of(world: World) -> Managed:
    """A deployment with a schedule, and with a field that events tell of."""
    flow, deployment = Managed(world, Flow), Managed(world, Deployment)
    flow.apply({"name": unique("flow")})
    deployment.apply(
        {
            "name": unique("deployment"),
            "flow_id": flow.id,
            "tags": ["a"],
            "paused": False,
            "schedules": {"daily": {"cron": "0 3 * * *"}},
            "description": "d",
        }
    )
    return deployment


def test_an_automation_that_paused_and_somebody_who_changed(world: World) -> None:
    """A real automation pauses a deployment, and a person changes tags and a schedule: each cause is told apart."""
    deployment = deployment_of(world)
    stored = state_file(written(deployment))
    name, event = unique("pause"), unique("stop")
    world.call(
        "POST",
        "/automations/",
        {
            "name": name,
            "trigger": {
                "type": "event",
                "posture": "Reactive",
                "expect": [event],
                "threshold": 1,
                "within": 0,
            },
            "actions": [{"type": "pause-deployment", "source": "selected", "deployment_id": deployment.id}],
        },
    )
    emitted = {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": event,
        "resource": {"prefect.resource.id": "r"},
        "related": [],
        "payload": {},
    }
    world.call("PATCH", f"/deployments/{deployment.id}", {"tags": ["b"]})
    [schedule] = world.call("GET", f"/deployments/{deployment.id}")["schedules"]
    world.call(
        "PATCH",
        f"/deployments/{deployment.id}/schedules/{schedule['id']}",
        {"schedule": {"cron": "0 5 * * *", "timezone": "UTC"}},
    )

    def paused() -> bool:
        # An automation that was made a moment ago may not be known yet to what evaluates.
        emitted["id"] = str(uuid4())
        world.call("POST", "/events", [emitted])
        return bool(world.call("GET", f"/deployments/{deployment.id}")["paused"])

    wait_until(paused, what="the automation to pause the deployment", seconds=120)
    resource_id = f"prefect.deployment.{deployment.id}"
    waited(world, resource_id, "prefect.automation.action.executed", "prefect.deployment.updated")

    found, causes = asked(world, stored)

    assert causes["paused"][:2] == ("automation", name)
    assert causes["tags"][:2] == ("outside", None)
    assert causes["schedules.daily.cron"].kind == "outside"
    assert causes["schedules.daily.cron"].evidence == "field schedules['daily'].updated"
    assert all(recent(cause.at) for cause in causes.values()), causes
    assert causes["paused"].evidence.startswith("event ")
    text = FORMATS["text"](drift_report(found))
    assert f'paused: false -> true; by the automation "{name}", 20' in text
    assert 'tags: added "b"; from outside, 20' in text
    document = json.loads(FORMATS["json"](drift_report(found)))
    told = {one["attribute"]: one["cause"] for one in document["changed"][0]["changes"]}
    assert told["paused"]["kind"] == "automation"
    assert told["paused"]["actor"] == name


def test_deletions(world: World) -> None:
    """What was deleted has a time, and the event that says so."""
    limit, pool, flow = (Managed(world, kind) for kind in (GlobalConcurrencyLimit, WorkPool, Flow))
    limit.apply({"name": unique("limit"), "limit": 2})
    pool.apply({"name": unique("pool"), "type": "process"})
    flow.apply({"name": unique("flow")})
    stored = state_file(written(limit), written(pool), written(flow))
    for path in (
        f"/v2/concurrency_limits/{limit.id}",
        f"/work_pools/{pool.held['name']}",
        f"/flows/{flow.id}",
    ):
        world.call("DELETE", path)
    for resource in (f"concurrency-limit.{limit.id}", f"work-pool.{pool.id}", f"flow.{flow.id}"):
        waited(world, f"prefect.{resource}", f"prefect.{resource.partition('.')[0]}.deleted")

    found = world.run(find_drift(stored, world.client))
    causes = world.run(find_causes(found, world.client))

    assert [address for address, _ in causes] == [one.address for one in found.missing]
    assert len(causes) == 3
    assert {(cause.kind, cause.actor, recent(cause.at)) for cause in causes.values()} == {
        ("outside", None, True)
    }
    text = FORMATS["text"](drift_report(found._replace(causes=causes)))
    assert text.count("    deleted: from outside, 20") == 3


def test_our_own_applies(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an apply of another state changed or deleted is ours by its mark; what came after it is not."""
    monkeypatch.setenv("GITHUB_ACTOR", "ada")
    monkeypatch.setenv("GITHUB_SHA", "41f2c9")
    audit(world.client)
    variable, gone = Managed(world, Variable), Managed(world, Variable)
    name = unique("v")
    variable.apply({"name": name, "value": Dynamic(STRING, "hush-1")})
    gone.apply({"name": unique("v"), "value": Dynamic(STRING, "x")})
    stored = state_file(written(variable), written(gone, "gone"))
    gone_id = gone.id
    variable.apply({"name": name, "value": Dynamic(STRING, "hush-2")})
    gone.destroy()
    waited(world, f"prefect.variable.{variable.id}", "prefect.variable.updated", MARK)
    waited(world, f"prefect.variable.{gone_id}", "prefect.variable.deleted", MARK)

    found, causes = asked(world, stored)

    assert causes["value"][:2] == causes[""][:2] == ("ours", "ada")
    assert causes["value"].note.startswith("41f2c9")
    text = FORMATS["text"](drift_report(found))
    assert 'by an apply of Terraform by "ada"' in text
    assert "hush" not in json.dumps([str(cause) for cause in causes.values()])


class Prefect:
    """A fake of the API with the events that it is given; of Prefect Cloud as its documents have it."""

    def __init__(self, events: list[dict[str, Any]], *, version: str = "3.8.8", kept: str = "P7D") -> None:
        self.events = events
        self.version = version
        self.kept = kept
        self.filters: list[dict[str, Any]] = []

    def __call__(self, outgoing: Outgoing) -> Answer:
        """Answer a request."""
        path = outgoing.url.partition("/api")[2]
        if path.endswith("/admin/version"):
            return answer(200, self.version)
        if path.endswith("/admin/settings"):
            return answer(200, {"server": {"events": {"retention_period": self.kept}}})
        if path.endswith("/events/filter"):
            self.filters.append(json.loads(outgoing.body or b"{}")["filter"])
            return answer(200, {"events": self.events, "total": len(self.events), "next_page": None})
        if outgoing.method == "GET":
            return answer(404, {"detail": "Deployment not found"})
        return answer(200, [])


def causes_of(fake: Prefect, report: DriftReport, endpoint: str = "") -> list[Cause]:
    """The causes that are found with a fake server."""

    async def run() -> list[Cause]:
        options: dict[str, Any] = {"endpoint": endpoint, "api_key": "pnu_key"} if endpoint else {}
        async with client(FakeTransport(fake), policy=RetryPolicy(max_retries=0), **options) as prefect:
            return [*(await find_causes(report, prefect)).values()]

    return asyncio.run(run())


def event(name: str, minutes: float, kind: str = "work-pool", **more: Any) -> dict[str, Any]:
    """An event of a few minutes ago."""
    return {
        "id": str(uuid4()),
        "occurred": (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(),
        "event": name,
        "resource": {"prefect.resource.id": f"prefect.{kind}.{ID}"},
        "related": [],
        "payload": {},
        **more,
    }


def changed(type_name: str, attribute: str, *, days: float = 0) -> DriftReport:
    """A report of one change, of an object that was last changed some days ago."""
    updated = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    change = ValueChange((attribute,), 1, 2, sensitive=False)
    return DriftReport(("a.b",), changed=(Changed("a.b", type_name, ID, (change,), updated),))


def test_people_that_prefect_cloud_names() -> None:
    """A fake of Prefect Cloud: the actor of an event is named, by handle or name and never by address."""

    def updated(**labels: str) -> dict[str, Any]:
        actor = {
            "prefect.resource.id": "prefect-cloud.actor.7",
            "prefect.resource.role": "actor",
            "prefect-cloud.email": "ada@example.com",
            **labels,
        }
        payload = {"updated_fields": ["description"], "updates": {"description": {"from": "a", "to": "b"}}}
        return event("prefect.work-pool.updated", 3, payload=payload, related=[actor])

    report = changed("prefect_work_pool", "description")
    for labels, name in (
        ({"prefect-cloud.handle": "ada", "prefect.resource.name": "ada@example.com"}, "ada"),
        ({"prefect.resource.name": "Ada"}, "Ada"),
        ({"prefect.resource.name": "ada@example.com"}, "prefect-cloud.actor.7"),
    ):
        [cause] = causes_of(Prefect([updated(**labels)]), report, CLOUD)
        assert (cause.kind, cause.actor) == ("outside", name)
        assert "@" not in FORMATS["text"](
            drift_report(report._replace(causes={("a.b", ("description",)): cause}))
        )


def test_an_apply_by_an_address_is_nobodys_in_particular() -> None:
    """A mark that was left under an address of e-mail tells that it was an apply, and not the address."""
    actor = {"prefect.resource.id": f"{ACTOR}ada@example.com", "prefect.resource.role": "actor"}
    mark = event(MARK, 2, payload={"action": "updated", "changed": ["description"]}, related=[actor])
    update = event("prefect.work-pool.updated", 2.5, payload={"updated_fields": ["description"]})
    [cause] = causes_of(Prefect([mark, update]), changed("prefect_work_pool", "description"))
    assert (cause.kind, cause.actor) == ("ours", None)


def test_objects_of_an_account_are_in_the_audit_log() -> None:
    """A fake of Prefect Cloud: the account's events are asked for by Cloud's own names; they may be out of bounds."""
    id_ = f"prefect-cloud.workspace-role.{ID}"
    actor = {"prefect.resource.id": "prefect-cloud.actor.7", "prefect.resource.role": "actor"}
    told = event("prefect-cloud.workspace-role.updated", 3, related=[actor | {"prefect-cloud.handle": "ada"}])
    told["resource"] = {"prefect.resource.id": id_}
    report = changed("prefect_workspace_role", "scopes")

    [cause] = causes_of(Prefect([told]), report, CLOUD)
    assert (cause.kind, cause.actor) == ("outside", "ada")

    class Closed(Prefect):
        def __call__(self, outgoing: Outgoing) -> Answer:
            if "/workspaces/" not in outgoing.url:
                return answer(403, {"detail": "Forbidden"})
            return super().__call__(outgoing)

    [cause] = causes_of(Closed([]), report, CLOUD)
    assert (cause.kind, cause.note) == ("unknown", "there is no event of it")


def test_only_the_events_of_the_attribute_count() -> None:
    """An event that says that something else was changed is no evidence."""
    other = event("prefect.work-pool.updated", 1, payload={"updated_fields": ["description"]})
    mine = event("prefect.work-pool.updated", 9, payload={"updated_fields": ["concurrency_limit", "x"]})
    report = changed("prefect_work_pool", "concurrency_limit")

    [cause] = causes_of(Prefect([other, mine]), report)
    assert (cause.kind, cause.evidence) == ("outside", f"event {mine['id']}")
    [cause] = causes_of(Prefect([other]), report)
    assert (cause.kind, cause.note) == ("unknown", "there is no event of it")
    assert recent(cause.before)


@pytest.mark.parametrize(
    "payload", [None, [], {"updated_fields": "concurrency_limit"}, {"updated_fields": [{}]}]
)
def test_odd_events_are_no_evidence(payload: Any) -> None:
    """An event or a mark of an unforeseen form tells nothing, and ends nothing."""
    odd = [
        event("prefect.work-pool.updated", 1, payload=payload, related=None),
        event(MARK, 1, payload=payload, related=[3, {}]),
        event("prefect.automation.action.executed", 1, payload=payload, related="x"),
    ]

    for attribute in ("concurrency_limit", "paused"):
        [cause] = causes_of(Prefect(odd), changed("prefect_work_pool", attribute))
        assert cause.kind == "unknown"


def test_a_mark_covers_its_own_change_only() -> None:
    """A mark that came long after, before, or for another attribute does not make a change ours."""
    update = event("prefect.variable.updated", 10, kind="variable")
    report = changed("prefect_variable", "value")

    def kind_with(minutes: float, names: list[str]) -> str:
        mark = event(MARK, minutes, kind="variable", payload={"action": "updated", "changed": names})
        [cause] = causes_of(Prefect([update, mark]), report)
        return cause.kind

    assert kind_with(9.9, ["value"]) == "ours"
    assert kind_with(9.9, ["tags"]) == "outside"
    assert kind_with(5, ["value"]) == "outside"
    assert kind_with(11, ["value"]) == "outside"


@pytest.mark.parametrize(
    ("version", "type_name", "note"),
    [
        ("3.6.6", "prefect_work_pool", "Prefect 3.6.6 emits no event for it, 3.6.7 and later do"),
        ("3.6.7", "prefect_work_pool", "there is no event of it"),
        ("3.6.22", "prefect_deployment", "Prefect 3.6.22 emits no event for it, 3.6.23 and later do"),
        ("3.7.3", "prefect_variable", "Prefect 3.7.3 emits no event for it, 3.7.4 and later do"),
        ("3.10.0", "prefect_variable", "there is no event of it"),
        ("3.8.8", "prefect_block_schema", "no server emits an event for a block schema"),
    ],
)
def test_versions_that_tell_nothing(version: str, type_name: str, note: str) -> None:
    """A server that emits no such event is not taken for one on which nothing happened."""
    [cause] = causes_of(Prefect([], version=version), changed(type_name, "x"))

    assert (cause.kind, cause.note) == ("unknown", note)


def test_older_than_the_history() -> None:
    """What was changed before the oldest event that is kept is nobody's."""
    [cause] = causes_of(Prefect([]), changed("prefect_variable", "value", days=8))
    assert (cause.kind, cause.note) == ("unknown", "older than the history that the server keeps")

    report = DriftReport(("a.b",), missing=(Missing("a.b", "prefect_variable", ID),))
    [cause] = causes_of(Prefect([]), report)
    assert (cause.kind, cause.at, cause.note) == (
        "unknown",
        None,
        "older than the history that the server keeps",
    )


def test_one_request_for_all_objects() -> None:
    """However many objects differ, up to a hundred are asked for in one request."""
    fake = Prefect([])
    missing = tuple(Missing(f"a.b{number}", "prefect_variable", str(uuid4())) for number in range(100))

    assert len(causes_of(fake, DriftReport((), missing=missing))) == 100
    assert len(fake.filters) == 1
    assert len(fake.filters[0]["any_resource"]["id"]) == 100


def test_a_pool_that_somebody_paused(world: World) -> None:
    """A real server tells of a pause as of a state of the pool; that it goes on again is told of nothing."""
    pool, going = Managed(world, WorkPool), Managed(world, WorkPool)
    pool.apply({"name": unique("pool"), "type": "process", "paused": False})
    going.apply({"name": unique("pool"), "type": "process", "paused": True})
    stored, other = state_file(written(pool)), state_file(written(going))
    world.call("PATCH", f"/work_pools/{pool.held['name']}", {"is_paused": True})
    world.call("PATCH", f"/work_pools/{going.held['name']}", {"is_paused": False})
    waited(world, f"prefect.work-pool.{pool.id}", "prefect.work-pool.paused")

    _, causes = asked(world, stored)
    assert causes["paused"][:2] == ("outside", None)
    assert recent(causes["paused"].at)
    _, causes = asked(world, other)
    assert (causes["paused"].kind, causes["paused"].note) == ("unknown", "there is no event of it")
    assert recent(causes["paused"].before)


def test_an_automation_that_somebody_switched_off(world: World) -> None:
    """A real server: the update of an automation tells the time, though not who."""
    automation = Managed(world, Automation)
    automation.apply(
        {
            "name": unique("automation"),
            "enabled": True,
            "trigger": {
                "event": {"posture": "Reactive", "expect": [unique("e")], "threshold": 1, "within": 0}
            },
            "actions": [{"type": "do-nothing"}],
        }
    )
    stored = state_file(written(automation))
    world.call("PATCH", f"/automations/{automation.id}", {"enabled": False})
    waited(world, f"prefect.automation.{automation.id}", "prefect.automation.updated")

    _, causes = asked(world, stored)

    assert causes["enabled"][:2] == ("outside", None)
    assert recent(causes["enabled"].at)
