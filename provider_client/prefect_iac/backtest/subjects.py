"""The automations that a backtest looks at, each as it is and as it will be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.plan.placeholders import is_placeholder
from prefect_iac.workspace.content import name_of
from prefect_provider.events.event import EventError, microseconds
from prefect_provider.events.triggers import TriggerError, compile_automation
from prefect_provider.rules.event_catalogue import OSS
from prefect_provider.rules.trigger_forms import canonical
from prefect_provider.text.path import show_path
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_iac.plan.changes import Action
    from prefect_iac.workspace.content import Json, Workspace
    from prefect_iac.workspace.outlook import Outlook, Prospect
    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.events.triggers import Automation

__all__ = [
    "BacktestError",
    "Contender",
    "Own",
    "Skipped",
    "Subject",
    "Subjects",
    "chosen",
    "subjects_of",
]

_AUTOMATION: Final = "prefect_automation"


class BacktestError(Exception):
    """What was asked for cannot be looked at; the message says what, and how to mend it."""


class Own(NamedTuple):
    """By what an event is told to come of the automation itself."""

    creator: str
    """The id that runs bear which it has started; empty for one that is not there yet."""
    deployments: frozenset[str]
    """The ids in events of the deployments that it starts."""
    infers: bool
    """Whether it starts whatever deployment an event is about."""


class Contender(NamedTuple):
    """An automation that is evaluated; its id is unique here, and none of the server's."""

    automation: Automation
    own: Own


@dataclass(frozen=True, slots=True)
class Subject:
    """One automation, now and planned."""

    name: str
    id: str
    """The server's; a placeholder for a new one."""
    address: str
    """Where the configuration has it; empty for what no plan manages."""
    action: Action
    now: Contender | None
    """``None``: there is none yet."""
    planned: Contender | None
    """``None``: it will be gone. The same object as ``now`` if what decides about firing does not change."""
    unknown: tuple[str, ...]
    """Places in the planned trigger that are known only after the apply."""
    saved: int | None
    """When the present one was saved last, in microseconds since 1970, if that is known."""

    @property
    def label(self) -> str:
        """The address, or else the name."""
        return self.address or self.name

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """What is to be evaluated."""
        both = (self.now,) if self.planned is self.now else (self.now, self.planned)
        return tuple(one for one in both if one is not None)

    @property
    def is_modelled(self) -> bool:
        """Whether all that decides is known; not so with a metric trigger."""
        return all(one.automation.is_modelled for one in self.contenders)


class Skipped(NamedTuple):
    """An automation that is not looked at, and why."""

    name: str
    reason: str


class Subjects(NamedTuple):
    """All that is looked at, and what is not."""

    subjects: tuple[Subject, ...]
    skipped: tuple[Skipped, ...]
    left_alone: int
    """How many there are besides, that the plan does not change."""


def subjects_of(
    outlook: Outlook, behaviour: Behaviour, wanted: Sequence[str] = (), *, everything: bool = False
) -> Subjects:
    """The automations to look at: with a plan those that it changes, without one all that there are.

    Args:
        outlook: the objects, now and planned.
        behaviour: how the server evaluates.
        wanted: names, ids or addresses of those to look at instead.
        everything: with a plan, also those that it leaves alone.

    Raises:
        BacktestError: there is none of a name that is wanted, or automations cannot be read.
    """
    _check_readable(outlook, wanted)
    prospects = [one for one in outlook.prospects if one.type == _AUTOMATION]
    if wanted:
        looked_at = chosen(prospects, wanted)
    elif outlook.plan is None or everything:
        looked_at = prospects
    else:
        looked_at = [one for one in prospects if one.action not in ("no-op", "read", "forget")]
    subjects: list[Subject] = []
    skipped: list[Skipped] = []
    for place, prospect in enumerate(looked_at):
        try:
            subjects.append(_subject(place, prospect, outlook, behaviour))
        except TriggerError as error:
            skipped.append(Skipped(_name(prospect), str(error)))
    return Subjects(tuple(subjects), tuple(skipped), len(prospects) - len(looked_at))


def _check_readable(outlook: Outlook, wanted: Sequence[str]) -> None:
    """Raise where nothing can be said of what is asked for."""
    why = outlook.now.unread.get(_AUTOMATION)
    if outlook.plan is None and why is not None:
        raise BacktestError(say(f"the automations cannot be read: {why}"))
    for one in (*outlook.unreadable, *outlook.undecided):
        if one.address in wanted:
            raise BacktestError(say(f"the automation {one.address} cannot be read: {one.reason}"))


def chosen(prospects: Sequence[Prospect], wanted: Iterable[str]) -> list[Prospect]:
    """Those of a name, an id or an address, in their order. Raises BacktestError where there is none."""
    found: set[int] = set()
    for text in wanted:
        places = {place for place, one in enumerate(prospects) if text in _called(one)}
        if not places:
            known = sorted({_name(one) for one in prospects})
            near = near_names(text, known)
            raise BacktestError(
                say(
                    f"there is no automation {show(text)}",
                    expected="a name, an id, or an address of the plan",
                    remedy=f"There is {names(near, last='and')}" if near else "",
                )
            )
        found |= places
    return [prospects[place] for place in sorted(found)]


def _called(prospect: Prospect) -> set[str]:
    documents = (prospect.now, prospect.planned)
    return {prospect.id, prospect.old_id, prospect.address, *(name_of(one) for one in documents if one)} - {
        ""
    }


def _name(prospect: Prospect) -> str:
    document = prospect.planned or prospect.now
    name = name_of(document) if document else ""
    return name if name and not is_placeholder(name) else prospect.address or name


def _subject(place: int, prospect: Prospect, outlook: Outlook, behaviour: Behaviour) -> Subject:
    now = planned = None
    if prospect.now is not None:
        now = _contender(f"{place}.now", prospect.now, prospect, outlook.now, behaviour)
    if prospect.planned is not None:
        if prospect.now is not None and _decisive(prospect.now) == _decisive(prospect.planned):
            planned = now
        else:
            planned = _contender(f"{place}.planned", prospect.planned, prospect, outlook.planned, behaviour)
    return Subject(
        _name(prospect),
        prospect.old_id or prospect.id,
        prospect.address,
        prospect.action,
        now,
        planned,
        _unknown(prospect),
        _saved(prospect.now),
    )


def _contender(
    key: str, document: Json, prospect: Prospect, workspace: Workspace, behaviour: Behaviour
) -> Contender:
    automation = compile_automation({**document, "id": key}, behaviour)
    starts = [one for one in workspace.targets_of(document) if one.action.get("type") == "run-deployment"]
    own = Own(
        f"{OSS}.automation.{prospect.old_id}" if prospect.old_id else "",
        frozenset(f"{OSS}.deployment.{one.id}" for one in starts if one.id),
        any(one.inferred for one in starts),
    )
    return Contender(automation, own)


def _unknown(prospect: Prospect) -> tuple[str, ...]:
    """The places that may turn out otherwise; the id of an object that the plan makes is in no event yet."""
    if prospect.body is None:
        return ()
    return tuple(sorted(show_path(path) for path in prospect.body.unknown if path[:1] == ("trigger",)))


def _saved(document: Json | None) -> int | None:
    try:
        return microseconds((document or {}).get("updated"))
    except EventError:
        return None


def _decisive(document: Json) -> Any:
    """What decides when an automation fires, and what it starts then, in a form that can be compared."""
    trigger, actions = document.get("trigger"), document.get("actions")
    return (
        document.get("enabled") is not False,
        canonical(trigger) if isinstance(trigger, Mapping) else None,
        [
            (one.get("type"), one.get("source"), one.get("deployment_id"))
            for one in (actions if isinstance(actions, list) else ())
            if isinstance(one, Mapping)
        ],
    )
