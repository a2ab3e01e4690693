"""Objects that two resources of a configuration manage, and automations that are there twice."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from prefect_iac.lint.flaw import RULES, Flaw, Subject, actions_of, subjects_of
from prefect_iac.plan.placeholders import is_placeholder
from prefect_iac.workspace.content import name_of
from prefect_provider.rules import actions as action_rules
from prefect_provider.rules.actions import ACTION_LISTS
from prefect_provider.rules.trigger_forms import canonical
from prefect_provider.rules.triggers import infer_kind
from prefect_provider.text import json
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.workspace.content import Json, Workspace
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["duplicate_flaws", "owner_flaws"]

_LIMIT: Final = "prefect_global_concurrency_limit"
_TAG_LIMIT: Final = "prefect_task_run_concurrency_limit"
_DEPLOYMENT: Final = "prefect_deployment"
_OF_A_TAG: Final = "tag:"
_OF_A_DEPLOYMENT: Final = "deployment:"


def owner_flaws(outlook: Outlook) -> Iterator[Flaw]:
    """Objects that two resources of the plan manage: by one name, by one id, or under the name of another's limit."""
    owners: dict[tuple[str, str], list[Subject]] = {}
    for type_ in dict.fromkeys(one.type for one in outlook.prospects if one.address):
        for id_, subject in subjects_of(outlook, type_).items():
            document = outlook.planned.get(type_, id_)
            if not subject.address or document is None:
                continue
            for key in _keys(outlook.planned, type_, document):
                owners.setdefault(key, []).append(subject)
    ids: dict[tuple[str, str], list[Subject]] = {}
    for one in outlook.prospects:
        if one.address and one.old_id and one.planned is not None and one.action != "replace":
            known = Subject(one.type, one.old_id, name_of(one.planned), one.address)
            ids.setdefault((one.type, one.old_id), []).append(known)
    told: set[frozenset[str]] = set()
    for (what, called), subjects in (*owners.items(), *ids.items()):
        for first, second in pairwise(dict.fromkeys(subjects)):
            pair = frozenset((first.address, second.address))
            if pair in told or len(pair) < 2:
                continue
            told.add(pair)
            noun = what.removeprefix("prefect_").replace("_", " ")
            message = f"manages the {noun} {show(called)} as well as {first.address}: they undo each other"
            remedy = "Keep one of them, and take the other out of the state with a `removed` block."
            yield Flaw("double-owner", RULES["double-owner"].level, second, message, (), remedy)


def _keys(workspace: Workspace, type_: str, document: Json) -> Iterator[tuple[str, str]]:
    """By what the server tells objects apart, each as a type and a text; none while a part of it is not known."""
    name = str(document.get("tag" if type_ == _TAG_LIMIT else "name") or "")
    if not name or is_placeholder(name):
        return
    match type_:
        case "prefect_automation" | "prefect_deployment_schedule":
            return  # several may share a name
        case "prefect_deployment":
            flow = workspace.flow_of(document)
            if flow is not None:
                yield type_, f"{name_of(flow)}/{name}"
            if document.get("concurrency_limit") is not None:
                yield _LIMIT, f"{_OF_A_DEPLOYMENT}{document['id']}"
        case "prefect_work_queue":
            pool = str(document.get("work_pool_name") or "")
            if pool:
                yield type_, f"{pool}/{name}"
        case "prefect_block":
            yield type_, f"{document.get('type_slug')}/{name}"
        case "prefect_task_run_concurrency_limit":
            yield _LIMIT, f"{_OF_A_TAG}{name}"
        case _:
            yield type_, name


def duplicate_flaws(outlook: Outlook) -> Iterator[Flaw]:
    """Enabled automations whose trigger and actions are the same: whatever they do is done twice."""
    subjects = subjects_of(outlook, "prefect_automation")
    first: dict[str, str] = {}
    for id_, automation in outlook.planned.automations.items():
        trigger = automation.get("trigger")
        if automation.get("enabled") is False or not isinstance(trigger, dict) or infer_kind(trigger) is None:
            continue
        done = [
            [action_rules.canonical(one) for one in actions_of(automation, place)] for place in ACTION_LISTS
        ]
        if not any(done):
            continue
        key = json.write([canonical(trigger), done])
        if _has_own_placeholder(key, id_):
            continue
        other = first.setdefault(key, id_)
        if other != id_ and id_ in subjects and other in subjects:
            message = (
                f"does the same as {subjects[other].text()}, at the same events: all of it is done twice"
            )
            remedy = "Delete or disable one of them."
            yield Flaw("duplicate", RULES["duplicate"].level, subjects[id_], message, (), remedy)


def _has_own_placeholder(text: str, id_: str) -> bool:
    """Whether a part is only known after the apply, and may then differ."""
    return is_placeholder(id_) and id_.removesuffix(".id") + "." in text
