"""What an apply would send for a planned object: made by the provider's own declaration and conversion.

Whatever judges a plan judges this, and not a form of its own. What is known only after the apply has a placeholder
where the plan tells to which object it belongs, or where a text is wanted; else it is left out, as the server decides.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.plan.addresses import Address
from prefect_iac.plan.decoding import declaration_of, values_after, values_before
from prefect_iac.plan.parts import NotYetKnownError, PlanError
from prefect_iac.plan.placeholders import placeholder
from prefect_provider.objects.references import REFERENCES
from prefect_provider.plugin.language.declaration import UNSET
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.kinds import AnyValue, Json, Kind, ListOf, MapOf, SetOf, String, Uuid
from prefect_provider.plugin.language.nested import NestedKind, NestedList, NestedSingle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic, Unknown, Value, Values
from prefect_provider.rules.actions import ACTION_LISTS, ACTIONS
from prefect_provider.text.path import show_path
from prefect_provider.text.spelling import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.plan.changes import Plan, PlannedObject
    from prefect_iac.plan.references import Reference
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.path import Path

__all__ = ["Body", "bodies", "body_after", "body_before"]

_RESOURCE_ID: Final = "prefect.resource.id"
_IN_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {"prefect_block": "block-document", "prefect_global_concurrency_limit": "concurrency-limit"}
)
"""What a kind of object is called in the ids of events, where that is not its type."""

_OF_THE_SERVER: Final = frozenset().union(*(spec.computed for spec in ACTIONS.values()))
"""The fields of actions that the server fills in if nobody does: the block of one that sends email."""

_WITHOUT_STAND_IN: Final = frozenset({"require"})
"""Texts of triggers of which no placeholder could be one."""

_LABELS: Final = frozenset({"match", "match_related"})


class Body(NamedTuple):
    """A request for an object, in the API's form; it may hold secrets."""

    json: dict[str, Any]
    """All fields that can be configured and are known or have a placeholder; for a deployment with `schedules`."""
    unknown: tuple[Path, ...] = ()
    """The attributes, as Terraform names them, that are known only after the apply."""
    guessed: tuple[Path, ...] = ()
    """Those of them that were worked out from what the configuration refers to, and may turn out otherwise."""


def bodies(plan: Plan) -> dict[str, Body]:
    """The bodies of all objects that there are after a plan, by address; those of unknown types are left out.

    Raises :class:`PlanError` where an object is damaged, :class:`NotYetKnownError` where nothing can stand for what
    is not known, such as the posture of a trigger.
    """
    found = {one.address: body_after(plan, one) for one in plan.objects if one.exists_after}
    return {address: body for address, body in found.items() if body is not None}


def body_after(plan: Plan, planned: PlannedObject) -> Body | None:
    """What an object would be sent as, whole; ``None`` for a type that is not known, and for an object that goes.

    Raises :class:`PlanError`, and :class:`NotYetKnownError` as :func:`bodies` does.
    """
    declaration = declaration_of(planned.type)
    if declaration is None or planned.after is None:
        return None
    filler = _Filler(plan, planned)
    values = filler.fill(declaration, values_after(planned, declaration))
    if filler.undecided:
        places = names(sorted(map(show_path, filler.undecided)), last="and")
        msg = f"known only after the apply, and nothing can stand for it: {places}"
        raise NotYetKnownError(msg)
    return Body(_json(planned, declaration, values), tuple(filler.unknown), tuple(filler.guessed))


def body_before(planned: PlannedObject) -> dict[str, Any] | None:
    """The same for the object as it is before the plan."""
    declaration = declaration_of(planned.type)
    if declaration is None or planned.before is None:
        return None
    return _json(planned, declaration, values_before(planned, declaration))


def _json(planned: PlannedObject, declaration: type[RemoteObject], values: Values) -> dict[str, Any]:
    resource = declaration(None, Diagnostics())
    try:
        body = resource.body(_with_lists(declaration, values))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # What no server accepts, such as no kind of trigger; terraform would not have planned it.
        msg = f"the plan is damaged: {planned.address}: it is not of the form that {planned.type} has"
        raise PlanError(msg) from error
    if planned.type == "prefect_deployment":
        body |= _of_deployment(values)
    elif planned.type == "prefect_deployment_schedule":
        body["deployment_id"] = values.get("deployment_id")
    elif planned.type == "prefect_work_queue":
        body["work_pool_name"] = values.get("work_pool_name")
    elif planned.type == "prefect_block":
        body |= {"type_slug": values.get("type_slug")}
    return body


def _with_lists(declaration: type[RemoteObject], values: Values) -> Values:
    """The values with the lists of objects that the official provider leaves to the server as they are by default."""
    return {
        name: []
        if isinstance(attribute.kind, NestedList)
        and attribute.default == []
        and (value is None or isinstance(value, Unknown))
        else value
        for name, attribute in declaration.attributes.items()
        for value in [values.get(name)]
    }


def _of_deployment(values: Values) -> dict[str, Any]:
    """What is no field of its request: the name of its flow, and its schedules, which are sent apart."""
    from prefect_provider.objects.server.deployment.schedules import schedules_to_api

    found: dict[str, Any] = {}
    if isinstance(values.get("flow_name"), str):
        found["flow_name"] = values["flow_name"]
    schedules = values.get("schedules")
    if isinstance(schedules, dict):
        found["schedules"] = schedules_to_api(
            {slug: one for slug, one in schedules.items() if isinstance(one, dict)}
        )
    return found


class _Filler:
    """Puts placeholders into the values of one object."""

    def __init__(self, plan: Plan, planned: PlannedObject) -> None:
        self._plan = plan
        self._planned = planned
        self._address = Address.read(planned.address)
        self.unknown: list[Path] = []
        self.guessed: list[Path] = []
        self.undecided: list[Path] = []
        """Places of an automation of which nothing can be told without their values."""
        self._types: dict[str, str] = {}

    def fill(self, declaration: type[Declaration], values: Values) -> Values:
        """The values; what the server decides stays unknown."""
        filled: Values = {}
        for name, attribute in declaration.attributes.items():
            value = values.get(name)
            is_set = self._plan.references.is_set(self._planned.address, name)
            if is_set is None:
                # Without the configuration, what the server would not choose is somebody's.
                is_set = not attribute.computed or attribute.default is not UNSET
            if attribute.configurable and is_set:
                value = self._filled(attribute.kind, value, (name,))
            filled[name] = value
        return filled

    def _filled(self, kind: Kind | None, value: Value, path: Path) -> Value:
        match value:
            case Unknown():
                standing = self._standing_for(kind, path)
                if self._decides(path, standing):
                    self.undecided.append(path)
                return standing
            case Dynamic():
                return Dynamic(value.type, self._filled(None, value.value, path))
            case dict():
                return {key: self._filled(_below(kind, key), one, (*path, key)) for key, one in value.items()}
            case list():
                of_each = kind.element if isinstance(kind, ListOf | SetOf) else kind
                return [self._filled(of_each, one, (*path, index)) for index, one in enumerate(value)]
        return value

    def _decides(self, path: Path, standing: Value) -> bool:
        """Whether what an automation is depends on what is at a place, for which ``standing`` stands."""
        if self._planned.type != "prefect_automation":
            return False
        if path[0] == "trigger":
            return isinstance(standing, Unknown) or path[-1] in _WITHOUT_STAND_IN
        # A list of actions, one of them, or what it does; of other fields that are not known, the server decides.
        return path[0] in ACTION_LISTS and (len(path) < 3 or path[2:] == ("type",))

    def _standing_for(self, kind: Kind | None, path: Path) -> Value:
        """What stands for an unknown; itself where no text can."""
        self.unknown.append(path)
        target = self._target(path)
        text = target or placeholder(self._planned.address, show_path(path))
        match kind:
            case Json() if kind.shape != "array" and path[-1] in _LABELS:
                return Json.dump(self._labels(path) or {text: text})
            case Json():
                return Json.dump([text] if kind.shape == "array" else {text: text})
            case String() if kind.choices:
                return Unknown()
            case None | String() | Uuid() | AnyValue():
                if self._is_of_the_server(path):
                    return Unknown()
                return Dynamic(STRING, text) if isinstance(kind, AnyValue) else text
            case ListOf() | SetOf() if isinstance(kind.element, String | Uuid):
                return [text]
            case MapOf():
                return {text: text}
        return Unknown()

    def _is_of_the_server(self, path: Path) -> bool:
        """Whether the server fills in what is at a place, so that nobody has given it."""
        if path[-1] not in _OF_THE_SERVER or self._refers_to(path):
            return False
        actions, index = (self._planned.after or {}).get(str(path[0])), path[1] if len(path) > 1 else None
        action = actions[index] if isinstance(actions, list) and isinstance(index, int) else None
        spec = ACTIONS.get(action.get("type", "")) if isinstance(action, dict) else None
        # For other types it is given, by a value of which the plan does not tell where it is from, such as a local one.
        return spec is None or path[-1] in spec.computed

    def _refers_to(self, path: Path) -> bool:
        """Whether the configuration refers to an object of which an attribute may be the id."""
        wanted = REFERENCES[str(path[-1])].type_name
        found = self._plan.references.of(self._planned.address, str(path[0]))
        return any(reference.type == wanted for reference in found)

    def _labels(self, path: Path) -> dict[str, str] | None:
        """Labels that name the only object to which a trigger refers: most probably it is matched by its id."""
        targets = {one for one in self._candidates(path, attribute="id") if one}
        if len(targets) != 1:
            return None
        self.guessed.append(path)
        (target,) = targets
        type_name = self._types[target]
        noun = _IN_EVENTS.get(type_name, type_name.removeprefix("prefect_").replace("_", "-"))
        return {_RESOURCE_ID: f"prefect.{noun}.{target}"}

    def _target(self, path: Path) -> str | None:
        """The placeholder of the attribute of another object to which the one at a place refers."""
        wanted = REFERENCES.get(str(path[-1]))
        if wanted is None:
            return None
        targets = self._candidates(path, type_name=wanted.type_name, attribute=wanted.attribute)
        if len(set(targets)) == 1:
            return targets[0] or None
        places = self._places_like(path)
        if len(targets) != len(places):
            return None
        # They are written in the order of the places.
        return targets[places.index(path)] or None

    def _places_like(self, path: Path) -> list[Path]:
        """The unknown places of one attribute that bear the same name, in the order of the lists that they are in."""
        return sorted(
            (one for one in self._planned.unknown if one[:1] == path[:1] and one[-1] == path[-1]),
            key=lambda one: tuple((isinstance(step, str), str(step).zfill(6)) for step in one),
        )

    def _candidates(self, path: Path, *, type_name: str = "", attribute: str = "") -> list[str]:
        """The placeholders of what the attribute at a place refers to and is not known, in the order of writing.

        Empty text for a reference of which it is not clear which instance it means.
        """
        found: list[str] = []
        for reference in self._plan.references.of(self._planned.address, str(path[0])):
            if (type_name and reference.type != type_name) or not reference.type.startswith("prefect_"):
                continue
            if attribute and reference.attribute not in (attribute, ""):
                continue
            name = attribute or reference.attribute
            instances = self._instances(reference, name)
            if len(instances) == 1:
                found.append(placeholder(instances[0], name))
                self._types[found[-1]] = reference.type
            elif instances:
                found.append("")
        return found

    def _instances(self, reference: Reference, attribute: str) -> list[str]:
        """The addresses of the instances that a reference may mean, of those whose attribute is not known."""
        wanted = reference.address
        found = [
            (one.address, address)
            for one in self._plan.objects
            if one.exists_after and (attribute,) in one.unknown
            for address in [Address.read(one.address)]
            if address.declared == wanted.declared
            and wanted.may_be(address)
            and (wanted.has_keys or self._address.shares_instances(address))
        ]
        if len(found) > 1 and reference.by_key:
            found = [one for one in found if one[1].resource.key == self._address.resource.key] or found
        return [address for address, _ in found]


def _below(kind: Kind | None, key: str) -> Kind | None:
    """The kind of what a value has under a name."""
    if isinstance(kind, NestedKind):
        attribute = kind.nested.attributes.get(key)
        if kind.mode == "map":
            return NestedSingle(kind.nested)
        return None if attribute is None else attribute.kind
    return kind.element if isinstance(kind, MapOf) else None
