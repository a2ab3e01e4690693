"""Every field of every answer of an object's life replaced: no traceback, no wrong state, nothing lost or left out.

Each life is recorded on a real server, for every resource that servers have; see `hostile_answers.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.variable import Variable
from tests.objects.hostile_answers import SHARE, try_answers
from tests.objects.table import CASES, Case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.values import Value, Values
    from tests.objects.terraform_core import World


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource.type_name)
def test_every_field_of_every_answer(world: World, case: Case) -> None:
    """Whatever stands in an answer, what is said names the request, and the state is what was or what is."""
    tried, violations = try_answers(world, case, share=SHARE)

    assert tried > 10
    assert violations == [], f"{len(violations)} of {tried}:\n" + "\n".join(violations[:20])


class Credulous(Variable):
    """A variable that takes every answer for one of its own, for which it is no resource of the provider."""

    def problems(self, data: Any) -> list[str]:
        """None, whatever it is."""
        return []

    def values(self, data: Any, held: Mapping[str, Value]) -> Values:
        """What the answer says, and nothing where it says nothing."""
        return super().values(data if isinstance(data, dict) else {}, held)


class Careless(Variable):
    """A variable whose deletion is taken as done when it was not asked for, for which it is no resource either."""

    async def remove(self, prior: Values) -> None:
        """Look, and leave it."""
        await self.fetch(prior)


@pytest.mark.parametrize(
    ("kind", "found"),
    [(Credulous, "a wrong state"), (Credulous, "a wrong id"), (Careless, "taken as deleted")],
)
def test_what_breaks_the_rules_is_found(world: World, kind: type[Variable], found: str) -> None:
    """An object that believes what it is told, or forgets to delete, does not pass."""
    case = next(case for case in CASES if case.resource is Variable)
    before = {one["id"] for one in world.server.listed("/variables")}
    _, violations = try_answers(world, case._replace(resource=kind), share=1.0)
    # What forgets to delete leaves it to others, who want its name.
    for left in {one["id"] for one in world.server.listed("/variables")} - before:
        world.server.call("DELETE", f"/variables/{left}")

    assert any(found in one for one in violations)
