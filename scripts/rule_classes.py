"""The classes of actions, the words of Prefect, and the types of constructs, from the rules."""

from collections.abc import Iterator, Mapping

from construct_classes import REFERRED, any_of
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.plugin.language.declaration import Declaration
from prefect_provider.plugin.language.kinds import String
from prefect_provider.rules.actions import ACTION_FIELDS, ACTIONS, SOURCES, STATES, ActionField, ActionSpec
from prefect_provider.rules.triggers import EVENT_POSTURES, METRIC_OPERATORS, METRICS
from python_text import camel, default_text, docstring, entry, quoted

__all__ = ["action_module", "reference_module", "vocabulary_module"]

FIELD_TYPES: Mapping[str, str] = {
    "identifier": "Identifier",
    "object": "JsonObject",
    "seconds": "Duration",
    "text": "str",
    "template": "str",
    "payload": "JsonValue",
    "flag": "Flag",
    "addresses": "Sequence[str]",
}
"""What the kinds of an action's fields may be written as."""

CHOICE_TYPES: Mapping[str, str] = {"source": "ActionSource", "state": "StateType"}


def reference_module(classes: Mapping[str, type[Declaration]]) -> tuple[str, list[str]]:
    """The types of the constructs that stand for objects which attributes refer to; no names are exported."""
    found: dict[str, list[str]] = {}
    for name, declaration in classes.items():
        type_name = getattr(declaration, "type_name", "")
        if type_name in REFERRED:
            found.setdefault(type_name, []).append(name)
    lines = [
        '"""The constructs that stand for an object of Prefect, for type checkers.',
        "",
        "Written by ``scripts/generate_constructs.py``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, TypeAlias",
        "",
        "if TYPE_CHECKING:",
        "    from prefect_constructs._generated import (",
        *sorted(f"        {name}," for names in found.values() for name in names),
        "    )",
        "",
        "__all__ = [",
        *sorted(f'    "{any_of(type_name)}",' for type_name in found),
        "]",
        "",
    ]
    for type_name, names in sorted(found.items()):
        lines.append(f'{any_of(type_name)}: TypeAlias = "{" | ".join(sorted(names))}"')
        lines.append("")
    return "\n".join(lines), []


def vocabulary_module() -> tuple[str, list[str]]:
    """Prefect's words, from the rules."""
    members = "\n".join(f'    {posture} = "{posture}"' for posture in EVENT_POSTURES)
    literals = {
        "ActionSource": (
            SOURCES,
            "Whether an action applies to the object that it names, or to the one of the event.",
        ),
        "CollisionStrategy": (
            _choices(Deployment, "concurrency_options", "collision_strategy"),
            "What happens to a run of a deployment for which there is no slot.",
        ),
        "MetricName": (METRICS, "The metrics that a trigger can watch."),
        "MetricOperator": (METRIC_OPERATORS, "How a metric is compared with its threshold."),
        "StateType": (STATES, "The types of states that a flow run can be in."),
    }
    lines = [
        '"""Prefect\'s words for states, postures, metrics and the like.',
        "",
        "Written by ``scripts/generate_constructs.py`` from ``prefect_provider.rules``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from enum import StrEnum",
        "from typing import Literal, TypeAlias",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted([*literals, "Posture"])),
        "]",
        "",
    ]
    for name, (choices, description) in literals.items():
        lines += [f"{name}: TypeAlias = Literal[", *(f"    {quoted(choice)}," for choice in choices), "]"]
        lines += [docstring(description, 0), ""]
    lines += ["", "class Posture(StrEnum):"]
    lines += ['    """Whether a trigger responds to events or to their absence."""', "", members, ""]
    return "\n".join(lines), ["Posture"]


def _choices(declaration: type[Declaration], *path: str) -> tuple[str, ...]:
    for name in path[:-1]:
        declaration = declaration.nested(name)
    kind = declaration.attributes[path[-1]].kind
    assert isinstance(kind, String)  # noqa: S101 - the generator, not the product
    return kind.choices


def action_module() -> tuple[str, list[str]]:
    """The classes of actions, from the table of their fields."""
    classes = {camel(spec.type.replace("-", "_")): spec for spec in ACTIONS.values()}
    body = "\n".join(line for name, spec in classes.items() for line in _action(name, spec))
    referred = [
        any_of(f"prefect_{field.object}")
        for field in ACTION_FIELDS.values()
        if f"prefect_{field.object}" in REFERRED
    ]
    head = [
        '"""What an automation does, one class for each type of action.',
        "",
        "Written by ``scripts/generate_constructs.py`` from ``prefect_provider.rules.actions``.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping, Sequence",
        "from dataclasses import KW_ONLY, dataclass",
        "from typing import TYPE_CHECKING, ClassVar",
        "",
        "from prefect_constructs.actions import TypedAction",
        "",
        "if TYPE_CHECKING:",
        "    from prefect_constructs._generated.references import (",
        *(f"        {name}," for name in sorted(set(referred))),
        "    )",
        "    from prefect_constructs._generated.vocabulary import ActionSource, StateType",
        "    from prefect_constructs.argument_types import Flag, Identifier, JsonObject, JsonValue",
        "    from prefect_constructs.durations import Duration",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name in sorted(classes)),
        "]",
        "",
    ]
    return "\n".join([*head, body, ""]), sorted(classes)


def _action(name: str, spec: ActionSpec) -> Iterator[str]:
    """One class: the object that the action is on comes first, and without a name."""
    fields = [ACTION_FIELDS[one] for one in spec.order]
    first = fields[0].name if fields and fields[0].kind in ("identifier", "choice") else ""
    aliases = {one.object: one.name for one in fields if f"prefect_{one.object}" in REFERRED}
    yield ""
    yield "@dataclass(frozen=True, slots=True)"
    yield f"class {name}(TypedAction):"
    yield docstring(_action_documentation(spec, fields), 4)
    yield ""
    yield f'    type: ClassVar[str] = "{spec.type}"'
    if aliases:
        pairs = ", ".join(f'"{alias}": "{one}"' for alias, one in aliases.items())
        yield f"    aliases: ClassVar[Mapping[str, str]] = {{{pairs}}}"
    if fields:
        yield ""
    if not first and fields:
        yield "    _: KW_ONLY"
    # Fields that have to be given come before those that have not; one with two names is never needed under either.
    for one in sorted(fields, key=lambda one: (one.name != first, one.name not in spec.required)):
        needed = one.name in spec.required and one.object not in aliases
        suffix = "" if needed else " | None = None"
        yield f"    {one.object if one.object in aliases else one.name}: {_field_type(one)}{suffix}"
        if one.name == first:
            yield "    _: KW_ONLY"
    for alias in aliases.values():
        yield f"    {alias}: {_field_type(ACTION_FIELDS[alias])} | None = None"
    yield ""


def _field_type(field: ActionField) -> str:
    if field.kind == "choice":
        return CHOICE_TYPES[field.name]
    own = FIELD_TYPES[field.kind]
    known = f"prefect_{field.object}" in REFERRED
    return f"{any_of(f'prefect_{field.object}')} | {own}" if known else own


def _action_documentation(spec: ActionSpec, fields: list[ActionField]) -> str:
    where = (
        " On Prefect Cloud only." if spec.cloud_only else " Not on Prefect Cloud." if spec.oss_only else ""
    )
    lines = [f"{spec.summary}{where}"]
    if fields:
        lines += ["", "Args:"]
    for one in fields:
        known = f"prefect_{one.object}" in REFERRED
        what = one.object.replace("_", " ")
        text = f"The {what}, or its id (UUID)." if known else one.description
        if one.name in spec.defaults and one.default is not None:
            text += f" Default: {default_text(one.default)}."
        if one.kind == "seconds":
            text = text.replace("Seconds to", "How long to")
        if one.name in spec.cloud_fields:
            text += " On Prefect Cloud only."
        lines.append(entry(one.object if known else one.name, text))
    for one in fields:
        if f"prefect_{one.object}" in REFERRED:
            lines.append(entry(one.name, f"The same as `{one.object}`."))
    return "\n".join(lines)
