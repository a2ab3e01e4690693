"""The subjects under which the registry groups the pages: the one place that says which object belongs to which."""

from typing import Final

__all__ = ["SUBJECTS", "UnknownSubjectError", "subject_of"]

SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "Flows and deployments": (
        "flow",
        "deployment",
        "deployment_schedule",
        "run_deployment",
        "pause_deployment",
        "resume_deployment",
        "cancel_flow_runs",
        "change_flow_run_state",
        "flow_name",
        "parameter_schema",
        "yaml_deployments",
    ),
    "Work pools": ("work_pool", "work_queue", "worker_metadata"),
    "Automations": (
        "automation",
        "emit_event",
        "event_resource_id",
        "jinja",
        "seconds",
        "yaml_automations",
        "yaml_triggers",
    ),
    "Blocks": ("block", "block_type", "block_schema"),
    "Concurrency": ("global_concurrency_limit", "task_run_concurrency_limit"),
    "Variables": ("variable",),
    "Keys and webhooks": ("service_account", "user", "user_api_key", "webhook", "resource_sla"),
    "Accounts and workspaces": (
        "account",
        "account_member",
        "account_role",
        "workspace",
        "workspace_role",
    ),
    "Teams and access": (
        "team",
        "team_access",
        "workspace_access",
        "block_access",
        "deployment_access",
        "work_pool_access",
    ),
}
"""Each subject with its objects, actions and functions, without `prefect_`; a list of objects goes with the object."""


class UnknownSubjectError(Exception):
    """Something is under no subject."""


def subject_of(name: str) -> str:
    """The subject of an object, an action or a function, by its name without `prefect_`."""
    for subject, names in SUBJECTS.items():
        if name in names or name.removesuffix("s") in names:
            return subject
    msg = f"`{name}` is under no subject: expected it in SUBJECTS in scripts/reference/subjects.py"
    raise UnknownSubjectError(msg)
