"""Actions: what Terraform (1.14 and newer) does once, beside the changes of a plan or by itself with `-invoke`.

An action has a configuration and no result: what it has to say it says as it goes, and by its diagnostics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.plugin.language.declaration import Declaration

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
    from prefect_provider.plugin.language.values import Values

__all__ = ["Action"]


class Action(Declaration):
    """Something that is done; one instance serves one call. No attribute is computed."""

    type_name: ClassVar[str] = ""

    def __init__(self, client: Any, diagnostics: Diagnostics) -> None:
        self.client: Final = client
        self.diagnostics: Final = diagnostics

    def explain(self, error: Exception) -> Diagnostic | None:
        """The diagnostic for an exception of this call; ``None`` leaves it to :meth:`Provider.explain`."""
        return None

    async def validate(self, config: Values) -> None:
        """Report what is wrong with a configuration beyond what is declared; ``self.client`` is ``None``."""

    async def plan(self, config: Values) -> None:
        """Report what can be seen before it is done. What is not known yet is unknown; the client may be ``None``."""

    def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """Do it, and give what is to be shown meanwhile, text by text; all of ``config`` is known.

        To be written as an async generator. It is closed, or cancelled, when nobody waits any more.
        """
        raise NotImplementedError
