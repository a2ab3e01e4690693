"""``prefect_work_pool``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import join_path
from prefect_provider.objects.remote import (
    NAME_FORM,
    NAME_PATTERN,
    RemoteObject,
    changed_names,
    delete_if_there,
    get_or_none,
)
from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, String, Uuid
from prefect_provider.plugin.language.nested import NestedSingle
from prefect_provider.text.identifier import is_uuid

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Values

__all__ = ["StorageConfiguration", "WorkPool"]


class StorageConfiguration(Nested):
    """Where flows that are run ad hoc put their code and their results."""

    bundle_upload_step = optional(Json("object"), "The step that uploads a bundle of code, as a JSON object.")
    bundle_execution_step = optional(Json("object"), "The step that runs a bundle of code, as a JSON object.")
    default_result_storage_block_id = optional(Uuid(), "The block (UUID) in which results are stored.")


class WorkPool(RemoteObject):
    """A work pool: the place where a kind of worker takes runs from, with the template of their infrastructure.

    Deleting a pool deletes its queues; deployments that used it stay, without a pool.
    """

    type_name = "prefect_work_pool"
    collection = "/work_pools"

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
        String(),
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
        "Where flows that are run ad hoc put code and results.",
        null_is=dict.fromkeys(StorageConfiguration.attributes),
    )

    async def validate(self, config: Values) -> None:
        """A template has both its parts, or is empty."""
        template = config.get("base_job_template")
        if not isinstance(template, str):
            return
        document = Json.load(template)
        missing = [key for key in ("job_configuration", "variables") if key not in document]
        if document and missing:
            self.diagnostics.error(
                "Incomplete base job template",
                "Expected a JSON object with `job_configuration` and `variables`; missing: "
                + ", ".join(f"`{key}`" for key in missing)
                + ". `prefect work-pool get-default-base-job-template --type <type>` prints a complete one.",
                ("base_job_template",),
            )

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """Cleared means empty, not null: Prefect refuses null here with 409 and 500."""
        body = super().body(values, names)
        for name in ("storage_configuration", "base_job_template"):
            if name in body and body[name] is None:
                body[name] = {}
        return body

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """GET by name: a pool's name is its identity in the API."""
        return await get_or_none(self.scope(state), join_path("work_pools", state["name"]))

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH by name."""
        body = self.body(planned, changed_names(type(self), prior, planned))
        if body:
            await self.scope(prior).patch(join_path("work_pools", prior["name"]), body)
        return await self.read_back(prior | planned)

    async def delete(self, prior: Values) -> None:
        """DELETE by name."""
        await delete_if_there(self.scope(prior), join_path("work_pools", prior["name"]))

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """By name, and if there is none, by id."""
        found = await get_or_none(scope, join_path("work_pools", text))
        if found is None and is_uuid(text):
            reply = await scope.post("/work_pools/filter", {"work_pools": {"id": {"any_": [text]}}})
            found = reply.data[0] if reply.data else None
        return found
