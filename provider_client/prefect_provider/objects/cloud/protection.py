"""What is too much to lose for a plan that nobody read: it is deleted only if the configuration says so in a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from prefect_provider.objects.remote import RemoteObject
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["ProtectedObject"]


class ProtectedObject(RemoteObject):
    """An object that is not destroyed while `deletion_protection` is on, as it is unless it was turned off before."""

    at_stake: ClassVar[str] = ""
    """What a deletion does, as a sentence: ``Prefect would delete the account with everything in it``."""

    deletion_protection = optional(
        Bool(),
        "Whether destroying the resource is an error instead of a deletion, as it is unless this is false. To delete "
        "it, apply with `false` first; a `removed` block takes it out of the state and leaves it as it is.",
        null_is=True,
        source=None,
    )

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With the protection, of which only Terraform knows."""
        return super().values(data, held) | {"deletion_protection": held.get("deletion_protection")}

    async def plan(self, plan: Plan) -> None:
        """A replacement is a deletion too."""
        await super().plan(plan)
        replaced = self.replaced(plan)
        if plan.prior is not None and replaced and self.is_protected(plan.prior):
            self.diagnostics.add(self.refused((replaced[0],)).diagnostic)

    async def plan_destroy(self, prior: Values) -> None:
        """Refuse it, or say what goes with it."""
        if self.is_protected(prior):
            raise self.refused()
        await super().plan_destroy(prior)

    async def remove(self, prior: Values) -> None:
        """Refuse it here too: of some deletions no plan is asked."""
        if self.is_protected(prior):
            raise self.refused()
        await super().remove(prior)

    @staticmethod
    def is_protected(prior: Values) -> bool:
        """Whether the state says nothing else."""
        return prior.get("deletion_protection") is not False

    def refused(self, path: Path = ()) -> ProviderError:
        """The error for a deletion."""
        block = (
            f"  removed {{\n    from = {self.type_name}.<name>\n"
            "    lifecycle {\n      destroy = false\n    }\n  }"
        )
        detail = say(
            self.at_stake,
            remedy="To have Terraform forget it and leave it as it is, put this in the place of the resource",
        )
        otherwise = say(remedy="To delete it all the same, apply with `deletion_protection = false` first")
        summary = f"The {self.noun()} is protected from deletion"
        return ProviderError(summary, f"{detail}\n\n{block}\n\n{otherwise}", path)
