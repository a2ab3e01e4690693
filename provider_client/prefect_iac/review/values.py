"""What a plan changes inside one object, place by place, without what must not be shown.

It is compared as the provider compares it, by its declaration. Values that are for programs rather than for reviewers
(of variables, of parameters, of the environment of a run) are told as changed, and not shown.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.drift.comparison import compare
from prefect_iac.drift.report import ValueChange
from prefect_iac.plan.decoding import declaration_of, values_after, values_before
from prefect_iac.plan.shown import with_types
from prefect_iac.plan.stored_object import StoredObject
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import Dynamic, Unknown
from prefect_provider.rules.actions import ACTION_LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.plan.changes import PlannedObject
    from prefect_iac.plan.references import References
    from prefect_provider.plugin.language.kinds import Kind
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["LATER", "value_changes"]

LATER: Final = "(known after apply)"

_PRIVATE: Final[Mapping[str, frozenset[Path]]] = MappingProxyType(
    {
        "prefect_variable": frozenset({("value",)}),
        "prefect_deployment": frozenset({("parameters",), ("job_variables", "env")}),
        "prefect_deployment_schedule": frozenset({("parameters",)}),
        "prefect_automation": frozenset(
            (place, 0, field)
            for place in ACTION_LISTS
            for field in ("parameters", "payload", "job_variables")
        ),
    }
)
"""Places whose values are told as changed only; an index stands for any."""


def value_changes(planned: PlannedObject, references: References) -> tuple[ValueChange, ...]:
    """The differences between an object before and after; of a new one what it is given.

    None for a type that is not known, and for an object that goes; ``references`` tell what the configuration sets, for
    what the server chooses is no change of the user's. Raises :class:`~prefect_iac.plan.parts.PlanError` where the plan
    is damaged.
    """
    declaration = declaration_of(planned.type)
    if declaration is None or planned.after is None:
        return ()
    before = {} if planned.before is None else values_before(planned, declaration)
    after = values_after(planned, declaration)
    later = frozenset(name for name, value in after.items() if isinstance(value, Unknown))
    attributes = with_types(declaration, {**(planned.before or {}), **planned.after})
    stored = StoredObject(
        planned.address,
        planned.type,
        planned.provider,
        None,
        attributes,
        shown=True,
        configured=frozenset(declaration.attributes),
        sensitive=planned.sensitive | _private(planned),
    )
    known: Values = {
        name: _known(declaration.attributes[name].kind, value)
        for name, value in after.items()
        if name not in later
    }
    compared = {name: value for name, value in attributes.items() if name not in later and name != "id"}
    found = [
        change._replace(was=_told(change.was), now=_told(change.now))
        for change in compare(declaration, stored, compared, before, known).changes
    ]
    found += (
        ValueChange((name,), None, LATER, sensitive=False)
        for name in sorted(later)
        if planned.before is not None
        and declaration.attributes[name].configurable
        and references.is_set(planned.address, name)
    )
    order = list(declaration.attributes)
    return tuple(sorted(found, key=lambda change: order.index(str(change.path[0]))))


def _private(planned: PlannedObject) -> frozenset[Path]:
    places = set(_PRIVATE.get(planned.type, ()))
    for attributes in (planned.before, planned.after):
        schedules = (attributes or {}).get("schedules")
        if isinstance(schedules, dict):
            places |= {("schedules", slug, "parameters") for slug in schedules}
    return frozenset(places)


def _known(kind: Kind | None, value: Value) -> Any:
    """The value with a text in each place that is known only after the apply; whole objects stay unknown."""
    match value:
        case Unknown():
            return value if isinstance(kind, NestedKind) else LATER
        case Dynamic():
            return Dynamic(value.type, _known(None, value.value))
        case dict() if isinstance(kind, NestedKind) and kind.mode == "single":
            return _object(kind, value)
        case dict():
            return {key: _item(kind, item) for key, item in value.items()}
        case list():
            return [_item(kind, item) for item in value]
    return value


def _item(kind: Kind | None, value: Value) -> Any:
    if not isinstance(kind, NestedKind):
        return _known(None, value)
    return _object(kind, value) if isinstance(value, dict) else value


def _object(kind: NestedKind, values: Values) -> Values:
    return {name: _known(kind.nested.attributes[name].kind, value) for name, value in values.items()}


def _told(document: Any) -> Any:
    """What is shown of a value, with a text where a whole object is not known."""
    match document:
        case Unknown():
            return LATER
        case dict():
            return {key: _told(item) for key, item in document.items()}
        case list():
            return [_told(item) for item in document]
    return document
