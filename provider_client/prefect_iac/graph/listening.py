"""What automations listen to: the event triggers in a trigger, and how a person would call what one looks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.graph.model import Leaf, Needs
from prefect_iac.plan.placeholders import is_placeholder
from prefect_iac.secrecy.documents import masked
from prefect_iac.workspace.content import name_of
from prefect_provider.events.event import Event
from prefect_provider.events.matching import covers, expects, opens
from prefect_provider.rules import trigger_forms
from prefect_provider.rules.triggers import infer_kind
from prefect_provider.text import json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prefect_iac.workspace.content import Json, Workspace
    from prefect_provider.events.event import Labels

__all__ = ["Listener", "needs_of", "says"]

_ID: Final = "prefect.resource.id"
_ROLE: Final = "prefect.resource.role"

_OBJECTS: Final[Mapping[str, str]] = {
    "automation": "prefect_automation",
    "deployment": "prefect_deployment",
    "flow": "prefect_flow",
    "work-pool": "prefect_work_pool",
    "work-queue": "prefect_work_queue",
    "block-document": "prefect_block",
}


class Listener:
    """One event trigger, as far as it decides which events are for it."""

    def __init__(self, trigger: Mapping[str, Any], numbers: dict[str, int]) -> None:
        """``numbers`` has those of the listeners of a graph; one that looks for the same has the same number."""
        body = trigger_forms.to_api(trigger)
        self.fields: Final[dict[str, Any]] = {
            name: body[name] for name in ("expect", "after", "match", "match_related")
        }
        self.proactive: Final = body["posture"] == "Proactive"
        self.threshold: Final[int] = body["threshold"]
        canonical = trigger_forms.canonical({"type": "event", **self.fields})
        key = json.write([canonical[name] for name in self.fields])
        self._number = numbers.setdefault(key, len(numbers) + 1)
        related = body["match_related"]
        wanted = related if isinstance(related, list) else [related]
        self.ids: Final = [
            ids for labels in wanted if labels for ids in [_literal_ids(labels)] if ids is not None
        ]
        """For each object of ``match_related`` that writes them out, the ids of which one is wanted."""

    @property
    def node(self) -> str:
        """The id of its event's node, which gives no label away."""
        return f"event:{self._number}"

    @property
    def leaf(self) -> Leaf:
        """What a graph holds of it."""
        return Leaf(self.node, self.threshold, bool(self.fields["after"]), self.proactive)

    def role(self, event: Event) -> tuple[bool, bool]:
        """Whether an event counts, and whether it is one after which others begin to."""
        return (
            expects(self.fields, event, is_unknown=is_placeholder),
            opens(self.fields, event, is_unknown=is_placeholder),
        )

    def knows(self, name: str) -> bool:
        """Whether events of a name can be for it."""
        fields = {"expect": self.fields["expect"], "after": self.fields["after"]}
        event = Event(name, {})
        return expects(fields, event, is_unknown=is_placeholder) or opens(
            fields, event, is_unknown=is_placeholder
        )

    def hears(self, event: Event) -> tuple[bool, bool]:
        """The same, but for the related resources of the event, which are not looked at."""
        fields = {**self.fields, "match_related": {}}
        return (
            expects(fields, event, is_unknown=is_placeholder),
            opens(fields, event, is_unknown=is_placeholder),
        )

    def relates(self, related: Sequence[Labels], ids: frozenset[str]) -> bool:
        """Whether related resources, which have these ids, are what it asks for."""
        if any(wanted.isdisjoint(ids) for wanted in self.ids):
            return False
        fields = {"match_related": self.fields["match_related"]}
        return covers(fields, Event("any", {}, related), is_unknown=is_placeholder)


class _Words(NamedTuple):
    label: str
    detail: str


def says(listener: Listener, workspace: Workspace) -> _Words:
    """How a person calls the events that a trigger looks for: by name, and what narrows them down."""
    names = listener.fields["expect"] or ["any event"]
    label = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    if listener.fields["after"]:
        label += f" after {', '.join(listener.fields['after'][:2])}"
    related = listener.fields["match_related"]
    wanted = [listener.fields["match"], *(related if isinstance(related, list) else [related])]
    told = [text for labels in wanted if labels for text in _labels_in_words(labels, workspace)]
    return _Words(label, "; ".join(dict.fromkeys(told)))


def _labels_in_words(labels: Mapping[str, Any], workspace: Workspace) -> Iterator[str]:
    for label, value in masked(labels).items():
        values = value if isinstance(value, list) else [value]
        if label == _ROLE or any(str(one) in ("prefect.flow-run.*", "prefect.task-run.*") for one in values):
            continue
        if label == _ID:
            yield f"of {' or '.join(_object_in_words(str(one), workspace) for one in values)}"
        else:
            yield f"{label.removeprefix('prefect.resource.')} {' or '.join(str(one) for one in values)}"


def _object_in_words(id_: str, workspace: Workspace) -> str:
    negated = "not " if id_.startswith("!") else ""
    bare = id_.removeprefix("!")
    for kind, type_ in _OBJECTS.items():
        prefix = f"prefect.{kind}."
        if bare.startswith(prefix):
            found = workspace.get(type_, bare.removeprefix(prefix))
            if found is not None:
                name = workspace.full_name(found) if kind == "deployment" else name_of(found)
                return f"{negated}{kind} {name}"
    return f"{negated}{bare.removeprefix('prefect.')}"


def needs_of(trigger: Json, numbers: dict[str, int]) -> tuple[Leaf | Needs | None, list[Listener]]:
    """What makes a trigger fire, and its event triggers; ``None`` for a metric, and what is not known."""
    kind = infer_kind(trigger)
    if kind == "event":
        listener = Listener(trigger, numbers)
        return listener.leaf, [listener]
    if kind not in ("compound", "sequence"):
        return None, []
    children = [one for one in trigger.get("triggers") or () if isinstance(one, Mapping)]
    found = [needs_of(child, numbers) for child in children]
    listeners = [listener for _, inner in found for listener in inner]
    parts = tuple(needs for needs, _ in found if needs is not None)
    require = trigger.get("require")
    number = len(children)
    if kind == "compound" and require == "any":
        number = 1
    elif kind == "compound" and isinstance(require, int):
        number = require
    return Needs(number, parts), listeners


def _literal_ids(labels: Mapping[str, Any]) -> frozenset[str] | None:
    """The ids of which one is wanted, if they are written out."""
    value = labels.get(_ID)
    values = value if isinstance(value, list) else [value]
    if value is None or any(not isinstance(one, str) or _is_pattern(one) for one in values):
        return None
    return frozenset(values)


def _is_pattern(text: str) -> bool:
    return text.startswith("!") or any(sign in text for sign in "*?[")
