"""What is written for each object: its attributes, with references in the place of ids and names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.configuration.content import configured
from prefect_iac.configuration.expressions import (
    Given,
    JsonText,
    Noted,
    Reference,
    Template,
    references_in,
    replaced,
)
from prefect_iac.export.secrets import Secret, Secrets, sounds_secret_inside
from prefect_iac.plan.decoding import declaration_of
from prefect_iac.secrecy.documents import is_open
from prefect_iac.workspace.cloud_types import IN_ACCOUNTS
from prefect_iac.workspace.origins import FIRST_QUEUE
from prefect_provider.objects.references import REFERENCES
from prefect_provider.rules.actions import ACTION_LISTS, ACTIONS
from prefect_provider.rules.event_catalogue import kind_in_events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from prefect_iac.export.objects import Chosen, Gathering
    from prefect_provider.plugin.language.declaration import Attribute

__all__ = ["Configuration", "Configured", "configure"]

_RESOURCE: Final = re.compile(
    r"prefect(?:-cloud)?\.(?P<kind>[a-z-]+)\."
    r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9A-Za-z-])"
)
"""What events call an object."""

_LABELS: Final = frozenset({"match", "match_related"})

_SCHEMAS: Final = frozenset({"fields", "parameter_openapi_schema"})

_CIRCLE: Final = "its id: a reference would lead in a circle"


class Configured(NamedTuple):
    """An object, and what is written for it."""

    object: Chosen
    body: dict[str, Any]


class Configuration(NamedTuple):
    """All that is written."""

    objects: tuple[Configured, ...]
    """Each after those that it refers to."""
    secrets: tuple[Secret, ...]
    may_be_secret: tuple[str, ...]
    """Places whose values are written as they are, and may hold secrets: ``prefect_variable.x: value``."""


def configure(gathering: Gathering, scheduled_elsewhere: Collection[str] = ()) -> Configuration:
    """The configuration of the objects that were gathered.

    ``scheduled_elsewhere`` are the ids of deployments whose schedules are resources of their own in some state.
    """
    return _Writer(gathering, scheduled_elsewhere).configuration()


class _Writer:
    def __init__(self, gathering: Gathering, scheduled_elsewhere: Collection[str]) -> None:
        self._gathering = gathering
        self._scheduled_elsewhere = scheduled_elsewhere
        self._secrets = Secrets()
        self._by_id = {(one.type, one.id): one for one in gathering.objects}
        self._by_key = {(one.type, one.key): one for one in gathering.objects}
        self._types = {(kind_in_events(one.type), one.id): one for one in gathering.objects}

    def configuration(self) -> Configuration:
        """All of it."""
        bodies = {(one.type, one.label): Configured(one, self._body(one)) for one in self._gathering.objects}
        ordered = tuple(_in_order(bodies))
        suspicious = (
            f"{one.object.type}.{one.object.label}: {name}"
            for one in sorted(ordered, key=lambda one: (one.object.type, one.object.label))
            for name, tree in one.body.items()
            if _may_be_secret(one.object.type, name, tree)
        )
        return Configuration(ordered, tuple(self._secrets.found), tuple(suspicious))

    # ------------------------------------------------------------------ one object

    def _body(self, one: Chosen) -> dict[str, Any]:
        kind = declaration_of(one.type)
        if kind is None:
            msg = f"there is no {one.type}"
            raise LookupError(msg)

        def change(attribute: Attribute, value: Any) -> Any:
            return self._changed(one, attribute, value)

        body = configured(kind, one.values, change)
        match one.type:
            case "prefect_deployment":
                self._place_deployment(one, body)
            case "prefect_block":
                self._fill_block(one, body)
            case "prefect_automation":
                _leave_to_the_server(body)
            case "prefect_account_member" if "account_role_name" in body:
                # Its name says the same.
                body.pop("account_role_id", None)
        return body

    def _changed(self, one: Chosen, attribute: Attribute, value: Any) -> Any:
        if attribute.sensitive and one.type != "prefect_block" and not is_open(value):
            stem = f"{one.type.removeprefix('prefect_')}_{one.label}_{attribute.name}"
            return self._secrets.needed(stem, f"`{attribute.name}` of the {_noun(one)} {one.key}")
        reference = REFERENCES.get(attribute.name) or IN_ACCOUNTS.get(attribute.name)
        if attribute.name in _LABELS:
            return self._with_resources(value)
        if reference is None or not isinstance(value, str):
            return value
        if reference.attribute == "id":
            return self._referred(reference.type_name, value)
        found = self._by_key.get((reference.type_name, value))
        return self._reference(found, reference.attribute, value) if found else value

    def _referred(self, type_: str, id_: str) -> Any:
        """A reference to the object of an id; or the id, with what people know the object by."""
        found = self._by_id.get((type_, id_))
        if found is not None:
            return self._reference(found, "id", id_)
        _, key = self._gathering.names.get(id_, ("", ""))
        return Noted(id_, key) if key else id_

    @staticmethod
    def _reference(found: Chosen, attribute: str, value: str) -> Reference:
        return Reference(found.type, found.label, attribute, value)

    def _with_resources(self, tree: Any) -> Any:
        """Labels of events, in which ids of exported objects are references."""
        match tree:
            case str():
                return self._template(tree)
            case JsonText():
                return JsonText(self._with_resources(tree.document))
            case Mapping():
                return {key: self._with_resources(item) for key, item in tree.items()}
            case list():
                return [self._with_resources(item) for item in tree]
        return tree

    def _template(self, text: str) -> Any:
        parts: list[str | Reference] = []
        done = 0
        for found in _RESOURCE.finditer(text):
            named = self._types.get((found["kind"], found["id"]))
            if named is not None:
                parts += [text[done : found.start("id")], self._reference(named, "id", found["id"])]
                done = found.end("id")
        return Template((*parts, text[done:]) if text[done:] else tuple(parts)) if parts else text

    # ------------------------------------------------------------------ by type

    def _place_deployment(self, one: Chosen, body: dict[str, Any]) -> None:
        """Its flow, its pool and its queue; and no schedules that are resources of their own."""
        flow = self._by_id.get(("prefect_flow", str(one.document.get("flow_id"))))
        if flow is not None:
            held = {name: item for name, item in body.items() if name not in ("flow_id", "flow_name")}
            body.clear()
            body["name"] = held.pop("name")
            body["flow_id"] = self._reference(flow, "id", flow.id)
            body.update(held)
        queue = body.get("work_queue_name")
        if isinstance(queue, str):
            found = self._by_key.get(("prefect_work_queue", f"{one.document.get('work_pool_name')}/{queue}"))
            if found is not None:
                body["work_queue_name"] = self._reference(found, "name", queue)
            elif queue == FIRST_QUEUE:
                del body["work_queue_name"]
        if one.id in self._scheduled_elsewhere:
            body.pop("schedules", None)

    def _fill_block(self, one: Chosen, body: dict[str, Any]) -> None:
        """Its type, for whose schema a new block has to wait; and its data."""
        schema = self._by_id.get(("prefect_block_schema", str(one.document.get("block_schema_id"))))
        slug = str(one.values["type_slug"])
        type_ = self._by_key.get(("prefect_block_type", slug))
        if schema is not None:
            body["type_slug"] = self._reference(schema, "block_type", slug)
        elif type_ is not None:
            body["type_slug"] = self._reference(type_, "slug", slug)
        body["data"] = self._with_blocks(self._secrets.data(one.label, one.key, one.document))

    def _with_blocks(self, tree: Any) -> Any:
        """Data of a block, in which other blocks are references."""
        if isinstance(tree, JsonText):
            return JsonText(self._with_blocks(tree.document))
        if isinstance(tree, list):
            return [self._with_blocks(item) for item in tree]
        if isinstance(tree, Mapping):
            inner = tree.get("$ref")
            if isinstance(inner, Mapping) and isinstance(inner.get("block_document_id"), str):
                return {
                    "$ref": {"block_document_id": self._referred("prefect_block", inner["block_document_id"])}
                }
            return {key: self._with_blocks(item) for key, item in tree.items()}
        return tree._replace(value=self._with_blocks(tree.value)) if isinstance(tree, Given) else tree


def _may_be_secret(type_: str, name: str, tree: Any) -> bool:
    """Whether a value may hold a secret; a schema only names what does, and a block's data holds no secrets here."""
    if name in _SCHEMAS or (type_, name) == ("prefect_block", "data"):
        return False
    if name == "base_job_template" and isinstance(tree, JsonText):
        tree = tree.document.get("job_configuration")
    return sounds_secret_inside({name: tree})


def _leave_to_the_server(body: Mapping[str, Any]) -> None:
    """Leave out of actions what Prefect makes for each of them, such as the block of an email."""
    for name in ACTION_LISTS:
        for action in body.get(name, ()):
            spec = ACTIONS.get(action["type"])
            for field in spec.computed if spec else ():
                action.pop(field, None)


def _noun(one: Chosen) -> str:
    return one.type.removeprefix("prefect_").replace("_", " ")


def _in_order(bodies: Mapping[tuple[str, str], Configured]) -> Iterator[Configured]:
    """Each after those that it refers to; where they refer to each other in a circle, one says the id of the next."""
    done: set[tuple[str, str]] = set()
    for start in bodies:
        if start in done:
            continue
        # The way to here, each with those that it refers to and that have not been looked at.
        way: dict[tuple[str, str], list[tuple[str, str]]] = {start: _targets(bodies[start])}
        circles: dict[tuple[str, str], set[tuple[str, str]]] = {}
        while way:
            here = next(reversed(way))
            if not way[here]:
                del way[here]
                done.add(here)
                one = bodies[here]
                cut = frozenset(circles.pop(here, ()))
                yield one._replace(body=replaced(one.body, cut, _CIRCLE)) if cut else one
                continue
            there = way[here].pop(0)
            if there in way:
                circles.setdefault(here, set()).add(there)
            elif there not in done and there in bodies:
                way[there] = _targets(bodies[there])


def _targets(one: Configured) -> list[tuple[str, str]]:
    return list(dict.fromkeys((found.type, found.label) for found in references_in(one.body)))
