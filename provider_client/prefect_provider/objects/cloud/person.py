"""What belongs to a person, and to no account of Prefect Cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.placed import refuse_other_servers
from prefect_provider.objects.remote import RemoteObject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Value

__all__ = ["PersonalObject"]


class PersonalObject(RemoteObject):
    """A person on Prefect Cloud, or what is theirs in every account."""

    cloud_only = True

    def place(self, values: Mapping[str, Value]) -> Scope:
        """The whole of Prefect Cloud; raises ProviderError for another server."""
        refuse_other_servers(self)
        return super().place(values)
