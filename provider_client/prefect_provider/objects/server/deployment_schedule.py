"""``prefect_deployment_schedule``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.api import Conflict, Listing, NotFound, Reply, join_path
from prefect_provider.objects.answers import object_of, objects_of, refuse_answer
from prefect_provider.objects.existing import check_creation, take_over
from prefect_provider.objects.explanation import explain_anywhere
from prefect_provider.objects.identity import Key
from prefect_provider.objects.made_here import note_made_here
from prefect_provider.objects.placed import WorkspaceObject, no_workspaces
from prefect_provider.objects.remote import changed_names, delete_if_there, get_or_none
from prefect_provider.objects.server.deployment.ownership import ownership_of
from prefect_provider.objects.server.deployment.schedules import (
    Schedule,
    check_schedule,
    schedule_to_api,
)
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.diagnostics import Diagnostic, ProviderError
from prefect_provider.plugin.language.kinds import Bool, Integer, Mismatch, String, Timestamp, Uuid
from prefect_provider.plugin.language.values import UNKNOWN, Unknown, Value, Values, has_unknown
from prefect_provider.rules import schedules as schedule_rules
from prefect_provider.rules.recurrence import same_recurrence
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names, show

if TYPE_CHECKING:
    from collections.abc import Hashable

    from prefect_provider.api import Scope
    from prefect_provider.objects.server.deployment.ownership import Ownership
    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["DeploymentSchedule", "schedule_entries"]

_DEPLOYMENTS: Final = Listing("/deployments", "deployments", "CREATED_DESC", is_shared=True)
"""A deployment's answer has its schedules in it, so that those of many cost as many requests as their deployments."""

_ONLY_ANEW: Final = ("slug", "max_scheduled_runs")
"""What a PATCH does not clear: it takes null for "leave it" (Prefect 3.8)."""

_NO_NUMBER: Final = Decimal(0)
"""What the official provider stores for none; not a value that leaving the attribute out comes to."""

_MARK: Final = "slug"
"""Under this name the private data has the slug that a schedule without one was given when it was made anew."""


class TimeZone(String):
    """The name of a time zone; empty text, which the official provider stores for none, is UTC as none is."""

    def canonical(self, value: Value) -> Hashable:
        """With the name of what none means."""
        return str(value) or "UTC"


class Anchor(Timestamp):
    """An instant; empty text, which the official provider stores for none, is none."""

    def problems(self, value: Value) -> Iterator[Mismatch]:
        """None of empty text."""
        return super().problems(value) if value else iter(())


class _Named(NamedTuple):
    """An import id taken apart."""

    deployment: str
    """The path of the deployment."""
    schedule: str
    """Its slug, or its id."""
    workspace_id: str | None


class DeploymentSchedule(WorkspaceObject):
    """A schedule of a deployment: when runs are made, by exactly one of `cron`, `interval` and `rrule`.

    For schedules that are declared apart from their deployment. A deployment whose `schedules` are configured has
    those and no others, so leave `schedules` out of it.
    """

    type_name = "prefect_deployment_schedule"
    address = "/deployments/{deployment_id}/schedules/{id}"
    identified_by = ("deployment_id", "id")
    key = Key("{deployment_id},{slug}")
    needed = ("id", "deployment_id")

    deployment_id = required(Uuid(), "The deployment (UUID).", replace=True)
    slug = optional(
        String(),
        "Name of the schedule within its deployment. By it a schedule is known when its deployment is posted anew, "
        "which gives all schedules new ids.",
        null_is="",
    )
    cron = optional(String(), Schedule.cron.description, null_is="")
    interval = optional(Schedule.interval.kind, Schedule.interval.description, null_is=_NO_NUMBER)
    rrule = optional(Schedule.rrule.kind, Schedule.rrule.description, null_is="")
    timezone = optional(TimeZone(), Schedule.timezone.description, null_is="UTC")
    day_or = optional(Bool(), Schedule.day_or.description, null_is=True)
    anchor_date = optional(Anchor(), Schedule.anchor_date.description, server_default=True, null_is="")
    active = optional(
        Bool(),
        "Whether the schedule makes runs. Left out, a new one does, and one that others pause stays paused.",
        server_default=True,
        reset=True,
    )
    max_scheduled_runs = optional(
        Integer(minimum=0),
        "How many runs are scheduled ahead; null, or 0, leaves it to the server.",
        null_is=_NO_NUMBER,
    )
    parameters = optional(Schedule.parameters.kind, Schedule.parameters.description, default="{}")

    # ------------------------------------------------------------------ plan

    async def validate(self, config: Values) -> None:
        """Prefect accepts the schedule, and makes of it what it says."""
        fields = {name: value for name, value in config.items() if name in schedule_rules.ENTRY_FIELDS}
        fields |= {name: config.get(name) for kind in schedule_rules.KIND_FIELDS.values() for name in kind}
        check_schedule(_without_empty(fields), self.diagnostics, ())

    async def plan(self, plan: Plan) -> None:
        """Plan what follows from the kind of the schedule, and see whose it is."""
        planned, prior = plan.planned, plan.prior or {}
        if prior and not _is_set(planned["cron"]) and plan.config["day_or"] is None:
            # Of another kind of schedule it says nothing.
            planned["day_or"] = prior["day_or"]
        if not _is_set(planned["interval"]):
            planned["anchor_date"] = plan.config["anchor_date"]
        elif not _is_set(planned["anchor_date"]):
            planned["anchor_date"] = UNKNOWN
        if plan.prior is None and plan.config["active"] is None:
            planned["active"] = True
        for name in _ONLY_ANEW:
            if _is_set(prior.get(name)) and not _is_set(planned[name]):
                plan.require_replace(name)
        if self.known_scope(plan.config) is not None and not self._is_claimed_twice(plan):
            await super().plan(plan)

    def _is_claimed_twice(self, plan: Plan) -> bool:
        """Whether the deployment's own `schedules`, or another resource, has the schedule as well; then refuse it."""
        slug = plan.planned["slug"]
        if has_unknown([slug, plan.planned["deployment_id"]]) or plan.applies:
            return False
        ownership = self._ownership(plan.planned)
        label = slug or (plan.prior or {}).get("id") or "one without a slug"
        is_new = plan.prior is None and plan.replaces is None
        is_only_one = ownership.declare(label, plan.config, is_new=bool(slug) and is_new)
        twice = ownership.conflict(label)
        if not twice and plan.prior is not None and ownership.drops(label):
            twice = ownership.conflict_of_drop(label)
        if twice:
            self.diagnostics.error("The schedule is managed twice", twice, ("deployment_id",))
        elif not is_only_one:
            same = f"two prefect_deployment_schedule resources have the slug {show(slug)} on one deployment"
            self.diagnostics.error(
                "The schedule is managed twice",
                say(same, remedy="Give each its own, or remove one"),
                ("slug",),
            )
        return bool(twice) or not is_only_one

    async def check_existing(self, plan: Plan) -> None:
        """Look for a schedule of that slug, unless the deployment itself is about to delete it."""
        deployment_id, slug = plan.planned["deployment_id"], plan.planned["slug"]
        if not slug or has_unknown([deployment_id, slug]):
            return
        if self._ownership(plan.planned).drops(slug):
            return
        key = ("slug", "deployment_id") if plan.changes("deployment_id") else ("slug",)
        await check_creation(
            self, plan, lambda scope: self.find_taken(scope, plan.planned), key=key, import_id=_import_id
        )

    def _ownership(self, values: Mapping[str, Value]) -> Ownership:
        return ownership_of(self.client, self.scope(values), str(values["deployment_id"]))

    # ------------------------------------------------------------------ read

    def problems(self, data: Any) -> list[str]:
        """A schedule is one of the three kinds."""
        found = super().problems(data)
        if not found and not any(data.get(kind) is not None for kind in schedule_rules.KINDS):
            found = ["`schedule` is missing"]
        return found

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The answer, with what the server added to it as Terraform holds it."""
        values = super().values(data, held)
        rule = held.get("rrule")
        if isinstance(rule, str) and rule and values["rrule"] and same_recurrence(rule, values["rrule"]):
            values["rrule"] = rule
        if values["cron"] is None and isinstance(held.get("day_or"), bool):
            values["day_or"] = held["day_or"]
        if "slug" in held and not held["slug"] and _is_mark(values["slug"]):
            values["slug"] = held["slug"]
        return values

    async def fetch(self, state: Mapping[str, Value]) -> dict[str, Any] | None:
        """Out of the answer for the deployment, by id, or by slug where it was made anew.

        What is not in it is looked for once more, so that it does not count as gone because of one odd answer.
        """
        scope, deployment_id = self.scope(state), str(state["deployment_id"])
        deployment = await scope.collection(_DEPLOYMENTS).read(deployment_id)
        if deployment is None:
            return None
        path = join_path("deployments", deployment_id)
        found = self._find(schedule_entries(f"GET {path}", deployment.get("schedules"), deployment_id), state)
        return found or await self._look_again(scope, state)

    async def _look_again(self, scope: Scope, state: Mapping[str, Value]) -> dict[str, Any] | None:
        return self._find(await _listed(scope, str(state["deployment_id"])), state)

    def _find(self, entries: list[dict[str, Any]], state: Mapping[str, Value]) -> dict[str, Any] | None:
        """The schedule in state; one that was made anew without a slug has its former id, or mark, as one."""
        by_id = {entry["id"].lower(): entry for entry in entries}
        by_slug = {entry["slug"]: entry for entry in entries if entry.get("slug")}
        id_, slug = str(state.get("id")), state.get("slug")
        found = by_id.get(id_.lower())
        for known in (slug,) if slug else (id_, self.private.get(_MARK)):
            found = found or by_slug.get(known)
        if found is not None and not slug and _is_mark(found.get("slug")):
            self.private[_MARK] = found["slug"]
        return found

    async def find_taken(self, scope: Scope, planned: Mapping[str, Value]) -> dict[str, Any] | None:
        """The schedule of that slug of the deployment."""
        deployment_id, slug = planned.get("deployment_id"), planned.get("slug")
        if not isinstance(deployment_id, str) or not isinstance(slug, str) or not slug:
            return None
        deployment = await scope.collection(_DEPLOYMENTS).read(deployment_id)
        if deployment is None:
            return None
        what = f"GET {join_path('deployments', deployment_id)}"
        entries = schedule_entries(what, deployment.get("schedules"), deployment_id)
        found = next((entry for entry in entries if entry.get("slug") == slug), None)
        if found is not None:
            self.check(what, found)
        return found

    async def namesakes(self, scope: Scope, values: Mapping[str, Value]) -> list[dict[str, Any]]:
        """The schedules of the deployment with that slug, or without one."""
        deployment_id, slug = values.get("deployment_id"), values.get("slug")
        if not isinstance(deployment_id, str) or isinstance(slug, Unknown):
            return []
        return [
            entry
            for entry in await _listed(scope, deployment_id)
            if (entry.get("slug") or "") == (slug or "")
        ]

    # ------------------------------------------------------------------ write

    def new_path(self, planned: Values) -> str:
        """Below the deployment."""
        return join_path("deployments", str(planned["deployment_id"]), "schedules")

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The whole schedule, whatever changes of it."""
        fields = _without_empty({name: values[name] for name in Schedule.attributes})
        slug = values["slug"]
        return schedule_to_api(slug if _is_set(slug) and isinstance(slug, str) else None, fields)

    async def create(self, planned: Values, config: Values) -> Values:
        """POST, unless the deployment turns out to have `schedules` of its own."""
        ownership = self._ownership(planned)
        twice = ownership.conflict(str(planned["slug"] or "one without a slug"))
        if twice:
            msg = "The schedule is managed twice"
            raise ProviderError(msg, twice, ("deployment_id",))
        async with ownership.lock:
            return await super().create(planned, config)

    async def make(
        self, scope: Scope, planned: Values, body: dict[str, Any], *, conceal: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Post it in a list, as Prefect takes schedules, and know it whatever becomes of the answer."""
        path, started = self.new_path(planned), datetime.now(UTC)

        async def look() -> Reply | None:
            return await self.find_created(scope, planned, started)

        reply = await scope.post(path, [body], recover=look, conceal=conceal)
        answered = reply.data
        if isinstance(answered, list) and len(answered) == 1:
            answered = _flat(answered[0], str(planned["deployment_id"]))
        data, _ = await self.made(path, Reply(reply.status, answered), planned, look)
        note_made_here(data["id"], self.client)
        self.hold(planned | {"id": data["id"]})
        return data

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH, under another id where the schedule was made anew meanwhile."""
        async with self._ownership(prior).lock:
            if changed_names(type(self), prior, planned):
                await self._patch(prior, planned)
        # Made anew it has others, which the next refresh brings; Terraform accepts only what was planned.
        kept = {"id": prior["id"], "created": prior["created"]}
        return await self.read_back(planned | {"id": prior["id"]}) | kept

    async def _patch(self, prior: Values, planned: Values) -> None:
        scope, body = self.scope(prior), self.body(planned)
        if body["slug"] is None:
            # It may have a mark in its place.
            del body["slug"]
        try:
            await scope.patch(self.location(prior), body)
        except NotFound:
            found = await self._look_again(scope, prior)
            if found is None:
                raise
            await scope.patch(self.location(found), body)

    async def adopt(self, found: dict[str, Any], planned: Values, config: Values) -> Values:
        """Take over a schedule of that slug; raises ProviderError unless the provider is set to that."""
        take_over(self, found, planned, at=("slug",), import_id=_import_id)
        await self._patch(self.taken(found, planned), planned)
        return await self.read_back(planned | {"id": found["id"]})

    async def remove(self, prior: Values) -> None:
        """DELETE, unless the deployment has it in its `schedules` from now on; also where it was made anew."""
        scope, ownership = self.scope(prior), self._ownership(prior)
        async with ownership.lock:
            ownership.release(str(prior["slug"] or prior["id"]))
            if prior["slug"] and ownership.has(prior["slug"]):
                text = say(
                    f"the schedule {show(prior['slug'])} was not deleted: `schedules` of its deployment have it"
                )
                self.diagnostics.warning("The deployment schedule was kept", text)
                return
            try:
                await scope.delete(self.location(prior))
            except NotFound:
                again = await self._look_again(scope, prior)
                if again is not None:
                    await delete_if_there(scope, self.location(again))

    def explain(self, error: Exception) -> Diagnostic | None:
        """A slug that another schedule has is all that the database refuses."""
        if isinstance(error, Conflict) and "Data integrity conflict" in error.reason:
            return Diagnostic("error", "Prefect does not accept `slug`", str(error), ("slug",))
        return explain_anywhere(type(self), error) or super().explain(error)

    # ------------------------------------------------------------------ import

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        return (
            "`<deployment id>,<slug>` or `<flow name>/<deployment name>,<slug>`, with the schedule's id where it has "
            "no slug, followed by `,<workspace id>` for another workspace"
        )

    async def import_state(self, id_: str) -> Values | None:
        """Find by the deployment and the slug, or the id, of the schedule."""
        named = self._named(id_)
        held: Values = {"account_id": None, "workspace_id": named.workspace_id}
        scope = self.scope(held)
        what = f"GET {named.deployment}"
        deployment = await get_or_none(scope, named.deployment)
        if deployment is None:
            return None
        deployment_id = object_of(what, "deployment", deployment, id=Uuid())["id"]
        entries = schedule_entries(what, deployment.get("schedules"), deployment_id)
        for part in ("slug", "id"):
            for entry in entries:
                if entry.get(part) == named.schedule:
                    return await self.imported(entry, held)
        raise _no_schedule(named.schedule, entries)

    async def import_identity(self, identity: Values) -> Values | None:
        """Find by the ids of the deployment and the schedule."""
        held = self.place_of(identity)
        data = await self.fetch(held | {name: identity[name] for name in self.identified_by})
        return None if data is None else await self.imported(data, held)

    async def imported(self, data: dict[str, Any], held: Values) -> Values:
        """With its slug, whatever it looks like."""
        return await super().imported(data, held | {"slug": data.get("slug")})

    @classmethod
    def generated(cls, config: Values) -> Values:
        """Without the instant at which it was made."""
        return config | {"anchor_date": None}

    def _named(self, text: str) -> _Named:
        """An import id taken apart; raises ProviderError for one of the wrong form."""
        deployment, comma, schedule = text.rpartition(",")
        workspace_id = None
        if is_uuid(schedule) and "," in deployment and not no_workspaces(self.client):
            workspace_id = schedule
            deployment, comma, schedule = deployment.rpartition(",")
        if is_uuid(deployment):
            path = join_path("deployments", deployment)
        else:
            flow, slash, name = deployment.partition("/")
            path = join_path("deployments", "name", flow, name) if flow and slash and name else ""
        if not comma or not path or not schedule:
            raise self.wrong_import_id(text)
        return _Named(path, schedule, workspace_id)


def _import_id(found: Mapping[str, Any]) -> str:
    return f"{found['deployment_id']},{found.get('slug') or found['id']}"


def _is_set(value: Value) -> bool:
    """Whether a value is not one of those that stand for none; what is not known yet is."""
    return value is not None and value not in ("", 0)


def _is_mark(slug: Value) -> bool:
    """Whether a slug is what a schedule without one was given when its deployment was posted anew: its former id."""
    return isinstance(slug, str) and is_uuid(slug)


def _without_empty(fields: Values) -> Values:
    """The fields of a schedule, without what stands for none."""
    return {name: value if value is False or _is_set(value) else None for name, value in fields.items()}


async def _listed(scope: Scope, deployment_id: str) -> list[dict[str, Any]]:
    """The schedules of a deployment, asked for alone."""
    path = join_path("deployments", deployment_id, "schedules")
    try:
        reply = await scope.get(path)
    except NotFound:
        return []
    return schedule_entries(f"GET {path}", reply.data, deployment_id)


def schedule_entries(what: str, data: Any, deployment_id: str) -> list[dict[str, Any]]:
    """The schedules of an answer; raises UnexpectedAnswer."""
    listed = objects_of(what, "schedule", data, id=Uuid())
    if not all(isinstance(entry.get("slug"), str | None) for entry in listed):
        refuse_answer(what, "list of schedules", ["a `slug` is no text"])
    return [_flat(entry, deployment_id) for entry in listed]


def _flat(entry: Any, deployment_id: str) -> Any:
    """An entry with what the API nests in it beside the rest; people know it by its slug."""
    if not isinstance(entry, Mapping):
        return entry
    inner = entry.get("schedule")
    return {
        **{name: value for name, value in entry.items() if name != "schedule"},
        **(schedule_rules.flat(entry) if isinstance(inner, Mapping) else {}),
        "deployment_id": entry.get("deployment_id") or deployment_id,
        "name": entry.get("slug"),
    }


def _no_schedule(wanted: str, entries: list[dict[str, Any]]) -> ProviderError:
    """The error for a schedule that the deployment does not have."""
    known = [str(entry.get("slug") or entry["id"]) for entry in entries]
    near = near_names(wanted, known) or sorted(known)[:3]
    msg = "No such object"
    remedy = f"It has {names(near, last='and')}" if near else "It has none"
    return ProviderError(msg, say(f"the deployment has no schedule {show(wanted)}", remedy=remedy))
