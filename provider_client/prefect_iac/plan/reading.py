"""Reads what ``terraform show -json <plan>`` prints: Terraform 1.5 to 1.16, and OpenTofu.

The form is Terraform's own: within one major number of ``format_version`` fields are added, and what is not known is
passed over.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.plan.changes import Action, Invocation, Plan, PlannedObject
from prefect_iac.plan.parts import Part, PlanError
from prefect_iac.plan.references import References
from prefect_iac.plan.shown import hidden_places
from prefect_iac.plan.stored_object import is_of_prefect, json_kind
from prefect_provider.text import json
from prefect_provider.text.problem import expectation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.text.path import Path

__all__ = ["is_plan", "read_plan"]

_MAJOR: Final = "1"

_LOOKED_AT: Final = 20
"""Lines by which text that is not JSON is told."""

_ALONE: Final[tuple[Action, ...]] = ("no-op", "create", "read", "update", "delete", "forget")


def is_plan(document: Any) -> bool:
    """Whether a document is a plan rather than a state."""
    return isinstance(document, dict) and any(
        name in document for name in ("planned_values", "resource_changes", "configuration")
    )


def read_plan(text: str) -> Plan:
    """The plan in the output of ``terraform show -json <plan>``.

    Raises :class:`PlanError` for text that is none, is damaged, or is of a version that is not known.
    """
    try:
        document = json.parse(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise PlanError(_no_json(text, str(error))) from None
    if not isinstance(document, dict):
        msg = f"expected a Terraform plan, got {json_kind(document)}"
        raise PlanError(msg)
    _check_version(document)
    try:
        return _plan(Part(document))
    except RecursionError:
        msg = "the plan is damaged: it is nested too deeply"
    raise PlanError(msg)


def _no_json(text: str, error: str) -> str:
    """What is wrong with text that is not JSON, as far as its form tells."""
    lines = text.removeprefix("\ufeff").split("\n", _LOOKED_AT)[:_LOOKED_AT]
    begun = [line.lstrip()[:1] for line in lines]
    if '"@message"' in lines[0] and begun[0] == "{":
        return "expected the output of `terraform show -json <plan>`, got what `terraform plan -json` logs"
    if not text.strip():
        return "expected the output of `terraform show -json <plan>`, got nothing; did terraform say why?"
    what = f"expected a Terraform plan as JSON, got text that is not JSON ({error})"
    if begun[0] != "{" and any(line.startswith('{"format_version"') for line in lines):
        what += "; other lines come before the plan, as terraform's wrapper in a workflow writes them"
        what += " (`terraform_wrapper: false`)"
    return what


def _check_version(document: dict[str, Any]) -> None:
    if "format_version" not in document:
        what = "expected the output of `terraform show -json <plan>`, got other JSON"
        if document.get("type") == "version" or "@message" in document:
            what = (
                "expected the output of `terraform show -json <plan>`, got what `terraform plan -json` logs"
            )
        elif "lineage" in document:
            what = "expected the output of `terraform show -json <plan>`, got a state file"
        raise PlanError(what)
    version = document["format_version"]
    if not isinstance(version, str) or version.partition(".")[0] != _MAJOR:
        got = version if isinstance(version, str) else json_kind(version)
        remedy = "a newer prefect-iac may know it"
        if isinstance(version, str) and version.startswith("0."):
            remedy = "Terraform 1.1 and newer write it"
        msg = f"{expectation(f'format_version {_MAJOR}.x of `terraform show -json <plan>`', got)}; {remedy}"
        raise PlanError(msg)
    if not is_plan(document):
        msg = "expected a plan, got a state; save a plan with `terraform plan -out=FILE` and show that"
        raise PlanError(msg)


def _plan(document: Part) -> Plan:
    others: Counter[Action] = Counter()
    objects: list[PlannedObject] = []
    for change in document.parts("resource_changes"):
        if _is_managed_by_prefect(change):
            objects.append(_planned(change))
        elif change.value.get("mode", "managed") == "managed":
            others[_action(change.part("change"))[0]] += 1
    for deferred in document.parts("deferred_changes"):
        change = deferred.part("resource_change")
        if _is_managed_by_prefect(change):
            reason = deferred.field("reason", str, "unknown")
            objects.append(_planned(change)._replace(deferred=reason))
        elif change.value.get("mode", "managed") == "managed":
            others["other"] += 1
    drift = [
        _planned(change) for change in document.parts("resource_drift") if _is_managed_by_prefect(change)
    ]
    return Plan(
        terraform_version=document.field("terraform_version", str, ""),
        format_version=document.field("format_version", str),
        objects=tuple(objects),
        others=dict(others),
        drift=tuple(drift),
        references=References(document.part("configuration").value),
        invocations=tuple(_invocations(document)),
        complete=document.flag("complete"),
        errored=document.flag("errored") or False,
        timestamp=document.field("timestamp", str, ""),
    )


def _is_managed_by_prefect(change: Part) -> bool:
    if change.value.get("mode", "managed") != "managed":
        return False
    return is_of_prefect(change.field("type", str), change.field("provider_name", str, ""))


def _planned(resource: Part) -> PlannedObject:
    change = resource.part("change")
    action, actions = _action(change)
    return PlannedObject(
        address=resource.field("address", str),
        type=resource.field("type", str),
        provider=resource.field("provider_name", str, ""),
        action=action,
        before=_attributes(change, "before"),
        after=_attributes(change, "after"),
        unknown=hidden_places(change.value.get("after_unknown")),
        sensitive=hidden_places(change.value.get("before_sensitive"))
        | hidden_places(change.value.get("after_sensitive")),
        replace_paths=tuple(_paths(change)),
        action_reason=resource.field("action_reason", str, ""),
        previous_address=resource.field("previous_address", str, ""),
        importing=_importing(change),
        deposed=resource.field("deposed", str, ""),
        actions=actions,
    )


def _attributes(change: Part, name: str) -> dict[str, Any] | None:
    return change.field(name, dict) if change.value.get(name) is not None else None


def _action(change: Part) -> tuple[Action, tuple[str, ...]]:
    actions = change.texts("actions")
    if not actions:
        change.field("actions", list)  # says so where there is none
    match sorted(actions):
        case ["create", "delete"] | ["create", "forget"]:
            return "replace", actions
        case [str(one)]:
            return next((known for known in _ALONE if known == one), "other"), actions
    return "other", actions


def _paths(change: Part) -> Iterator[Path]:
    empty: list[Any] = []
    for path in change.field("replace_paths", list, empty):
        if isinstance(path, list):
            yield tuple(step for step in path if isinstance(step, str | int))


def _importing(change: Part) -> str | None:
    if change.value.get("importing") is None:
        return None
    importing = change.part("importing")
    id_ = importing.value.get("id")
    if not isinstance(id_, str):
        # By identity, of which the id is one attribute.
        id_ = importing.part("identity").value.get("id")
    return id_ if isinstance(id_, str) else ""


def _invocations(document: Part) -> Iterator[Invocation]:
    for one in document.parts("action_invocations"):
        type_ = one.field("type", str)
        if not is_of_prefect(type_, one.field("provider_name", str, "")):
            continue
        trigger = one.part("lifecycle_action_trigger")
        yield Invocation(
            one.field("address", str),
            type_,
            one.part("config_values").value,
            triggered_by=trigger.field("triggering_resource_address", str, ""),
            event=trigger.field("action_trigger_event", str, ""),
        )
