"""Actions on what does not exist, and on what is paused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_iac.lint.flaw import RULES, Flaw, Subject, subjects_of
from prefect_iac.plan.placeholders import is_placeholder
from prefect_iac.workspace.content import name_of
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.workspace.content import Json, Target, Workspace
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["target_flaws"]

_AUTOMATION: Final = "prefect_automation"


def target_flaws(outlook: Outlook) -> Iterator[Flaw]:
    """The flaws of what enabled automations act on."""
    subjects = subjects_of(outlook, _AUTOMATION)
    for id_, automation in outlook.planned.automations.items():
        if automation.get("enabled") is False:
            continue
        subject = subjects.get(id_) or Subject(_AUTOMATION, id_, name_of(automation))
        for target in outlook.planned.targets_of(automation):
            if not target.id:
                continue
            if outlook.planned.get(target.type, target.id) is None:
                yield from _missing(outlook, subject, target)
            else:
                yield from _disabled(outlook.planned, subject, target)


def _missing(outlook: Outlook, subject: Subject, target: Target) -> Iterator[Flaw]:
    """What is named is not there: provable where a server was read, or where the plan takes it away."""
    noun = target.type.removeprefix("prefect_").replace("_", " ")
    if is_placeholder(target.id):
        return  # of an object that cannot be told, such as one that a module hands on
    gone = outlook.now.get(target.type, target.id)
    if gone is not None:
        taker = next(
            (
                one.taken_by or one.address
                for one in outlook.prospects
                if one.type == target.type and one.old_id == target.id
            ),
            "",
        )
        message = f"the {noun} {show(name_of(gone))}, on which this acts, is deleted by this plan"
        remedy = f"Refer to what takes its place, or take the action out; it goes with {taker}."
    elif outlook.is_live and target.type not in outlook.now.unread:
        message = f"there is no {noun} {target.id}, so this action fails whenever it is due"
        remedy = (
            "Refer to the object's `id` in the configuration, or look it up by its name with a data source."
        )
    else:
        return
    yield Flaw("missing-target", RULES["missing-target"].level, subject, message, _path(target), remedy)


def _disabled(workspace: Workspace, subject: Subject, target: Target) -> Iterator[Flaw]:
    """What a run would wait for: a paused pool or queue, or one that takes nothing."""
    if target.action.get("type") != "run-deployment":
        return
    deployment = workspace.get(target.type, target.id)
    if deployment is None:
        return
    called = show(workspace.full_name(deployment))
    for kind, holder in (("pool", workspace.pool_of(deployment)), ("queue", workspace.queue_of(deployment))):
        why = _stopped(holder)
        if holder is not None and why:
            message = f"the runs of {called} wait in the work {kind} {show(name_of(holder))}, which {why}"
            remedy = f"Resume the {kind}, or have the deployment use another one."
            yield Flaw("disabled-target", "warning", subject, message, _path(target), remedy)
            return
    if deployment.get("paused") is True:
        message = (
            f"the deployment {called} is paused, which stops its schedules only: this runs it nevertheless"
        )
        remedy = "If it is not to run, disable the automation."
        yield Flaw("disabled-target", "note", subject, message, _path(target), remedy)


def _stopped(holder: Json | None) -> str:
    if holder is None:
        return ""
    if holder.get("is_paused") is True:
        return "is paused"
    return "has a concurrency limit of 0" if holder.get("concurrency_limit") == 0 else ""


def _path(target: Target) -> tuple[str | int, ...]:
    return (target.place, target.position)
