"""Whose the schedules of a deployment are: the deployment's own, by its `schedules`, or resources' of their own.

A deployment whose `schedules` are configured has these and no others, so a resource for another one would be undone
by it at each apply. A provider sees one resource at a time, but a process sees all of a configuration, so it remembers
what it has met of each deployment, per client. What moves from one owner to the other in one apply is neither lost nor
there twice, in whichever order Terraform takes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from prefect_provider.plugin.language.values import Unknown
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["Ownership", "ownership_of"]


class Ownership:
    """What a process has met of the schedules of one deployment; `lock` is held while they are written."""

    def __init__(self) -> None:
        import asyncio

        self.lock: Final = asyncio.Lock()
        self._deployment = ""
        self._slugs: frozenset[str] | None = None
        """Those that the deployment has in its `schedules`; `None` where it leaves them to others."""
        self._dropped: frozenset[str] = frozenset()
        self._declared: dict[str, Values] = {}
        self._released = False

    def configure(self, name: str, schedules: Value, before: Value) -> None:
        """The deployment is planned or written with these `schedules` in its configuration, after those before."""
        if isinstance(schedules, Unknown):
            return
        self._deployment = name
        self._slugs = None if schedules is None else frozenset(schedules)
        planned = schedules or {}
        self._dropped = frozenset(slug for slug in _slugs(before) if slug not in planned)

    def declare(self, label: str, config: Values, *, is_new: bool) -> bool:
        """A resource for one schedule is planned; false where it is new, and another one of that label was planned."""
        known = self._declared.get(label)
        if is_new and known is not None and known != config:
            return False
        self._declared[label] = config
        return True

    def drops(self, slug: str) -> bool:
        """Whether the deployment is about to delete the schedule of a slug, because it is no longer configured."""
        return slug in self._dropped

    def has(self, slug: str) -> bool:
        """Whether the deployment has a schedule of that slug in its `schedules`."""
        return self._slugs is not None and slug in self._slugs

    def release(self, label: str) -> None:
        """A resource deletes its schedule."""
        self._declared.pop(label, None)
        self._released = True

    @property
    def was_released(self) -> bool:
        """Whether a schedule was deleted by a resource of its own."""
        return self._released

    def conflict(self, label: str) -> str:
        """Why a resource cannot have the schedule that people know as ``label``; empty if it can."""
        if self._slugs is None:
            return ""
        return _told(self._deployment, self._slugs, [label])

    def conflict_of_drop(self, label: str) -> str:
        """Why a resource cannot keep the schedule that the deployment is about to delete."""
        return say(
            f"the schedule {show(label)} is removed from `schedules` of the prefect_deployment "
            f"{show(self._deployment)}, which deletes it, and is managed by a prefect_deployment_schedule as well",
            remedy="Do not import it: the prefect_deployment_schedule makes it anew in the same apply",
        )

    def conflict_with_declared(self, name: str, schedules: Value) -> str:
        """Why the deployment cannot have these `schedules`; empty if it can."""
        if not self._declared or schedules is None or isinstance(schedules, Unknown):
            return ""
        return _told(name, frozenset(schedules), sorted(self._declared))


def _slugs(schedules: Value) -> tuple[str, ...]:
    return tuple(schedules) if isinstance(schedules, dict) else ()


def _told(deployment: str, slugs: frozenset[str], labels: list[str]) -> str:
    """The error of two owners, which names both: a provider is told no addresses."""
    has = f"has {names(sorted(slugs), last='and')}" if slugs else "has none"
    own = "has a resource of its own" if len(labels) == 1 else "have resources of their own"
    return say(
        f"`schedules` of the prefect_deployment {show(deployment)} {has}, and leaves no other schedule in place, but "
        f"{names(labels, last='and')} of the same deployment {own}, prefect_deployment_schedule",
        remedy="Leave `schedules` out of the deployment (an empty map is not left out) and make each schedule a "
        "prefect_deployment_schedule, or move them all into `schedules`",
    )


_OWNERSHIPS: Final[WeakKeyDictionary[Any, dict[str, Ownership]]] = WeakKeyDictionary()


def ownership_of(client: Client, scope: Scope, deployment_id: str) -> Ownership:
    """What this process has met of the schedules of a deployment."""
    known: dict[str, Ownership] = _OWNERSHIPS.setdefault(client, {})
    return known.setdefault(f"{scope.prefix}/{deployment_id.lower()}", Ownership())
