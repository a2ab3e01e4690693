"""Automations with what only Prefect Cloud has: metric triggers, and actions that no self-hosted server takes.

A workspace's real server keeps each automation with stand-ins in the places of these, and the simulator keeps what was
given: answers show it. So names, filters, pages and ids are the real server's; no metric is ever computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.environment.prefect_cloud.bodies import fields
from tests.environment.prefect_cloud.exchange import Answer, invalid
from tests.environment.prefect_cloud.routing import route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__: list[str] = []

_AT: Final = "/accounts/{account_id}/workspaces/{workspace_id}/automations"
_LISTS: Final = ("actions", "actions_on_trigger", "actions_on_resolve")
_FORMS: Final = "automation_forms"

_ACTIONS: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "declare-incident": (frozenset(), frozenset()),
    "pause-schedule-for-flow-run": (frozenset(), frozenset({"deployment_id", "schedule_id"})),
    "resume-schedule-for-flow-run": (frozenset({"deployment_id", "schedule_id"}), frozenset()),
    "send-email-notification": (frozenset({"emails", "subject", "body"}), frozenset({"block_document_id"})),
}
"""What such an action must have, and what else it may have."""

_FORCED: Final = frozenset({"cancel-flow-run", "suspend-flow-run"})
"""Actions of any server, which have ``force`` on Prefect Cloud only."""

_SHORTEST: Final = 300.0
"""Seconds of the shortest ``range`` and ``firing_for``, which are their defaults."""


@route("POST", f"{_AT}/")
def make_automation(cloud: PrefectCloud, request: Request) -> Answer:
    """A new automation."""
    given = _complete(request.body)
    answer = cloud.forward(request, body=_with_stand_ins(given))
    if answer.status == 201:
        _remember(cloud, answer.data["id"], given)
        return Answer(201, _shown(cloud, answer.data))
    return answer


@route("POST", f"{_AT}/filter")
def find_automations(cloud: PrefectCloud, request: Request) -> Answer:
    """A page of automations."""
    answer = cloud.forward(request)
    if answer.status == 200:
        return Answer(200, [_shown(cloud, one) for one in answer.data])
    return answer


@route("GET", f"{_AT}/{{id}}")
def read_automation(cloud: PrefectCloud, request: Request) -> Answer:
    """One automation."""
    answer = cloud.forward(request)
    return Answer(200, _shown(cloud, answer.data)) if answer.status == 200 else answer


@route("PUT", f"{_AT}/{{id}}")
def change_automation(cloud: PrefectCloud, request: Request) -> Answer:
    """Change what is given."""
    given = _complete(request.body)
    answer = cloud.forward(request, body=_with_stand_ins(given))
    if answer.status == 204:
        _remember(cloud, request.names["id"], given)
    return answer


@route("DELETE", f"{_AT}/{{id}}")
def delete_automation(cloud: PrefectCloud, request: Request) -> Answer:
    """It is gone."""
    answer = cloud.forward(request)
    if answer.status == 204:
        for one in _forms(cloud, request.names["id"]):
            cloud.store.drop(_FORMS, one["id"], "Automation")
    return answer


def _forms(cloud: PrefectCloud, id_: str) -> list[dict[str, Any]]:
    return cloud.store.actual(_FORMS, lambda one: bool(one["id"] == id_.lower()))


def _remember(cloud: PrefectCloud, id_: str, given: Mapping[str, Any]) -> None:
    known = {name: given[name] for name in ("trigger", *_LISTS) if name in given}
    for before in _forms(cloud, id_):
        known = before | known
    cloud.store.put(_FORMS, **(known | {"id": id_.lower()}))


def _shown(cloud: PrefectCloud, stored: Mapping[str, Any]) -> dict[str, Any]:
    """An automation of the real server, with what was given in the places of the stand-ins."""
    shown = dict(stored)
    for given in _forms(cloud, stored["id"]):
        if "trigger" in given:
            shown["trigger"] = _shown_trigger(given["trigger"], stored["trigger"])
        for name in _LISTS:
            if name in given:
                pairs = zip(given[name], stored[name], strict=True)
                shown[name] = [one if _is_clouds(one) else kept for one, kept in pairs]
    return shown


def _shown_trigger(given: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("type") == "metric":
        return dict(given) | {"id": stored.get("id")}
    if isinstance(given.get("triggers"), list):
        pairs = zip(given["triggers"], stored["triggers"], strict=True)
        return dict(stored) | {"triggers": [_shown_trigger(one, kept) for one, kept in pairs]}
    return dict(stored)


# ---------------------------------------------------------------------- what is given


def _complete(body: Any) -> dict[str, Any]:
    """An automation with the defaults of what only Prefect Cloud has; 422 where that is not of its form."""
    if not isinstance(body, dict):
        raise invalid(("body",), "Input should be a valid dictionary", body)
    given = dict(body)
    if isinstance(given.get("trigger"), dict):
        given["trigger"] = _complete_trigger(given["trigger"])
    for name in _LISTS:
        if isinstance(given.get(name), list):
            given[name] = [_complete_action(one) for one in given[name]]
    return given


def _complete_trigger(trigger: Mapping[str, Any]) -> dict[str, Any]:
    if trigger.get("type") != "metric":
        children = trigger.get("triggers")
        inner = [_complete_trigger(one) for one in children] if isinstance(children, list) else children
        return dict(trigger) | ({} if inner is None else {"triggers": inner})
    known = ("type", "posture", "match", "match_related", "metric", "id")
    whole = {"posture": "Metric", "match": {}, "match_related": {}} | fields(
        trigger, known, needed=("metric",)
    )
    if whole["posture"] != "Metric":
        raise invalid(("body", "trigger", "posture"), "Input should be 'Metric'", whole["posture"])
    query = fields(
        whole["metric"],
        ("name", "operator", "threshold", "range", "firing_for"),
        needed=("name", "operator", "threshold"),
    )
    for name, choices in (
        ("name", ("lateness", "duration", "successes")),
        ("operator", ("<", "<=", ">", ">=")),
    ):
        if query[name] not in choices:
            raise invalid(
                ("body", "trigger", "metric", name), f"Input should be one of {choices}", query[name]
            )
    for name in ("range", "firing_for"):
        query.setdefault(name, _SHORTEST)
        if not isinstance(query[name], (int, float)) or query[name] < _SHORTEST:
            raise invalid(
                ("body", "trigger", "metric", name),
                "The minimum range is 300 seconds (5 minutes)",
                query[name],
            )
    return whole | {"metric": query}


def _is_clouds(action: Mapping[str, Any]) -> bool:
    return action.get("type") in _ACTIONS or (action.get("type") in _FORCED and "force" in action)


def _complete_action(action: Any) -> Any:
    """With the block that Prefect Cloud makes for an e-mail."""
    if not isinstance(action, dict) or action.get("type") not in _ACTIONS:
        return action
    must, may = _ACTIONS[action["type"]]
    given = fields(action, {"type"} | must | may, needed=sorted(must))
    if given["type"] == "send-email-notification" and given.get("block_document_id") is None:
        given["block_document_id"] = str(uuid4())
    return given


def _with_stand_ins(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the real server keeps."""
    kept = dict(given)
    if isinstance(kept.get("trigger"), dict):
        kept["trigger"] = _stand_in(kept["trigger"])
    for name in _LISTS:
        if isinstance(kept.get(name), list):
            kept[name] = [_standing_in(one) for one in kept[name]]
    return kept


def _standing_in(action: Any) -> Any:
    if not isinstance(action, dict) or not _is_clouds(action):
        return action
    if action["type"] in _FORCED:
        return {name: value for name, value in action.items() if name != "force"}
    return {"type": "do-nothing"}


def _stand_in(trigger: Mapping[str, Any]) -> dict[str, Any]:
    if trigger.get("type") == "metric":
        never = {"type": "event", "posture": "Reactive", "expect": ["simulator.metric"]}
        return never | {"threshold": 1, "within": 0}
    children = trigger.get("triggers")
    if isinstance(children, list):
        return dict(trigger) | {"triggers": [_stand_in(one) for one in children]}
    return dict(trigger)
