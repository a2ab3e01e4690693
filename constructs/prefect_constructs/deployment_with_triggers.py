"""A flow, its deployment, and what makes runs of it; as the Terraform module of this name makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs._generated import Flow
from prefect_constructs._runtime import Construct
from prefect_constructs.deployment import Deployment
from prefect_constructs.errors import refuse
from prefect_constructs.placement import place
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from prefect_constructs._generated import DeploymentPullStep
    from prefect_constructs._generated.references import AnyFlow, AnyWorkPool, AnyWorkQueue
    from prefect_constructs._generated.vocabulary import CollisionStrategy
    from prefect_constructs._runtime import Scope
    from prefect_constructs.argument_types import Flag, Identifier, JsonObject, Number, TextMap, Texts
    from prefect_constructs.automation import Automation
    from prefect_constructs.durations import Duration
    from prefect_constructs.schedules import Schedules
    from prefect_constructs.triggers import Trigger

__all__ = ["DeploymentTrigger", "DeploymentWithTriggers", "OwnFlow"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnFlow:
    """A flow that is made along with its deployment, and destroyed along with it; ``name`` is that in the code."""

    name: str
    tags: Texts | None = None
    labels: TextMap | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeploymentTrigger:
    """What makes a run, and what the run gets.

    ``parameters`` and ``job_variables`` are over the deployment's; texts with ``{{ event.resource.id }}`` and the like
    are filled in. ``schedule_after`` is how long after the trigger fires the run starts. The rest is the automation's,
    whose name is by default that of the deployment and of the trigger, ``load-order-complete``.
    """

    trigger: Trigger
    parameters: JsonObject | None = None
    job_variables: JsonObject | None = None
    schedule_after: Duration | None = None
    name: str | None = None
    description: str | None = None
    enabled: Flag | None = None
    tags: Texts | None = None


class DeploymentWithTriggers(Construct):
    """A deployment, with its flow if it is to be made, and any number of triggers.

    For example::

        load = DeploymentWithTriggers(
            self,
            "load",
            flow=OwnFlow(name="load-orders"),
            entrypoint="flows/orders.py:load_orders",
            schedules={"nightly": Cron("0 3 * * *")},
            triggers={
                "order-complete": DeploymentTrigger(
                    trigger=EventTrigger(expect="order.complete"),
                    parameters={"order": "{{ event.resource.id }}"},
                ),
            },
        )
        load.deployment.when_failed()

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows the objects by this name: keep it.
        entrypoint: Where the flow is, relative to `path`: `path/to/file.py:function`.
        triggers: What makes runs besides time, by name: triggers, or `DeploymentTrigger` where the run gets something.
        name: Name of the deployment. Default: `id_`.
        flow: A flow to make, `OwnFlow(name=...)`, or one that there is. Default: the one that `entrypoint` names, which
            is found, or made, and stays.
        path: The directory in which the entrypoint is found when it runs.
        code: The directory to which `entrypoint` is relative here, where the code is read. Default: the working
            directory.
        pull_steps: How a run gets at its code, step by step.
        work_pool: The work pool that runs it, or its name. Default: that of `work_queue`.
        work_queue: The pool's queue, or its name. Default: the pool's default queue.
        description: What the deployment does.
        version: Version of the deployment.
        tags: Tags of the deployment and of its runs.
        labels: Labels of the deployment.
        parameters: Parameters of the runs.
        parameter_schema: The schema of the flow's parameters, as JSON schema.
        parameter_schema_from_code: Whether to read that schema from the flow's code, which is not run or imported.
        enforce_parameter_schema: Whether parameters are checked against the schema. Default: `True`.
        job_variables: Values for the work pool's job template.
        paused: Whether the deployment's schedules make no runs; triggers do. Default: `False`.
        concurrency_limit: How many runs at once; `None` means no limit.
        collision_strategy: Whether a run without a slot waits (`ENQUEUE`) or is cancelled (`CANCEL_NEW`).
        grace_period: How long a slot is kept for a run that is starting; needs `collision_strategy`.
        schedules: When runs are made by time. Default: schedules made elsewhere are kept; `[]` removes them.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments, or the code has no such flow.
    """

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        entrypoint: str,
        triggers: Mapping[str, DeploymentTrigger | Trigger] | None = None,
        name: str | None = None,
        flow: OwnFlow | AnyFlow | Identifier | None = None,
        path: str | None = None,
        code: str | Path | None = None,
        pull_steps: Sequence[DeploymentPullStep] | None = None,
        work_pool: AnyWorkPool | str | None = None,
        work_queue: AnyWorkQueue | str | None = None,
        description: str | None = None,
        version: str | None = None,
        tags: Texts | None = None,
        labels: TextMap | None = None,
        parameters: JsonObject | None = None,
        parameter_schema: JsonObject | None = None,
        parameter_schema_from_code: bool = False,
        enforce_parameter_schema: Flag | None = None,
        job_variables: JsonObject | None = None,
        paused: Flag | None = None,
        concurrency_limit: Number | None = None,
        collision_strategy: CollisionStrategy | None = None,
        grace_period: Duration | None = None,
        schedules: Schedules | None = None,
    ) -> None:
        where = place(type(self).__name__, scope, id_)
        if triggers is not None and not hasattr(triggers, "items"):
            expected = 'triggers by name, such as `{"ordered": EventTrigger(...)}`'
            raise refuse(where, ("triggers",), expected=expected, got=show(triggers))
        outer: Any = scope
        super().__init__(outer, id_)
        self.flow: Final[Flow | None] = (
            Flow(self, "flow", name=flow.name, tags=flow.tags, labels=flow.labels)
            if isinstance(flow, OwnFlow)
            else None
        )
        """The flow, if it is made here."""
        self.deployment: Final = Deployment(
            self,
            "deployment",
            entrypoint=entrypoint,
            name=name or id_,
            flow=self.flow if isinstance(flow, OwnFlow) else flow,
            path=path,
            code=code,
            pull_steps=pull_steps,
            work_pool=work_pool,
            work_queue=work_queue,
            description=description,
            version=version,
            tags=tags,
            labels=labels,
            parameters=parameters,
            parameter_schema=parameter_schema,
            parameter_schema_from_code=parameter_schema_from_code,
            enforce_parameter_schema=enforce_parameter_schema,
            job_variables=job_variables,
            paused=paused,
            concurrency_limit=concurrency_limit,
            collision_strategy=collision_strategy,
            grace_period=grace_period,
            schedules=schedules,
        )
        """The deployment."""
        self.automations: Final[dict[str, Automation]] = {
            called: self._on(called, given, name or id_) for called, given in (triggers or {}).items()
        }
        """The automations by trigger."""

    def _on(self, called: str, given: Any, deployment: str) -> Automation:
        one = given if isinstance(given, DeploymentTrigger) else DeploymentTrigger(trigger=given)
        return self.deployment.on(
            one.trigger,
            parameters=one.parameters,
            job_variables=one.job_variables,
            schedule_after=one.schedule_after,
            id_=called,
            name=one.name or f"{deployment}-{called}",
            description=one.description,
            enabled=one.enabled,
            tags=one.tags,
        )
