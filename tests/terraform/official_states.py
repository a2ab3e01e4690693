"""What the official provider writes into a state, for each object that it has: from what Prefect answers.

It stores times at second precision, JSON with its keys in order, sets in order, and empty strings for nulls where an
attribute is computed. A state holds every attribute of its schema, at every depth.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

__all__ = [
    "ADDRESS",
    "MAPPINGS",
    "OURS",
    "Instance",
    "Official",
    "apply_changes",
    "replaced",
    "state_file",
    "taken_over",
]

ADDRESS: Final = "registry.terraform.io/prefecthq/prefect"
OURS: Final = "registry.terraform.io/prefect-iac/prefect"

_PEER: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "peer_schema.json").read_text(encoding="utf-8")
)
_SCHEMAS: Final[dict[str, Any]] = {"managed": _PEER["resources"], "data": _PEER["data_sources"]}

_NO_ID: Final = "00000000-0000-0000-0000-000000000000"
_NO_SCHEMA: Final = {"type": "object", "properties": {}}


class Instance(NamedTuple):
    """An object in a state, as terraform writes it."""

    kind: str
    label: str
    attributes: dict[str, Any]
    version: int | None = None
    """Of the schema; None for the newest."""
    mode: str = "managed"
    """Or `data`, of a data source."""
    former: Mapping[str, Any] | None = None
    """Attributes that an older release had, and the newest has not."""

    def schema(self) -> Any:
        """The official provider's schema of it."""
        return _SCHEMAS[self.mode][self.kind]

    def whole(self) -> dict[str, Any]:
        """All attributes; fails where there are others than the official provider has."""
        return _whole(self.attributes, self.schema()["attributes"]) | dict(self.former or {})


def state_file(instances: Iterable[Instance], outputs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The state of a workspace of the official provider; fails where an instance has other attributes than it has."""
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "0198f3a4-1111-4222-8333-944455556666",
        "outputs": {name: {"value": text, "type": "string"} for name, text in (outputs or {}).items()},
        "resources": [
            {
                "mode": instance.mode,
                "type": instance.kind,
                "name": instance.label,
                "provider": f'provider["{ADDRESS}"]',
                "instances": [
                    {
                        "schema_version": instance.schema()["version"]
                        if instance.version is None
                        else instance.version,
                        "attributes": instance.whole(),
                        "sensitive_attributes": [],
                    }
                ],
            }
            for instance in instances
        ],
        "check_results": None,
    }


def _whole(given: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """All attributes of an object; what is not given is null."""
    surplus = given.keys() - schema.keys()
    assert not surplus, f"the official provider has no attributes {sorted(surplus)}"
    return {name: _value(given.get(name), their) for name, their in schema.items()}


def _value(value: Any, their: Any) -> Any:
    if isinstance(their, str) or value is None:
        return value
    if isinstance(value, list):
        return [_whole(item, their["attributes"]) for item in value]
    return _whole(value, their["attributes"])


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def _known(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The id and the times, which it stores at second precision."""
    return {"id": answer["id"]} | {key: f"{answer[key][:19]}Z" for key in ("created", "updated")}


def _common(answer: Mapping[str, Any]) -> dict[str, Any]:
    return _known(answer) | {"name": answer["name"]}


def _flow(answer: Mapping[str, Any], _given: Mapping[str, Any]) -> dict[str, Any]:
    return _common(answer) | {"tags": sorted(answer["tags"])}


_STEPS: Final = {
    "git_clone": "prefect.deployments.steps.git_clone",
    "pip_install_requirements": "prefect.deployments.steps.pip_install_requirements",
    "run_shell_script": "prefect.deployments.steps.run_shell_script",
    "set_working_directory": "prefect.deployments.steps.set_working_directory",
    "pull_from_s3": "prefect_aws.deployments.steps.pull_from_s3",
}


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    [(path, inputs)] = step.items()
    return {"type": next(name for name, known in _STEPS.items() if known == path), **inputs}


def _deployment(answer: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    limit = answer["global_concurrency_limit"]
    options = answer["concurrency_options"]
    schema = answer["parameter_openapi_schema"]
    texts = ("description", "path", "version", "entrypoint", "work_pool_name", "work_queue_name")
    return _common(answer) | {
        **{name: answer[name] or "" for name in texts},
        **{name: answer[name] for name in ("flow_id", "paused", "enforce_parameter_schema")},
        **{name: _text(answer[name]) for name in ("parameters", "job_variables")},
        "parameter_openapi_schema": "{}" if schema == _NO_SCHEMA else _text(schema),
        "storage_document_id": answer["storage_document_id"] or _NO_ID,
        "tags": sorted(answer["tags"]),
        "concurrency_limit": limit["limit"] if limit and "concurrency_limit" in given else None,
        "global_concurrency_limit_id": given.get("global_concurrency_limit_id"),
        "concurrency_options": {"collision_strategy": options["collision_strategy"]} if options else None,
        "pull_steps": [_step(step) for step in answer["pull_steps"] or []],
    }


def _work_pool(answer: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("description", "type", "concurrency_limit", "default_queue_id")
    return _common(answer) | {
        **{name: answer[name] for name in names},
        "paused": answer["is_paused"],
        # Read back only where it was set; the text of the configuration stays.
        "base_job_template": given.get("base_job_template"),
    }


def _work_queue(answer: Mapping[str, Any], _given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("work_pool_name", "is_paused", "concurrency_limit", "priority")
    return (
        _common(answer)
        | {name: answer[name] for name in names}
        | {"description": answer["description"] or ""}
    )


def _variable(answer: Mapping[str, Any], _given: Mapping[str, Any]) -> dict[str, Any]:
    value = {"type": _type(answer["value"]), "value": answer["value"]}
    return _common(answer) | {"value": value, "tags": sorted(answer["tags"])}


def _type(value: Any) -> Any:
    """The type that it gives a variable's value: lists are tuples, there are no maps."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case list():
            return ["tuple", [_type(item) for item in value]]
        case dict():
            return ["object", {name: _type(item) for name, item in value.items()}]
        case _:
            return "string"


def _block(answer: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("type_slug", "data", "data_wo_version")
    return _common(answer) | {name: given.get(name) for name in names}


def _block_type(answer: Mapping[str, Any], _given: Mapping[str, Any]) -> dict[str, Any]:
    texts = ("logo_url", "documentation_url", "description", "code_example")
    return _common(answer) | {
        **{name: answer[name] or "" for name in texts},
        "slug": answer["slug"],
        "is_protected": answer["is_protected"],
    }


def _block_schema(answer: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("checksum", "block_type_id", "capabilities", "version")
    return _known(answer) | {
        **{name: answer[name] for name in names},
        "block_type": answer["block_type"]["slug"],
        # Never read back; the text of the configuration stays.
        "fields": given["fields"],
    }


def _schedule(answer: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    schedule = answer["schedule"]
    rule, wanted = schedule.get("rrule") or "", given.get("rrule", "")
    if not wanted.startswith("DTSTART"):
        # The start that the server adds is taken off again.
        rule = rule.partition("\n")[2] or rule
    return _known(answer) | {
        **{name: schedule.get(name) or "" for name in ("cron", "timezone", "anchor_date")},
        "rrule": rule,
        "interval": schedule.get("interval") or 0,
        "day_or": schedule.get("day_or") or False,
        "deployment_id": given["deployment_id"],
        "active": answer["active"],
        "slug": answer["slug"] or "",
        "max_scheduled_runs": answer["max_scheduled_runs"] or 0,
        "parameters": _text(answer["parameters"] or {}),
    }


def _global_limit(answer: Mapping[str, Any], _given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("limit", "active", "active_slots", "slot_decay_per_second")
    return _common(answer) | {name: answer[name] for name in names}


def _tag_limit(answer: Mapping[str, Any], _given: Mapping[str, Any]) -> dict[str, Any]:
    return _known(answer) | {name: answer[name] for name in ("tag", "concurrency_limit")}


_EVENT_SETS: Final = ("after", "expect", "for_each")


def _event(trigger: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: trigger[name] for name in ("posture", "threshold", "within")},
        **{name: _text(trigger[name]) for name in ("match", "match_related")},
        **{name: sorted(trigger[name]) for name in _EVENT_SETS},
    }


def _trigger(trigger: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    kind = trigger["type"]
    if kind == "event":
        return {"event": _event(trigger)}
    inner = [{"event": _event(one)} for one in trigger["triggers"]]
    whole = {"triggers": inner, "within": trigger["within"]}
    if kind == "compound":
        # Never read back: it is what the configuration said.
        require = given["trigger"]["compound"]["require"]
        whole["require"] = {"type": _type(require), "value": require}
    return {kind: whole}


_ACTION_FIELDS: Final = ("state", "name", "message", "subject", "body", "payload", "source")
_ACTION_IDS: Final = ("deployment_id", "work_pool_id", "work_queue_id", "automation_id", "block_document_id")


def _action(action: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": action["type"],
        **{name: action.get(name) for name in (*_ACTION_FIELDS, *_ACTION_IDS)},
        **{name: _text(action.get(name) or {}) for name in ("parameters", "job_variables")},
    }


def _automation(answer: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    return _common(answer) | {
        "description": answer["description"],
        "enabled": answer["enabled"],
        "trigger": _trigger(answer["trigger"], given),
        **{
            name: [_action(action) for action in answer[name]]
            for name in ("actions", "actions_on_trigger", "actions_on_resolve")
        },
    }


MAPPINGS: Final[dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]]] = {
    "prefect_automation": _automation,
    "prefect_block": _block,
    "prefect_block_schema": _block_schema,
    "prefect_block_type": _block_type,
    "prefect_deployment": _deployment,
    "prefect_deployment_schedule": _schedule,
    "prefect_flow": _flow,
    "prefect_global_concurrency_limit": _global_limit,
    "prefect_task_run_concurrency_limit": _tag_limit,
    "prefect_variable": _variable,
    "prefect_work_pool": _work_pool,
    "prefect_work_queue": _work_queue,
}
"""For each kind: the attributes of an object, from the server's answer and what its configuration gives."""


class Official:
    """A workspace of the official provider: objects, their configuration, and the state that it wrote of them."""

    def __init__(self, server: PrefectServer) -> None:
        self.server = server
        self.given: dict[str, dict[str, Any]] = {}
        self.instances: dict[str, Instance] = {}

    def add(
        self,
        kind: str,
        label: str,
        path: str,
        given: Mapping[str, Any],
        *,
        body: Any = None,
        version: int | None = None,
        former: Mapping[str, Any] | None = None,
        **written: Any,
    ) -> dict[str, Any]:
        """Make an object: POST ``body`` (what is given, by default) to ``path``; return the answer.

        ``written`` are attributes of the state that are not as the answer says, ``former`` those that an older release
        of the official provider had.
        """
        answer: Any = self.server.call("POST", path, given if body is None else body)
        if isinstance(answer, list):
            [answer] = answer
        made: dict[str, Any] = answer
        attributes = MAPPINGS[kind](made, given) | written
        self.given[f"{kind}.{label}"] = dict(given)
        self.instances[f"{kind}.{label}"] = Instance(kind, label, attributes, version, former=former)
        return made

    def change(self, **changes: Mapping[str, Any]) -> None:
        """Change what is given of resources, by label."""
        for address, given in self.given.items():
            given.update(changes.get(address.partition(".")[2], {}))

    def configuration(self) -> dict[str, Any]:
        """All that is given."""
        resources: dict[str, dict[str, Any]] = {}
        for address, given in self.given.items():
            kind, _, label = address.partition(".")
            resources.setdefault(kind, {})[label] = given
        return {"resource": resources}


def replaced(terraform: Callable[..., Workspace], official: Official) -> Workspace:
    """The workspace, after `terraform state replace-provider`."""
    workspace = terraform(official.configuration())
    workspace.write_json(state_file(official.instances.values()), "terraform.tfstate")
    workspace.run("state", "replace-provider", "-auto-approve", ADDRESS, OURS, check=True)
    return workspace


def taken_over(terraform: Callable[..., Workspace], official: Official) -> Workspace:
    """The workspace, taken over; fails if that changes anything."""
    workspace = replaced(terraform, official)
    plan = workspace.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    # It stores what it has read, and no more.
    workspace.apply()
    ids = {address: values["id"] for address, values in workspace.state().items()}
    assert ids == {address: one.attributes["id"] for address, one in official.instances.items()}
    return workspace


def apply_changes(workspace: Workspace, official: Official, **changes: Mapping[str, Any]) -> None:
    """Change resources, by label: each is changed in place, and nothing is left to do."""
    official.change(**changes)
    workspace.write(official.configuration())
    actions = {address.partition(".")[2]: action for address, action in workspace.plan().actions().items()}
    assert actions == dict.fromkeys(changes, ("update",))
    workspace.apply()
    workspace.assert_no_changes()
