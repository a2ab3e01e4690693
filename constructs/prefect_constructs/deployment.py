"""A deployment: a flow with all that is needed to run it elsewhere, and what makes it run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Unpack

from prefect_constructs._generated import (
    DataPrefectDeployment,
    DeploymentPullStep,
    DeploymentVersionInfo,
    PrefectDeployment,
    WorkQueue,
)
from prefect_constructs._runtime import Annotations
from prefect_constructs.cdk_elements import PrefectResource
from prefect_constructs.durations import Duration, seconds
from prefect_constructs.errors import refuse
from prefect_constructs.flow_reading import FlowCode, places
from prefect_constructs.node.configuration import Reference
from prefect_constructs.placement import place
from prefect_constructs.plain_values import plain_value
from prefect_constructs.prefect_yaml import deployment_arguments
from prefect_constructs.runs import DeploymentRuns
from prefect_constructs.schedules import Schedules, schedule_arguments
from prefect_constructs.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path as FilePath

    from prefect_constructs._generated.references import (
        AnyBlock,
        AnyFlow,
        AnyGlobalConcurrencyLimit,
        AnyWorkPool,
        AnyWorkQueue,
    )
    from prefect_constructs._generated.vocabulary import CollisionStrategy
    from prefect_constructs._runtime import Scope
    from prefect_constructs.argument_types import (
        Flag,
        Identifier,
        JsonObject,
        MetaArguments,
        Number,
        SdkObject,
        TextMap,
        Texts,
    )
    from prefect_constructs.triggers import Trigger

__all__ = ["Deployment", "ExistingDeployment"]

_OPTIONS: Final[Mapping[str, str]] = {
    "collision_strategy": "collision_strategy",
    "grace_period": "grace_period_seconds",
}
"""The arguments that Terraform has together, in ``concurrency_options``."""

_WORDING: Final = Wording(
    {
        **{("concurrency_options", inside): (argument,) for argument, inside in _OPTIONS.items()},
        ("concurrency_options",): (),
    }
)


class ExistingDeployment(DeploymentRuns, DataPrefectDeployment):
    """A deployment that is made elsewhere, looked up; see :meth:`Deployment.from_name`."""

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        id: Identifier | None = None,  # noqa: A002 - Terraform's word
        name: str | None = None,
        flow_name: AnyFlow | str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        """Give ``id``, or ``name`` and ``flow_name``."""
        super().__init__(
            scope,
            id_,
            id=id,
            name=name,
            flow_name=flow_name,
            account_id=account_id,
            workspace_id=workspace_id,
            **meta,
        )
        self._own_name = plain_value(name or id_)


class Deployment(DeploymentRuns, PrefectDeployment):
    """A deployment: a flow with all that is needed to run it elsewhere, on a schedule or on events.

    For example::

        nightly = Deployment(
            self,
            "nightly",
            entrypoint="flows/etl.py:etl",
            work_pool=pool,
            schedules=Cron("0 3 * * *", timezone="Europe/Berlin"),
        )

    Without `flow` and `flow_name`, the flow is the one that `entrypoint` names; it is found, or created, and
    stays when the deployment is destroyed.

    Prefect deletes a deployment with its flow and with the blocks that it has, and empties it with its pool and
    queue. Where these are given as constructs, Terraform replaces the deployment with them; see
    `follow_replacements`.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        entrypoint: Where the flow is, relative to `path`: `path/to/file.py:function`.
        name: Name of the deployment. Default: `id_`. Changing it makes a new object.
        flow: The flow, or its id (UUID). Changing it makes a new object.
        flow_name: The flow's name, or the flow, instead. Changing it makes a new object.
        work_pool: The work pool that runs it, or its name. Default: that of `work_queue`.
        work_queue: The pool's queue, or its name. Default: the pool's default queue.
        schedules: When runs are made: one schedule, several, or several by slug. A text is a cron expression, a
            mapping is one of `prefect.yaml`. Default: schedules made elsewhere are kept; `[]` removes them.
        triggers: What else makes runs: one trigger, or several, as `prefect.yaml` has them; see :meth:`on`.
        parameters: Parameters of the runs.
        job_variables: Values for the work pool's job template.
        tags: Tags of the deployment and of its runs.
        description: What the deployment does.
        path: The directory in which the entrypoint is found when it runs.
        version: Version of the deployment.
        version_info: Where the version comes from.
        pull_steps: How a run gets at its code, step by step.
        paused: Whether the deployment's schedules make no runs. Default: `False`.
        concurrency_limit: How many runs at once, with a limit of the deployment's own.
        global_concurrency_limit_id: A global concurrency limit, or its id, to use instead.
        collision_strategy: Whether a run without a slot waits (`ENQUEUE`) or is cancelled (`CANCEL_NEW`).
        grace_period: How long a slot is kept for a run that is starting; needs `collision_strategy`.
        enforce_parameter_schema: Whether parameters are checked against the schema. Default: `True`.
        parameter_schema: The schema of the flow's parameters, as JSON schema.
        parameter_schema_from_code: Whether to read that schema from the flow's code, which is not run or
            imported.
        code: The directory to which `entrypoint` is relative here, where the code is read. Default: the
            working directory.
        labels: Labels of the deployment, for filtering and governance.
        storage_document_id: The storage block, or its id (UUID).
        infrastructure_document_id: The infrastructure block, or its id (UUID).
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`, and `follow_replacements`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments, or the code has no such flow.
    """

    aliases = {  # noqa: RUF012 - a class variable in the base
        "flow": "flow_id",
        "parameter_schema": "parameter_openapi_schema",
        "work_pool": "work_pool_name",
        "work_queue": "work_queue_name",
    }

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        entrypoint: str | None = None,
        name: str | None = None,
        flow: AnyFlow | Identifier | None = None,
        flow_name: AnyFlow | str | None = None,
        work_pool: AnyWorkPool | str | None = None,
        work_queue: AnyWorkQueue | str | None = None,
        schedules: Schedules | None = None,
        triggers: Trigger | Sequence[Trigger] | None = None,
        parameters: JsonObject | None = None,
        job_variables: JsonObject | None = None,
        tags: Texts | None = None,
        description: str | None = None,
        path: str | None = None,
        version: str | None = None,
        version_info: DeploymentVersionInfo | None = None,
        pull_steps: Sequence[DeploymentPullStep] | None = None,
        paused: Flag | None = None,
        concurrency_limit: Number | None = None,
        global_concurrency_limit_id: AnyGlobalConcurrencyLimit | Identifier | None = None,
        collision_strategy: CollisionStrategy | None = None,
        grace_period: Duration | None = None,
        enforce_parameter_schema: Flag | None = None,
        parameter_schema: JsonObject | None = None,
        parameter_schema_from_code: bool = False,
        code: str | FilePath | None = None,
        labels: TextMap | None = None,
        storage_document_id: AnyBlock | Identifier | None = None,
        infrastructure_document_id: AnyBlock | Identifier | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        where = place(type(self).__name__, scope, id_)
        entrypoint = plain_value(entrypoint)
        code_places = places(path, code)
        read = FlowCode.read(entrypoint, code_places, where)
        if parameter_schema_from_code:
            if parameter_schema is not None:
                what = "give `parameter_schema` or `parameter_schema_from_code`, not both"
                raise refuse(where, ("parameter_schema",), what)
            parameter_schema = read.schema(entrypoint, code_places, where)
        if flow is None and flow_name is None:
            # Terraform runs elsewhere and may not see the code.
            flow_name = read.special_name
        by_slug, written = schedule_arguments(schedules, where)
        options = {"collision_strategy": collision_strategy, "grace_period_seconds": seconds(grace_period)}
        arguments = {
            "entrypoint": entrypoint,
            "name": name,
            "flow": flow,
            "flow_name": flow_name,
            "work_pool": _pool_of(work_queue) if work_pool is None else work_pool,
            "work_queue": work_queue,
            "schedules": by_slug,
            "parameters": parameters,
            "job_variables": job_variables,
            "tags": tags,
            "description": description,
            "path": path,
            "version": version,
            "version_info": version_info,
            "pull_steps": pull_steps,
            "paused": paused,
            "concurrency_limit": concurrency_limit,
            "concurrency_options": options if any(one is not None for one in options.values()) else None,
            "global_concurrency_limit_id": global_concurrency_limit_id,
            "enforce_parameter_schema": enforce_parameter_schema,
            "parameter_schema": parameter_schema,
            "labels": labels,
            "storage_document_id": storage_document_id,
            "infrastructure_document_id": infrastructure_document_id,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        PrefectResource.__init__(self, scope, id_, arguments, meta, _WORDING.with_paths(written))
        self._own_name = plain_value(id_ if name is None else name)
        for warning in read.warnings if parameter_schema_from_code else ():
            Annotations.of(self).add_warning(warning)
        self.on_each(triggers)

    @staticmethod
    def from_name(
        scope: Scope, id_: str, flow_name: AnyFlow | str, name: str, **meta: Unpack[MetaArguments]
    ) -> ExistingDeployment:
        """A deployment that is made elsewhere, by its flow's name and its own."""
        return ExistingDeployment(scope, id_, flow_name=flow_name, name=name, **meta)

    @staticmethod
    def from_id(
        scope: Scope, id_: str, deployment_id: Identifier, **meta: Unpack[MetaArguments]
    ) -> ExistingDeployment:
        """A deployment that is made elsewhere, by its id (UUID)."""
        return ExistingDeployment(scope, id_, id=deployment_id, **meta)

    @classmethod
    def from_document(
        cls, scope: Scope, id_: str, document: Mapping[str, Any] | SdkObject, **arguments: Any
    ) -> Deployment:
        """The deployment of an entry of ``deployments`` in ``prefect.yaml``, with its triggers.

        ``arguments`` are more of the deployment's, and come before those of the document: ``work_pool=pool``.

        :raises PrefectConstructError: a key of the document cannot be taken; none is left out without a word.
        """
        where = place(cls.__name__, scope, id_)
        return cls(scope, id_, **{**deployment_arguments(document, where), **arguments})

    @classmethod
    def from_prefect_yaml(
        cls, scope: Scope, id_: str, file: str | FilePath, name: str, **options: Any
    ) -> Deployment:
        """One deployment of a ``prefect.yaml``, with its triggers, as `prefect deploy --name` makes it.

        ``options`` are those of :class:`~prefect_constructs.project.PrefectYaml`, such as ``environment``.

        :raises PrefectConstructError: the file cannot be taken, or has no such deployment.
        """
        from prefect_constructs.project import PrefectYaml

        return PrefectYaml(scope, id_, file, only=[name], **options).deployments[name]


def _pool_of(queue: object) -> Reference | None:
    """The pool of a queue that was given as a construct."""
    return Reference(queue, "work_pool_name") if isinstance(queue, WorkQueue) else None
