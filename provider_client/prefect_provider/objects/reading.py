"""What ephemeral resources share: where they read, and how they explain errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.explanation import explain_at_attribute
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.kinds import Uuid
from prefect_provider.plugin.language.resource import EphemeralResource

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostic

__all__ = ["WorkspaceReading"]


class WorkspaceReading(EphemeralResource):
    """Something of a workspace that is read; a self-hosted server is one as a whole."""

    account_id = optional(Uuid(), "The Prefect Cloud account (UUID), if not the provider's.", source=None)
    workspace_id = optional(Uuid(), "The Prefect Cloud workspace (UUID), if not the provider's.", source=None)

    def explain(self, error: Exception) -> Diagnostic | None:
        """An error of the server that names a field is shown at its attribute."""
        return explain_at_attribute(type(self), error)
