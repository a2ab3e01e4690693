"""The function at work: AWS is moto, Prefect is a real server."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from examples.aws_lambda import credentials, prefect_api
from examples.aws_lambda.credentials import Credentials
from examples.aws_lambda.handler import send_events, start_flow_runs
from examples.aws_lambda.prefect_api import PrefectApi
from examples.aws_lambda.problems import (
    NotANotificationError,
    RefusedError,
    SettingError,
    UnavailableError,
)
from tests.aws.told import TEST_MESSAGE, event_of, notification_of, queued
from tests.environment.fault_proxy import FAULTS, FaultProxy
from tests.environment.prefect_server import guarded
from tests.environment.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.fault_proxy import Fault
    from tests.environment.prefect_server import PrefectServer

_SETTINGS = ("PREFECT_API_KEY", "PREFECT_API_AUTH_STRING", "PREFECT_API_KEY_PARAMETER")


class Context:
    """What Lambda tells a function of its call: how long it may still take, here always as long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        """The time, as Lambda has it."""
        return int(self._seconds * 1000)


PATIENT = Context(200.0)
"""A server on SQLite now and then waits a minute for its database."""


@dataclass
class Target:
    """A deployment on a server whose parameters are checked."""

    server: PrefectServer
    flow: str = field(default_factory=lambda: f"of-lambda-{uuid4().hex[:8]}")
    pool: str | None = None
    id: str = ""

    def make(self) -> None:
        """Make the flow, if there is none, and the deployment, which replaces nothing."""
        flow = self.server.call("POST", "/flows/", {"name": self.flow})
        schema = {
            "type": "object",
            "properties": {"path": {"type": "string"}, "size": {"type": "integer", "maximum": 5000}},
        }
        body = {
            "name": "load files",
            "flow_id": flow["id"],
            "parameter_openapi_schema": schema,
            "enforce_parameter_schema": True,
            "work_pool_name": self.pool,
        }
        self.id = self.server.call("POST", "/deployments/", body)["id"]

    @property
    def name(self) -> str:
        """What PREFECT_DEPLOYMENT says."""
        return f"{self.flow}/load files"

    def runs(self) -> list[dict[str, Any]]:
        """The runs of the flow, by name."""
        wanted = {"flows": {"name": {"any_": [self.flow]}}, "sort": "NAME_ASC"}
        runs: list[dict[str, Any]] = self.server.call("POST", "/flow_runs/filter", wanted)
        return runs


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The environment of a function: a region, and none of what this process has of Prefect's."""
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr(credentials, "_KEPT", {})
    caplog.set_level(logging.INFO, logger="examples.aws_lambda")


@pytest.fixture
def target(prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """A deployment that the function is set to; it goes with its flow and runs."""
    made = Target(prefect_server)
    made.make()
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    monkeypatch.setenv("PREFECT_DEPLOYMENT", made.name)
    monkeypatch.setenv("PREFECT_PARAMETERS", '{"path": "{uri}", "size": "{size}"}')
    yield made
    flow = prefect_server.call("GET", f"/flows/name/{made.flow}")
    prefect_server.call("DELETE", f"/flows/{flow['id']}")


def test_runs(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each object gets a run, named after its key, with its parameters and tags, that starts later."""
    monkeypatch.setenv("PREFECT_TAGS", "landing")
    monkeypatch.setenv("PREFECT_DELAY_SECONDS", "90")
    time = datetime.now(UTC).isoformat()
    result = start_flow_runs(notification_of("a b.csv", "ü/b.csv", time=time), PATIENT)
    one, other = target.runs()
    assert result == {
        "flow_runs": {"s3://incoming/a b.csv": one["id"], "s3://incoming/ü/b.csv": other["id"]},
        "refused": {},
    }
    assert [run["name"] for run in (one, other)] == ["a b.csv", "ü/b.csv"]
    assert one["deployment_id"] == target.id
    assert one["parameters"] == {"path": "s3://incoming/a b.csv", "size": 1024}
    assert one["tags"] == ["landing"]
    assert one["state"]["type"] == "SCHEDULED"
    start = datetime.fromisoformat(one["expected_start_time"])
    assert start == datetime.fromisoformat(time) + timedelta(seconds=90)


def test_duplicates(target: Target) -> None:
    """Whoever tells of an object again, one after the other or all at once, there is one run of it."""
    first = start_flow_runs(notification_of("a"), PATIENT)
    with ThreadPoolExecutor(8) as threads:
        bodies = [notification_of("a"), event_of("a"), notification_of("b"), event_of("b")] * 3
        results = list(threads.map(lambda body: start_flow_runs(body, PATIENT), bodies))
    assert [run["name"] for run in target.runs()] == ["a", "b"]
    ids = {run["name"]: run["id"] for run in target.runs()}
    assert first["flow_runs"] == {"s3://incoming/a": ids["a"]}
    told = {(uri, run) for result in results for uri, run in result["flow_runs"].items()}
    assert told == {("s3://incoming/a", ids["a"]), ("s3://incoming/b", ids["b"])}


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "csrf"])
def test_faults(target: Target, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Whatever stands between the function and the API, there is one run of an object once Lambda has tried again.

    Each request meets the fault twice, some after the run was made. What passes soon is waited for within a call.
    """
    if fault != "refused":
        # That one lasts a moment; the others do not get less by waiting.
        monkeypatch.setattr(prefect_api, "_FIRST_WAIT", 0.05)
    results = []
    with FaultProxy(target.server.url, rate=1.0, faults=[fault], most=2) as proxy:
        monkeypatch.setenv("PREFECT_API_URL", proxy.api_url)
        if fault.startswith("404"):
            # It may be a deployment that is not there yet, so it is Lambda that waits.
            with pytest.raises(UnavailableError, match="status 404"):
                start_flow_runs(notification_of("a", "b"), PATIENT)
            proxy.calm = True
        results.append(start_flow_runs(notification_of("a", "b"), PATIENT))
        assert fault in {exchange.fault for exchange in proxy.seen}
    monkeypatch.setenv("PREFECT_API_URL", target.server.api_url)
    results.append(start_flow_runs(notification_of("a", "b"), PATIENT))
    assert [run["name"] for run in target.runs()] == ["a", "b"]
    ids = [run["id"] for run in target.runs()]
    assert [list(result["flow_runs"].values()) for result in results] == [ids] * 2


def test_window(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """The objects of a bucket within a window of time make one run, that of the first."""
    monkeypatch.setenv("PREFECT_IDEMPOTENCY_WINDOW", "3600")
    start_flow_runs(notification_of("a", "b", time="2026-01-31T12:00:00Z"), PATIENT)
    start_flow_runs(notification_of("c", time="2026-01-31T12:59:59Z"), PATIENT)
    start_flow_runs(notification_of("d", time="2026-01-31T13:00:00Z"), PATIENT)
    assert [run["name"] for run in target.runs()] == ["a", "d"]


def test_address_over_versions(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name the deployment is found when it was made anew, with another id; by id it is that one."""
    monkeypatch.setenv("PREFECT_DEPLOYMENT", target.id)
    start_flow_runs(notification_of("a"), PATIENT)
    old = target.id
    target.server.call("DELETE", f"/deployments/{old}")
    with pytest.raises(UnavailableError, match="status 404"):
        start_flow_runs(notification_of("b"), PATIENT)
    monkeypatch.setenv("PREFECT_DEPLOYMENT", target.name)
    with pytest.raises(UnavailableError, match="status 404"):
        start_flow_runs(notification_of("b"), PATIENT)
    target.make()
    start_flow_runs(notification_of("b"), PATIENT)
    assert [(run["name"], run["deployment_id"]) for run in target.runs()] == [("b", target.id)]


def test_refused(target: Target, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """What Prefect refuses is told in result and log, and keeps no other object from its run; or it is raised."""
    body = {
        "Records": [*notification_of("large", size=9000)["Records"], *notification_of("small")["Records"]]
    }
    result = start_flow_runs(body, PATIENT)
    assert list(result["flow_runs"]) == ["s3://incoming/small"]
    assert "status 409" in result["refused"]["s3://incoming/large"]
    assert "9000 is greater than the maximum of 5000" in result["refused"]["s3://incoming/large"]
    told = [json.loads(record.message) for record in caplog.records if record.levelno == logging.ERROR]
    assert [(line["what"], line["uri"]) for line in told] == [("refused", "s3://incoming/large")]

    monkeypatch.setenv("PREFECT_REFUSED", "raise")
    with pytest.raises(RefusedError, match="9000 is greater"):
        start_flow_runs(body, PATIENT)
    assert start_flow_runs(queued(notification_of("large", size=9000), event_of("small")), PATIENT)[
        "batchItemFailures"
    ] == [{"itemIdentifier": "m0"}]
    assert [run["name"] for run in target.runs()] == ["small"]


def test_queue(target: Target) -> None:
    """Of a batch only the messages that failed come back, however they failed; the others have their runs."""
    batch = queued(event_of("a"), {"no": "notification"}, TEST_MESSAGE, notification_of("b"))
    result = start_flow_runs(batch, PATIENT)
    assert result["batchItemFailures"] == [{"itemIdentifier": "m1"}]
    assert [run["name"] for run in target.runs()] == ["a", "b"]
    assert start_flow_runs(queued(event_of("a")), PATIENT)["batchItemFailures"] == []


def test_told_by_s3(target: Target) -> None:
    """S3 tells a queue of an object itself, and through EventBridge: as moto has both, they are one object and run."""
    key = "in/ä b+c%20.csv"
    with mock_aws():
        s3, sqs, events = (boto3.client(name) for name in ("s3", "sqs", "events"))
        queues = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("told", "bridged")]
        told, bridged = (
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            for url in queues
        )
        s3.create_bucket(Bucket="incoming", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        s3.put_bucket_notification_configuration(
            Bucket="incoming",
            NotificationConfiguration={
                "QueueConfigurations": [{"QueueArn": told, "Events": ["s3:ObjectCreated:*"]}],
                "EventBridgeConfiguration": {},
            },
        )
        events.put_rule(Name="new", EventPattern=json.dumps({"source": ["aws.s3"]}))
        events.put_targets(Rule="new", Targets=[{"Id": "queue", "Arn": bridged}])
        s3.put_object(Bucket="incoming", Key=key, Body=b"abc")
        received = [
            message["Body"]
            for url in queues
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        ]
    # The first is the test message of the notification, the last tells of tags.
    results = [start_flow_runs(queued(json.loads(body)), PATIENT) for body in received]
    assert [list(result["flow_runs"]) for result in results] == [[], *[[f"s3://incoming/{key}"]] * 2, []]
    assert {json.dumps(run["parameters"], ensure_ascii=False) for run in target.runs()} == {
        f'{{"path": "s3://incoming/{key}", "size": 3}}'
    }


def test_test_message(target: Target) -> None:
    """What S3 sends when a notification is set up makes nothing."""
    assert start_flow_runs(TEST_MESSAGE, PATIENT) == {"flow_runs": {}, "refused": {}}
    assert target.runs() == []


@pytest.mark.usefixtures("target")
def test_not_a_notification() -> None:
    """A call with anything else fails, so that it is not taken for done."""
    with pytest.raises(NotANotificationError, match="expected a notification of S3"):
        start_flow_runs({"key": "value"}, PATIENT)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("docker", {"mem_limit": "515m"}),
        ("ecs", {"cpu": 1024, "memory": 2048}),
        ("kubernetes", {"memory_request": "515Mi"}),
    ],
)
def test_memory(target: Target, monkeypatch: pytest.MonkeyPatch, kind: str, expected: dict[str, Any]) -> None:
    """The variables are those of the kind's own job template, which the server holds them against.

    The size comes from S3 where the notification does not say it.
    """
    templates = target.server.call("GET", "/collections/views/aggregate-worker-metadata")
    (template,) = (
        workers[kind]["default_base_job_configuration"] for workers in templates.values() if kind in workers
    )
    target.pool = f"{target.flow}-{kind}"
    body = {"name": target.pool, "type": kind, "base_job_template": template}
    target.server.call("POST", "/work_pools/", body)
    try:
        target.make()
        monkeypatch.setenv("PREFECT_MEMORY_FOR", kind)
        monkeypatch.setenv("PREFECT_PARAMETERS", "{}")
        with mock_aws():
            s3 = boto3.client("s3")
            s3.create_bucket(
                Bucket="incoming", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
            )
            s3.put_object(Bucket="incoming", Key="a b", Body=b"x" * (2**20 - 10))
            result = start_flow_runs(notification_of("a b", size=None), PATIENT)
            gone = start_flow_runs(notification_of("c", size=None), PATIENT)
        assert result["refused"] == {}
        (run,) = target.runs()
        assert run["job_variables"] == expected
        properties = template["variables"]["properties"]
        types: dict[str, type] = {"integer": int, "string": str}
        for name, value in expected.items():
            assert isinstance(value, types[properties[name]["type"]])
        assert gone["refused"] == {"s3://incoming/c": "s3://incoming/c is not there any more"}
    finally:
        target.server.call("DELETE", f"/work_pools/{target.pool}")


def parameter(name: str, value: str) -> None:
    """Store a secret in SSM, or another value of it."""
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


def test_password_of_ssm(
    prefect_servers: Callable[..., PrefectServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """User and password of SSM, and CSRF tokens; a password that was changed is read anew, once it is refused."""
    server = prefect_servers(guarded("admin:pa:ss"), services=False)
    target = Target(server)
    target.make()
    monkeypatch.setenv("PREFECT_API_URL", server.api_url)
    monkeypatch.setenv("PREFECT_DEPLOYMENT", target.name)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING_PARAMETER", "/prefect/password")
    with mock_aws():
        with pytest.raises(SettingError, match="/prefect/password of SSM cannot be read: ParameterNotFound"):
            start_flow_runs(notification_of("a"), PATIENT)
        parameter("/prefect/password", "admin:old")
        with pytest.raises(UnavailableError, match="status 401"):
            start_flow_runs(notification_of("a"), PATIENT)
        parameter("/prefect/password", "admin:pa:ss")
        start_flow_runs(notification_of("a"), PATIENT)
    assert [run["name"] for run in target.runs()] == ["a"]


def test_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of SSM is decrypted and read once; one of the environment comes first, and a password before it."""
    reads: list[str] = []

    def connect() -> Any:
        reads.append("ssm")
        return boto3.client("ssm")

    with mock_aws():
        parameter("/prefect/key", "pnu_123\n")
        given = {"PREFECT_API_KEY_PARAMETER": "/prefect/key"}
        headers = [Credentials(given, connect).header() for _ in range(3)]
        assert headers == ["Bearer pnu_123"] * 3
        assert len(reads) == 1
        assert Credentials(given | {"PREFECT_API_KEY": "pnu_4"}, connect).header() == "Bearer pnu_4"
        assert Credentials(given | {"PREFECT_API_AUTH_STRING": "a:b"}, connect).header() == "Basic YTpi"
        assert len(reads) == 1
        monkeypatch.setattr(credentials, "_SECONDS", -1.0)
        Credentials(given, connect).forget()
        parameter("/prefect/key", "pnu_5")
        assert [Credentials(given, connect).header() for _ in range(2)] == ["Bearer pnu_5"] * 2
        assert len(reads) == 3
    assert Credentials({}).header() is None


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An API that does not answer makes the call fail, before the function's time is up."""
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{free_port()}/api")

    with pytest.raises(UnavailableError, match="POST /events"):
        send_events(notification_of("a", "b"), Context(2.5))


def test_events_of_objects(prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prefect has one event of an object, however often AWS tells of it; a call with several sends all."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    bucket = f"incoming-{uuid4().hex[:8]}"
    time = datetime.now(UTC).isoformat()
    result = send_events(notification_of("a b", "c", bucket=bucket, time=time), PATIENT)
    again = send_events(event_of("a b", bucket=bucket, time=time), PATIENT)
    ids = list(result["events"].values())
    assert list(again["events"].values()) == ids[:1]
    wanted = {"filter": {"resource": {"id": [f"s3.bucket.{bucket}"]}}}
    deadline = datetime.now(UTC) + timedelta(seconds=150)
    stored: list[dict[str, Any]] = []
    while len(stored) < 2 and datetime.now(UTC) < deadline:
        stored = prefect_server.call("POST", "/events/filter", wanted)["events"]
    assert sorted(event["id"] for event in stored) == sorted(ids)
    assert {event["payload"]["key"] for event in stored} == {"a b", "c"}
    assert {event["event"] for event in stored} == {"s3.object.created"}


def test_api_as_it_is_asked(prefect_server: PrefectServer) -> None:
    """A request that is wrong is refused at once, and says what the API says."""
    api = PrefectApi(prefect_server.api_url, Credentials({}), lambda: 30.0)
    with pytest.raises(RefusedError, match="POST /events: status 422"):
        api.tell("/events", {"no": "list"})
