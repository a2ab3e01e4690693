"""The runs of a deployment: what starts them, and triggers for what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Unpack

from prefect_constructs.actions import TypedAction
from prefect_constructs.automation import Automation
from prefect_constructs.errors import PrefectConstructError, refuse
from prefect_constructs.plain_values import plain_text, plain_value
from prefect_constructs.sdk import as_document, plain_keys
from prefect_constructs.silence import still_running
from prefect_constructs.tokens import is_unresolved
from prefect_constructs.triggers import EventTrigger, Trigger
from prefect_constructs.wording import Wording
from prefect_provider.rules.actions import STATES
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_constructs.argument_types import Flag, JsonObject, MetaArguments, Texts
    from prefect_constructs.durations import Duration

__all__ = ["DeploymentRuns"]

_BESIDE_TRIGGER: Final = ("description", "enabled", "name", "parameters", "job_variables", "schedule_after")
"""What an entry of ``triggers`` in ``prefect.yaml`` has besides the trigger itself."""

_OF_THE_ACTION: Final = Wording({("actions", 0): ()})

_PREFIX: Final = "prefect.flow-run."

_FAILED: Final = ("Failed", "TimedOut", "Crashed")
"""The names of the states in which a run has ended badly by itself."""


class DeploymentRuns:
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
        parameters: JsonObject | None = None,
        job_variables: JsonObject | None = None,
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
            report.on(nightly.when_completed())

        It makes an :class:`Automation` inside of the deployment. Without ``name`` and ``id_`` it is called as
        `prefect deploy` calls it, ``<deployment>__automation_<n>``, by its place among the deployment's
        triggers; give a name where triggers come and go, so that the others keep theirs.

        Args:
            trigger: When it runs; also an entry of ``triggers`` in ``prefect.yaml``, or such a trigger of the
                SDK, whose parameters and so on count where they are not given here.
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
        number = f"automation_{self._automations}"
        beside: dict[str, Any] = {}
        document = as_document(trigger)
        if document is not None:
            document = plain_keys(document)
            beside = {key: document[key] for key in _BESIDE_TRIGGER if document.get(key) is not None}
            trigger = {key: value for key, value in document.items() if key not in _BESIDE_TRIGGER}
        given = {
            "parameters": parameters,
            "job_variables": job_variables,
            "schedule_after": schedule_after,
            "name": name,
            "description": description,
            "enabled": enabled,
        }
        said = {**beside, **{key: value for key, value in given.items() if value is not None}}
        name = plain_value(said.get("name"))
        called = id_ or (number if name is None or is_unresolved(name) else name)
        scope: Any = self
        action = {
            "type": "run-deployment",
            "deployment_id": self,
            **{key: said.get(key) for key in ("parameters", "job_variables", "schedule_after")},
        }
        try:
            return Automation(
                scope,
                called,
                trigger=trigger,
                actions=action,
                name=name or f"{self._own_name}__{number}",
                description=said.get("description"),
                enabled=said.get("enabled"),
                tags=tags,
                **meta,
            )
        except PrefectConstructError as error:
            # Nobody wrote an action: its fields were given beside the trigger.
            problems = [_OF_THE_ACTION.problem(problem) for problem in error.problems]
            raise PrefectConstructError(error.path, problems) from None

    def on_each(self, triggers: Any) -> list[Automation]:
        """Run the deployment when any of these triggers fires, as `prefect deploy` has it: one, several, or none."""
        if triggers is None:
            return []
        scope: Any = self
        if isinstance(triggers, (str, TypedAction)):
            raise refuse(
                lambda: scope.node.path,
                ("triggers",),
                expected="triggers, such as `[EventTrigger(...)]`",
                got=show(triggers),
            )
        return [self.on(one) for one in (triggers if isinstance(triggers, (list, tuple)) else [triggers])]

    # ------------------------------------------------------------------ triggers for what becomes of the runs

    def run_event(
        self, *states: str, threshold: int | None = None, within: Duration | None = None
    ) -> EventTrigger:
        """A trigger that fires when a run of the deployment enters one of these states.

        For example, three crashes within an hour::

            Automation(
                self,
                "crashes",
                trigger=nightly.run_event("Crashed", threshold=3, within=timedelta(hours=1)),
                actions=PauseDeployment(nightly),
            )

        Args:
            *states: Names of states as Prefect shows them, such as `Late`, or of one's own, or types of states;
                none means all.
            threshold: How many such events make it fire. Default: 1.
            within: The time in which they count. Default: none, every event counts.
        """
        return EventTrigger(
            expect=[_event(state) for state in states] or [f"{_PREFIX}*"],
            match_related=self._as_related(),
            threshold=threshold,
            within=within,
        )

    def when_completed(self, *, threshold: int | None = None, within: Duration | None = None) -> EventTrigger:
        """A trigger that fires when a run of the deployment has completed."""
        return self.run_event("Completed", threshold=threshold, within=within)

    def when_failed(self, *, threshold: int | None = None, within: Duration | None = None) -> EventTrigger:
        """A trigger that fires when a run of the deployment has failed, timed out or crashed."""
        return self.run_event(*_FAILED, threshold=threshold, within=within)

    def when_crashed(self, *, threshold: int | None = None, within: Duration | None = None) -> EventTrigger:
        """A trigger that fires when a run of the deployment has crashed: what it ran on went away."""
        return self.run_event("Crashed", threshold=threshold, within=within)

    def when_cancelled(self, *, threshold: int | None = None, within: Duration | None = None) -> EventTrigger:
        """A trigger that fires when a run of the deployment was cancelled."""
        return self.run_event("Cancelled", threshold=threshold, within=within)

    def when_late(self, *, threshold: int | None = None, within: Duration | None = None) -> EventTrigger:
        """A trigger that fires when a run of the deployment should have started, and has not."""
        return self.run_event("Late", threshold=threshold, within=within)

    def when_running_longer_than(self, duration: Duration) -> EventTrigger:
        """A trigger that fires, once for each run of the deployment, when it is still running after this time.

        Any other state of the run ends the waiting, whatever its name; running again after a retry begins it anew.
        """
        return still_running(duration, match_related=self._as_related())

    def _as_related(self) -> Mapping[str, str]:
        """The labels by which the events of its runs name the deployment."""
        return {
            "prefect.resource.role": "deployment",
            "prefect.resource.id": f"prefect.deployment.{self.id}",
        }


def _event(state: str) -> str:
    """The event of a state, by its name, or by its type as the SDK has it: `FAILED`."""
    name = plain_text(state)
    if name.startswith(_PREFIX):
        return name
    return _PREFIX + (name.capitalize() if name in STATES else name)
