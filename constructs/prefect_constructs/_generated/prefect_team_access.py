"""The construct of resource prefect_team_access.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.team_access``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.team_access import TeamAccess as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyTeam,
    )

__all__ = [
    "PrefectTeamAccess",
    "TeamAccess",
]


class TeamAccess(PrefectResource):
    """A user or a service account is a member of a team on Prefect Cloud, and so has what the team is given.

    One resource for each member; members who are added otherwise stay. Another member, or another team, is
    another membership: the former one ends with the change.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        member_id: The member (UUID): the `user_id` of a user, or the `id` of a service account. Changing it
            makes a new object.
        member_actor_id: The same member's actor (UUID): its `actor_id`, by which the team knows it. Changing
            it makes a new object.
        member_type: Whether the member is a user or a service account. One of `user`, `service_account`.
            Changing it makes a new object.
        team: The team, or its id. Changing it makes a new object.
        team_id: The same as `team`.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration
    aliases: ClassVar[Mapping[str, str]] = {"team": "team_id"}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        member_id: Identifier,
        member_actor_id: Identifier,
        member_type: Literal["user", "service_account"] | IResolvable,
        team: AnyTeam | Identifier | None = None,
        team_id: AnyTeam | Identifier | None = None,
        account_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "member_id": member_id,
            "member_actor_id": member_actor_id,
            "member_type": member_type,
            "team": team,
            "team_id": team_id,
            "account_id": account_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The ids of the team and of the member's actor, with a comma between them."""
        return self.get_string_attribute("id")

    @property
    def team_id(self) -> str:
        """The team (UUID)."""
        return self.get_string_attribute("team_id")

    @property
    def member_id(self) -> str:
        """The member (UUID): the `user_id` of a user, or the `id` of a service account."""
        return self.get_string_attribute("member_id")

    @property
    def member_actor_id(self) -> str:
        """The same member's actor (UUID): its `actor_id`, by which the team knows it."""
        return self.get_string_attribute("member_actor_id")

    @property
    def member_type(self) -> str:
        """Whether the member is a user or a service account."""
        return self.get_string_attribute("member_type")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")


PrefectTeamAccess = TeamAccess
