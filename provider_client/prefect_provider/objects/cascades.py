"""What the server deletes or empties along with an object: counted, named, and said in the plan.

A resource asks for what hangs on it, and reports it where it is replaced or destroyed::

    async def plan(self, plan):
        if plan.prior is not None and plan.changes("type"):
            losses = await count_losses(self, plan.prior, self.dependents(plan.prior))
            report_replacement(self, plan.prior, losses, ("type",))

    async def plan_destroy(self, prior):
        report_destruction(self, prior, await count_losses(self, prior, self.dependents(prior)))

What Terraform does not manage counts too: the server does not ask.
"""

from __future__ import annotations

import time
from collections import deque
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from prefect_provider.api import ApiError
from prefect_provider.objects.existing import going_ids
from prefect_provider.objects.snapshots import everything, number_of_all
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prefect_provider.api import Scope
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.text.path import Path

__all__ = ["Dependents", "Loss", "count_losses", "report_destruction", "report_replacement"]

_SHOWN: Final = 3
_PAGE: Final = 200

_MANY: Final = 4
"""Objects whose loss is asked for in a short time, when many are destroyed."""

_FRESH: Final = 10.0
"""Seconds for which a look at all objects of a kind serves; it is a warning that depends on it."""

_PAGES: Final = 10
"""Pages that such a look may take; of more, those of each object are asked for by themselves."""


class Dependents(NamedTuple):
    """A kind of objects that hang on another, and how the server tells of them."""

    what: str
    """What they are called, in the plural: ``deployments``."""
    fate: str
    """What becomes of them, as a verb: ``deletes``, ``cancels``, ``takes the pool from``."""
    collection: str = ""
    """Where all of the kind are: ``/deployments``."""
    owner: Mapping[str, str] = MappingProxyType({})
    """What those that hang on the object have in common: ``{"flow_id": ...}``."""
    filter: Mapping[str, Any] = MappingProxyType({})
    """The filter that finds them: ``{"flows": {"id": {"any_": [...]}}}``."""
    list_path: str = ""
    """Where that filter is asked, if not below the collection."""
    counts: bool = True
    """Whether the server counts what a filter finds."""
    named: bool = True
    """Whether their names say something; those of runs do not."""
    type_name: str = ""
    """Their Terraform type: those that this plan destroys anyway are no loss."""


class Loss(NamedTuple):
    """How many there are of one kind; ``None`` if they could not be counted, and why."""

    of: Dependents
    number: int | None
    names: tuple[str, ...] = ()
    reason: str = ""


class _Crowd:
    """How many questions a client has asked lately."""

    def __init__(self) -> None:
        self.asked: deque[float] = deque(maxlen=_MANY)

    def joined(self) -> bool:
        """Join it; whether many ask, so that it pays to look at all objects once."""
        self.asked.append(time.monotonic())
        return len(self.asked) == _MANY and self.asked[-1] - self.asked[0] < _FRESH


_CROWDS: Final[WeakKeyDictionary[Any, _Crowd]] = WeakKeyDictionary()


async def count_losses(
    resource: RemoteObject, prior: Mapping[str, Any], dependents: Iterable[Dependents]
) -> list[Loss]:
    """What there is of each kind, without those of which there is none.

    Raises nothing: what cannot be counted is a loss of unknown size. Empty while the provider is not configured.
    """
    if resource.client is None:
        return []
    crowded = _CROWDS.setdefault(resource.client, _Crowd()).joined()
    losses = [await _count(resource, prior, one, crowded=crowded) for one in dependents]
    return [loss for loss in losses if loss.number != 0]


async def _count(resource: RemoteObject, prior: Mapping[str, Any], one: Dependents, *, crowded: bool) -> Loss:
    scope = resource.scope(prior)
    try:
        return (crowded and await _among_all(resource, scope, one)) or await _ask(resource, scope, one)
    except ApiError as error:
        return Loss(one, None, reason=str(error))


async def _among_all(resource: RemoteObject, scope: Scope, one: Dependents) -> Loss | None:
    """The loss as a look at all objects of its kind tells; ``None`` if there are too many to look at."""
    client = resource.client
    if one.counts:
        total = await number_of_all(client, scope, one.collection, fresh=_FRESH)
        if total == 0:
            return Loss(one, 0)
        if total > _PAGES * _PAGE:
            return None
    found = await everything(client, scope, one.collection, fresh=_FRESH, most=_PAGES)
    return None if found is None else _staying(resource, one, found.of(one.owner))


async def _ask(resource: RemoteObject, scope: Scope, one: Dependents) -> Loss:
    """The loss as the server tells for this object."""
    number: int | None = None
    if one.counts:
        number = int((await scope.post(f"{one.collection}/count", dict(one.filter))).data)
        if number == 0 or not one.named:
            return Loss(one, number)
    # Without a place that counts, and to tell which of them go anyway, as many as one answer can hold.
    limit = _SHOWN + 1 if one.counts and not going_ids(resource.client, one.type_name) else _PAGE
    path = one.list_path or f"{one.collection}/filter"
    found = (await scope.post(path, {**one.filter, "limit": limit})).data
    loss = _staying(resource, one, found)
    return loss if number is None else loss._replace(number=number - (len(found) - (loss.number or 0)))


def _staying(resource: RemoteObject, one: Dependents, found: Sequence[Mapping[str, Any]]) -> Loss:
    """The loss of those that this plan does not destroy anyway."""
    going = going_ids(resource.client, one.type_name)
    stay = [entry for entry in found if str(entry["id"]).lower() not in going]
    names = [str(entry.get("name") or entry["id"]) for entry in stay] if one.named else []
    return Loss(one, len(stay), tuple(names))


def report_replacement(
    resource: RemoteObject, prior: Mapping[str, Any], losses: Sequence[Loss], path: Path, *, remedy: str = ""
) -> None:
    """Warn, at the attribute that needs the replacement, of what goes with it.

    An empty ``path`` is for the replacement of a tainted object, which no attribute asks for. (Of a replacement that
    `-replace` or `replace_triggered_by` asks for Terraform shows no warnings.) ``remedy`` replaces the usual one, which
    is `replace_triggered_by` on what depends on the object.
    """
    if losses:
        noun = _noun(resource)
        resource.diagnostics.warning(
            f"Replacing the {noun} loses more than the {noun}",
            say(
                f"replacing {_named(resource, prior)} {_together(losses)}",
                remedy=remedy
                or f"Set `lifecycle {{ replace_triggered_by = [{resource.type_name}.<name>] }}` on the resources that "
                "depend on it, so that they are made anew in the same apply; `prevent_destroy` on this one refuses it",
            ),
            path,
        )


def report_destruction(
    resource: RemoteObject, prior: Mapping[str, Any], losses: Sequence[Loss], *, remedy: str = ""
) -> None:
    """Warn of what goes with an object that is to be destroyed."""
    if losses:
        noun = _noun(resource)
        resource.diagnostics.warning(
            f"Destroying the {noun} loses more than the {noun}",
            say(
                f"destroying {_named(resource, prior)} {_together(losses)}",
                remedy=remedy
                or "Set `lifecycle { prevent_destroy = true }` to refuse it, or take the object out of the state with "
                "a `removed` block to leave it on the server",
            ),
        )


def _together(losses: Sequence[Loss]) -> str:
    parts, fate = [], ""
    for loss in losses:
        parts.append(_said(loss) if loss.of.fate == fate else f"{loss.of.fate} its {_said(loss)}")
        fate = loss.of.fate
    return f"{' and '.join(parts)}, also those that Terraform does not manage"


def _said(loss: Loss) -> str:
    if loss.number is None:
        return f"{loss.of.what}, which could not be counted ({loss.reason.rstrip('.')})"
    what = loss.of.what.removesuffix("s") if loss.number == 1 else loss.of.what
    text = f"{loss.number} {what}"
    if loss.names:
        more = ", ..." if loss.number > _SHOWN else ""
        text += f" ({', '.join(map(show, loss.names[:_SHOWN]))}{more})"
    return text


def _named(resource: RemoteObject, prior: Mapping[str, Any]) -> str:
    name = prior.get("name")
    return f"the {_noun(resource)} {show(name)}" if name else f"the {_noun(resource)}"


def _noun(resource: RemoteObject) -> str:
    return resource.type_name.removeprefix("prefect_").replace("_", " ")
