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

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.api import ApiError
from prefect_provider.objects.existing import going_ids
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.text.path import Path

__all__ = ["Dependents", "Loss", "count_losses", "report_destruction", "report_replacement"]

_SHOWN: Final = 3
_PAGE: Final = 200


class Dependents(NamedTuple):
    """A kind of objects that hang on another, and how the server tells of them."""

    what: str
    """What they are called, in the plural: ``deployments``."""
    fate: str
    """What becomes of them, as a verb: ``deletes``, ``cancels``, ``takes the pool from``."""
    filter: Mapping[str, Any]
    """The filter that finds them: ``{"flows": {"id": {"any_": [...]}}}``."""
    count_path: str = ""
    """Where they are counted: ``/deployments/count``; empty where the server lists them only."""
    list_path: str = ""
    """Where they are listed, for their names: ``/deployments/filter``; empty where names say nothing, as of runs."""
    type_name: str = ""
    """Their Terraform type: those that this plan destroys anyway are no loss."""


class Loss(NamedTuple):
    """How many there are of one kind; ``None`` if they could not be counted, and why."""

    of: Dependents
    number: int | None
    names: tuple[str, ...] = ()
    reason: str = ""


async def count_losses(
    resource: RemoteObject, prior: Mapping[str, Any], dependents: Iterable[Dependents]
) -> list[Loss]:
    """What there is of each kind, without those of which there is none.

    Raises nothing: what cannot be counted is a loss of unknown size. Empty while the provider is not configured.
    """
    if resource.client is None:
        return []
    losses = []
    for one in dependents:
        loss = await _count(resource, prior, one)
        if loss.number != 0:
            losses.append(loss)
    return losses


async def _count(resource: RemoteObject, prior: Mapping[str, Any], one: Dependents) -> Loss:
    scope = resource.scope(prior)
    going = going_ids(resource.client, one.type_name)
    names: tuple[str, ...] = ()
    number: int | None = None
    try:
        if one.count_path:
            number = int((await scope.post(one.count_path, dict(one.filter), retry="safe")).data)
        if one.list_path and number != 0:
            # Without a place that counts, and to tell which of them go anyway, as many as one answer can hold.
            limit = _SHOWN + 1 if one.count_path and not going else _PAGE
            found = (await scope.post(one.list_path, {**one.filter, "limit": limit}, retry="safe")).data
            stay = [entry for entry in found if str(entry["id"]).lower() not in going]
            names = tuple(str(entry.get("name") or entry["id"]) for entry in stay)
            number = len(stay) if number is None else number - (len(found) - len(stay))
    except ApiError as error:
        return Loss(one, None, reason=str(error))
    return Loss(one, number, names)


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
