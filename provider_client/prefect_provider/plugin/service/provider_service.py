"""The provider service of plugin protocol 6: messages in, calls of the engine, messages out.

Whatever goes wrong inside an RPC becomes a diagnostic in its response; an RPC never fails. Terraform asks for
methods by the names that the protocol gives them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.diagnostics import Diagnostic, ProviderError
from prefect_provider.plugin.service.configuration import Configuration
from prefect_provider.plugin.service.data_sources import DataSources
from prefect_provider.plugin.service.ephemeral_resources import EphemeralResources
from prefect_provider.plugin.service.functions import Functions
from prefect_provider.plugin.service.resources import Resources
from prefect_provider.plugin.service.schemas import Schemas
from prefect_provider.plugin.service.session import Session
from prefect_provider.plugin.service.state_upgrades import StateUpgrades
from prefect_provider.plugin.wire.codec_error import CodecError
from prefect_provider.plugin.wire.messages import diagnostic_messages
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.text.masking import mask

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from prefect_provider.plugin.language.provider import Provider

__all__ = ["ProviderService"]

_log: Final = logging.getLogger(__name__)

_GROUPS: Final = (
    Schemas,
    Configuration,
    Resources,
    StateUpgrades,
    DataSources,
    EphemeralResources,
    Functions,
)


class ProviderService:
    """Answers Terraform's calls with a provider."""

    def __init__(self, provider: Provider) -> None:
        self._session: Final = Session(provider)

    def methods(self) -> dict[str, tuple[type[Any], type[Any], Callable[[Any], Awaitable[Any]]]]:
        """Request type, response type and handler of each RPC, by its name in the protocol."""
        return {
            name: (getattr(pb, name).Request, getattr(pb, name).Response, _reporting(name, handler))
            for group in _GROUPS
            for name, handler in group(self._session).methods().items()
        }


def _reporting(name: str, handler: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
    """The handler, with whatever it raises put into its response."""
    response_type = getattr(pb, name).Response

    async def answer(request: Any) -> Any:
        try:
            return await handler(request)
        except asyncio.CancelledError:
            raise
        except ProviderError as error:
            diagnostic = error.diagnostic
        except CodecError as error:
            subject = getattr(request, "type_name", "") or "a value"
            diagnostic = Diagnostic("error", f"A value of {subject} cannot be read", f"{error}.", error.path)
        except Exception as error:  # noqa: BLE001 - the boundary: Terraform must get an answer that names the object
            _log.exception("unexpected error in %s", name)
            subject = getattr(request, "type_name", "") or getattr(request, "name", "") or "the provider"
            diagnostic = Diagnostic(
                "error",
                f"Unexpected error in {subject}",
                f"{name}: {type(error).__name__}: {mask(str(error))}\n\n"
                "This is a defect of the provider, please report it.",
            )
        if name == "CallFunction":
            text = f"{diagnostic.summary}: {diagnostic.detail}"
            return response_type(error=pb.FunctionError(text=text))
        response = response_type()
        if name == "StopProvider":
            response.Error = diagnostic.summary
            return response
        response.diagnostics.extend(diagnostic_messages([diagnostic]))
        # Terraform takes a missing state for "gone"; after an error the object is as it was.
        if name == "ReadResource":
            response.new_state.CopyFrom(request.current_state)
            response.private = request.private
        elif name == "ApplyResourceChange":
            response.new_state.CopyFrom(request.prior_state)
            response.private = request.planned_private
        return response

    return answer
