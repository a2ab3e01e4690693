"""What all actions share: where they act, and how errors of the API read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.explanation import explain_at_attribute
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.plugin.language.action import Action
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.kinds import Uuid

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from prefect_provider.plugin.language.values import Values

__all__ = ["WorkspaceAction", "run_link"]


class WorkspaceAction(Action):
    """An action on a workspace; a self-hosted server is one as a whole."""

    account_id = optional(Uuid(), "The Prefect Cloud account (UUID), if not the provider's.", source=None)
    workspace_id = optional(Uuid(), "The Prefect Cloud workspace (UUID), if not the provider's.", source=None)

    def explain(self, error: Exception) -> Diagnostic | None:
        """An error of the server that names a field is shown at its attribute."""
        return explain_at_attribute(type(self), error)

    def scope(self, config: Values) -> Scope:
        """The workspace; raises ProviderError for one that the server does not have."""
        return WorkspaceObject(self.client, self.diagnostics).scope(config)

    def known_scope(self, config: Values) -> Scope | None:
        """The same at plan: ``None`` while the provider is not configured, or an id of the place is not known."""
        return WorkspaceObject(self.client, self.diagnostics).known_scope(config)


def run_link(client: Any, run_id: str) -> str:
    """Where a person sees a flow run, as Prefect's own command line says it."""
    settings = client.settings
    if settings.is_cloud:
        place = f"account/{settings.account_id}/workspace/{settings.workspace_id}"
        return f"https://app.prefect.cloud/{place}/runs/flow-run/{run_id}"
    return f"{settings.endpoint.url.removesuffix('/api')}/runs/flow-run/{run_id}"
