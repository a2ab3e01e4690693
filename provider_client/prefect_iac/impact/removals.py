"""What the server deletes along with what a plan destroys or replaces, and what it leaves behind."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook, Prospect

__all__ = ["Removal", "gone_ids", "removals"]

_HELD_BY: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "prefect_flow": (("prefect_deployment", "flow_id"),),
        "prefect_block": (
            ("prefect_deployment", "storage_document_id"),
            ("prefect_deployment", "infrastructure_document_id"),
        ),
        "prefect_block_type": (("prefect_block", "block_type_id"),),
        "prefect_block_schema": (("prefect_block", "block_schema_id"),),
        "prefect_work_pool": (("prefect_work_queue", "work_pool_id"),),
    }
)
"""For each type whose objects take others with them: the types of those, and the field with the id."""


class Removal(NamedTuple):
    """An object that goes, and all that the server deletes with it."""

    prospect: Prospect
    taken: tuple[Prospect, ...]
    """In the order in which one takes the other; also what the plan itself destroys."""
    infrastructure_of: tuple[str, ...] = ()
    """The ids of deployments that go because their infrastructure goes: the runs that carry it go, too."""

    @property
    def others(self) -> list[Prospect]:
        """What goes although the plan does not have it, or means to keep it."""
        return [one for one in self.taken if not _is_destroyed(one)]

    def others_of(self, type_: str) -> list[Prospect]:
        """Those of one type."""
        return [one for one in self.others if one.type == type_]


def removals(outlook: Outlook) -> list[Removal]:
    """All that the plan destroys or replaces, in its order."""
    index = _index(outlook)
    prospects = {(one.type, one.old_id): one for one in outlook.prospects if one.old_id}
    return [
        _removal(one, index, prospects)
        for one in outlook.prospects
        if one.old_id and one.change is not None and _is_destroyed(one)
    ]


def gone_ids(found: list[Removal]) -> dict[str, tuple[str, Removal]]:
    """The ids of all that goes, each with its type and the first removal that takes it."""
    gone: dict[str, tuple[str, Removal]] = {}
    for removal in found:
        for one in (removal.prospect, *removal.taken):
            gone.setdefault(one.old_id, (one.type, removal))
    return gone


def _is_destroyed(prospect: Prospect) -> bool:
    """Whether the plan itself destroys an object; one that others take with them is not meant to go."""
    change = prospect.change
    return change is not None and change.action in ("delete", "replace") and not change.deferred


def _index(outlook: Outlook) -> dict[tuple[str, str, str], list[tuple[str, Json]]]:
    """Objects by their type, a field with an owner's id, and that id."""
    found: dict[tuple[str, str, str], list[tuple[str, Json]]] = {}
    for type_, field in {link for links in _HELD_BY.values() for link in links}:
        for id_, document in outlook.now.of(type_).items():
            if document.get(field):
                found.setdefault((type_, field, str(document[field])), []).append((id_, document))
    return found


def _removal(
    root: Prospect,
    index: Mapping[tuple[str, str, str], list[tuple[str, Json]]],
    prospects: Mapping[tuple[str, str], Prospect],
) -> Removal:
    taken: dict[tuple[str, str], Prospect] = {}
    infrastructure: list[str] = []

    def follow(type_: str, id_: str) -> Iterator[tuple[str, str]]:
        for held, field in _HELD_BY.get(type_, ()):
            for one, _ in index.get((held, field, id_), ()):
                if field == "infrastructure_document_id":
                    infrastructure.append(one)
                yield held, one

    waiting = [(root.type, root.old_id)]
    while waiting:
        for key in follow(*waiting.pop(0)):
            if key not in taken and key in prospects:
                taken[key] = prospects[key]
                waiting.append(key)
    return Removal(root, tuple(taken.values()), tuple(dict.fromkeys(infrastructure)))
