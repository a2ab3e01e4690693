"""Automations as documents in Prefect's own form have them: the REST API's, those of the SDK's objects, and exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules import actions as action_rules
from prefect_provider.rules import triggers as trigger_rules
from prefect_provider.rules.findings import Findings
from prefect_provider.rules.values import nothing_unknown
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["SERVER_SET", "configured", "problems"]

SERVER_SET: Final = ("id", "created", "updated", "owner_resource")
"""What an automation has on the server that nobody configures; triggers have an ``id`` of their own."""

_FIELDS: Final = ("name", "description", "enabled", "tags", "trigger", *action_rules.ACTION_LISTS)


def configured(document: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody configures of an automation; what says nothing, and what only the server sets, is left out."""
    given = {
        key: value
        for key, value in document.items()
        if key not in SERVER_SET and value is not None and not (key == "labels" and value == {})
    }
    if isinstance(given.get("trigger"), Mapping):
        given["trigger"] = _trigger(given["trigger"])
    return given


def _trigger(trigger: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in trigger.items() if key not in SERVER_SET}
    if isinstance(given.get("triggers"), list):
        given["triggers"] = [_trigger(one) if isinstance(one, Mapping) else one for one in given["triggers"]]
    return given


def problems(document: Mapping[str, Any], path: Path = ()) -> list[Problem]:
    """What is wrong with an automation of which :func:`configured` left what is somebody's."""
    findings = Findings(nothing_unknown)
    findings.unknown_keys(document, _FIELDS, path, "an automation")
    for key in ("name", "trigger"):
        if not document.get(key):
            findings.error(path, f"an automation needs a `{key}`")
    for key in ("name", "description"):
        findings.text(document.get(key), (*path, key))
    findings.flag(document.get("enabled"), (*path, "enabled"))
    tags = document.get("tags", [])
    if not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
        findings.error((*path, "tags"), expectation("a list of texts", show(tags)))
    trigger = document.get("trigger")
    if isinstance(trigger, Mapping):
        findings.problems += trigger_rules.problems(trigger, path=(*path, "trigger"))
    elif trigger:
        findings.error((*path, "trigger"), expectation("a mapping", show(trigger)))
    for key in action_rules.ACTION_LISTS:
        _actions(findings, document.get(key), (*path, key))
    return findings.problems


def _actions(findings: Findings, listed: object, path: Path) -> None:
    if listed is None:
        return
    if not isinstance(listed, list):
        findings.error(path, expectation("a list of actions", show(listed)))
        return
    for index, action in enumerate(listed):
        if isinstance(action, Mapping):
            findings.problems += action_rules.problems(action, path=(*path, index))
        else:
            findings.error((*path, index), expectation("a mapping with a `type`", show(action)))
