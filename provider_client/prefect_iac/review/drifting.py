"""What had changed on the server before a plan was made, as Terraform found out when it planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_iac.drift.report import Changed, DriftReport, Missing, Unreadable
from prefect_iac.plan.parts import PlanError
from prefect_iac.review.values import value_changes

if TYPE_CHECKING:
    from prefect_iac.plan.changes import Plan

__all__ = ["drift_before"]


def drift_before(plan: Plan) -> DriftReport:
    """The objects that were no longer as the state had them; what only the server sets is left out."""
    changed: list[Changed] = []
    missing: list[Missing] = []
    unreadable: list[Unreadable] = []
    for one in plan.drift:
        if one.deposed:
            continue
        if one.after is None:
            missing.append(Missing(one.address, one.type, one.id))
            continue
        try:
            values = value_changes(one, plan.references)
        except PlanError as error:
            unreadable.append(Unreadable(one.address, one.type, one.id, str(error)))
            continue
        if values:
            updated = one.after.get("updated")
            changed.append(
                Changed(one.address, one.type, one.id, values, updated if isinstance(updated, str) else None)
            )
    checked = tuple(one.address for one in plan.objects)
    return DriftReport(checked, tuple(changed), tuple(missing), tuple(unreadable))
