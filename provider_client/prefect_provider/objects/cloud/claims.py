"""Which resource of a configuration manages what there is one of only, and that no two do.

A provider is not told the address of a resource. Resources are told apart by a note that each leaves beside its state
when it is first applied, and those that are yet to be made by their configurations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Values

__all__ = ["is_claimed", "release"]

_NOTE: Final = "claim"


class _Claim(NamedTuple):
    note: str | None
    config: Values
    creates: bool

    def disputes(self, other: _Claim) -> bool:
        """Whether two plans are those of two resources, as far as can be told."""
        if self.note and other.note:
            return self.note != other.note
        return (self.creates or other.creates) and self.config != other.config


_CLAIMS: Final[WeakKeyDictionary[Any, dict[tuple[str, ...], _Claim]]] = WeakKeyDictionary()


def is_claimed(resource: RemoteObject, plan: Plan, *thing: str) -> bool:
    """Whether another resource is planned to manage a thing; if not, this one is."""
    claims = _CLAIMS.setdefault(resource.client, {})
    mine = _Claim(resource.private.get(_NOTE), plan.config, plan.prior is None)
    other = claims.setdefault((resource.type_name, *thing), mine)
    if mine.disputes(other):
        return True
    claims[resource.type_name, *thing] = mine
    return False


def release(resource: RemoteObject, *thing: str) -> None:
    """What was planned is done; the resource leaves its note."""
    from uuid import uuid4

    _CLAIMS.get(resource.client, {}).pop((resource.type_name, *thing), None)
    resource.private.setdefault(_NOTE, uuid4().hex)
