"""What the simulator keeps, and what of it can be seen yet."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.environment.prefect_cloud.exchange import gone, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Store", "meets", "moment", "paged"]

_MOST: int = 200


def moment() -> str:
    """Now, as the API writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


class Store:
    """Objects by kind and id. A read may lag: it shows an object as it was before its last ``lag`` reads.

    Lists are copies: nobody changes what is stored but by :meth:`put`, :meth:`change` and :meth:`drop`.
    """

    def __init__(self) -> None:
        self.lag = 0
        """How many reads of an object after a write still show what was there before (eventual consistency)."""
        self._objects: dict[str, dict[str, dict[str, Any]]] = {}
        self._stale: dict[tuple[str, str], tuple[int, dict[str, Any] | None]] = {}

    def put(self, kind: str, **values: Any) -> dict[str, Any]:
        """A new object, with an id and the moments of its creation, unless they are given."""
        now = moment()
        one = {"id": str(uuid4()), "created": now, "updated": now} | values
        self._age(kind, one["id"])
        self._objects.setdefault(kind, {})[one["id"]] = one
        return deepcopy(one)

    def change(self, kind: str, id_: str, noun: str, **values: Any) -> dict[str, Any]:
        """Change an object; 404 if there is none."""
        one = self._objects.get(kind, {}).get(id_)
        if one is None:
            raise gone(noun=noun)
        self._age(kind, id_)
        self._objects[kind][id_] = one | values | {"updated": moment()}
        return deepcopy(self._objects[kind][id_])

    def drop(self, kind: str, id_: str, noun: str) -> None:
        """Delete an object; 404 if there is none."""
        if self._objects.get(kind, {}).pop(id_, None) is None:
            raise gone(noun=noun)
        self._stale.pop((kind, id_), None)

    def get(self, kind: str, id_: str, noun: str) -> dict[str, Any]:
        """An object as a read shows it; 404 if there is none, or none yet."""
        one = self._seen(kind, id_)
        if one is None:
            raise gone(noun=noun)
        return one

    def all(self, kind: str, meets: Callable[[dict[str, Any]], bool] = bool) -> list[dict[str, Any]]:
        """The objects of a kind that meet a condition, as reads show them, in the order of their creation."""
        shown = [self._seen(kind, id_) for id_ in list(self._objects.get(kind, {}))]
        return [one for one in shown if one is not None and meets(one)]

    def actual(self, kind: str, meets: Callable[[dict[str, Any]], bool] = bool) -> list[dict[str, Any]]:
        """The same as they are by now, for what the simulator itself decides."""
        return [deepcopy(one) for one in self._objects.get(kind, {}).values() if meets(one)]

    def is_settled(self, kind: str, id_: str) -> bool:
        """Whether reads show an object as it is by now."""
        return self._stale.get((kind, id_), (0, None))[0] == 0

    def _age(self, kind: str, id_: str) -> None:
        if self.lag:
            before = self._objects.get(kind, {}).get(id_)
            self._stale[kind, id_] = (self.lag, deepcopy(before))

    def _seen(self, kind: str, id_: str) -> dict[str, Any] | None:
        left, before = self._stale.get((kind, id_), (0, None))
        if left:
            self._stale[kind, id_] = (left - 1, before)
            return deepcopy(before)
        return deepcopy(self._objects.get(kind, {}).get(id_))


def paged(found: Iterable[dict[str, Any]], body: Any) -> list[dict[str, Any]]:
    """The page that a filter's body asks for: ``limit`` (at most 200, which is the default) and ``offset``."""
    asked = body or {}
    limit, offset = asked.get("limit", _MOST), asked.get("offset", 0)
    if not isinstance(limit, int) or not 0 <= limit <= _MOST:
        raise invalid(("body", "limit"), f"Input should be between 0 and {_MOST}", limit)
    if not isinstance(offset, int) or offset < 0:
        raise invalid(("body", "offset"), "Input should be greater than or equal to 0", offset)
    return list(found)[offset : offset + limit]


def meets(body: Any, noun: str, field: str) -> Callable[[dict[str, Any]], bool]:
    """The condition that a filter's body has: ``{"teams": {"name": {"any_": [...]}}}``; without one, all meet it.

    422 for a body that asks for something else, as a filter of another form does.
    """
    asked = dict(body or {})
    for name, value in asked.items():
        if name not in (noun, "limit", "offset", "sort"):
            raise invalid(("body", name), "Extra inputs are not permitted", value)
    conditions = asked.get(noun) or {}
    for name, value in conditions.items():
        if name != field:
            raise invalid(("body", noun, name), "Extra inputs are not permitted", value)
    # A client in Go writes null where it asks for nothing.
    wanted = (conditions.get(field) or {}).get("any_")
    return lambda one: wanted is None or one[field] in wanted
