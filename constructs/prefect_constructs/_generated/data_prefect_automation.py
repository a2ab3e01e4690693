"""The construct of data prefect_automation.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.automation.lookup``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.automation.lookup import AutomationLookup as _Declaration

__all__ = [
    "DataPrefectAutomation",
]


class DataPrefectAutomation(PrefectDataSource):
    """Looks up an automation, by its id, or by its name if it is the only one of that name.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The automation's id (UUID). Left out, the server decides.
        name: The automation's name. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        id: Identifier | None = None,
        name: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The automation's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The automation's name."""
        return self.get_string_attribute("name")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        """
        return self.get_string_attribute("updated")

    @property
    def description(self) -> str:
        """What the automation is for."""
        return self.get_string_attribute("description")

    @property
    def enabled(self) -> IResolvable:
        """Whether the automation acts at all."""
        return self.get_boolean_attribute("enabled")

    @property
    def tags(self) -> list[str]:
        """Tags of the automation. Left out, those that it has are kept."""
        return self.get_list_attribute("tags")

    @property
    def trigger(self) -> IResolvable:
        """When the automation acts: exactly one kind of trigger."""
        return self.interpolation_for_attribute("trigger")

    @property
    def actions(self) -> IResolvable:
        """What to do whenever the automation's trigger fires."""
        return self.interpolation_for_attribute("actions")

    @property
    def actions_on_trigger(self) -> IResolvable:
        """What to do, besides `actions`, when the trigger starts to hold."""
        return self.interpolation_for_attribute("actions_on_trigger")

    @property
    def actions_on_resolve(self) -> IResolvable:
        """What to do, besides `actions`, when the trigger no longer holds."""
        return self.interpolation_for_attribute("actions_on_resolve")
