"""What becomes of an exception that leaves a handler: a gRPC status, never the end of the process."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.serving.rpc import RpcError, Status
from prefect_provider.text.masking import mask

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

__all__ = ["as_status", "contained", "status"]

_MAX_STATUS_TEXT = 4000
"""Characters: it travels in a trailer, and a peer may refuse long ones."""

_log = logging.getLogger(__name__)


async def contained(name: str, handler: Callable[[Any], Awaitable[Any]], request: Any) -> Any:
    """The handler's answer, or the error that Terraform is to see: nothing gets out of here."""
    try:
        with as_status(name):
            return await handler(request)
    except RpcError as error:
        return error
    except asyncio.CancelledError as error:  # by the handler's own doing: nobody else has this task
        return status(name, error)


@contextmanager
def as_status(name: str) -> Iterator[None]:
    """Turn an exception from inside into the status that Terraform is to see."""
    try:
        yield
    except RpcError:
        raise
    except (Exception, SystemExit) as error:
        raise status(name, error) from error


def status(name: str, error: BaseException) -> RpcError:
    """INTERNAL, with a text for people, after the traceback went to the log."""
    _log.error("%s failed", name, exc_info=error, extra={"tf_rpc": name})
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    text = mask(
        f"The provider failed in {name}, which is a defect of the provider, not of the configuration. "
        f"{what}. Run Terraform with TF_LOG=ERROR to see where."
    )
    return RpcError(Status.INTERNAL, text[:_MAX_STATUS_TEXT])
