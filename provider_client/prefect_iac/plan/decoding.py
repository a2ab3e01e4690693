"""The attributes of a planned object as the provider has them, from what ``terraform show -json`` prints of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_iac.plan.parts import PlanError
from prefect_iac.plan.shown import with_types
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Value, Values
from prefect_provider.plugin.wire.codec_error import CodecError
from prefect_provider.plugin.wire.state_json import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.plan.changes import PlannedObject
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.path import Path

__all__ = ["declaration_of", "values_after", "values_before"]


def declaration_of(type_name: str) -> type[RemoteObject] | None:
    """The declaration of a type; ``None`` for one that only the official provider has, or a newer version."""
    from importlib import import_module

    from prefect_provider.objects.places import RESOURCES

    if type_name not in RESOURCES:
        return None
    module, name = RESOURCES[type_name]
    found: type[RemoteObject] = getattr(import_module(module), name)
    return found


def values_before(planned: PlannedObject, declaration: type[Declaration]) -> Values:
    """The attributes of an object before the plan. Raises :class:`PlanError` where they are of another form."""
    return _decoded(planned, declaration, planned.before or {})


def values_after(planned: PlannedObject, declaration: type[Declaration]) -> Values:
    """The attributes of an object after the plan; what is known only then is unknown. Raises :class:`PlanError`."""
    values = _decoded(planned, declaration, planned.after or {})
    for path in sorted(planned.unknown, key=len):
        if path and path[0] in declaration.attributes:
            values[str(path[0])] = _with_unknown(values.get(str(path[0])), path[1:])
    return values


def _decoded(planned: PlannedObject, declaration: type[Declaration], attributes: Mapping[str, Any]) -> Values:
    try:
        typed = with_types(declaration, attributes)
        decoded: Values = from_json(typed, declaration.object_type(), ignore_extra=True)
    except CodecError as error:
        what = str(error)
    except RecursionError:
        what = "it is nested too deeply"
    except (AttributeError, KeyError, TypeError, ValueError):
        what = f"it is not of the form that {planned.type} has"
    else:
        return decoded
    msg = f"the plan is damaged: {planned.address}: {what}"
    raise PlanError(msg)


def _with_unknown(value: Value, path: Path) -> Value:
    """A value with an unknown at a place in it; a place that it does not have is passed over."""
    if not path:
        return UNKNOWN
    step, rest = path[0], path[1:]
    match value:
        case Dynamic():
            return Dynamic(value.type, _with_unknown(value.value, path))
        case dict():
            return {**value, str(step): _with_unknown(value.get(str(step)), rest)}
        case list() if isinstance(step, int) and step < len(value):
            return [*value[:step], _with_unknown(value[step], rest), *value[step + 1 :]]
    return value
