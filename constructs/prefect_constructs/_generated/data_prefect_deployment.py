"""The construct of data prefect_deployment.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.deployment.lookup``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.deployment.lookup import DeploymentLookup as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyFlow,
    )

__all__ = [
    "DataPrefectDeployment",
]


class DataPrefectDeployment(PrefectDataSource):
    """Looks up a deployment, by its id or by its flow's name and its own.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The deployment's id (UUID). Left out, the server decides.
        name: The deployment's name; needs `flow_name`. Left out, the server decides.
        flow_name: The flow's name; needs `name`. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        id: Identifier | None = None,
        name: str | None = None,
        flow_name: AnyFlow | str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "flow_name": flow_name,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The deployment's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The deployment's name; needs `flow_name`."""
        return self.get_string_attribute("name")

    @property
    def flow_name(self) -> str:
        """The flow's name; needs `name`."""
        return self.get_string_attribute("flow_name")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        """
        return self.get_string_attribute("updated")

    @property
    def flow_id(self) -> str:
        """The flow (UUID)."""
        return self.get_string_attribute("flow_id")

    @property
    def paused(self) -> IResolvable:
        """Whether the deployment's schedules make no runs."""
        return self.get_boolean_attribute("paused")

    @property
    def enforce_parameter_schema(self) -> IResolvable:
        """Whether parameters are checked against `parameter_openapi_schema`."""
        return self.get_boolean_attribute("enforce_parameter_schema")

    @property
    def storage_document_id(self) -> str:
        """The storage block (UUID)."""
        return self.get_string_attribute("storage_document_id")

    @property
    def infrastructure_document_id(self) -> str:
        """The infrastructure block (UUID)."""
        return self.get_string_attribute("infrastructure_document_id")

    @property
    def job_variables(self) -> str:
        """Values for the work pool's job template, as a JSON object."""
        return self.get_string_attribute("job_variables")

    @property
    def work_pool_name(self) -> str:
        """The work pool that runs it."""
        return self.get_string_attribute("work_pool_name")

    @property
    def work_queue_name(self) -> str:
        """The pool's queue; the pool's default queue when left out. Prefect creates it if it does not exist.
        """
        return self.get_string_attribute("work_queue_name")

    @property
    def description(self) -> str:
        """What the deployment does."""
        return self.get_string_attribute("description")

    @property
    def path(self) -> str:
        """The directory in which the entrypoint is found when it runs."""
        return self.get_string_attribute("path")

    @property
    def version(self) -> str:
        """Version of the deployment."""
        return self.get_string_attribute("version")

    @property
    def version_info(self) -> IResolvable:
        """Where the version comes from. Sent to Prefect, which does not return it, so changes elsewhere are not
        seen.
        """
        return self.interpolation_for_attribute("version_info")

    @property
    def entrypoint(self) -> str:
        """Where the flow is, relative to `path`: `path/to/file.py:function`."""
        return self.get_string_attribute("entrypoint")

    @property
    def tags(self) -> list[str]:
        """Tags of the deployment and of its runs."""
        return self.get_list_attribute("tags")

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of the deployment: names to values, for filtering and governance. Labels that Prefect adds,
        those that it inherits from its flow, and those that others gave it are left alone.
        """
        return self.get_string_map_attribute("labels")

    @property
    def parameters(self) -> str:
        """Parameters of the runs, as a JSON object."""
        return self.get_string_attribute("parameters")

    @property
    def parameter_openapi_schema(self) -> str:
        """The schema of the flow's parameters, as a JSON object; the function `parameter_schema` reads it from
        the flow's code. Left out, the stored one is kept.
        """
        return self.get_string_attribute("parameter_openapi_schema")

    @property
    def concurrency_limit(self) -> float:
        """How many runs at once, with a limit of the deployment's own; `None` means no limit."""
        return self.get_number_attribute("concurrency_limit")

    @property
    def concurrency_options(self) -> IResolvable:
        """What happens to a run for which there is no slot."""
        return self.interpolation_for_attribute("concurrency_options")

    @property
    def global_concurrency_limit_id(self) -> str:
        """A global concurrency limit (UUID) to use instead of one of the deployment's own."""
        return self.get_string_attribute("global_concurrency_limit_id")

    @property
    def pull_steps(self) -> IResolvable:
        """How a run gets at its code, step by step."""
        return self.interpolation_for_attribute("pull_steps")

    @property
    def schedules(self) -> IResolvable:
        """When runs are made: schedules by slug. Left out, schedules made elsewhere are kept."""
        return self.interpolation_for_attribute("schedules")
