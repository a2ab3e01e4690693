"""What is to be said of one automation, by the rules that the provider also has, and of what only lint tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.lint.flaw import RULES, Flaw, Level, Subject, actions_of, subjects_of, worse
from prefect_iac.plan.placeholders import holds_placeholder, is_placeholder
from prefect_iac.workspace.content import name_of
from prefect_provider.events.loops import loop_problems, run_deployment_loops
from prefect_provider.rules import actions as action_rules
from prefect_provider.rules import triggers as trigger_rules
from prefect_provider.rules.actions import ACTION_LISTS
from prefect_provider.rules.firing import endless_memory, lost_openings, resolving_problem
from prefect_provider.rules.trigger_forms import to_api

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["automation_flaws"]

_AUTOMATION: Final = "prefect_automation"
_TRIGGER: Final = ("trigger",)
_SEEN: Final = ("actions", "actions_on_trigger")
"""The actions that are done when a trigger fires."""

_DOCUMENTS: Final = frozenset({"parameters", "job_variables", "payload", "body", "subject", "message"})
"""The fields of actions whose values may be anything, secrets too."""


def automation_flaws(outlook: Outlook, *, cloud: bool | None) -> Iterator[Flaw]:
    """The flaws of each automation by itself; ``cloud`` says whether the server is Prefect Cloud, if that is known."""
    subjects = subjects_of(outlook, _AUTOMATION)
    for id_, automation in outlook.planned.automations.items():
        subject = subjects.get(id_) or Subject(_AUTOMATION, id_, name_of(automation))
        for otherwise, problem in _problems(automation, cloud):
            yield _flaw(subject, problem, otherwise)


def _problems(automation: Json, cloud: bool | None) -> Iterator[tuple[str, Problem]]:
    """Each problem, with the rule that it is of if it names none."""
    trigger = automation.get("trigger")
    if isinstance(trigger, dict) and trigger_rules.infer_kind(trigger) is not None:
        whole = to_api(trigger)
        of_trigger = trigger_rules.problems(whole, is_unknown=holds_placeholder, cloud=cloud, path=_TRIGGER)
        yield from (("invalid-trigger", found) for found in of_trigger)
        yield from (("", found) for found in _doubts(whole, _TRIGGER))
        if automation.get("enabled") is not False:
            yield from (("loop", found) for found in _loops(automation, whole, cloud))
    for place in ACTION_LISTS:
        for index, action in enumerate(actions_of(automation, place)):
            yield from (
                ("invalid-action", found) for found in _action_problems(action, cloud, (place, index))
            )
    unresolved = resolving_problem(
        automation.get("actions_on_resolve"), cloud=cloud, path=("actions_on_resolve",)
    )
    if unresolved is not None:
        yield "", unresolved


def _loops(automation: Json, trigger: Mapping[str, Any], cloud: bool | None) -> Iterator[Problem]:
    """What keeps an automation firing by itself."""
    name = automation.get("name")
    known = name if isinstance(name, str) and not is_placeholder(name) else None
    yield from loop_problems(trigger, name=known, cloud=cloud, is_unknown=is_placeholder, path=_TRIGGER)
    for place in _SEEN:
        yield from run_deployment_loops(
            trigger,
            actions_of(automation, place),
            refused=place == "actions",
            is_unknown=is_placeholder,
            path=(place,),
        )


def _action_problems(action: Mapping[str, Any], cloud: bool | None, path: Path) -> Iterator[Problem]:
    """What is wrong with an action of a known type; what is inside of documents is not repeated."""
    if not isinstance(action.get("type"), str) or action["type"] not in action_rules.ACTIONS:
        return
    given = action_rules.to_api(action)
    for found in action_rules.problems(given, is_unknown=is_placeholder, cloud=cloud, path=path):
        if _DOCUMENTS & set(map(str, found.path)):
            yield found._replace(message=found.message.partition(", got ")[0])
        else:
            yield found


def _doubts(trigger: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """What may be meant so, and is worth a look."""
    kind = trigger.get("type")
    if kind == "event":
        found = lost_openings(trigger, path=path)
    elif kind in ("compound", "sequence"):
        found = endless_memory(str(kind), trigger, path=path)
        for index, child in enumerate(trigger.get("triggers") or ()):
            yield from _doubts(child, (*path, "triggers", index))
    else:
        found = None
    if found is not None:
        yield found


def _flaw(subject: Subject, problem: Problem, otherwise: str) -> Flaw:
    rule = problem.rule or otherwise
    level: Level
    if problem.severity == "error":
        level = worse(RULES[rule].level, "error")
    else:
        # A loop by itself is certain where the graph says so; what is misread is refused only as an error.
        level = "warning" if rule in ("invalid-action", "invalid-trigger", "loop") else RULES[rule].level
    return Flaw(rule, level, subject, problem.message, problem.path, problem.remedy)
