"""The construct of resource prefect_deployment.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.deployment.resource``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Required, TypedDict, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    Instant,
    JsonObject,
    MetaArguments,
    Number,
    TextMap,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.deployment.resource import Deployment as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyBlock,
        AnyFlow,
        AnyGlobalConcurrencyLimit,
        AnyWorkPool,
        AnyWorkQueue,
    )

__all__ = [
    "DeploymentConcurrencyOptions",
    "DeploymentPullStep",
    "DeploymentSchedule",
    "DeploymentVersionInfo",
    "PrefectDeployment",
]


class DeploymentVersionInfo(TypedDict, total=False):
    """Where a version of the code comes from."""

    type: Required[str]
    """The kind of version, such as `vcs:github`."""

    version: Required[str]
    """The version, such as a commit."""


class DeploymentConcurrencyOptions(TypedDict, total=False):
    """What happens to a run for which there is no slot."""

    collision_strategy: Required[Literal["ENQUEUE", "CANCEL_NEW"] | IResolvable]
    """Whether a run without a slot waits or is cancelled. One of `ENQUEUE`, `CANCEL_NEW`."""

    grace_period_seconds: Number
    """Seconds for which a slot is kept for a run that is starting. Left out, it is as others set it."""


class DeploymentPullStep(TypedDict, total=False):
    """One step; the inputs that it takes depend on its type."""

    type: Required[str]
    """The step: `set_working_directory`, `git_clone`, `run_shell_script`, `pip_install_requirements`,
    `pull_from_azure_blob_storage`, `pull_from_gcs`, `pull_from_s3`, or the Python path of any other step.
    """

    id: str
    """Name under which later steps find this one's outputs."""

    requires: str
    """Python package that the step needs."""

    credentials: str
    """Credentials block: `"{{ prefect.blocks.github-credentials.my-block }}"`."""

    repository: str
    """URL of the repository (git_clone)."""

    branch: str
    """Branch to clone (git_clone); the default branch when left out."""

    commit_sha: str
    """Commit to check out (git_clone)."""

    include_submodules: Flag
    """Whether to clone submodules (git_clone)."""

    access_token: str
    """Access token (git_clone); better a credentials block. Sensitive: what is written here is readable in the
    synthesized configuration.
    """

    directories: Texts
    """Directories to check out sparsely (git_clone)."""

    clone_directory_name: str
    """Directory to clone into (git_clone)."""

    directory: str
    """Directory (set_working_directory, run_shell_script, pip_install_requirements)."""

    script: str
    """Shell script (run_shell_script)."""

    env: TextMap
    """Environment variables (run_shell_script)."""

    stream_output: Flag
    """Whether to show output (run_shell_script, pip_install_requirements)."""

    expand_env_vars: Flag
    """Whether to expand variables in the script (run_shell_script)."""

    requirements_file: str
    """Requirements file (pip_install_requirements)."""

    bucket: str
    """Bucket (pull_from_s3, pull_from_gcs)."""

    container: str
    """Container (pull_from_azure_blob_storage)."""

    folder: str
    """Folder in the bucket or container (pull_from_*)."""

    inputs: JsonObject
    """Further inputs of the step, as a JSON object."""


class DeploymentSchedule(TypedDict, total=False):
    """When runs are made: exactly one of `cron`, `interval` and `rrule`."""

    cron: str
    """Cron expression, such as `0 3 * * *`."""

    interval: Number
    """Seconds between runs."""

    rrule: str
    """iCalendar recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO`."""

    timezone: str
    """IANA time zone, such as `Europe/Berlin`."""

    day_or: Flag
    """For `cron` with both a day of the month and a day of the week: whether either is enough."""

    anchor_date: Instant
    """For `interval`: an instant at which a run falls (RFC 3339). Left out, it is when the schedule is made.
    """

    active: Flag
    """Whether the schedule makes runs. Default: `True`."""

    max_scheduled_runs: Number
    """How many runs are scheduled ahead; `None` leaves it to the server."""

    parameters: JsonObject
    """Parameters of the runs, over the deployment's, as a JSON object. Default: `{}`."""


class PrefectDeployment(PrefectResource):
    """A deployment: a flow with all that is needed to run it elsewhere, on a schedule or when an event asks for
    it.

    Without `flow_id` and `flow_name`, the flow is the one that `entrypoint` names; it is found, or created,
    and stays when the deployment is destroyed.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        name: Name of the deployment. Changing it makes a new object. Default: `id_`.
        flow_id: The flow (UUID). Left out, the server decides. Changing it makes a new object.
        flow_name: The flow's name, if its id is not given: the flow is found, or created. Left out, it
            follows from `entrypoint`. Changing it makes a new object.
        paused: Whether the deployment's schedules make no runs. Default: `False`.
        enforce_parameter_schema: Whether parameters are checked against `parameter_openapi_schema`. Default:
            `True`.
        storage_document_id: The storage block (UUID). Left out, the server decides.
        infrastructure_document_id: The infrastructure block (UUID). Left out, the server decides.
        job_variables: Values for the work pool's job template, as a JSON object. Default: `{}`.
        work_pool_name: The work pool that runs it. Left out, the server decides.
        work_queue_name: The pool's queue; the pool's default queue when left out. Prefect creates it if it
            does not exist.
        description: What the deployment does. Left out, the server decides.
        path: The directory in which the entrypoint is found when it runs. Left out, the server decides.
        version: Version of the deployment. Left out, the server decides.
        version_info: Where the version comes from. Sent to Prefect, which does not return it, so changes
            elsewhere are not seen.
        entrypoint: Where the flow is, relative to `path`: `path/to/file.py:function`. Left out, the server
            decides.
        tags: Tags of the deployment and of its runs. Default: `[]`.
        labels: Labels of the deployment: names to values, for filtering and governance. Labels that Prefect
            adds, those that it inherits from its flow, and those that others gave it are left alone. Left
            out, the server decides.
        parameters: Parameters of the runs, as a JSON object. Default: `{}`.
        parameter_openapi_schema: The schema of the flow's parameters, as a JSON object; the function
            `parameter_schema` reads it from the flow's code. Left out, the stored one is kept.
        concurrency_limit: How many runs at once, with a limit of the deployment's own; `None` means no limit.
        concurrency_options: What happens to a run for which there is no slot.
        global_concurrency_limit_id: A global concurrency limit (UUID) to use instead of one of the
            deployment's own. Left out, the server decides.
        pull_steps: How a run gets at its code, step by step. Default: `[]`.
        schedules: When runs are made: schedules by slug. Left out, schedules made elsewhere are kept.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
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
        name: str | None = None,
        flow_id: AnyFlow | Identifier | None = None,
        flow_name: AnyFlow | str | None = None,
        paused: Flag | None = None,
        enforce_parameter_schema: Flag | None = None,
        storage_document_id: AnyBlock | Identifier | None = None,
        infrastructure_document_id: AnyBlock | Identifier | None = None,
        job_variables: JsonObject | None = None,
        work_pool_name: AnyWorkPool | str | None = None,
        work_queue_name: AnyWorkQueue | str | None = None,
        description: str | None = None,
        path: str | None = None,
        version: str | None = None,
        version_info: DeploymentVersionInfo | IResolvable | None = None,
        entrypoint: str | None = None,
        tags: Texts | None = None,
        labels: TextMap | None = None,
        parameters: JsonObject | None = None,
        parameter_openapi_schema: JsonObject | None = None,
        concurrency_limit: Number | None = None,
        concurrency_options: DeploymentConcurrencyOptions | IResolvable | None = None,
        global_concurrency_limit_id: AnyGlobalConcurrencyLimit | Identifier | None = None,
        pull_steps: Sequence[DeploymentPullStep] | IResolvable | None = None,
        schedules: Mapping[str, DeploymentSchedule] | IResolvable | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "name": name,
            "flow_id": flow_id,
            "flow_name": flow_name,
            "paused": paused,
            "enforce_parameter_schema": enforce_parameter_schema,
            "storage_document_id": storage_document_id,
            "infrastructure_document_id": infrastructure_document_id,
            "job_variables": job_variables,
            "work_pool_name": work_pool_name,
            "work_queue_name": work_queue_name,
            "description": description,
            "path": path,
            "version": version,
            "version_info": version_info,
            "entrypoint": entrypoint,
            "tags": tags,
            "labels": labels,
            "parameters": parameters,
            "parameter_openapi_schema": parameter_openapi_schema,
            "concurrency_limit": concurrency_limit,
            "concurrency_options": concurrency_options,
            "global_concurrency_limit_id": global_concurrency_limit_id,
            "pull_steps": pull_steps,
            "schedules": schedules,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the deployment."""
        return self.get_string_attribute("name")

    @property
    def flow_id(self) -> str:
        """The flow (UUID)."""
        return self.get_string_attribute("flow_id")

    @property
    def flow_name(self) -> str:
        """The flow's name, if its id is not given: the flow is found, or created. Left out, it follows from
        `entrypoint`.
        """
        return self.get_string_attribute("flow_name")

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

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

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
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")
