"""The plugin as a whole: what it has, how it is configured, how its errors read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from prefect_provider.plugin.language.declaration import Declaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.plugin.language.action import Action
    from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
    from prefect_provider.plugin.language.function import Function
    from prefect_provider.plugin.language.resource import (
        DataSource,
        EphemeralResource,
        ListResource,
        Resource,
    )
    from prefect_provider.plugin.language.values import Values

__all__ = ["Provider"]


class Provider(Declaration):
    """The plugin as a whole; its attributes are those of the ``provider`` block.

    The ``*s`` methods return classes rather than hold them, so that importing the provider does
    not import every resource.
    """

    name: ClassVar[str]
    version: ClassVar[str]

    def resources(self) -> Sequence[type[Resource]]:
        """The resource types."""
        return ()

    def list_resources(self) -> Sequence[type[ListResource]]:
        """The resource types whose objects can be listed."""
        return ()

    def data_sources(self) -> Sequence[type[DataSource]]:
        """The data sources."""
        return ()

    def ephemeral_resources(self) -> Sequence[type[EphemeralResource]]:
        """The ephemeral resource types."""
        return ()

    def actions(self) -> Sequence[type[Action]]:
        """The actions."""
        return ()

    def functions(self) -> Sequence[type[Function]]:
        """The functions."""
        return ()

    def find(self, of: str, name: str) -> Any:
        """One of the classes that the method called ``of`` lists, by its name in Terraform; ``None`` if there is none.

        A provider of many types overrides it, so that a call loads only the type that it concerns.
        """
        named = (
            kind for kind in getattr(self, of)() if name == (getattr(kind, "type_name", "") or kind.name)
        )
        return next(named, None)

    async def validate(self, config: Values, diagnostics: Diagnostics) -> None:
        """Report what is wrong with a provider block beyond what is declared."""

    async def configure(self, config: Values, terraform_version: str, diagnostics: Diagnostics) -> Any:
        """The client that resources are given; called once, before any object is touched."""
        return None

    def explain(self, error: Exception) -> Diagnostic | None:
        """The diagnostic for an exception of the provider's own libraries; ``None`` if it is a defect."""
        return None

    def stop(self) -> None:
        """Terraform asks to finish soon: end waits, start nothing new, lose nothing."""

    def leave(self, asked: bool) -> None:
        """The process is to end: because Terraform ``asked``, which then knows what was answered, or otherwise."""
        self.stop()

    async def close(self) -> None:
        """Release connections; the process is about to end."""
