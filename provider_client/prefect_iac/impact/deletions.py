"""What is lost with what a plan destroys or replaces: runs, and objects, also those of others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prefect_iac.impact.effect import Effect, few, subject_of
from prefect_iac.impact.runs import Counts, count_each
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prefect_iac.impact.removals import Removal
    from prefect_iac.impact.runs import Pending
    from prefect_iac.workspace.outlook import Outlook, Prospect
    from prefect_provider.api import Scope

__all__ = ["deletion_effects"]

_TAKES = ("prefect_flow", "prefect_block", "prefect_block_type", "prefect_block_schema")


async def deletion_effects(
    outlook: Outlook, found: Sequence[Removal], pending: Pending, scope: Scope
) -> list[Effect]:
    """The effects of all removals; raises ApiError."""
    flows = [one.prospect.old_id for one in found if one.prospect.type == "prefect_flow"]
    carriers = list(dict.fromkeys(id_ for one in found for id_ in one.infrastructure_of))
    of_flows, of_carriers = await asyncio.gather(
        count_each(scope, flows, lambda ids: {"flows": {"id": {"any_": ids}}}),
        count_each(scope, carriers, _of_deployments),
    )
    effects: list[Effect] = []
    for removal in found:
        if removal.prospect.type in _TAKES:
            effects += _with_others(outlook, removal, pending, of_flows, of_carriers)
        elif removal.prospect.type == "prefect_deployment" and not _goes_with_another(removal, found):
            effects += _deployment(outlook, removal, pending)
    if of_flows.number_of_others:
        what = counted(of_flows.number_of_others, "further flow")
        effects.append(
            Effect(
                "flow-deleted",
                "error" if of_flows.others else "note",
                what,
                f"{'takes' if of_flows.number_of_others == 1 else 'take'} {counted(of_flows.others, 'run')} along",
                numbers={"runs": of_flows.others},
            )
        )
    return effects


def _of_deployments(ids: list[str]) -> dict[str, Any]:
    return {"flow_runs": {"deployment_id": {"any_": ids}}}


def _goes_with_another(removal: Removal, found: Sequence[Removal]) -> bool:
    """Whether its runs are counted with a flow that goes as well."""
    id_ = removal.prospect.old_id
    return any(
        one.prospect.type == "prefect_flow" and any(taken.old_id == id_ for taken in one.taken)
        for one in found
    )


def _with_others(
    outlook: Outlook, removal: Removal, pending: Pending, of_flows: Counts, of_carriers: Counts
) -> Iterator[Effect]:
    """What goes with a flow, a block, or a type or schema of blocks."""
    root = removal.prospect
    numbers: dict[str, int] = {}
    parts: list[str] = []
    details: list[tuple[str, str]] = []
    blocks, deployments = (removal.others_of(type_) for type_ in ("prefect_block", "prefect_deployment"))
    for noun, objects in (("block", blocks), ("deployment", deployments)):
        if objects:
            numbers[f"{noun}s"] = len(objects)
            parts.append(counted(len(objects), noun))
            names = few(_named(one, outlook) for one in objects)
            details.append((f"{noun}s", f"{names}: {_whose(objects)}"))
    runs = of_flows.each.get(root.old_id, 0)
    runs += sum(of_carriers.each.get(id_, 0) for id_ in removal.infrastructure_of)
    if runs:
        numbers["runs"] = runs
        parts.append(counted(runs, "flow run"))
    elif deployments:
        behind = sum(len(pending.of(one.old_id)) for one in deployments)
        if behind:
            numbers["left_behind"] = behind
            details.append(("scheduled runs", f"{counted(behind, 'run')} of them stay, without a deployment"))
    if parts:
        yield Effect(
            f"{root.type.removeprefix('prefect_').replace('_', '-')}-deleted",
            "error",
            subject_of(root, outlook.now),
            f"{_verb(root)} takes along {' and '.join(parts)}; this cannot be undone",
            (*details, ("remedy", _remedy(root))),
            numbers,
        )


def _remedy(root: Prospect) -> str:
    if root.type == "prefect_block":
        return "let the deployments have another block first, or set `lifecycle { create_before_destroy = true }` on it"
    return (
        "`lifecycle { prevent_destroy = true }` refuses it; a `removed` block leaves the object on the server"
    )


def _whose(objects: Sequence[Prospect]) -> str:
    kept = sum(one.change is not None for one in objects)
    if not kept:
        return "not in this plan"
    if kept == len(objects):
        return "this plan means to keep them"
    return f"this plan means to keep {kept:,} of them, and does not have the others"


def _named(one: Prospect, outlook: Outlook) -> str:
    return subject_of(one, outlook.now)


def _verb(root: Prospect) -> str:
    return "is replaced, which" if root.action == "replace" else "is destroyed, which"


def _deployment(outlook: Outlook, removal: Removal, pending: Pending) -> Iterator[Effect]:
    """A deployment takes along what is scheduled; what has run stays, without it."""
    root = removal.prospect
    lost = [run for run in pending.of(root.old_id) if not run.is_spared]
    by_hand = sum(not run.is_automatic for run in lost)
    overdue = sum(not pending.is_future(run) for run in lost)
    if not lost:
        return
    at_least = "" if pending.is_whole else "at least "
    details = []
    if by_hand:
        details.append(
            ("by hand", f"{counted(by_hand, 'of them was', 'of them were')} not made by a schedule")
        )
    if overdue:
        details.append(("late", f"{counted(overdue, 'of them is', 'of them are')} due already"))
    yield Effect(
        "deployment-deleted",
        "error" if by_hand else "warning",
        subject_of(root, outlook.now),
        f"{_verb(root)} takes along {at_least}{counted(len(lost), 'scheduled run')}; "
        "finished runs stay, without a deployment",
        tuple(details),
        {"scheduled_runs": len(lost), "by_hand": by_hand, "late": overdue},
    )
