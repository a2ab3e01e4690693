"""What ephemeral resources share: where they read, and how they say that there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.explanation import explain_at_attribute
from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Uuid
from prefect_provider.plugin.language.resource import EphemeralResource
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.diagnostics import Diagnostic

__all__ = ["WorkspaceReading"]


class WorkspaceReading(EphemeralResource):
    """Something of a workspace that is read; a self-hosted server is one as a whole."""

    account_id = optional(Uuid(), "The Prefect Cloud account (UUID), if not the provider's.", source=None)
    workspace_id = optional(Uuid(), "The Prefect Cloud workspace (UUID), if not the provider's.", source=None)

    def explain(self, error: Exception) -> Diagnostic | None:
        """An error of the server that names a field is shown at its attribute."""
        return explain_at_attribute(type(self), error)

    async def missing(
        self, scope: Scope, noun: str, name: str, at: str, path: str, wanted: Mapping[str, Any]
    ) -> ProviderError:
        """The error that there is no such object; the filter at ``path`` has the names that may be meant."""
        data = (await scope.post(path, dict(wanted))).data
        listed = data if isinstance(data, list) else []
        near = near_names(
            name, [str(one["name"]) for one in listed if isinstance(one, dict) and one.get("name")]
        )
        remedy = f"Did you mean {names(near, last='or')}?" if near else ""
        msg = f"No such {noun}"
        return ProviderError(msg, say(f"there is no {noun} {show(name)}", remedy=remedy), (at,))
