"""What a plan does to each object of Prefect, worst first: the part of a review that is there without a server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from prefect_iac.plan.parts import PlanError
from prefect_iac.plan.placeholders import is_placeholder
from prefect_iac.review.values import value_changes
from prefect_iac.workspace.content import name_of
from prefect_provider.text.path import show_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_iac.drift.report import ValueChange
    from prefect_iac.plan.changes import Action, Invocation, PlannedObject
    from prefect_iac.plan.references import References
    from prefect_iac.workspace.content import Workspace
    from prefect_iac.workspace.outlook import Outlook, Prospect

__all__ = ["DEEDS", "Change", "Deed", "Taken", "changes_of"]

Deed: TypeAlias = Literal[
    "destroy", "replace", "update", "create", "import", "move", "forget", "defer", "other", "invoke"
]
"""What is done to an object, in the word that people use; ``invoke`` is an action that Terraform does beside."""

DEEDS: Final[tuple[Deed, ...]] = (
    "destroy",
    "replace",
    "update",
    "create",
    "import",
    "move",
    "forget",
    "defer",
    "other",
    "invoke",
)
"""In the order in which they are shown: what is lost comes first."""

_DEEDS: Final[Mapping[Action, Deed]] = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "destroy",
    "forget": "forget",
    "other": "other",
}


_REASONS: Final[Mapping[str, str]] = {
    "delete_because_count_index": "its index is beyond the count",
    "delete_because_each_key": "its key is no longer there",
    "delete_because_no_module": "its module is no longer configured",
    "delete_because_no_resource_config": "it is no longer configured",
    "replace_because_tainted": "it was not made to the end",
    "replace_by_request": "as was asked for",
    "replace_by_triggers": "because of what it is triggered by",
}
"""Terraform's words in ours; of others, that is what they say."""


class Taken(NamedTuple):
    """An object that the server deletes along with another one."""

    type: str
    name: str
    address: str
    """Empty for what this plan does not manage."""


class Change(NamedTuple):
    """What is done to one object."""

    address: str
    type: str
    deed: Deed
    name: str = ""
    """What people call it; empty where the plan does not tell."""
    id: str = ""
    """The id that it has now; empty for a new one."""
    values: tuple[ValueChange, ...] = ()
    takes: tuple[Taken, ...] = ()
    notes: tuple[str, ...] = ()
    """What else there is to say: why it is replaced, whence it was moved."""
    damage: str = ""
    """Why its values cannot be told; empty where they can."""


def changes_of(outlook: Outlook) -> tuple[Change, ...]:
    """What the plan of an outlook does, by :data:`DEEDS`, and in the plan's order; nothing without a plan."""
    if outlook.plan is None:
        return ()
    taken: dict[str, list[Taken]] = {}
    prospects: dict[tuple[str, str], Prospect] = {}
    for one in outlook.prospects:
        if one.change is not None:
            prospects[one.change.address, one.change.deposed] = one
        if one.taken_by:
            taken.setdefault(one.taken_by, []).append(Taken(one.type, _name(outlook.now, one), one.address))
    found = []
    for planned in outlook.plan.objects:
        deed = _deed(planned)
        if deed is not None:
            prospect = prospects.get((planned.address, planned.deposed))
            takes = taken.get(planned.address, ())
            found.append(_change(outlook, outlook.plan.references, planned, deed, prospect, takes))
    found += (_invoked(one) for one in outlook.plan.invocations)
    return tuple(sorted(found, key=lambda change: DEEDS.index(change.deed)))


def _deed(planned: PlannedObject) -> Deed | None:
    """``None`` where nothing is done."""
    if planned.deferred:
        return "defer"
    if planned.importing is not None:
        return "import"
    if planned.action in ("no-op", "read"):
        return "move" if planned.previous_address else None
    return _DEEDS[planned.action]


def _change(
    outlook: Outlook,
    references: References,
    planned: PlannedObject,
    deed: Deed,
    prospect: Prospect | None,
    takes: Sequence[Taken],
) -> Change:
    values: tuple[ValueChange, ...] = ()
    damage = ""
    try:
        values = value_changes(planned, references)
    except PlanError as error:
        damage = str(error)
    name = ""
    if prospect is not None:
        name = _name(outlook.now if prospect.now is not None else outlook.planned, prospect)
    takes = tuple(takes) if deed in ("destroy", "replace") else ()
    return Change(
        planned.address, planned.type, deed, name, planned.id, values, takes, tuple(_notes(planned)), damage
    )


def _invoked(action: Invocation) -> Change:
    """An action of the plan, and what leads to it."""
    when = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", action.event).lower()
    cause = " of ".join(part for part in (when, action.triggered_by) if part)
    return Change(action.address, action.type, "invoke", notes=(cause or "asked for by itself",))


def _notes(planned: PlannedObject) -> list[str]:
    notes = []
    if planned.deferred:
        notes.append(f"nothing is done yet: {planned.deferred.replace('_', ' ')}")
    if planned.action == "replace" and planned.replace_paths:
        places = dict.fromkeys(show_path(path) for path in planned.replace_paths)
        notes.append(f"replaced because of {', '.join(places)}")
    elif planned.action in ("replace", "delete") and planned.action_reason:
        reason = planned.action_reason.partition("because_")[2] or planned.action_reason
        notes.append(_REASONS.get(planned.action_reason, f"because of {reason.replace('_', ' ')}"))
    if planned.deposed:
        notes.append("left behind by a replacement that was not finished")
    if planned.previous_address:
        notes.append(f"moved from {planned.previous_address}")
    if planned.action == "forget":
        notes.append("it stays on the server, and Terraform manages it no more")
    return notes


def _name(workspace: Workspace, prospect: Prospect) -> str:
    document = prospect.now if prospect.now is not None else prospect.planned
    if document is None:
        return ""
    name = workspace.full_name(document) if prospect.type == "prefect_deployment" else name_of(document)
    return "" if is_placeholder(name) else name
