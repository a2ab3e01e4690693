"""``prefect_work_pool_access``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.api import Listing
from prefect_provider.objects.answers import object_of
from prefect_provider.objects.cloud.access_lists import AccessList, actors, teams
from prefect_provider.objects.identity import Key
from prefect_provider.objects.remote import NAME_FORM, NAME_PATTERN
from prefect_provider.plugin.language.declaration import required
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.text.identifier import is_uuid

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.objects.placed import WorkspaceObject

__all__ = ["WorkPoolAccess"]

_BY_NAME: Final = Listing("/work_pools", "work_pools", key=("name",))
_BY_ID: Final = Listing("/work_pools", "work_pools", is_final=True)


class WorkPoolAccess(AccessList):
    """Who may manage, use and see a work pool on Prefect Cloud: nobody else can, whatever their role in the workspace.

    It holds for all deployments that use the pool, whose own lists count no more. The owners of the workspace and the
    account's admins always can. All who are named need a role in the workspace first (`prefect_workspace_access`).
    Destroying this resource puts back the list that was there before, for a pool that nobody had narrowed everybody;
    the plan says so. An import knows of no list before: everybody is put back.
    """

    type_name = "prefect_work_pool_access"
    address = "/work_pools/{work_pool_name}/access"
    of = "work_pool_name"
    key = Key("{work_pool_name}")
    identified_by = ("work_pool_name",)

    work_pool_name = required(
        String(pattern=NAME_PATTERN, form=NAME_FORM), "Name of the work pool.", replace=True
    )
    manage_actor_ids = actors("change and delete the work pool")
    run_actor_ids = actors("run what uses the work pool")
    view_actor_ids = actors("see the work pool")
    manage_team_ids = teams("change and delete the work pool")
    run_team_ids = teams("run what uses the work pool")
    view_team_ids = teams("see the work pool")

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        return "`<work pool name>` or `<work pool id>`, followed by `,<workspace id>` for another workspace"

    @classmethod
    def owner(cls) -> type[WorkspaceObject]:
        """Work pools."""
        from prefect_provider.objects.server.work_pool import WorkPool

        return WorkPool

    async def object_id(self, scope: Scope, text: str) -> str | None:
        """The pool's id, asked for together with those of others."""
        found = await scope.collection(_BY_NAME).read(text)
        if found is None:
            return None
        return str(object_of(f"GET /work_pools/{text}", self.subject(), found, id=Uuid())["id"])

    async def named(self, scope: Scope, text: str) -> str | None:
        """A pool's name, which is what it is known by; an id leads to it."""
        if is_uuid(text):
            found = await scope.collection(_BY_ID).find(text)
            if found is not None:
                return str(object_of("POST /work_pools/filter", self.subject(), found, name=String())["name"])
        if self.key.read(text, type(self)) is None:
            raise self.wrong_import_id(text)
        return text
