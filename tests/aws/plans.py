"""What is planned for S3 and Prefect, by the module and by the construct."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GIVEN", "SETTINGS", "applied", "planned"]

GIVEN: dict[str, Any] = {
    "name": "load-files",
    "bucket": "incoming",
    "package": "function.zip",
    "api_url": "https://prefect.example.com/api",
}

SETTINGS: dict[str, dict[str, Any]] = {
    "events": {},
    "runs": {
        "deployment": "load-files/load-files",
        "api_key_parameter": "/prefect/api-key",
        "suffix": ".csv",
    },
    "all": {
        "deployment": "00000000-0000-0000-0000-000000000001",
        "auth_string_parameter": "password",
        "kms_key_arn": "arn:aws:kms:eu-central-1:111122223333:key/1",
        "prefix": "in/",
        "suffix": ".csv",
        "parameters": {"path": "{uri}", "by": ["{record.requestParameters}", 1, None, True], "x<y>": 'a"b&c'},
        "run_name": "{stem}",
        "run_tags": ["a", "b"],
        "delay_seconds": 90,
        "idempotency_key": "{bucket}/{folder}",
        "idempotency_window": 60,
        "memory": {"pool": "ecs", "per_byte": 1.5, "cpu": 2048},
        "refused": "raise",
        "failure_destination_arn": "arn:aws:sqs:eu-central-1:111122223333:failed",
        "subnet_ids": ["subnet-1", "subnet-2"],
        "security_group_ids": ["sg-1"],
        "runtime": "python3.12",
        "timeout": 30,
        "log_retention_days": 7,
        "tags": {"team": "data"},
    },
    "s3": {"trigger": "s3", "prefix": "in/", "deployment": "a/b", "memory": {"pool": "docker"}},
    "elsewhere": {
        "manage_bucket_notification": False,
        "prefix": "in/",
        "failure_destination_arn": "arn:aws:sns:eu-central-1:111122223333:failed",
    },
}
"""What is given besides, by what it is about; each is another way through the module."""


def planned(plan: Mapping[str, Any], within: str) -> dict[str, list[Any]]:
    """What a plan makes in a module, by type: all values and all that is not known yet, JSON as what it says."""
    made: dict[str, list[Any]] = {}
    for item in plan["resource_changes"]:
        if item["address"].startswith(within) and item["change"]["actions"] == ["create"]:
            values = {name: _read(value) for name, value in item["change"]["after"].items()}
            made.setdefault(item["type"], []).append((values, item["change"]["after_unknown"]))
    return made


def applied(state: Mapping[str, Any], within: str) -> dict[str, list[Any]]:
    """What there is of a module, by type; what the stand-in numbered has no number."""
    (module,) = (one for one in state["values"]["root_module"]["child_modules"] if one["address"] == within)
    text = re.sub(r"chosen-[0-9]+", "chosen", json.dumps(module["resources"]))
    made: dict[str, list[Any]] = {}
    for item in json.loads(text):
        if item["mode"] == "managed":
            values = {name: _read(value) for name, value in item["values"].items() if name != "id"}
            made.setdefault(item["type"], []).append(values)
    return made


def _read(value: Any) -> Any:
    match value:
        case str() if value.startswith('{"'):
            return json.loads(value)
        case dict():
            return {name: _read(one) for name, one in value.items()}
        case list():
            return [_read(one) for one in value]
    return value
