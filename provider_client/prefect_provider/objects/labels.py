"""Labels of flows and deployments: which are ours, and what changing them takes.

A deployment's labels come back merged with its flow's and with ``prefect.*`` labels that the server adds, so only
the labels that Terraform holds are compared. Prefect Cloud changes labels in place. An open-source server changes
those of a deployment, when the deployment is posted once more, and never those of a flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.answers import ScalarText
from prefect_provider.plugin.language.declaration import Attribute, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import MapOf
from prefect_provider.plugin.language.values import Value, has_unknown

if TYPE_CHECKING:
    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["labels_attribute", "labels_to_post", "own_labels", "plan_labels", "refuse_other_labels"]

_RESERVED: Final = "prefect."
_LEFT_ALONE: Final[Mapping[str, str]] = {
    "flow": "Labels that Prefect adds are left alone. An open-source server cannot change the labels of a flow, so "
    "there a change replaces the flow, which deletes its deployments and runs; Prefect Cloud changes them in place.",
    "deployment": "Labels that Prefect adds, those that it inherits from its flow, and those that others gave it are "
    "left alone.",
}


def labels_attribute(of: str) -> Attribute:
    """The ``labels`` attribute of a flow or deployment."""
    return optional(
        MapOf(ScalarText()),
        f"Labels of the {of}: names to values, for filtering and governance. {_LEFT_ALONE[of]}",
        server_default=True,
        reset={},
    )


def own_labels(labels: Mapping[str, Any] | None, held: Value) -> dict[str, str]:
    """The labels that Terraform holds, as the API returned them; all but the reserved ones if it holds none yet."""
    texts = {key: _text(value) for key, value in (labels or {}).items()}
    if isinstance(held, Mapping):
        return {key: text for key, text in texts.items() if key in held}
    return {key: text for key, text in texts.items() if not key.startswith(_RESERVED)}


def labels_to_post(labels: Mapping[str, Any] | None, prior: Value, planned: Value) -> dict[str, Any]:
    """All labels of a deployment for a POST that changes them: what others gave it, and what is planned.

    ``labels`` are those that the API returned, and ``prior`` those of them that Terraform held. A number that
    is planned as it is stays one.
    """
    removed = prior.keys() if isinstance(prior, Mapping) else ()
    kept = {
        key: value
        for key, value in (labels or {}).items()
        if key not in removed and not key.startswith(_RESERVED)
    }
    before = labels or {}
    wanted = planned if isinstance(planned, Mapping) else {}
    same = {key: before[key] for key, text in wanted.items() if key in before and _text(before[key]) == text}
    return kept | dict(wanted) | same


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def plan_labels(plan: Plan, own: dict[str, Any], *, in_place: bool) -> None:
    """Plan the labels; ``own`` is the object's private data, which remembers that Terraform set them.

    ``in_place``: the server can change them, as Prefect Cloud can.
    """
    prior, configured = (plan.prior or {}).get("labels"), plan.config.get("labels")
    shared = False
    if isinstance(prior, dict) and isinstance(configured, dict) and not own.get("labels"):
        # What Terraform did not set may be what the flow passed on, which is not ours to remove.
        shared = not has_unknown(configured) and configured.items() <= prior.items()
        shared = shared and bool(configured or not in_place)
        if shared:
            plan.planned["labels"] = prior
    if plan.prior is not None and plan.changes("labels") and not in_place:
        plan.require_replace("labels")
    own["labels"] = configured is not None and (not shared or configured == prior)


def refuse_other_labels(what: str, data: Mapping[str, Any], wanted: Value) -> None:
    """Raise unless an object that exists already, and whose labels cannot be changed, has those that are wanted.

    Taken over with others, it would be deleted by the next plan, to be made anew with the right ones.
    """
    if isinstance(wanted, Mapping) and own_labels(data.get("labels"), wanted) != wanted:
        msg = f"The {what} exists already, with other labels"
        detail = (
            f"Its id is {data['id']}, and an open-source server cannot change labels. Remove `labels` to take it over "
            f"as it is, or delete the {what} first if nothing depends on it."
        )
        raise ProviderError(msg, detail, ("labels",))
