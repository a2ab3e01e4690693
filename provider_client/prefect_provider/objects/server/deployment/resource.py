"""``prefect_deployment``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import Conflict, join_path
from prefect_provider.objects.identity import Key
from prefect_provider.objects.labels import labels_attribute, own_labels, plan_labels, refuse_other_labels
from prefect_provider.objects.remote import (
    NAME_FORM,
    NAME_PATTERN,
    WorkspaceObject,
    changed_names,
    delete_if_there,
    get_or_none,
)
from prefect_provider.objects.server.deployment.flow import find_or_create_flow, name_of_flow, plan_flow
from prefect_provider.objects.server.deployment.pull_steps import (
    PullStep,
    check_pull_steps,
    pull_steps_from_api,
    pull_steps_to_api,
)
from prefect_provider.objects.server.deployment.schedules import (
    Schedule,
    check_schedules,
    plan_schedules,
    respell_rules,
    schedules_from_api,
    schedules_to_api,
    write_schedules,
)
from prefect_provider.plugin.language.declaration import (
    ConflictsWith,
    Nested,
    RequiresAll,
    optional,
    required,
)
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, SetOf, String, Uuid, freeze
from prefect_provider.plugin.language.nested import NestedList, NestedMap, NestedSingle
from prefect_provider.plugin.language.values import Unknown, Value, Values

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["ConcurrencyOptions", "Deployment", "VersionInfo"]

NO_ID: Final = "00000000-0000-0000-0000-000000000000"
"""How the official provider stores an id that is not set."""

# Written by steps of their own, not as fields of the deployment's PATCH.
_APART: Final = frozenset(
    {"schedules", "labels", "concurrency_limit", "global_concurrency_limit_id", "flow_id", "flow_name"}
)


class ParameterSchema(Json):
    """A parameter schema; the one that Prefect stores for "no parameters" is the same as an empty one."""

    def canonical_document(self, document: Any) -> Hashable:
        """Without the two keys that say nothing."""
        if isinstance(document, dict):
            document = {
                key: value
                for key, value in document.items()
                if (key, value) not in (("type", "object"), ("properties", {}))
            }
        return freeze(document)


class ConcurrencyOptions(Nested):
    """What happens to a run for which there is no slot."""

    collision_strategy = required(
        String(choices=("ENQUEUE", "CANCEL_NEW")), "Whether a run without a slot waits or is cancelled."
    )
    grace_period_seconds = optional(
        Integer(minimum=60, maximum=86400), "Seconds for which a slot is kept for a run that is starting."
    )


class VersionInfo(Nested):
    """Where a version of the code comes from."""

    type = required(String(), "The kind of version, such as `vcs:github`.")
    version = required(String(), "The version, such as a commit.")


class Deployment(WorkspaceObject):
    """A deployment: a flow with all that is needed to run it elsewhere, on a schedule or when an event asks for it.

    Without `flow_id` and `flow_name`, the flow is the one that `entrypoint` names; it is found, or created, and stays
    when the deployment is destroyed.
    """

    type_name = "prefect_deployment"
    collection = "/deployments"
    key = Key("{flow_name}/{name:deployment name}", path="/deployments/name/{flow_name}/{name}")
    needed = ("id", "name", "flow_id")

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
    storage_document_id = optional(Uuid(), "The storage block (UUID).", null_is=NO_ID)
    infrastructure_document_id = optional(Uuid(), "The infrastructure block (UUID).", null_is=NO_ID)
    job_variables = optional(
        Json("object"), "Values for the work pool's job template, as a JSON object.", default="{}"
    )
    work_pool_name = optional(String(), "The work pool that runs it.", null_is="")
    work_queue_name = optional(
        String(),
        "The pool's queue; the pool's default queue when left out. Prefect creates it if it does not exist.",
        server_default=True,
        null_is="",
        follows=("work_pool_name",),
    )
    description = optional(String(), "What the deployment does.", null_is="")
    path = optional(String(), "The directory in which the entrypoint is found when it runs.", null_is="")
    version = optional(String(), "Version of the deployment.", null_is="")
    version_info = optional(
        NestedSingle(VersionInfo),
        "Where the version comes from. Sent to Prefect, which does not return it, so changes elsewhere are not seen.",
    )
    entrypoint = optional(
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
    global_concurrency_limit_id = optional(
        Uuid(), "A global concurrency limit (UUID) to use instead of one of the deployment's own."
    )
    pull_steps = optional(NestedList(PullStep), "How a run gets at its code, step by step.", default=[])
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
        if isinstance(entrypoint, str) and entrypoint and ":" not in entrypoint and "." not in entrypoint:
            self.diagnostics.error(
                "Invalid entrypoint",
                f"Expected `path/to/file.py:function` or `package.module.function`, got `{entrypoint}`.",
                ("entrypoint",),
            )
        check_pull_steps(config.get("pull_steps"), self.diagnostics)
        check_schedules(config.get("schedules"), self.diagnostics)

    async def plan(self, plan: Plan) -> None:
        """Plan what depends on more than one attribute."""
        plan_flow(plan)
        await self._check_flow(plan)
        plan_labels(plan, self.private, in_place=self.on_cloud is True)
        plan_schedules(plan)
        if plan.config["work_queue_name"] is None and plan.planned["work_pool_name"] in (None, ""):
            plan.planned["work_queue_name"] = None

    async def _check_flow(self, plan: Plan) -> None:
        """With both given, as `terraform plan -generate-config-out` writes them, the id and the name must agree."""
        flow_id, name = plan.config["flow_id"], plan.config["flow_name"]
        if not isinstance(flow_id, str) or not isinstance(name, str) or self.client is None:
            return
        prior = plan.prior or {}
        if self.attributes["flow_id"].same(flow_id, prior.get("flow_id")):
            actual = prior.get("flow_name")
        else:
            actual = await name_of_flow(self.scope(plan.config), flow_id)
        if actual is not None and actual != name:
            self.diagnostics.error(
                "Two flows for one deployment",
                f'The flow {flow_id} is named "{actual}", and `flow_name` says "{name}". Keep one of the two.',
                ("flow_name",),
            )

    # ------------------------------------------------------------------ mapping

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
        return body

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The API's answer, with limits, labels, steps and schedules in Terraform's shape.

        Prefect returns `concurrency_limit` as null and the real one in `global_concurrency_limit`, whose name tells
        whether it is the deployment's own.
        """
        schedules = schedules_from_api(data.get("schedules"))
        respell_rules(schedules, held.get("schedules"))
        limit = data.get("global_concurrency_limit") or {}
        own = limit.get("name") == f"deployment:{data['id']}"
        return super().values(data, held) | {
            "concurrency_limit": limit.get("limit") if own else None,
            "global_concurrency_limit_id": None if own else limit.get("id"),
            "pull_steps": pull_steps_from_api(data.get("pull_steps")),
            "flow_name": held.get("flow_name"),
            "labels": own_labels(data.get("labels"), held.get("labels")),
            "schedules": schedules,
            "version_info": held.get("version_info"),
        }

    # ------------------------------------------------------------------ lifecycle

    async def read(self, state: Values) -> Values | None:
        """GET by id; the flow's name is asked for only once, because a flow cannot be renamed."""
        data = await self.fetch(state)
        if data is None:
            return None
        values = self.values(data, state)
        known = isinstance(state.get("flow_name"), str) and state.get("flow_id") == data["flow_id"]
        if not known:
            values["flow_name"] = await name_of_flow(self.scope(state), data["flow_id"])
        return values

    async def create(self, planned: Values, config: Values) -> Values:
        """POST; a deployment of that name that exists is changed instead, which keeps its id and its runs."""
        scope = self.scope(planned)
        flow_id = planned["flow_id"]
        if isinstance(flow_id, Unknown):
            flow_id = await find_or_create_flow(scope, planned["flow_name"])
        planned = planned | {"flow_id": flow_id}
        wanted = {"flows": {"id": {"any_": [flow_id]}}, "deployments": {"name": {"any_": [planned["name"]]}}}
        found = (await scope.post("/deployments/filter", wanted | {"limit": 1})).data
        if found:
            return await self._take_over(found[0], planned, config)
        body = {name: value for name, value in self.body(planned).items() if value is not None}
        reply = await scope.post("/deployments/", body, retry="safe")
        created = planned | {"id": reply.data["id"]}
        self.hold(created)
        return await self._complete(scope, created)

    async def _complete(self, scope: Scope, created: Values) -> Values:
        """Add the schedules: within the deployment's own POST, Prefect 3.8 ignores their `max_scheduled_runs`."""
        if isinstance(created["schedules"], dict) and created["schedules"]:
            schedules = schedules_to_api(created["schedules"])
            await scope.post(f"/deployments/{created['id']}/schedules", schedules)
        return await self.read_back(created)

    async def _take_over(self, data: Mapping[str, Any], planned: Values, config: Values) -> Values:
        if not self.on_cloud:
            refuse_other_labels("deployment", data, planned["labels"])
        self.diagnostics.warning(
            "The deployment existed already",
            f'The deployment "{planned["name"]}" ({data["id"]}) was there before, perhaps from `prefect deploy`. '
            "It was changed to what is configured, and Terraform manages it from now on.",
            ("name",),
        )
        prior = self.values(data, {}) | {"flow_name": planned["flow_name"]}
        return await self.update(prior, planned | {"id": data["id"]}, config)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH what changed, in the order in which Prefect loses nothing."""
        scope = self.scope(prior)
        path = f"/deployments/{prior['id']}"
        changed = changed_names(type(self), prior, planned)
        await self._write_limits(scope, path, prior, planned, changed)
        fields = [name for name in changed if name not in _APART]
        if "labels" in changed and self.on_cloud:
            await scope.patch(path, {"labels": planned["labels"]})
        if "parameters" in fields and "__prefect_kind" in planned["parameters"]:
            fields.remove("parameters")
            await self._post_parameters(scope, prior, planned)
        if fields:
            await scope.patch(path, self.body(planned, fields))
        if "schedules" in changed and not isinstance(planned["schedules"], Unknown):
            await write_schedules(scope, prior["id"], planned["schedules"] or {})
        return await self.read_back(planned | {"id": prior["id"]})

    @staticmethod
    async def _write_limits(
        scope: Scope, path: str, prior: Values, planned: Values, changed: list[str]
    ) -> None:
        """Change the limit without touching one that others share.

        Prefect deletes the linked limit with `concurrency_limit: null`, whoever else uses it, and leaves the
        deployment's own limit behind when it is linked to another.
        """
        own, shared = planned["concurrency_limit"], planned["global_concurrency_limit_id"]
        if prior["concurrency_limit"] is not None and own is None and "concurrency_limit" in changed:
            await scope.patch(path, {"concurrency_limit": None})
        if "global_concurrency_limit_id" in changed:
            await scope.patch(path, {"global_concurrency_limit_id": shared})
        if own is not None and "concurrency_limit" in changed:
            try:
                await scope.patch(path, {"concurrency_limit": int(own)})
            except Conflict:
                leftover = join_path("v2", "concurrency_limits", f"deployment:{prior['id']}")
                await delete_if_there(scope, leftover)
                await scope.patch(path, {"concurrency_limit": int(own)})

    async def _post_parameters(self, scope: Scope, prior: Values, planned: Values) -> None:
        """Store parameters that Prefect is to resolve at run time.

        A PATCH stores what they resolve to now. Only a POST, which updates a deployment of the same name, stores them
        as they are; it drops the schedules that it is not given, so those are sent along.
        """
        data = (await scope.get(f"/deployments/{prior['id']}")).data
        kept = ("name", "flow_id", "paused", "labels", "work_pool_name", "work_queue_name", "job_variables")
        body = {name: data[name] for name in kept if data.get(name) is not None}
        schedules = schedules_from_api(data.get("schedules"))
        body["schedules"] = schedules_to_api(schedules)
        body["parameters"] = self.body(planned, ["parameters"])["parameters"]
        await scope.post("/deployments/", body, retry="safe")
        if schedules:
            # Prefect 3.8 ignores their `max_scheduled_runs` there.
            await write_schedules(scope, prior["id"], schedules)

    async def delete(self, prior: Values) -> None:
        """DELETE, after letting go of a shared concurrency limit, which Prefect would delete with the deployment."""
        scope = self.scope(prior)
        path = f"/deployments/{prior['id']}"
        data = await get_or_none(scope, path)
        if data is None:
            return
        limit = data.get("global_concurrency_limit")
        if limit and limit["name"] != f"deployment:{prior['id']}":
            await scope.patch(path, {"global_concurrency_limit_id": None})
        await delete_if_there(scope, path)

    async def import_state(self, id_: str) -> Values | None:
        """With the flow's name."""
        values = await super().import_state(id_)
        if values is not None:
            values["flow_name"] = await name_of_flow(self.scope(values), values["flow_id"])
        return values
