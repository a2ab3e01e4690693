"""``data "prefect_worker_metadata"``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.answers import refuse_answer
from prefect_provider.objects.lookup import places
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.worker_types import AT_CLOUD, AT_SERVER
from prefect_provider.plugin.language.declaration import Nested, computed
from prefect_provider.plugin.language.kinds import Json, MapOf
from prefect_provider.plugin.language.nested import NestedSingle
from prefect_provider.plugin.language.resource import DataSource

if TYPE_CHECKING:
    from prefect_provider.plugin.language.values import Values

__all__ = ["WorkerJobConfigs", "WorkerMetadata"]

_TYPES: Final[Mapping[str, str]] = {
    "azure_container_instances": "azure-container-instance",
    "azure_container_instances_push": "azure-container-instance:push",
    "cloud_run": "cloud-run",
    "cloud_run_push": "cloud-run:push",
    "cloud_run_v2": "cloud-run-v2",
    "cloud_run_v2_push": "cloud-run-v2:push",
    "docker": "docker",
    "ecs": "ecs",
    "ecs_push": "ecs:push",
    "kubernetes": "kubernetes",
    "modal_push": "modal:push",
    "prefect_agent": "prefect-agent",
    "prefect_managed": "prefect:managed",
    "process": "process",
    "vertex_ai": "vertex-ai",
}

WorkerJobConfigs: Final = type(
    "WorkerJobConfigs",
    (Nested,),
    {
        "__doc__": "The base job templates of the types that Prefect brings.",
        **{
            name: computed(
                Json("object"),
                f"That of the type `{type_}`, as a JSON object; null where the server does not have it.",
                source=None,
            )
            for name, type_ in _TYPES.items()
        },
    },
)


class WorkerMetadata(DataSource):
    """The base job templates that workers bring, by the type of worker: what a work pool's own can start from."""

    type_name = "prefect_worker_metadata"

    base_job_configs = computed(
        NestedSingle(WorkerJobConfigs), "The templates of the types that Prefect brings.", source=None
    )
    base_job_templates = computed(
        MapOf(Json("object")),
        "The templates of all types that the server knows, as JSON objects by type, such as `kubernetes`.",
        source=None,
    )
    account_id = places(WorkPool)["account_id"]
    workspace_id = places(WorkPool)["workspace_id"]

    async def read(self, config: Values) -> Values:
        """GET; Prefect Cloud has it elsewhere."""
        pool = WorkPool(self.client, self.diagnostics)
        scope = pool.scope(config)
        path = AT_CLOUD if pool.on_cloud else AT_SERVER
        templates = _templates(path, (await scope.get(path)).data)
        configs = {name: templates.get(type_) for name, type_ in _TYPES.items()}
        return {**config, "base_job_configs": configs, "base_job_templates": templates}


def _templates(path: str, metadata: Any) -> dict[str, str]:
    """By type, from the answer's ``{"prefect-aws": {"ecs": {"default_base_job_configuration": {...}}}}``."""
    if not isinstance(metadata, Mapping):
        refuse_answer(f"GET {path}", "worker metadata", ["it is no object"])
    found = {}
    for package in metadata.values():
        for type_, one in package.items() if isinstance(package, Mapping) else ():
            template = one.get("default_base_job_configuration") if isinstance(one, Mapping) else None
            if isinstance(template, Mapping):
                found[type_] = Json.dump(template)
    return found
