"""Events that nothing emits although a trigger waits for them, and events that nobody listens to."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from prefect_iac.graph.model import DeadEnd
from prefect_provider.rules.event_catalogue import CLOUD, OSS
from prefect_provider.text.identifier import is_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prefect_iac.graph.listening import Listener
    from prefect_iac.graph.model import Edge
    from prefect_iac.graph.observing import Observed
    from prefect_iac.workspace.content import Workspace
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["dead_ends_of"]

_KINDS: Final = {
    "automation": "prefect_automation",
    "deployment": "prefect_deployment",
    "flow": "prefect_flow",
    "work-pool": "prefect_work_pool",
    "work-queue": "prefect_work_queue",
}


def dead_ends_of(
    outlook: Outlook,
    edges: Iterable[Edge],
    listeners: Mapping[str, Listener],
    observed: Observed | None,
) -> Iterator[DeadEnd]:
    """The dead ends that can be told: for the first kind, what the objects of a server or the events show."""
    emitted = {edge.target for edge in edges if edge.kind == "emits"}
    for node, listener in listeners.items():
        missing = list(_missing(listener, outlook.planned)) if outlook.is_live else []
        if missing:
            yield DeadEnd(node, "nothing emits", f"there is no {' and no '.join(missing)}")
        elif (
            observed is not None and node not in emitted and not observed.heard[node] and _is_custom(listener)
        ):
            yield DeadEnd(node, "nothing emits", "it did not occur in the events that were looked at")
    if observed is not None:
        for name, number in sorted(observed.unheard.items()):
            times = "once" if number == 1 else f"{number} times"
            yield DeadEnd(f"event-name:{name}", "nobody listens", f"it occurred {times}")


def _is_custom(listener: Listener) -> bool:
    """Whether a trigger looks for events of others only: Prefect's own occur when they occur."""
    names = listener.fields["expect"]
    return bool(names) and not any(
        name.startswith((f"{OSS}.", f"{CLOUD}.")) or fnmatchcase(f"{OSS}.", name) for name in names
    )


def _missing(listener: Listener, workspace: Workspace) -> Iterator[str]:
    """The objects to which a trigger is narrowed, if none of them exists."""
    for ids in listener.ids:
        known = [_object(id_) for id_ in sorted(ids)]
        if known and all(one is not None and _is_missing(one, workspace) for one in known):
            yield " or ".join(id_.removeprefix("prefect.") for id_ in sorted(ids))


def _is_missing(wanted: tuple[str, str], workspace: Workspace) -> bool:
    return workspace.get(*wanted) is None and wanted[0] not in workspace.unread


def _object(id_: str) -> tuple[str, str] | None:
    """The type and id of an object in the id of a resource, if it is one that can be looked up."""
    for kind, type_ in _KINDS.items():
        prefix = f"prefect.{kind}."
        if id_.startswith(prefix) and is_uuid(id_.removeprefix(prefix)):
            return type_, id_.removeprefix(prefix)
    return None
