"""The place of objects that show where they are, also where the configuration leaves that to the provider.

The official provider stores account and workspace of these as the API answers them. A state of its keeps them so; to an
object that is made here the place is known as soon as the provider's is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.remote import RemoteObject
from prefect_provider.plugin.language.declaration import Attribute, optional
from prefect_provider.plugin.language.kinds import Uuid
from prefect_provider.plugin.language.values import Unknown, Value
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["PlacedObject", "own_account_id", "own_workspace_id", "placed_in"]


def own_account_id() -> Attribute:
    """The account: what is configured, or the provider's."""
    return _id("account")


def own_workspace_id() -> Attribute:
    """The workspace: what is configured, or the provider's."""
    return _id("workspace")


def _id(noun: str) -> Attribute:
    description = f"The Prefect Cloud {noun} (UUID), if not the provider's."
    return optional(Uuid(), description, server_default=True, replace=True, source=None)


def placed_in(values: Mapping[str, Value]) -> dict[str, Value]:
    """The values, with the provider's place for ids that are not known."""
    ids = ("account_id", "workspace_id")
    return dict(values) | {name: None for name in ids if isinstance(values.get(name), Unknown)}


class PlacedObject(RemoteObject):
    """An object whose attributes are :func:`own_account_id` and, if it is in one, :func:`own_workspace_id`."""

    def place(self, values: Mapping[str, Value]) -> Scope:
        """Its own place, or the provider's while that is not known."""
        return super().place(placed_in(values))

    async def plan(self, plan: Plan) -> None:
        """A new object's place is planned where the provider's is known."""
        scope: Any = self.known_scope(plan.config) if plan.prior is None else None
        for name in self.located_by:
            known = None if scope is None else getattr(scope, name)
            if known is not None and isinstance(plan.planned[name], Unknown) and plan.config[name] is None:
                plan.planned[name] = known
        await super().plan(plan)
        self._say_where(plan)

    def _say_where(self, plan: Plan) -> None:
        """Warn of an object that stays elsewhere, though its place is left to the provider."""
        scope: Any = self.known_scope(plan.config) if plan.prior is not None else None
        for name in self.located_by if scope is not None else ():
            held, own = plan.planned[name], getattr(scope, name)
            if (
                plan.config[name] is None
                and isinstance(held, str)
                and not self.attributes[name].same(held, own)
            ):
                where = name.removesuffix("_id")
                self.diagnostics.warning(
                    f"The {self.noun()} is in another {where} than the provider's",
                    say(
                        f"it stays in {held}; `{name}` is left out, and the provider's is {own}",
                        remedy=f"Set `{name}` to the one that is meant: with another one it is made anew there",
                    ),
                    (name,),
                )
                return
