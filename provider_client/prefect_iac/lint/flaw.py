"""One thing that a rule has found, and the rules that there are."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from prefect_iac.workspace.content import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.text.path import Path

__all__ = ["RULES", "Flaw", "Level", "Rule", "Subject", "actions_of", "subjects_of", "worse"]

Level: TypeAlias = Literal["error", "warning", "note"]

_ORDER: Final[tuple[Level, ...]] = ("note", "warning", "error")


class Rule(NamedTuple):
    """A kind of flaw."""

    level: Level
    """How bad it is in general; what can be proved is an error."""
    title: str


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "always-true": Rule("warning", "A condition that narrows nothing"),
        "broken-caller": Rule("error", "A changed flow that its callers no longer fit"),
        "dead-trigger": Rule("error", "A trigger that can never fire"),
        "disabled-target": Rule("warning", "An action on something that is paused"),
        "double-owner": Rule("error", "Two resources that manage one object"),
        "duplicate": Rule("warning", "Two automations that do the same at the same time"),
        "endless-alarm": Rule("warning", "A trigger that reports for ever what is gone"),
        "expires": Rule("warning", "An opening event that is forgotten after a minute"),
        "false-alarm": Rule("error", "A trigger that fires although nothing has happened"),
        "invalid-action": Rule("error", "An action that Prefect refuses or misreads"),
        "invalid-trigger": Rule("error", "A trigger that Prefect refuses or misreads"),
        "job-variables": Rule("warning", "Job variables that the work pool does not know"),
        "long-memory": Rule("warning", "Events that are weeks apart complete each other"),
        "loop": Rule("error", "Automations that keep each other firing"),
        "lost-opening": Rule("note", "An opening event that may be lost"),
        "missing-source": Rule("warning", "A trigger on something that does not exist"),
        "missing-target": Rule("error", "An action on something that does not exist"),
        "mixed-keys": Rule("warning", "Events of different resources complete each other"),
        "never-resolves": Rule("warning", "Actions on resolve, which are never done"),
        "related-negation": Rule("warning", "A negation that holds by some other related resource"),
        "run-parameters": Rule("warning", "Parameters that the flow does not take"),
        "short-memory": Rule("warning", "A count that is forgotten after a minute"),
        "unknown-event": Rule("warning", "An event that Prefect never emits"),
        "unknown-label": Rule("warning", "A label that no resource has"),
        "unseen-event": Rule("note", "An event that did not occur"),
        "unused-suppression": Rule("note", "A suppression that suppresses nothing"),
    }
)
"""By the name that stands after ``lint/``; ``docs/rules/<name>.md`` explains each."""


def worse(one: Level, another: Level) -> Level:
    """The worse of two levels."""
    return max(one, another, key=_ORDER.index)


class Subject(NamedTuple):
    """An object that something is said of."""

    type: str
    """Terraform's: ``prefect_automation``."""
    id: str
    name: str
    address: str = ""
    """Where the configuration has it; empty for what this plan does not manage."""

    def text(self) -> str:
        """How a report calls it."""
        if self.address:
            return self.address
        return f"{self.type.removeprefix('prefect_').replace('_', ' ')} {self.name}"


class Flaw(NamedTuple):
    """What a rule has found."""

    rule: str
    level: Level
    subject: Subject
    message: str
    """What is wrong, without a capital and a full stop; it repeats no parameter and no secret."""
    path: Path = ()
    """Where in the object, as the API has it."""
    remedy: str = ""
    steps: tuple[str, ...] = ()
    """How it comes about, one after the other."""


def subjects_of(outlook: Outlook, type_: str) -> dict[str, Subject]:
    """The objects of a type as they will be, by id, in the plan's order."""
    found: dict[str, Subject] = {}
    for one in outlook.prospects:
        if one.type == type_ and one.planned is not None:
            id_ = str(one.planned["id"])
            found[id_] = Subject(type_, id_, _called(outlook, type_, one.planned), one.address)
    return found


def actions_of(automation: Json, place: str) -> list[dict[str, Any]]:
    """The actions in one list of an automation, such as ``actions_on_trigger``."""
    listed = automation.get(place)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _called(outlook: Outlook, type_: str, document: Json) -> str:
    return outlook.planned.full_name(document) if type_ == "prefect_deployment" else name_of(document)
