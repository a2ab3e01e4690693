"""``prefect_work_pool``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.cascades import Dependents
from prefect_provider.objects.filters import Filter, filter_by_id, filter_by_name
from prefect_provider.objects.identity import Key
from prefect_provider.objects.job_templates import note_template
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN
from prefect_provider.objects.reporting import placed, report
from prefect_provider.objects.server.queue_ranks import DEFAULT_QUEUE, ranks_of
from prefect_provider.objects.server.worker_types import known_worker_types, type_problem
from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, SetOf, String, Uuid
from prefect_provider.plugin.language.nested import NestedSingle
from prefect_provider.rules.job_templates import template_problems

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.objects.cascades import Loss
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Values

__all__ = ["StorageConfiguration", "WorkPool", "WorkPoolLookup", "WorkPools"]


class StorageConfiguration(Nested):
    """Where flows that are run ad hoc put their code and their results."""

    bundle_upload_step = optional(Json("object"), "The step that uploads a bundle of code, as a JSON object.")
    bundle_execution_step = optional(Json("object"), "The step that runs a bundle of code, as a JSON object.")
    default_result_storage_block_id = optional(Uuid(), "The block (UUID) in which results are stored.")


_NO_STORAGE: Final = dict.fromkeys(StorageConfiguration.attributes)


class WorkPool(WorkspaceObject):
    """A work pool: the place where a kind of worker takes runs from, with the template of their infrastructure.

    Deleting a pool deletes its queues; deployments that used it stay, without a pool.
    """

    type_name = "prefect_work_pool"
    collection = "/work_pools"
    address = "/work_pools/{name}"
    read_by = "name"
    key = Key("{name}", path="/work_pools/{name}")
    only_inserts = True
    needed = ("id", "name", "type")
    filters = (
        filter_by_id("work_pools"),
        filter_by_name("work_pools"),
        Filter("types", SetOf(String()), "Only those of one of these types.", "work_pools.type.any_"),
    )

    name = required(
        String(
            pattern=rf"(?![pP][rR][eE][fF][eE][cC][tT]){NAME_PATTERN}",
            form=f"{NAME_FORM}, not starting with `prefect`",
        ),
        "Name of the work pool. Names that start with `prefect` are reserved by Prefect.",
        replace=True,
    )
    description = optional(String(), "What the pool is for.", null_is="")
    type = optional(
        String(pattern=r"(?s).*\S.*", form="a text that is not empty"),
        "The kind of worker that serves the pool: `process`, `docker`, `kubernetes`, `ecs` and so on.",
        default="prefect-agent",
        replace=True,
    )
    paused = optional(Bool(), "Whether the pool hands out no runs.", default=False, source="is_paused")
    concurrency_limit = optional(Integer(minimum=0), "How many runs at once; null means no limit.")
    default_queue_id = computed(Uuid(), "The pool's default queue (UUID).")
    base_job_template = optional(
        Json("object"),
        "The template of a run's infrastructure, as a JSON object with `job_configuration` and `variables`. Left "
        "out, it is what the worker of this type brings when it first starts.",
        server_default=True,
        reset="{}",
    )
    storage_configuration = optional(
        NestedSingle(StorageConfiguration),
        "Where flows that are run ad hoc put code and results. Left out, what the pool has is kept.",
        server_default=True,
        reset=_NO_STORAGE,
        null_is=_NO_STORAGE,
    )

    async def validate(self, config: Values) -> None:
        """A template is one that the server accepts."""
        template = config.get("base_job_template")
        if isinstance(template, str):
            self._check_template(template)

    async def plan(self, plan: Plan) -> None:
        """There are workers of the pool's type; and a template may be known only now."""
        await super().plan(plan)
        if plan.prior is None and plan.config.get("storage_configuration") is None:
            # The server gives a new pool none.
            plan.planned["storage_configuration"] = None
        scope = self.known_scope(plan.planned)
        if scope is not None:
            note_template(self.client, scope.prefix, plan.planned["name"], plan.planned["base_job_template"])
        template = plan.config.get("base_job_template")
        if isinstance(template, str) and plan.changes("base_job_template"):
            self._check_template(template)
        type_ = plan.planned["type"]
        if isinstance(type_, str) and plan.changes("type") and scope is not None and not plan.applies:
            known = await known_worker_types(self.client, scope)
            problem = type_problem(type_, known, cloud=bool(self.on_cloud))
            report([problem] if problem else [], self.diagnostics)

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """The queues that follow need not look which others there are."""
        ranks_of(self.client, scope, planned["name"]).is_new()
        return await super().complete(scope, data, planned, config)

    def _check_template(self, template: str) -> None:
        found = template_problems(Json.load(template))
        report(
            (placed(WorkPool, one._replace(path=("base_job_template", *one.path))) for one in found),
            self.diagnostics,
        )

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """Cleared means empty, not null: Prefect refuses null here with 409 and 500."""
        body = super().body(values, names)
        for name in ("storage_configuration", "base_job_template"):
            if name in body and body[name] is None:
                body[name] = {}
        return body

    def dependents(self, prior: Values) -> tuple[Dependents, ...]:
        """Prefect deletes a pool's queues, and takes the pool from the deployments that use it."""
        of_the_pool = {"work_pools": {"name": {"any_": [prior["name"]]}}}
        queues = f"{self.location(prior)}/queues/filter"
        return (
            Dependents(
                "queues",
                "deletes",
                "/work_queues",
                owner={"work_pool_name": prior["name"]},
                list_path=queues,
                counts=False,
                type_name="prefect_work_queue",
            ),
            Dependents(
                "deployments",
                "takes the pool from",
                "/deployments",
                owner={"work_pool_name": prior["name"]},
                filter=of_the_pool,
                type_name="prefect_deployment",
            ),
        )

    async def losses(self, prior: Values) -> list[Loss]:
        """Without the queue that every pool has."""
        return [loss for loss in await super().losses(prior) if loss.names != (DEFAULT_QUEUE,)]


class WorkPoolLookup(Lookup, of=WorkPool, checked=("concurrency_limit", "default_queue_id", "description")):
    """Looks up a work pool, by its id or its name."""


class WorkPools(ObjectList, of=WorkPool):
    """Lists work pools, all of them or those that meet every condition, ordered by name."""
