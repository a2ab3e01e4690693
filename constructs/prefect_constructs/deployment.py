"""A deployment: a flow with all that is needed to run it elsewhere, and what makes it run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Unpack

from prefect_constructs._generated import (
    DataPrefectDeployment,
    DeploymentPullStep,
    DeploymentVersionInfo,
    PrefectDeployment,
)
from prefect_constructs._runtime import Annotations, Construct
from prefect_constructs.actions import RunDeployment
from prefect_constructs.automation import Automation
from prefect_constructs.elements import construct_path
from prefect_constructs.errors import PrefectConstructError
from prefect_constructs.schedules import Schedule, schedule_arguments
from prefect_constructs.tokens import is_unresolved
from prefect_constructs.triggers import Duration, Trigger, seconds
from prefect_provider.flow_code.source import FlowSource, FlowSourceError, default_flow_name, read_flow
from prefect_provider.plugin.language.diagnostics import Diagnostic

if TYPE_CHECKING:
    from prefect_constructs.argument_types import (
        Flag,
        HasId,
        HasName,
        Identifier,
        JsonObject,
        MetaArguments,
        Number,
        TextMap,
        Texts,
    )

__all__ = ["Deployment", "ExistingDeployment"]

_BESIDE_TRIGGER = ("description", "enabled", "name", "parameters", "job_variables", "schedule_after")
"""What an entry of ``triggers`` in ``prefect.yaml`` has besides the trigger itself."""


class _Triggered:
    """What a deployment can do, whether it is managed here or not."""

    if TYPE_CHECKING:

        @property
        def id(self) -> str:
            """The deployment's id (UUID)."""

        @property
        def node(self) -> Any:
            """The place in the tree of constructs."""

    _own_name: str
    _automations: int = 0

    def on(
        self,
        trigger: Trigger,
        *,
        parameters: Mapping[str, Any] | str | None = None,
        job_variables: Mapping[str, Any] | str | None = None,
        schedule_after: Duration | None = None,
        name: str | None = None,
        id_: str | None = None,
        description: str | None = None,
        enabled: Flag | None = None,
        tags: Texts | None = None,
        **meta: Unpack[MetaArguments],
    ) -> Automation:
        """Run the deployment when a trigger fires.

        For example::

            deployment.on(
                EventTrigger(expect="external.resource.pinged"),
                parameters={"param_1": "{{ event }}"},
            )

        It makes an :class:`Automation` inside of the deployment. Without ``name`` and ``id_`` it is called as
        `prefect deploy` calls it, ``<deployment>__automation_<n>``, by its place among the deployment's
        triggers; give a name where triggers come and go, so that the others keep theirs.

        Args:
            trigger: When it runs; also an entry of ``triggers`` in ``prefect.yaml``, whose parameters and so
                on count where they are not given here.
            parameters: Parameters of the run, over the deployment's. Texts with ``{{ }}`` are templates.
            job_variables: Job variables of the run, over the deployment's.
            schedule_after: How long after the trigger fires the run starts.
            name: Name of the automation.
            id_: Its name in the deployment, by which Terraform's state knows it. Default: `name`.
            description: What it is for. Default: empty.
            enabled: Whether it acts at all. Default: `True`.
            tags: Tags of the automation.
            **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.
        """
        self._automations += 1
        beside: dict[str, Any] = {}
        if isinstance(trigger, Mapping):
            beside = {key: trigger[key] for key in _BESIDE_TRIGGER if trigger.get(key) is not None}
            trigger = {key: value for key, value in trigger.items() if key not in _BESIDE_TRIGGER}
        name = beside.get("name") if name is None else name
        number = f"automation_{self._automations}"
        scope: Any = self
        return Automation(
            scope,
            id_ or name or number,
            trigger=trigger,
            actions=RunDeployment(
                self.id,
                parameters=beside.get("parameters") if parameters is None else parameters,
                job_variables=beside.get("job_variables") if job_variables is None else job_variables,
                schedule_after=beside.get("schedule_after") if schedule_after is None else schedule_after,
            ),
            name=name or f"{self._own_name}__{number}",
            description=beside.get("description") if description is None else description,
            enabled=beside.get("enabled") if enabled is None else enabled,
            tags=tags,
            **meta,
        )


class ExistingDeployment(_Triggered, DataPrefectDeployment):
    """A deployment that is made elsewhere, looked up; see :meth:`Deployment.from_name`."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        id: Identifier | None = None,  # noqa: A002 - Terraform's word
        name: str | None = None,
        flow_name: str | None = None,
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
        self._own_name = name or id_


class Deployment(_Triggered, PrefectDeployment):
    """A deployment: a flow with all that is needed to run it elsewhere, on a schedule or on events.

    For example::

        nightly = Deployment(
            self,
            "nightly",
            entrypoint="flows/etl.py:etl",
            work_pool=pool,
            schedules=[Cron("0 3 * * *", timezone="Europe/Berlin")],
        )

    Without `flow` and `flow_name`, the flow is the one that `entrypoint` names; it is found, or created, and
    stays when the deployment is destroyed.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        entrypoint: Where the flow is, relative to `path`: `path/to/file.py:function`.
        name: Name of the deployment. Default: `id_`. Changing it makes a new object.
        flow: The flow, or its id (UUID). Changing it makes a new object.
        flow_name: The flow's name, instead. Changing it makes a new object.
        work_pool: The work pool that runs it, or its name. Default: that of `work_queue`.
        work_queue: The pool's queue, or its name. Default: the pool's default queue.
        schedules: When runs are made, as a list, or by slug. Default: schedules made elsewhere are kept; `[]`
            removes them.
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
        global_concurrency_limit_id: A global concurrency limit (UUID) to use instead.
        collision_strategy: Whether a run without a slot waits (`ENQUEUE`) or is cancelled (`CANCEL_NEW`).
        grace_period: How long a slot is kept for a run that is starting; needs `collision_strategy`.
        enforce_parameter_schema: Whether parameters are checked against the schema. Default: `True`.
        parameter_schema: The schema of the flow's parameters, as JSON schema.
        parameter_schema_from_code: Whether to read that schema from the flow's code, which is not run or
            imported.
        code: The directory to which `entrypoint` is relative here, where the code is read. Default: the
            working directory.
        labels: Labels of the deployment, for filtering and governance.
        storage_document_id: The storage block (UUID).
        infrastructure_document_id: The infrastructure block (UUID).
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments, or the code has no such flow.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        entrypoint: str | None = None,
        name: str | None = None,
        flow: HasId | str | None = None,
        flow_name: str | None = None,
        work_pool: HasName | str | None = None,
        work_queue: HasName | str | None = None,
        schedules: Sequence[Schedule] | Mapping[str, Schedule] | None = None,
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
        global_concurrency_limit_id: Identifier | None = None,
        collision_strategy: Literal["ENQUEUE", "CANCEL_NEW"] | None = None,
        grace_period: Duration | None = None,
        enforce_parameter_schema: Flag | None = None,
        parameter_schema: JsonObject | None = None,
        parameter_schema_from_code: bool = False,
        code: str | Path | None = None,
        labels: TextMap | None = None,
        storage_document_id: Identifier | None = None,
        infrastructure_document_id: Identifier | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        where = partial(construct_path, scope, id_)
        places = _places(path, code)
        read = _Code.read(entrypoint, places, where)
        if parameter_schema_from_code:
            if parameter_schema is not None:
                raise _error(where, "Give `parameter_schema` or `parameter_schema_from_code`, not both.")
            parameter_schema = read.schema(entrypoint, places, where)
        if flow is None and flow_name is None:
            # Terraform runs elsewhere and may not see the code.
            flow_name = read.special_name
        if work_pool is None:
            work_pool = getattr(work_queue, "work_pool_name", None)
        options: Any = {
            "collision_strategy": collision_strategy,
            "grace_period_seconds": seconds(grace_period),
        }
        super().__init__(
            scope,
            id_,
            name=id_ if name is None else name,
            entrypoint=entrypoint,
            flow_id=_attribute(flow, "id"),
            flow_name=flow_name,
            work_pool_name=_attribute(work_pool, "name"),
            work_queue_name=_attribute(work_queue, "name"),
            schedules=None if schedules is None else _schedules(schedules, where),
            parameters=parameters,
            job_variables=job_variables,
            tags=tags,
            description=description,
            path=path,
            version=version,
            version_info=version_info,
            pull_steps=pull_steps,
            paused=paused,
            concurrency_limit=concurrency_limit,
            concurrency_options=options if any(value is not None for value in options.values()) else None,
            global_concurrency_limit_id=global_concurrency_limit_id,
            enforce_parameter_schema=enforce_parameter_schema,
            parameter_openapi_schema=parameter_schema,
            labels=labels,
            storage_document_id=storage_document_id,
            infrastructure_document_id=infrastructure_document_id,
            account_id=account_id,
            workspace_id=workspace_id,
            **meta,
        )
        self._own_name = id_ if name is None else name
        for warning in read.warnings if parameter_schema_from_code else ():
            Annotations.of(self).add_warning(warning)

    @staticmethod
    def from_name(
        scope: Construct, id_: str, flow_name: str, name: str, **meta: Unpack[MetaArguments]
    ) -> ExistingDeployment:
        """A deployment that is made elsewhere, by its flow's name and its own."""
        return ExistingDeployment(scope, id_, flow_name=flow_name, name=name, **meta)

    @staticmethod
    def from_id(
        scope: Construct, id_: str, deployment_id: Identifier, **meta: Unpack[MetaArguments]
    ) -> ExistingDeployment:
        """A deployment that is made elsewhere, by its id (UUID)."""
        return ExistingDeployment(scope, id_, id=deployment_id, **meta)


class _Code(NamedTuple):
    """What the flow's code says, where it is at hand."""

    source: FlowSource | None
    special_name: str | None
    """The flow's name, if it is not the one that follows from the entrypoint."""

    @classmethod
    def read(cls, entrypoint: str | None, places: list[Path], where: Callable[[], str]) -> _Code:
        if not isinstance(entrypoint, str) or not _is_known(entrypoint):
            return cls(None, None)
        try:
            found = (read_flow(entrypoint, place) for place in places)
            source = next((one for one in found if one is not None), None)
        except FlowSourceError as error:
            raise _error(where, f"{error}.", "entrypoint") from error
        if source is None or source.name == default_flow_name(entrypoint):
            return cls(source, None)
        return cls(source, source.name)

    @property
    def warnings(self) -> list[str]:
        return [] if self.source is None else self.source.warnings

    def schema(self, entrypoint: str | None, places: list[Path], where: Callable[[], str]) -> dict[str, Any]:
        if self.source is None:
            detail = (
                f"The code of `{entrypoint}` is not in {' or '.join(str(one.resolve()) for one in places)}. "
                "Set `code` to the directory that the entrypoint is relative to, or give `parameter_schema`."
            )
            raise _error(where, detail, "entrypoint")
        return self.source.parameters_schema


def _places(path: str | None, code: str | Path | None) -> list[Path]:
    """Where the code may be."""
    if code is not None:
        return [Path(code)]
    return [Path(path), Path()] if path and _is_known(path) else [Path()]


def _is_known(text: str) -> bool:
    return bool(text) and not is_unresolved(text)


def _attribute(given: object, name: str) -> Any:
    """A construct's attribute; what is no construct is the value itself."""
    return getattr(given, name, given)


def _error(where: Callable[[], str], detail: str, *path: str) -> PrefectConstructError:
    return PrefectConstructError(where(), [Diagnostic("error", "", detail, path)])


def _schedules(schedules: Sequence[Schedule] | Mapping[str, Schedule], where: Callable[[], str]) -> Any:
    return schedule_arguments(schedules, where)
