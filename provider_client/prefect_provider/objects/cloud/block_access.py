"""``prefect_block_access``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.cloud.access_lists import AccessList, actors, teams
from prefect_provider.objects.identity import Key
from prefect_provider.plugin.language.declaration import required
from prefect_provider.plugin.language.kinds import Uuid

if TYPE_CHECKING:
    from prefect_provider.objects.placed import WorkspaceObject

__all__ = ["BlockAccess"]


class BlockAccess(AccessList):
    """Who may manage and who may see a block on Prefect Cloud: nobody else can, whatever their role in the workspace.

    The owners of the workspace and the account's admins always can. All who are named need a role in the workspace
    first (`prefect_workspace_access`). Destroying this resource puts back the list that was there before, for a block
    that nobody had narrowed everybody; the plan says so. An import knows of no list before: everybody is put back.
    """

    type_name = "prefect_block_access"
    address = "/block_documents/{block_id}/access"
    of = "block_id"
    levels = ("manage", "view")
    key = Key("{block_id}")
    identified_by = ("block_id",)

    block_id = required(Uuid(), "The block (UUID).", replace=True)
    manage_actor_ids = actors("change and delete the block")
    view_actor_ids = actors("see the block and use it")
    manage_team_ids = teams("change and delete the block")
    view_team_ids = teams("see the block and use it")

    @classmethod
    def owner(cls) -> type[WorkspaceObject]:
        """Blocks."""
        from prefect_provider.objects.server.block import Block

        return Block
