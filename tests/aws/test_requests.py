"""The request for a run: what of the object is in it, and that it is the same whenever AWS tells of the object."""

from __future__ import annotations

import json
from typing import Any

import pytest

from examples.aws_lambda.events import event_of as prefect_event
from examples.aws_lambda.memory import Memory
from examples.aws_lambda.notifications import objects_of
from examples.aws_lambda.problems import SettingError
from examples.aws_lambda.runs import request_of
from examples.aws_lambda.settings import RunSettings, api_url, raises_refusals
from examples.aws_lambda.templates import TemplateError, fill, fill_text
from tests.aws.told import event_of, notification_of

DEPLOYMENT = {"PREFECT_DEPLOYMENT": "load-files/load-files"}


def requested(body: dict[str, Any], **environ: str) -> dict[str, Any]:
    """The request for the one object that a message tells of."""
    (stored,) = objects_of(body)
    return request_of(stored, RunSettings.read(DEPLOYMENT | environ), stored.size)


def test_defaults() -> None:
    """Without settings a run is named after the key, starts at once, and has no parameters."""
    assert requested(notification_of("in/a b.csv")) == {
        "name": "in/a b.csv",
        "parameters": {},
        "idempotency_key": "s3://incoming/in/a b.csv#0A1B2C3D4E5F678901",
        "state": {"type": "SCHEDULED"},
    }


def test_same_request() -> None:
    """A notification and an event of one object, hours apart or not, make the same request."""
    settings = {"PREFECT_DELAY_SECONDS": "90", "PREFECT_TAGS": "s3, landing"}
    one, other = requested(notification_of("a"), **settings), requested(event_of("a"), **settings)
    assert one == other
    assert one["state"]["state_details"] == {"scheduled_time": "2026-01-31T12:01:37.500000+00:00"}
    assert one["tags"] == ["s3", "landing"]


def test_parameters() -> None:
    """A text that is one field has the field's value; others are written; paths go into what AWS sent."""
    parameters = {
        "path": "{uri}",
        "size": "{size}",
        "where": {"in": ["{folder}", "{name}", "{stem}", "{suffix}", 3, None, True]},
        "by": "{record.requestParameters.sourceIPAddress}",
        "text": "{size} bytes in {{{bucket}}}{version}",
        "version": "{version}",
    }
    made = requested(
        notification_of("in/today/a.tar.gz"),
        PREFECT_PARAMETERS=json.dumps(parameters),
        PREFECT_RUN_NAME="{stem} of {bucket}",
    )
    assert made["parameters"] == {
        "path": "s3://incoming/in/today/a.tar.gz",
        "size": 1024,
        "where": {"in": ["in/today", "a.tar.gz", "a.tar", "gz", 3, None, True]},
        "by": "192.0.2.1",
        "text": "1024 bytes in {incoming}",
        "version": None,
    }
    assert made["name"] == "a.tar of incoming"
    assert fill("{record.resources.0}", {"record": {"resources": ["arn"]}}) == "arn"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{colour}", "there is no `colour`: there are the fields bucket, key, uri"),
        ("x{record.s3.colour}", "there is no `record.s3.colour`: `record.s3` has s3SchemaVersion"),
        ("{size.unit}", "there is no `size.unit`: `size` has nothing"),
        (
            "{record.s3.bucket.name.0}",
            "there is no `record.s3.bucket.name.0`: `record.s3.bucket.name` has nothing",
        ),
        ("a}", "'a}' has a single }: write }} for a brace"),
        ("{", "'{' has a single {: write {{ for a brace"),
    ],
)
def test_wrong_templates(template: str, message: str) -> None:
    """A field that there is not is named with those that there are."""
    (stored,) = objects_of(notification_of("a"))
    with pytest.raises(TemplateError) as caught:
        fill_text(template, stored.fields())
    assert str(caught.value).startswith(message)
    with pytest.raises(SettingError, match=r"there is no|single"):
        requested(notification_of("a"), PREFECT_PARAMETERS=json.dumps({"a": [template]}))


def test_idempotency() -> None:
    """One object is one run; with a window all objects of a bucket in it are, and a template says what else counts."""

    def keys(*bodies: dict[str, Any], **environ: str) -> int:
        return len({requested(body, **environ)["idempotency_key"] for body in bodies})

    stored_again = notification_of("a", sequencer="02")
    assert keys(notification_of("a"), event_of("a"), notification_of("a")) == 1
    assert (
        keys(notification_of("a"), stored_again, notification_of("b"), notification_of("a", bucket="c")) == 4
    )
    assert keys(notification_of("a", version="1"), notification_of("a", version="2")) == 2

    window = {"PREFECT_IDEMPOTENCY_WINDOW": "60"}
    late, next_minute = (notification_of("b", time=f"2026-01-31T12:{time}Z") for time in ("00:59.9", "01:00"))
    assert keys(notification_of("a"), stored_again, late, **window) == 1
    assert keys(notification_of("a"), next_minute, notification_of("a", bucket="c"), **window) == 3
    assert requested(late, **window)["idempotency_key"] == "s3://incoming@2026-01-31T12:00:00+00:00"

    folders = {"PREFECT_IDEMPOTENCY_KEY": "{bucket}/{folder}"}
    assert keys(notification_of("in/a"), notification_of("in/b"), notification_of("out/a"), **folders) == 2


def test_memory() -> None:
    """Each kind of pool has its own variable and unit; Fargate has sizes of its own, and more of them with more CPU."""
    gib = 2**30
    assert Memory("kubernetes").variables(gib) == {"memory_request": "3584Mi"}
    assert Memory("kubernetes", base=256, per_byte=1.5).variables(1) == {"memory_request": "257Mi"}
    assert Memory("docker").variables(0) == {"mem_limit": "512m"}
    assert Memory("docker", most=1024).variables(gib) == {"mem_limit": "1024m"}
    assert Memory("ecs").variables(0) == {"cpu": 1024, "memory": 2048}
    assert Memory("ecs", cpu=256).variables(0) == {"cpu": 256, "memory": 512}
    assert Memory("ecs").variables(gib) == {"cpu": 1024, "memory": 4096}
    assert Memory("ecs").variables(5 * gib) == {"cpu": 2048, "memory": 16384}
    assert Memory("ecs", most=200_000).variables(100 * gib) == {"cpu": 16384, "memory": 122880}


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        (
            {"PREFECT_DEPLOYMENT": ""},
            "PREFECT_DEPLOYMENT is not set: expected flow/deployment or the id of a deployment",
        ),
        (
            {"PREFECT_DEPLOYMENT": "nightly"},
            "PREFECT_DEPLOYMENT: expected flow/deployment or the id of a deployment",
        ),
        ({"PREFECT_DEPLOYMENT": "flow/"}, "got 'flow/'"),
        ({"PREFECT_PARAMETERS": "[]"}, "PREFECT_PARAMETERS: expected a JSON object"),
        ({"PREFECT_PARAMETERS": "{"}, "PREFECT_PARAMETERS: expected a JSON object"),
        (
            {"PREFECT_DELAY_SECONDS": "-1"},
            "PREFECT_DELAY_SECONDS: expected a number that is not negative, got '-1'",
        ),
        ({"PREFECT_DELAY_SECONDS": "nan"}, "PREFECT_DELAY_SECONDS: expected a number that is not negative"),
        ({"PREFECT_IDEMPOTENCY_WINDOW": "1h"}, "PREFECT_IDEMPOTENCY_WINDOW: expected a number"),
        (
            {"PREFECT_MEMORY_FOR": "lambda"},
            "PREFECT_MEMORY_FOR: expected docker, ecs or kubernetes, got 'lambda'",
        ),
        (
            {"PREFECT_MEMORY_FOR": "ecs", "PREFECT_MEMORY_BASE": "0.5"},
            "PREFECT_MEMORY_BASE: expected a whole number",
        ),
    ],
)
def test_wrong_settings(environ: dict[str, str], message: str) -> None:
    """A setting that is wrong or missing is named, with what was expected of it."""
    with pytest.raises(SettingError) as caught:
        RunSettings.read(DEPLOYMENT | environ)
    assert message in str(caught.value)


def test_common_settings() -> None:
    """The address may end with a slash; what becomes of refused objects is one of two."""
    assert (
        api_url({"PREFECT_API_URL": "https://prefect.example.com/api/"}) == "https://prefect.example.com/api"
    )
    assert (raises_refusals({}), raises_refusals({"PREFECT_REFUSED": "raise"})) == (False, True)
    with pytest.raises(SettingError, match="PREFECT_API_URL is not set"):
        api_url({})
    with pytest.raises(SettingError, match="PREFECT_REFUSED: expected log or raise, got 'drop'"):
        raises_refusals({"PREFECT_REFUSED": "drop"})


def test_events() -> None:
    """The event of an object has the same id whoever tells of it, and another one once something else is stored."""
    one, told_again, stored_again = (
        prefect_event(objects_of(body)[0])
        for body in (notification_of("a"), event_of("a"), notification_of("a", sequencer="02"))
    )
    assert one == told_again
    assert one["id"] != stored_again["id"]
