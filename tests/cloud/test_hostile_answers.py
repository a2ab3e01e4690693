"""Every field of every answer of an object's life replaced, for what only Prefect Cloud has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from prefect_provider.objects.cloud.team_access import TeamAccess
from tests.cloud.cases import CASES
from tests.objects.attribute_life import each_object
from tests.objects.hostile_answers import SHARE, try_answers

if TYPE_CHECKING:
    from tests.objects.table import Case
    from tests.objects.terraform_core import World


HONEST = {TeamAccess: re.compile(r"\('memberships', 0\) = <object|\('memberships',\) = \[\]:")}
"""What a server may say in all honesty: that somebody is a member no more."""


@each_object(CASES)
def test_every_field_of_every_answer(cloud_world: World, case: Case) -> None:
    """Whatever stands in an answer, what is said names the request, and the state is what was or what is."""
    tried, violations = try_answers(cloud_world, case, share=SHARE)

    honest = HONEST.get(case.resource)
    violations = [one for one in violations if honest is None or not honest.search(one)]
    assert tried > 10
    assert violations == [], f"{len(violations)} of {tried}:\n" + "\n".join(violations[:20])
