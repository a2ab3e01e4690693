"""Every field of every answer of an object's life replaced, for what only Prefect Cloud has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prefect_provider.objects.cloud.resource_sla import ResourceSla
from prefect_provider.objects.cloud.team_access import TeamAccess
from prefect_provider.objects.cloud.workspace_access import WorkspaceAccess
from prefect_provider.objects.cloud.workspace_role import WorkspaceRole
from tests.cloud.cases import CASES
from tests.objects.attribute_life import each_object
from tests.objects.hostile_answers import SHARE, try_answers

if TYPE_CHECKING:
    from prefect_provider.plugin.language.resource import Resource
    from tests.objects.table import Case
    from tests.objects.terraform_core import World


_NONE: Final = r"/(filter|by-owner/\S+): (\(\) = \[\]|\(0,\) = <object)"

HONEST: Final[dict[type[Resource], str]] = {
    TeamAccess: r"\('memberships', 0\) = <object|\('memberships',\) = \[\]:",
    WorkspaceAccess: _NONE,
    ResourceSla: _NONE,
    WorkspaceRole: "belongs to no account",
}
"""What a server may say in all honesty: that a list has nothing of it any more, or that a role is Prefect's own."""


@each_object(CASES)
def test_every_field_of_every_answer(cloud_world: World, case: Case) -> None:
    """Whatever stands in an answer, what is said names the request, and the state is what was or what is."""
    tried, violations = try_answers(cloud_world, case, share=SHARE)

    honest = HONEST.get(case.resource, r"(?!)")
    violations = [one for one in violations if not re.search(honest, one)]
    assert tried > 10
    assert violations == [], f"{len(violations)} of {tried}:\n" + "\n".join(violations[:20])
