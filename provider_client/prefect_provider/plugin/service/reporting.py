"""What goes wrong inside an RPC, as a diagnostic in its response or in the last event of its stream: no RPC fails."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.diagnostics import Diagnostic, ProviderError
from prefect_provider.plugin.wire.codec_error import CodecError
from prefect_provider.plugin.wire.messages import diagnostic_messages
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.text.masking import mask

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

__all__ = ["reporting", "reporting_stream"]

_log: Final = logging.getLogger(__name__)


def reporting(name: str, handler: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
    """The handler, with whatever it raises put into its response."""
    response_type = getattr(pb, name).Response

    async def answer(request: Any) -> Any:
        try:
            return await handler(request)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: Terraform must get an answer that names the object
            diagnostic = _diagnostic(name, request, error)
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


def reporting_stream(
    name: str, handler: Callable[[Any], AsyncGenerator[Any, None]]
) -> Callable[[Any], AsyncIterator[Any]]:
    """The handler, with whatever it raises put into an event, which is the last."""

    async def answer(request: Any) -> AsyncIterator[Any]:
        try:
            # Closed at once when nobody wants more, so that nothing is left open behind it.
            async with aclosing(handler(request)) as events:
                async for event in events:
                    yield event
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary, as above
            messages = diagnostic_messages([_diagnostic(name, request, error)])
            if name == "InvokeAction":
                yield pb.InvokeAction.Event(completed=pb.InvokeAction.Event.Completed(diagnostics=messages))
            else:
                yield getattr(pb, name).Event(diagnostic=messages)

    return answer


def _diagnostic(name: str, request: Any, error: Exception) -> Diagnostic:
    """What is said of an exception that an RPC raised."""
    if isinstance(error, ProviderError):
        return error.diagnostic
    named = (getattr(request, field, "") for field in ("type_name", "action_type", "name"))
    subject = next(filter(None, named), "")
    if isinstance(error, CodecError):
        what = f"A value of {subject or 'a value'} cannot be read"
        return Diagnostic("error", what, f"{error}.", error.path)
    _log.error("unexpected error in %s", name, exc_info=error)
    return Diagnostic(
        "error",
        f"Unexpected error in {subject or 'the provider'}",
        f"{name}: {type(error).__name__}: {mask(str(error))}\n\n"
        "This is a defect of the provider, please report it.",
    )
