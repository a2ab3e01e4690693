"""The function with the Serverless Framework: what it is told is what it can be told, and what the module tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from examples.aws_lambda.archive import write_archive
from examples.aws_lambda.settings import RunSettings, api_url
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.terraform import Workspace

FILE = ROOT / "examples" / "aws_lambda" / "serverless.yml"


class _Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions; as they are used here, a text is what they make."""


def _text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


_Loader.add_constructor("!Sub", _text)


def test_settings() -> None:
    """The function takes what its environment says."""
    environ = yaml.load(FILE.read_text(encoding="utf-8"), _Loader)["provider"]["environment"]  # noqa: S506 - a safe one
    settings = RunSettings.read(environ)
    assert settings.deployment == "load-files/load-files"
    assert api_url(environ) == "https://prefect.example.com/api"


def test_same_as_the_module(aws: Callable[..., Workspace], modules: Path) -> None:
    """The module's example is the same function: its environment, its permissions, its events, its settings."""
    directory = modules / "examples" / "basic"
    write_archive(directory / "start-flow-run.zip")
    plan = aws("", directory).plan()
    made = {change.address.split(".")[2]: change.after or {} for change in plan.changes}
    file = yaml.load(FILE.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe one
    provider, function = file["provider"], file["functions"]["start-flow-run"]

    theirs = made["aws_lambda_function"]
    assert (function["handler"], provider["runtime"], provider["timeout"]) == (
        theirs["handler"],
        theirs["runtime"],
        theirs["timeout"],
    )
    assert RunSettings.read(provider["environment"]) == RunSettings.read(
        theirs["environment"][0]["variables"]
    )
    (event,) = function["events"]
    pattern: dict[str, Any] = json.loads(made["aws_cloudwatch_event_rule"]["event_pattern"])
    pattern["detail"]["bucket"]["name"] = ["${param:bucket}"]
    assert event["eventBridge"]["pattern"] == pattern
    assert provider["logRetentionInDays"] == made["aws_cloudwatch_log_group"]["retention_in_days"]
    retries = made["aws_lambda_function_event_invoke_config"]["maximum_retry_attempts"]
    assert function["maximumRetryAttempts"] == retries
