"""Objects on a server that show what an export can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

__all__ = ["GIVEN", "SECRET", "make_one_of_each", "make_strange_ones"]

SECRET = "hush-hush-hush"

GIVEN = (
    f"-var=secret_secret_token_value={SECRET}",
    f"-var=secret_secret_token_value_value={SECRET}",
    f"-var=secret_slack_webhook_alerts_url=https://hooks.slack.com/{SECRET}",
    f"-var=secret_house_rules_rules_password={SECRET}",
    '-var=secret_house_rules_rules_options_api_key="open-secret"',
)
"""The secrets of the blocks, as options of terraform."""

_EVENT = {"type": "event", "posture": "Reactive", "threshold": 1, "within": 0}


class _Maker:
    """Makes objects by the API."""

    def __init__(self, server: PrefectServer) -> None:
        self._server = server

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """A new object."""
        made: dict[str, Any] = self._server.call("POST", path, body)
        return made

    def block(self, slug: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """A block of the newest schema of its type."""
        type_ = self._server.call("GET", f"/block_types/slug/{slug}")["id"]
        wanted = {"block_schemas": {"block_type_id": {"any_": [type_]}}}
        schema = self._server.call("POST", "/block_schemas/filter", wanted)[0]["id"]
        ids = {"block_type_id": type_, "block_schema_id": schema}
        return self.post("/block_documents/", name=name, data=data, **ids)

    def automation(self, name: str, trigger: dict[str, Any], *actions: dict[str, Any], **rest: Any) -> str:
        """An automation; its id."""
        return str(self.post("/automations/", name=name, trigger=trigger, actions=[*actions], **rest)["id"])


def make_one_of_each(server: PrefectServer) -> dict[str, str]:
    """Objects of every type that refer to each other in every way; some ids by what they are."""
    make = _Maker(server)
    flow = make.post("/flows/", name="etl", tags=["b", "a"], labels={"team": "data"})["id"]
    slack = make.block("slack-webhook", "alerts", {"url": f"https://hooks.slack.com/{SECRET}"})["id"]
    storage = make.block("local-file-system", "disk", {"basepath": "/data"})["id"]
    make.block("secret", "token", {"value": SECRET})
    # What its secret is called by, another block might be, and a block like a type of blocks.
    make.block("secret", "token-value", {"value": SECRET})
    make.post("/variables/", name="region", value={"eu": ["a", None, 1.5]}, tags=["x"])
    limit = make.post("/v2/concurrency_limits/", name="shared", limit=3, slot_decay_per_second=0.5)["id"]
    make.post("/concurrency_limits/", tag="database", concurrency_limit=2)
    pool = make.post("/work_pools/", name="pool", type="process", concurrency_limit=5, is_paused=True)["id"]
    queue = make.post("/work_pools/pool/queues", name="fast", concurrency_limit=1, description="soon")["id"]
    make.post("/work_pools/", name="other", type="docker")
    server.call("PATCH", "/work_pools/other/queues/default", {"concurrency_limit": 7})
    deployment = make.post(
        "/deployments/",
        name="nightly",
        flow_id=flow,
        entrypoint="etl.py:etl",
        work_pool_name="pool",
        work_queue_name="fast",
        tags=["prod"],
        description="Loads\nthe orders of the day,\n\nand what came too late the day before.",
        parameters={"source": "orders", "n": 1, "nested": {"deep": [True, None, {"x": 0.25}]}},
        parameter_openapi_schema={
            "type": "object",
            "properties": {name: {"title": name} for name in ("source", "n", "nested")},
        },
        job_variables={"env": {"MODE": "fast"}},
        storage_document_id=storage,
        global_concurrency_limit_id=limit,
        concurrency_options={"collision_strategy": "CANCEL_NEW"},
        schedules=[
            {"slug": "daily", "schedule": {"cron": "0 3 * * *", "timezone": "Europe/Berlin"}},
            {"slug": "often", "schedule": {"interval": 3600.5}, "active": False, "parameters": {"n": 2}},
            {"slug": "rule", "schedule": {"rrule": "FREQ=WEEKLY;BYDAY=MO"}},
        ],
        pull_steps=[
            {
                "prefect.deployments.steps.git_clone": {
                    "repository": "https://git.example/x.git",
                    "branch": "main",
                    # It names a secret, and gives nothing away.
                    "access_token": "{{ prefect.blocks.secret.token }}",
                }
            },
            {"prefect.deployments.steps.set_working_directory": {"directory": "{{ git-clone.directory }}"}},
            {"my.own.step": {"a": [1, {"b": "${c}"}]}},
        ],
    )["id"]
    make.post(
        "/deployments/",
        name="nightly",
        flow_id=make.post("/flows/", name="report")["id"],
        work_pool_name="pool",
    )
    match = {"prefect.resource.id": f"prefect.deployment.{deployment}"}
    alert = make.automation(
        "alert",
        _EVENT
        | {
            "expect": ["prefect.flow-run.Failed"],
            "match_related": {**match, "prefect.resource.role": "deployment"},
        },
        {
            "type": "send-notification",
            "block_document_id": slack,
            "subject": "Failed",
            "body": "{{ flow.name }}\nfailed",
        },
        {"type": "pause-work-pool", "work_pool_id": pool, "source": "selected"},
        {"type": "pause-work-queue", "work_queue_id": queue, "source": "selected"},
        description="Tells",
        tags=["ops"],
    )
    make.automation(
        "compound",
        {
            "type": "compound",
            "require": 2,
            "within": 60,
            "triggers": [
                _EVENT | {"expect": ["a"], "match": {"prefect.resource.id": [f"prefect.flow.{flow}", "x"]}},
                {
                    "type": "sequence",
                    "within": 30,
                    "triggers": [
                        _EVENT | {"expect": ["b"]},
                        _EVENT | {"expect": ["c"], "for_each": ["prefect.resource.id"]},
                    ],
                },
            ],
        },
        {
            "type": "run-deployment",
            "deployment_id": deployment,
            "parameters": {"n": "{{ event.id }}"},
            "source": "selected",
        },
        {"type": "pause-deployment", "source": "inferred"},
        enabled=False,
    )
    late = {
        "type": "event",
        "posture": "Proactive",
        "expect": ["done"],
        "after": ["start"],
        "threshold": 1,
        "within": 90,
    }
    one = make.automation("one", late, {"type": "do-nothing"})
    other = make.automation(
        "other", late, {"type": "resume-automation", "automation_id": one, "source": "selected"}
    )
    server.call(
        "PUT",
        f"/automations/{one}",
        {
            "name": "one",
            "trigger": late,
            "actions": [{"type": "pause-automation", "automation_id": other, "source": "selected"}],
        },
    )
    itself = make.automation("itself", late, {"type": "do-nothing"})
    end = {"type": "pause-automation", "automation_id": itself, "source": "selected"}
    server.call("PUT", f"/automations/{itself}", {"name": "itself", "trigger": late, "actions": [end]})
    type_ = make.post("/block_types/", name="House rules", slug="house-rules", description="Ours <b>&</b>")[
        "id"
    ]
    fields = {
        "title": "HouseRules",
        "type": "object",
        "properties": {
            "url": {"title": "Url", "type": "string"},
            "password": {"title": "Password", "type": "string", "writeOnly": True, "format": "password"},
            "options": {"title": "Options", "type": "object"},
        },
        "required": ["url"],
        "block_type_slug": "house-rules",
        "secret_fields": ["password"],
        "block_schema_references": {},
    }
    schema = make.post(
        "/block_schemas/", block_type_id=type_, fields=fields, capabilities=["read"], version="1.0"
    )["id"]
    data = {
        "url": "https://a.example",
        "password": SECRET,
        "options": {"a-b": 1, "api_key": "open-secret", "for": None, "list": [None, 1]},
    }
    make.post("/block_documents/", name="rules", data=data, block_type_id=type_, block_schema_id=schema)
    nothing = {"title": "Type", "type": "object", "properties": {}, "block_type_slug": "type"}
    plain = make.post("/block_types/", name="Plain", slug="type")["id"]
    schema = make.post("/block_schemas/", block_type_id=plain, fields=nothing, capabilities=[])["id"]
    make.post("/block_documents/", name="house-rules", data={}, block_type_id=plain, block_schema_id=schema)
    return {"deployment": deployment, "alert": alert, "flow": flow, "slack": slack, "pool": pool}


def make_strange_ones(server: PrefectServer) -> None:
    """Objects whose names and texts mean something in the languages that they are written in."""
    make = _Maker(server)
    names = [
        'a "quoted" name',
        "it's",
        "both ' and \"",
        "${var.x}",
        "$${var.x}",
        "%{if true}",
        "$$$${a}",
        "{{ jinja }}",
        "{braces}",
        "back\\slash \\n",
        "new\nline",
        "tab\tand\rreturn",
        "\u00dcberfluss",
        "\u65e5\u672c\u8a9e",
        "\u4e2d\u6587",
        "emoji \U0001f600",
        "line\u2028separator \u00a0 space",
        "a b",
        "a-b",
        "a_b",
        "A b",
        "1st",
        "class",
        "for",
        "null",
        "x" * 250,
        "EOT",
        "# comment",
        "#{ruby}",
        "None",
        "__init__",
        "\u007f",
    ]
    # Prefect takes no percent signs in names.
    allowed = {name: name.replace("%", "~") for name in names}
    flows = {name: make.post("/flows/", name=allowed[name])["id"] for name in names}
    for name in names:
        texts = {name: [name, {name: name}], "EOT": "  <<EOT\nEOT\n"}
        long = f"{name}\n  stands in\n\n{name}, and goes on for some time so that it is long enough\nEOT."
        make.post(
            "/deployments/",
            name=allowed[name],
            flow_id=flows[name],
            entrypoint="x.py:x",
            tags=[name, "strange"],
            description=long if len(name) % 2 else f"{long}\n",
            parameters=texts,
            labels={name: name},
            version=name,
            schedules=[{"slug": name, "schedule": {"cron": "0 3 * * *"}, "parameters": {name: name}}],
        )
        trigger = _EVENT | {"expect": [name], "match": {"prefect.resource.id": name, name: [name, "y"]}}
        make.automation(name, trigger, {"type": "cancel-flow-run"}, description=long)
    for number, name in enumerate(names):
        make.post(
            "/variables/",
            name=f"v{number}",
            value={name: [name, 12345678901234567, 1e15, 0.1, -2.5e-7, {}, []]},
        )
