"""``prefect_deployment``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import Conflict, Invalid, Listing, NotFound, Reply
from prefect_provider.objects.answers import part_problems
from prefect_provider.objects.existing import (
    adopts,
    check_creation,
    check_destruction,
    take_over,
)
from prefect_provider.objects.identity import Key
from prefect_provider.objects.labels import labels_attribute, labels_to_post, own_labels, plan_labels
from prefect_provider.objects.made_here import creation_turn, note_made_here, was_made_here
from prefect_provider.objects.older_servers import check_server_version
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN, changed_names
from prefect_provider.objects.reporting import report
from prefect_provider.objects.server.deployment.concurrency import ConcurrencyOptions, plan_grace_period
from prefect_provider.objects.server.deployment.faults import explain_fault
from prefect_provider.objects.server.deployment.filters import FILTERS
from prefect_provider.objects.server.deployment.flow import check_flow, plan_flow
from prefect_provider.objects.server.deployment.job_variables import check_job_variables
from prefect_provider.objects.server.deployment.ownership import Ownership, ownership_of
from prefect_provider.objects.server.deployment.parameters import (
    ParameterSchema,
    check_parameters,
    holds_marks,
)
from prefect_provider.objects.server.deployment.pull_steps import (
    PullStep,
    PullSteps,
    check_pull_steps,
    pull_steps_from_api,
    pull_steps_to_api,
)
from prefect_provider.objects.server.deployment.schedules import (
    Schedule,
    add_schedules,
    check_schedules,
    has_runs_ahead,
    plan_schedules,
    respell_rules,
    schedules_from_api,
    schedules_to_api,
    write_schedules,
)
from prefect_provider.objects.server.deployment.version import VersionInfo
from prefect_provider.objects.server.deployment.writes import post_again, write_limits
from prefect_provider.objects.server.flow_names import (
    find_flow,
    find_or_create_flow,
    keys_with_flows,
    name_of_flow,
)
from prefect_provider.objects.server.run_targets import note_run_target
from prefect_provider.plugin.language.declaration import (
    UNSET,
    Attribute,
    ConflictsWith,
    RequiresAll,
    optional,
    required,
)
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, Kind, SetOf, String, Uuid
from prefect_provider.plugin.language.nested import NestedMap, NestedSingle
from prefect_provider.plugin.language.values import Unknown, Value, Values
from prefect_provider.rules.entrypoints import entrypoint_problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.diagnostics import Diagnostic

__all__ = ["Deployment"]

NO_ID: Final = "00000000-0000-0000-0000-000000000000"
"""How the official provider stores an id that is not set."""

_LIMIT: Final = {"id": Uuid(), "name": String(), "limit": Integer()}

# Written by steps of their own, not as fields of the deployment's PATCH.
_APART: Final = frozenset(
    {"schedules", "labels", "concurrency_limit", "global_concurrency_limit_id", "flow_id", "flow_name"}
)


_BY_FLOW_AND_NAME: Final = Listing(
    "/deployments",
    "deployments",
    key=("flow_id", "name"),
    filters={"flow_id": ("flows", "id"), "name": ("deployments", "name")},
    is_final=True,
)


def _kept(kind: Kind, description: str, *, null_is: Value = UNSET) -> Attribute:
    """An attribute that is left as others set it while it is not configured, and cleared when it no longer is."""
    return optional(kind, description, server_default=True, reset=None, null_is=null_is)


class Deployment(WorkspaceObject):
    """A deployment: a flow with all that is needed to run it elsewhere, on a schedule or when an event asks for it.

    Without `flow_id` and `flow_name`, the flow is the one that `entrypoint` names; it is found, or created, and stays
    when the deployment is destroyed.
    """

    type_name = "prefect_deployment"
    collection = "/deployments"
    newest_first = "CREATED_DESC"
    key = Key("{flow_name}/{name:deployment name}", path="/deployments/name/{flow_name}/{name}")
    needed = ("id", "name", "flow_id")
    nullable = ("pull_steps",)
    filters = FILTERS

    name = required(String(pattern=NAME_PATTERN, form=NAME_FORM), "Name of the deployment.", replace=True)
    flow_id = optional(Uuid(), "The flow (UUID).", server_default=True, replace=True)
    flow_name = optional(
        String(pattern=NAME_PATTERN, form=NAME_FORM),
        "The flow's name, if its id is not given: the flow is found, or created. Left out, it follows from "
        "`entrypoint`.",
        server_default=True,
        replace=True,
        source=None,
    )
    paused = optional(Bool(), "Whether the deployment's schedules make no runs.", default=False)
    enforce_parameter_schema = optional(
        Bool(), "Whether parameters are checked against `parameter_openapi_schema`.", default=True
    )
    storage_document_id = _kept(Uuid(), "The storage block (UUID).", null_is=NO_ID)
    infrastructure_document_id = _kept(Uuid(), "The infrastructure block (UUID).", null_is=NO_ID)
    job_variables = optional(
        Json("object"), "Values for the work pool's job template, as a JSON object.", default="{}"
    )
    work_pool_name = _kept(String(), "The work pool that runs it.", null_is="")
    work_queue_name = optional(
        String(),
        "The pool's queue; the pool's default queue when left out. Prefect creates it if it does not exist.",
        server_default=True,
        null_is="",
        follows=("work_pool_name",),
    )
    description = _kept(String(), "What the deployment does.", null_is="")
    path = _kept(String(), "The directory in which the entrypoint is found when it runs.", null_is="")
    version = _kept(String(), "Version of the deployment.", null_is="")
    version_info = optional(
        NestedSingle(VersionInfo),
        "Where the version comes from. Sent to Prefect, which does not return it, so changes elsewhere are not seen.",
    )
    entrypoint = _kept(
        String(), "Where the flow is, relative to `path`: `path/to/file.py:function`.", null_is=""
    )
    tags = optional(SetOf(String()), "Tags of the deployment and of its runs.", default=[])
    labels = labels_attribute("deployment")
    parameters = optional(Json("object"), "Parameters of the runs, as a JSON object.", default="{}")
    parameter_openapi_schema = optional(
        ParameterSchema("object"),
        "The schema of the flow's parameters, as a JSON object; the function `parameter_schema` reads it from the "
        "flow's code. Left out, the stored one is kept.",
        server_default=True,
        reset="{}",
    )
    concurrency_limit = optional(
        Integer(minimum=1),
        "How many runs at once, with a limit of the deployment's own; null means no limit.",
    )
    concurrency_options = optional(
        NestedSingle(ConcurrencyOptions), "What happens to a run for which there is no slot."
    )
    global_concurrency_limit_id = _kept(
        Uuid(), "A global concurrency limit (UUID) to use instead of one of the deployment's own."
    )
    pull_steps = optional(PullSteps(PullStep), "How a run gets at its code, step by step.", default=[])
    schedules = optional(
        NestedMap(Schedule),
        "When runs are made: schedules by slug. Left out, schedules made elsewhere are kept.",
        server_default=True,
        reset={},
        source=None,
    )

    rules = (
        ConflictsWith("concurrency_limit", "global_concurrency_limit_id"),
        # Prefect would take a queue without a pool as one of the pool `default-agent-pool`.
        RequiresAll("work_queue_name", "work_pool_name"),
    )

    @classmethod
    def generated(cls, config: Values) -> Values:
        """The flow by its name, if that is known; and schedules without the instant at which they were made."""
        if config["flow_name"] is not None:
            config = config | {"flow_id": None}
        if isinstance(config["schedules"], dict):
            bare = {slug: one | {"anchor_date": None} for slug, one in config["schedules"].items()}
            config = config | {"schedules": bare}
        return config

    _sent: tuple[str, ...] = ()
    """What the last PATCH changes."""

    async def validate(self, config: Values) -> None:
        """There is a flow; steps and schedules are ones that Prefect can use."""
        if not any(config.get(name) for name in ("flow_id", "flow_name", "entrypoint")):
            self.diagnostics.error(
                "Deployment without a flow",
                "Set `entrypoint`, from which the flow's name follows, or `flow_id`, or `flow_name`.",
            )
        if config.get("work_queue_name") == "" and config.get("work_pool_name") != "":
            self.diagnostics.error(
                "Work queue without a name",
                "Leave `work_queue_name` out for the pool's default queue.",
                ("work_queue_name",),
            )
        entrypoint = config.get("entrypoint")
        problem = entrypoint_problem(entrypoint, ("entrypoint",)) if isinstance(entrypoint, str) else None
        report([problem] if problem else [], self.diagnostics)
        check_pull_steps(config.get("pull_steps"), self.diagnostics)
        check_schedules(config.get("schedules"), self.diagnostics)
        check_parameters(config, self.diagnostics)

    async def plan(self, plan: Plan) -> None:
        """Plan what depends on more than one attribute, and hold it against what the server knows."""
        self.planned_scope(plan)  # refuses a workspace where there are none
        plan_flow(plan, self.diagnostics)
        plan_labels(plan, self.private, in_place=True)
        plan_schedules(plan)
        self._plan_ownership(plan)
        self._plan_left_out(plan)
        await check_server_version(self, plan)
        await check_flow(self, plan)
        await self._check_existing(plan)
        if plan.changes("parameters", "parameter_openapi_schema", "enforce_parameter_schema", "schedules"):
            check_parameters(plan.planned, self.diagnostics, errors_only=True)
        if plan.changes("job_variables", "work_pool_name") and not plan.applies:
            await check_job_variables(self, plan.planned)

    def _plan_ownership(self, plan: Plan) -> None:
        """Take charge of all schedules, or leave them to resources of their own; both at once is refused."""
        if (prior := plan.prior) is None or self.client is None:
            return
        ownership, configured, before = self._ownership(prior), plan.config["schedules"], prior["schedules"]
        twice = "" if plan.applies else ownership.conflict_with_declared(prior["name"], configured)
        if twice:
            self.diagnostics.error("Schedules are managed twice", twice, ("schedules",))
        stays = configured is None and plan.planned["schedules"] == before
        ownership.configure(prior["name"], configured, None if stays else before)

    def _ownership(self, values: Values) -> Ownership:
        return ownership_of(self.client, self.scope(values), str(values["id"]))

    def _plan_left_out(self, plan: Plan) -> None:
        """What nobody sets is nothing, unless it is taken over with a deployment that exists."""
        config, planned = plan.config, plan.planned
        if plan.prior is None and not adopts(self.client):
            for name, attribute in self.attributes.items():
                if attribute.reset is None and config[name] is None:
                    planned[name] = None
        if config["concurrency_limit"] is not None and config["global_concurrency_limit_id"] is None:
            # A deployment has one or the other.
            planned["global_concurrency_limit_id"] = None
        if config["work_queue_name"] is None and planned["work_pool_name"] in (None, ""):
            planned["work_queue_name"] = None
        plan_grace_period(plan, self.private)

    async def plan_destroy(self, prior: Values) -> None:
        """Nothing goes with a deployment but the runs that its schedules planned."""
        check_destruction(self, prior)

    async def _check_existing(self, plan: Plan) -> None:
        of_flow = "flow_id" if isinstance(plan.planned["flow_id"], str) else "flow_name"
        await check_creation(
            self, plan, lambda scope: self.find_same(scope, plan.planned), key=("name", of_flow)
        )

    def explain(self, error: Exception) -> Diagnostic | None:
        """What the server says of a field is shown at its attribute."""
        return explain_fault(error, self.attributes, self._sent) or super().explain(error)

    # ------------------------------------------------------------------ mapping

    def problems(self, data: Any) -> list[str]:
        """The limit, if there is one, has all that tells whose it is."""
        found = super().problems(data)
        limit = None if found else data.get("global_concurrency_limit")
        return found if limit is None else part_problems(limit, _LIMIT, ("global_concurrency_limit",))

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """Fields of the request; the pool is always sent with its queue, or Prefect moves the deployment."""
        body = super().body(values, names)
        if "pull_steps" in body:
            body["pull_steps"] = pull_steps_to_api(values["pull_steps"] or [])
        if names and {"work_pool_name", "work_queue_name"} & set(names):
            body |= super().body(values, ["work_pool_name", "work_queue_name"])
        for name in ("work_pool_name", "work_queue_name"):
            if body.get(name) == "":
                # Prefect takes an empty name in a PATCH for "leave it".
                body[name] = None
        for name in ("storage_document_id", "infrastructure_document_id"):
            if body.get(name) == NO_ID:
                body[name] = None
        return body

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The API's answer, with limits, labels, steps and schedules in Terraform's shape.

        Prefect returns `concurrency_limit` as null and the real one in `global_concurrency_limit`, whose name tells
        whether it is the deployment's own.
        """
        schedules = schedules_from_api(data.get("schedules") or [], f"GET /deployments/{data['id']}")
        respell_rules(schedules, held.get("schedules"))
        limit = data.get("global_concurrency_limit") or {}
        own = limit.get("name") == f"deployment:{data['id']}"
        return super().values(data, held) | {
            "concurrency_limit": limit.get("limit") if own else None,
            "global_concurrency_limit_id": None if own else limit.get("id"),
            "pull_steps": pull_steps_from_api(data.get("pull_steps"), held.get("pull_steps")),
            "flow_name": held.get("flow_name"),
            "labels": own_labels(data.get("labels"), held.get("labels")),
            "schedules": schedules,
            "version_info": held.get("version_info"),
        }

    # ------------------------------------------------------------------ lifecycle

    async def read(self, state: Values) -> Values | None:
        """Refresh; the flow's name is asked for only once, because a flow cannot be renamed."""
        data = await self.fetch(state)
        if data is None:
            return None
        return await self._with_flow_name(self.understand(f"GET {self.location(state)}", data, state), state)

    async def _with_flow_name(self, values: Values, held: Values) -> Values:
        known = isinstance(held.get("flow_name"), str) and held.get("flow_id") == values["flow_id"]
        if not known:
            scope = self.scope(held)
            values["flow_name"] = await name_of_flow(self.client, scope, str(values["flow_id"]))
        return values

    async def described(self, what: str, data: Any, held: Mapping[str, Value]) -> Values:
        """With the flow's name, if it is not known."""
        values = await super().described(what, data, held)
        if values["flow_name"] is None:
            scope = self.scope(held)
            values["flow_name"] = await name_of_flow(self.client, scope, str(values["flow_id"]))
        return values

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """By its flow, which is looked up first: a listing has no names of flows."""
        return await self.find_same(scope, {**key, "flow_id": None})

    async def keys_of(self, scope: Scope, objects: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """With the names of their flows."""
        return await keys_with_flows(self.client, scope, objects)

    async def create(self, planned: Values, config: Values) -> Values:
        """POST; Prefect changes a deployment of that name that exists, so look for one before.

        A flow that this process has made has none but those of its own making.
        """
        scope = self.scope(planned)
        flow_id = planned["flow_id"]
        if isinstance(flow_id, Unknown):
            flow_id = await find_or_create_flow(self.client, scope, planned["flow_name"])
        planned = planned | {"flow_id": flow_id}
        turn, is_first = creation_turn(self.client, (scope.url_of("/deployments/"), flow_id, planned["name"]))
        async with turn:
            # A page that was read a moment ago would not do: what is there by now would be written over.
            now = _BY_FLOW_AND_NAME._replace(has_pages=False)
            is_new = is_first and was_made_here(flow_id)
            found = None if is_new else await scope.collection(now).find(flow_id, planned["name"])
            if not found:
                return await self._make(scope, planned, config)
        return await self._take_over(found, planned, config)

    async def _make(self, scope: Scope, planned: Values, config: Values) -> Values:
        """POST one that is not there."""
        flow_id = planned["flow_id"]

        async def made_by_this_call() -> Reply | None:
            listing = _BY_FLOW_AND_NAME
            wanted = listing.wanted([(flow_id, planned["name"])])
            made: list[dict[str, Any]] = (await scope.post(f"{listing.path}/filter", wanted)).data
            return Reply(201, made[0]) if made else None

        reply = await scope.post("/deployments/", self._new_body(planned), recover=made_by_this_call)
        data, _ = await self.made("/deployments/", reply, planned, made_by_this_call)
        created = planned | {"id": data["id"]}
        note_made_here(data["id"], self.client)
        self.hold(created)
        self._ownership(created).configure(created["name"], config["schedules"], None)
        return await self._complete(scope, data, created)

    def _new_body(self, planned: Values) -> dict[str, Any]:
        body = {name: value for name, value in self.body(planned).items() if value is not None}
        if holds_marks(planned["parameters"]) and body.get("enforce_parameter_schema") and not self.on_cloud:
            # Said aloud, it makes the server check the marks as if they were the values; it is its default anyway.
            del body["enforce_parameter_schema"]
        if isinstance(planned["schedules"], dict) and not has_runs_ahead(planned["schedules"]):
            body["schedules"] = schedules_to_api(planned["schedules"])
        return body

    @staticmethod
    async def find_same(scope: Scope, planned: Values) -> dict[str, Any] | None:
        """The deployment of that name of that flow, asked for together with others."""
        name, flow_id = planned["name"], planned["flow_id"]
        if not isinstance(flow_id, str):
            flow = await find_flow(scope, planned["flow_name"])
            if flow is None:
                return None
            flow_id = flow["id"]
        return await scope.collection(_BY_FLOW_AND_NAME).find(flow_id, name)

    async def _complete(self, scope: Scope, data: dict[str, Any], created: Values) -> Values:
        """Add the schedules that Prefect (3.8) does not take with the deployment as they are."""
        if isinstance(created["schedules"], dict) and has_runs_ahead(created["schedules"]):
            await add_schedules(scope, created["id"], created["schedules"])
            return await self.read_back(created)
        note_run_target(self.client, scope, data)
        return await self._with_flow_name(self.understand("POST /deployments/", data, created), created)

    async def _take_over(self, data: Mapping[str, Any], planned: Values, config: Values) -> Values:
        take_over(self, data, planned)
        # Held against what is planned, so that labels that others gave it are not taken for ours.
        prior = self.values(data, planned) | {"version_info": None}
        return await self.update(prior, planned | {"id": data["id"]}, config)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH what changed, in the order in which Prefect loses nothing."""
        scope = self.scope(prior)
        path = f"/deployments/{prior['id']}"
        changed = changed_names(type(self), prior, planned)
        await write_limits(scope, path, prior, planned, changed)
        fields = [name for name in changed if name not in _APART]
        marked = holds_marks(planned["parameters"])
        if marked:
            # A PATCH stores what they resolve to now.
            fields = [name for name in fields if name != "parameters"]
        if fields:
            await self._patch(scope, path, planned, fields, marked=marked)
        ownership, configured = self._ownership(prior), config["schedules"]
        async with ownership.lock:
            ownership.configure(prior["name"], configured, None)
            if "labels" in changed or (marked and ("parameters" in changed or "parameters" in fields)):
                await self._write_labels_and_marks(scope, path, prior, planned)
            # A resource may just have deleted a schedule that is the deployment's own from now on.
            missing = configured is not None and ownership.was_released
            if ("schedules" in changed or missing) and not isinstance(planned["schedules"], Unknown):
                await write_schedules(scope, prior["id"], planned["schedules"] or {})
        actual = await self.read_back(planned | {"id": prior["id"]})
        if configured is None and not isinstance(planned["schedules"], Unknown):
            # What resources of their own do to them meanwhile is for the next refresh to see.
            actual["schedules"] = planned["schedules"]
        return actual

    async def _patch(
        self, scope: Scope, path: str, planned: Values, fields: list[str], *, marked: bool
    ) -> None:
        """PATCH the fields; add "parameters" to them where that is needed.

        The server holds the marks in stored parameters against the schema as if they were the values, unless it is sent
        them anew.
        """
        self._sent = tuple(fields)
        try:
            await scope.patch(path, self.body(planned, fields))
        except (Conflict, Invalid):
            if not marked:
                raise
            fields.append("parameters")
            await scope.patch(path, self.body(planned, fields))

    async def _write_labels_and_marks(self, scope: Scope, path: str, prior: Values, planned: Values) -> None:
        data = (await scope.get(path)).data
        self.check(f"GET {path}", data, id=prior["id"])
        labels = labels_to_post(data.get("labels"), prior["labels"], planned["labels"])
        marked = holds_marks(planned["parameters"])
        if self.on_cloud and labels != data.get("labels"):
            await scope.patch(path, {"labels": labels})
        if marked or not self.on_cloud:
            parameters = self.body(planned, ["parameters"])["parameters"] if marked else None
            await post_again(scope, data, labels=labels, parameters=parameters)

    async def remove(self, prior: Values) -> None:
        """DELETE, after letting go of a shared concurrency limit, which Prefect would delete with the deployment."""
        if prior["global_concurrency_limit_id"] is not None:
            try:
                await self.scope(prior).patch(self.location(prior), {"global_concurrency_limit_id": None})
            except NotFound:
                return
        await super().remove(prior)
