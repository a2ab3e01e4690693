"""Which triggers an event is for, found without asking every one of them.

Names are looked up, once for each name. Of triggers that want a label to have one of a few values, only those are
asked that want a value which the event has: hundreds of automations, each about one deployment, cost what one does.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.events.event import Event
    from prefect_provider.events.windows import Windows

__all__ = ["Interest"]

Role: TypeAlias = "tuple[Windows, bool, bool]"
"""Windows of a trigger, whether it expects an event, and whether the event opens one."""

_Placed: TypeAlias = "tuple[int, Role]"
_ByValue: TypeAlias = "dict[str, list[_Placed]]"

_MOST_NAMES: Final = 10_000
_PLACE: Final = itemgetter(0)


class Interest:
    """The triggers of many automations, by what they look for."""

    def __init__(self, windows: Sequence[Windows]) -> None:
        """Take the triggers in the order in which they are to see an event."""
        self._by_name: dict[str, _Named] = {}
        self._literal: dict[str, list[tuple[int, Windows]]] = {}
        self._by_prefix: list[tuple[str, int, Windows]] = []
        for place, one in enumerate(windows):
            names = one.trigger.names
            if names.literals is None:
                self._by_prefix.append(("", place, one))
                continue
            for name in names.literals:
                self._literal.setdefault(name, []).append((place, one))
            self._by_prefix += [(prefix, place, one) for prefix in names.prefixes]

    def of(self, event: Event) -> list[Role]:
        """Those that cover an event and either expect it or begin to expect others at it."""
        named = self._by_name.get(event.name)
        if named is None:
            named = self._named(event.name)
        found = []
        for _, role in named.candidates(event):
            test = role[0].trigger.resources.test
            if test is None or test(event):
                found.append(role)
        return found

    def candidates(self, event: Event) -> int:
        """How many triggers are asked about an event's labels: the work that it makes."""
        return len(self._named(event.name).candidates(event))

    def _named(self, name: str) -> _Named:
        places = dict(self._literal.get(name, ()))
        places.update((place, one) for prefix, place, one in self._by_prefix if name.startswith(prefix))
        roles: list[_Placed] = []
        for place, one in sorted(places.items(), key=_PLACE):
            expected, opening = one.trigger.names.roles(name)
            if expected or opening:
                roles.append((place, (one, expected, opening)))
        if len(self._by_name) >= _MOST_NAMES:
            self._by_name.clear()
        named = self._by_name[name] = _Named(roles)
        return named


class _Named:
    """The triggers for the events of one name."""

    __slots__ = ("_always", "_own", "_related")

    def __init__(self, roles: Sequence[_Placed]) -> None:
        self._always: list[_Placed] = []
        self._own: dict[str, _ByValue] = {}
        self._related: dict[str, _ByValue] = {}
        for placed in roles:
            literal = placed[1][0].trigger.resources.literal
            if literal is None:
                self._always.append(placed)
                continue
            labels = self._related if literal.is_related else self._own
            values = labels.setdefault(literal.label, {})
            for value in literal.values:
                values.setdefault(value, []).append(placed)

    def candidates(self, event: Event) -> list[_Placed]:
        """Those that may pass, in order, each once."""
        if not self._own and not self._related:
            return self._always
        found = list(self._always)
        for label, values in self._own.items():
            found += values.get(event.resource.get(label), ())  # type: ignore[arg-type]  # None is no value
        for label, values in self._related.items():
            if len(event.related) == 1:
                found += values.get(event.related[0].get(label), ())  # type: ignore[arg-type]  # the same
            else:
                for value in {one.get(label) for one in event.related}:
                    found += values.get(value, ())  # type: ignore[arg-type]  # the same
        if len(found) > 1:
            found.sort(key=_PLACE)
        return found
