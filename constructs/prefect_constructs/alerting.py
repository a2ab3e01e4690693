"""Messages about flow runs that fail, crash, are late, die unseen or never end; as the Terraform module makes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias, get_args

from prefect_constructs._generated import Block, CancelFlowRun, ChangeFlowRunState, SendNotification
from prefect_constructs._runtime import Construct
from prefect_constructs.automation import Automation
from prefect_constructs.durations import Duration, seconds
from prefect_constructs.errors import refuse
from prefect_constructs.placement import place
from prefect_constructs.plain_values import plain_value
from prefect_constructs.silence import no_heartbeat, still_running
from prefect_constructs.tokens import is_unresolved, number_in_text
from prefect_constructs.triggers import EventTrigger
from prefect_provider.rules.triggers import LEAST_PROACTIVE_SECONDS
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prefect_constructs._generated.references import AnyBlock, AnyDeployment, AnyFlow, AnyWorkPool
    from prefect_constructs._runtime import Scope
    from prefect_constructs.actions import Action
    from prefect_constructs.argument_types import Flag, Identifier, JsonObject, Texts

__all__ = ["Alerting", "CountBy", "NotificationBlock", "RunAlert", "RunsToWatch", "StuckAlert", "ZombieAlert"]

CountBy: TypeAlias = Literal["deployment", "flow", "work-pool", "work-queue", "all"]
"""What the runs of an alert are counted apart by."""

_ALERTS: Final = ("failed", "crashed", "late", "zombie", "stuck")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunAlert:
    """A message when runs fail, crash or are late.

    It takes ``threshold`` runs ``within`` a time, counted apart by ``count_by``. With a threshold of 1, ``within`` is
    the time in which there is one message at most; without ``within`` there is one for every run. ``subject`` and
    ``body`` are templates.
    """

    threshold: int | str = 1
    within: Duration = 0
    count_by: CountBy = "deployment"
    subject: str | None = None
    body: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ZombieAlert:
    """A message when a run has sent no heartbeat ``within`` a time, and has not ended.

    ``mark_crashed``: whether its state becomes Crashed, too.
    """

    within: Duration = 90
    mark_crashed: bool = False
    subject: str | None = None
    body: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StuckAlert:
    """A message when a run is still running after ``within``; ``cancel``: whether it is cancelled, too."""

    within: Duration = 3600
    cancel: bool = False
    subject: str | None = None
    body: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationBlock:
    """A block to make for the messages; ``data`` are sent to Prefect, and neither in the plan nor in the state.

    Another ``data_version`` sends them again.
    """

    name: str
    data: JsonObject
    type_slug: str = "slack-webhook"
    data_version: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class RunsToWatch:
    """Which runs: those for which all that is given here holds; nothing given means all runs.

    Runs with one of ``tags``, with all of ``all_tags``, of one of ``deployments``, of one of ``flows``, in one of
    ``work_pools``: constructs, or ids.
    """

    tags: Sequence[str] = ()
    all_tags: Sequence[str] = ()
    deployments: Sequence[AnyDeployment | Identifier] = ()
    flows: Sequence[AnyFlow | Identifier] = ()
    work_pools: Sequence[AnyWorkPool | Identifier] = ()


class Alerting(Construct):
    """Messages about flow runs, through one notification block.

    For example::

        Alerting(
            self,
            "on-call",
            block=NotificationBlock(name="on-call", data={"url": slack_url.string_value}),
            failed=RunAlert(),
            late=RunAlert(threshold=3, within=timedelta(hours=1)),
            zombie=ZombieAlert(mark_crashed=True),
            runs=RunsToWatch(tags=["production"]),
        )

    An alert that is not given is off; if none is, failures and crashes are told of.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows the objects by this name: keep it.
        block: What messages are sent through: a block, its id, or a `NotificationBlock` to make.
        failed: Runs that failed or timed out: their state is of the type FAILED, whatever its name.
        crashed: Runs that crashed: what they ran on went away.
        late: Runs that should have started, and have not.
        zombie: Runs that send no heartbeats any more, and have not ended.
        stuck: Runs that have been running for too long.
        runs: Which runs. Default: all.
        name: What the names of the automations begin with, `<name>-failed`. Default: `id_`.
        enabled: Whether the alerts are on at all. Default: `True`.
        tags: Tags of the automations.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments, or an alert could never be right.
    """

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        block: AnyBlock | NotificationBlock | Identifier,
        failed: RunAlert | None = None,
        crashed: RunAlert | None = None,
        late: RunAlert | None = None,
        zombie: ZombieAlert | None = None,
        stuck: StuckAlert | None = None,
        runs: RunsToWatch | None = None,
        name: str | None = None,
        enabled: Flag | None = None,
        tags: Texts | None = None,
    ) -> None:
        where = place(type(self).__name__, scope, id_)
        given = dict(zip(_ALERTS, (failed, crashed, late, zombie, stuck), strict=True))
        if all(one is None for one in given.values()):
            given |= {"failed": RunAlert(), "crashed": RunAlert()}
        watched = runs or RunsToWatch()
        _check_alerts(given, where)
        _check_runs(watched, zombie, where)
        outer: Any = scope
        super().__init__(outer, id_)
        self.block: Final = _made(self, block) if isinstance(block, NotificationBlock) else block
        """What messages are sent through."""
        related = _related(watched)
        self.automations: Final[dict[str, Automation]] = {
            kind: Automation(
                self,
                kind,
                name=f"{name or id_}-{kind}",
                description=shape.description,
                enabled=enabled,
                tags=tags,
                trigger=replace(shape.trigger, match_related=related),
                actions=[
                    SendNotification(
                        self.block,
                        subject=shape.subject if alert.subject is None else alert.subject,
                        body=_BODY if alert.body is None else alert.body,
                    ),
                    *shape.also,
                ],
            )
            for kind, alert in given.items()
            if alert is not None
            for shape in [_SHAPES[kind](alert)]
        }
        """The automations by alert."""


class _Shape(NamedTuple):
    """What an alert comes to; ``trigger`` does not yet say which runs it is about."""

    trigger: EventTrigger
    description: str
    subject: str
    also: list[Action]


_ANY_RUN: Final[Mapping[str, list[str]]] = {"prefect.resource.id": ["prefect.flow-run.*"]}

_OF_STATE: Final = "prefect.state-type"
"""A label of changes of state, which heartbeats lack. Code may name a state anyhow, so that the type tells."""

_ANY_EVENT: Final = ["prefect.flow-run.*"]

_BODY: Final = """\
Flow run: {{ flow_run.name }}
Flow: {{ flow.name }}
Deployment: {{ deployment.name }}
State: {{ flow_run.state.name }}, {{ flow_run.state.timestamp }}
Message: {{ flow_run.state.message }}
Link: {{ flow_run | ui_url }}
Alert: {{ automation.name }}
"""


def _on_state(
    alert: RunAlert, one: str, several: str, *, match: Mapping[str, list[str]], expect: list[str]
) -> _Shape:
    """The shape of an alert on runs that are seen in a state."""
    threshold, within = plain_value(alert.threshold), seconds(alert.within)
    counts = is_unresolved(threshold) or threshold > 1
    spaced = is_unresolved(within) or within > 0
    if counts:
        several = f"{number_in_text(threshold)} flow runs {several}"
        description = f"{several} within {number_in_text(within)} seconds."
        subject = f"{several}, at last {{{{ flow_run.name }}}}"
    else:
        once = f"; told once in {number_in_text(within)} seconds" if spaced else ""
        description = f"A flow run {one}{once}."
        subject = f"Flow run {{{{ flow_run.name }}}} {one}"
    apart = spaced and alert.count_by != "all"
    trigger = EventTrigger(
        match=match,
        expect=expect,
        for_each=[f"related:{alert.count_by}:prefect.resource.id"] if apart else (),
        threshold=threshold,
        within=within,
    )
    return _Shape(trigger, description, subject, [])


def _failed(alert: RunAlert) -> _Shape:
    match = {**_ANY_RUN, _OF_STATE: ["FAILED"]}
    return _on_state(alert, "has failed", "have failed", match=match, expect=_ANY_EVENT)


def _crashed(alert: RunAlert) -> _Shape:
    match = {**_ANY_RUN, _OF_STATE: ["CRASHED"]}
    return _on_state(alert, "has crashed", "have crashed", match=match, expect=_ANY_EVENT)


def _late(alert: RunAlert) -> _Shape:
    return _on_state(alert, "is late", "are late", match=_ANY_RUN, expect=["prefect.flow-run.Late"])


def _zombie(alert: ZombieAlert) -> _Shape:
    within = seconds(alert.within)
    for_so_long = f"{number_in_text(within)} seconds."
    message = f"No heartbeat for {for_so_long}"
    return _Shape(
        no_heartbeat(within, threshold=1),
        f"A flow run has sent no heartbeat for {for_so_long}",
        "Flow run {{ flow_run.name }} sends no heartbeats",
        [ChangeFlowRunState("CRASHED", message=message)] if alert.mark_crashed else [],
    )


def _stuck(alert: StuckAlert) -> _Shape:
    within = seconds(alert.within)
    return _Shape(
        still_running(within, threshold=1),
        f"A flow run is still running after {number_in_text(within)} seconds.",
        "Flow run {{ flow_run.name }} is still running",
        [CancelFlowRun()] if alert.cancel else [],
    )


_SHAPES: Final[Mapping[str, Callable[[Any], _Shape]]] = {
    "failed": _failed,
    "crashed": _crashed,
    "late": _late,
    "zombie": _zombie,
    "stuck": _stuck,
}


def _related(runs: RunsToWatch) -> Any:
    """The conditions on what the events of a run name."""
    given = {
        "deployment": list(map(_id, runs.deployments)),
        "flow": list(map(_id, runs.flows)),
        "tag": list(runs.tags),
        "work-pool": list(map(_id, runs.work_pools)),
    }
    conditions = [_labels(kind, ids) for kind, ids in given.items() if ids]
    conditions += [_labels("tag", [tag]) for tag in runs.all_tags]
    # A list is for two or more, which servers before 3.4.1 do not know.
    return conditions[0] if len(conditions) == 1 else conditions


def _labels(kind: str, ids: Sequence[str]) -> dict[str, list[str]]:
    return {"prefect.resource.role": [kind], "prefect.resource.id": [f"prefect.{kind}.{one}" for one in ids]}


def _id(given: Any) -> str:
    return str(getattr(given, "id", None) or plain_value(given))


def _made(scope: Construct, block: NotificationBlock) -> Block:
    return Block(
        scope,
        "notification",
        name=block.name,
        type_slug=block.type_slug,
        data_wo=block.data,
        data_wo_version=block.data_version,
    )


def _check_alerts(alerts: Mapping[str, Any], where: Callable[[], str]) -> None:
    """Refuse what would never fire, or only by chance.

    :raises PrefectConstructError: it names the argument.
    """
    classes: dict[str, Any] = {"zombie": ZombieAlert, "stuck": StuckAlert}
    for kind, alert in alerts.items():
        if alert is None:
            continue
        class_ = classes.get(kind, RunAlert)
        if not isinstance(alert, class_):
            raise refuse(where, (kind,), expected=f"an alert, `{class_.__name__}(...)`", got=show(alert))
        within = seconds(alert.within)
        if is_unresolved(within):
            continue
        if isinstance(within, bool) or not isinstance(within, int | float):
            raise refuse(where, (kind, "within"), expected="a duration", got=show(within))
        if isinstance(alert, RunAlert):
            _check_count(alert, within, where, kind)
        elif within < LEAST_PROACTIVE_SECONDS:
            expected = f"{LEAST_PROACTIVE_SECONDS:g} seconds or more, as Prefect looks no more often"
            raise refuse(where, (kind, "within"), expected=expected, got=show(within))


def _check_count(alert: RunAlert, within: float, where: Callable[[], str], kind: str) -> None:
    if alert.count_by not in get_args(CountBy):
        expected = f"one of {names(get_args(CountBy))}"
        raise refuse(where, (kind, "count_by"), expected=expected, got=show(alert.count_by))
    threshold = plain_value(alert.threshold)
    if is_unresolved(threshold):
        return
    if isinstance(threshold, bool) or not isinstance(threshold, int) or threshold < 1:
        raise refuse(where, (kind, "threshold"), expected="a number of runs, 1 or more", got=show(threshold))
    if within < 0 or (threshold > 1 and within == 0):
        expected = "the time in which the runs count"
        remedy = "Without it Prefect forgets a run after a minute."
        raise refuse(where, (kind, "within"), expected=expected, got=show(within), remedy=remedy)


def _check_runs(runs: RunsToWatch, zombie: ZombieAlert | None, where: Callable[[], str]) -> None:
    if isinstance(runs.tags, str) or isinstance(runs.all_tags, str):
        raise refuse(
            where, ("runs",), expected="several tags, as a list", got=show(runs.tags or runs.all_tags)
        )
    for tag in chain(runs.tags, runs.all_tags):
        if not tag or tag.startswith("!"):
            what = "a negated tag would mean runs with some other tag"
            raise refuse(where, ("runs",), what, expected="the name of a tag", got=show(tag))
    if runs.work_pools and zombie is not None:
        what = "heartbeats do not name a work pool, so that the alert `zombie` would never fire with `work_pools`"
        raise refuse(where, ("runs",), what, remedy="Leave one of them out, or make two of these.")
