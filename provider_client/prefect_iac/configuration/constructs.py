"""What an object's attributes are called, and how they are written, as arguments of its construct."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.configuration.expressions import Reference
from prefect_iac.configuration.python import Code, Group, call, expression
from prefect_provider.objects.references import REFERENCES
from prefect_provider.rules.actions import ACTION_LISTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Name = Callable[[Reference], str]

__all__ = ["arguments_of"]

_ARGUMENTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "prefect_block": {"type_slug": "block_type"},
        "prefect_block_schema": {"block_type_id": "block_type"},
        "prefect_deployment": {
            "flow_id": "flow",
            "parameter_openapi_schema": "parameter_schema",
            "work_pool_name": "work_pool",
            "work_queue_name": "work_queue",
        },
        "prefect_work_queue": {"work_pool_name": "work_pool"},
    }
)
"""The arguments that are not called as Terraform's attributes are."""

_TARGETS: Final = MappingProxyType(
    {
        "automation_id": "automation",
        "block_document_id": "block",
        "deployment_id": "deployment",
        "work_pool_id": "work_pool",
        "work_queue_id": "work_queue",
    }
)
"""The fields of actions with the id of an object, and what they are called where the object itself may be given."""

_SCHEDULES: Final = MappingProxyType({"cron": "Cron", "interval": "Interval", "rrule": "RRule"})


def arguments_of(type_: str, body: Mapping[str, Any], attribute: Name, construct: Name) -> dict[str, Code]:
    """The arguments, in their order; ``attribute`` and ``construct`` are how others are written that it refers to."""
    renamed = _ARGUMENTS.get(type_, {})
    found: dict[str, Code] = {}
    for name, value in body.items():
        called = renamed.get(name, name)
        if type_ == "prefect_deployment" and name == "concurrency_options":
            found |= _options(value, attribute)
        elif type_ == "prefect_deployment" and name == "schedules":
            schedules = {slug: _schedule(one, attribute) for slug, one in value.items()}
            found[called] = expression(schedules, attribute)
        elif type_ == "prefect_automation" and name == "trigger":
            found[called] = _trigger(value, attribute)
        elif type_ == "prefect_automation" and name in ACTION_LISTS:
            found[called] = _actions(value, attribute, construct)
        elif isinstance(value, Reference) and name not in REFERENCES:
            # An argument of a construct takes others only where its attribute is known to refer to them.
            found[called] = expression(value, attribute)
        else:
            found[called] = _given(value, attribute, construct)
    return found


def _given(value: Any, attribute: Name, construct: Name) -> Code:
    """A value; an object that is referred to by its id or its name stands for itself."""
    if isinstance(value, Reference) and value.attribute in ("id", "name", "slug"):
        return construct(value)
    return expression(value, attribute)


def _options(options: Mapping[str, Any], attribute: Name) -> dict[str, Code]:
    called = {"grace_period_seconds": "grace_period"}
    return {called.get(name, name): expression(value, attribute) for name, value in options.items()}


def _schedule(schedule: Mapping[str, Any], attribute: Name) -> Code:
    kind = next(kind for kind in _SCHEDULES if kind in schedule)
    rest = {name: expression(value, attribute) for name, value in schedule.items() if name != kind}
    return call(_SCHEDULES[kind], [expression(schedule[kind], attribute)], rest)


def _trigger(trigger: Mapping[str, Any], attribute: Name) -> Code:
    ((kind, fields),) = trigger.items()
    given: dict[str, Code] = {}
    for name, value in fields.items():
        if name == "triggers":
            given[name] = Group("[", tuple(("", _trigger(one, attribute)) for one in value), "]")
        elif name == "metric":
            query = {("metric" if key == "name" else key): item for key, item in value.items()}
            given |= {key: expression(item, attribute) for key, item in query.items()}
        elif name == "require" and isinstance(value, str) and value.isdigit():
            given[name] = value
        elif not (name == "posture" and value == "Reactive"):
            given[name] = expression(value, attribute)
    return call(f"{kind.capitalize()}Trigger", (), given)


def _actions(actions: list[Mapping[str, Any]], attribute: Name, construct: Name) -> Code:
    written = [_action(one, attribute, construct) for one in actions]
    if len(written) == 1:
        return written[0]
    return Group("[", tuple(("", one) for one in written), "]")


def _action(action: Mapping[str, Any], attribute: Name, construct: Name) -> Code:
    class_ = "".join(part.capitalize() for part in str(action["type"]).split("-"))
    given = {
        _TARGETS.get(name, name): _given(value, attribute, construct)
        for name, value in action.items()
        if name != "type"
    }
    return call(class_, (), given)
