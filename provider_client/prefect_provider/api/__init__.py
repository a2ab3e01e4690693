"""Prefect's HTTP API: settings, one client, its errors.

Each name is loaded when it is first asked for: what only validates needs the errors, and neither client nor settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prefect_provider.api.client import Client
    from prefect_provider.api.errors import (
        ApiError,
        Complaint,
        ConfigurationError,
        Conflict,
        ConnectionFailed,
        Forbidden,
        Interrupted,
        Invalid,
        NotFound,
        RateLimited,
        ServerFault,
        TimedOut,
        Unauthorized,
        Unavailable,
        UnexpectedAnswer,
    )
    from prefect_provider.api.exchange.retry import RetryPolicy
    from prefect_provider.api.exchange.transport import Answer, Outgoing, Transport, TransportFault
    from prefect_provider.api.listing import Listing
    from prefect_provider.api.reads import Collection
    from prefect_provider.api.request import (
        Options,
        Params,
        Recover,
        Reply,
        Request,
        RetryRule,
        join_path,
    )
    from prefect_provider.api.scope import Scope
    from prefect_provider.api.sender import Sender
    from prefect_provider.api.settings.resolution import Explicit, Settings, resolve

__all__ = [
    "Answer",
    "ApiError",
    "Client",
    "Collection",
    "Complaint",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "Explicit",
    "Forbidden",
    "Interrupted",
    "Invalid",
    "Listing",
    "NotFound",
    "Options",
    "Outgoing",
    "Params",
    "RateLimited",
    "Recover",
    "Reply",
    "Request",
    "RetryPolicy",
    "RetryRule",
    "Scope",
    "Sender",
    "ServerFault",
    "Settings",
    "TimedOut",
    "Transport",
    "TransportFault",
    "Unauthorized",
    "Unavailable",
    "UnexpectedAnswer",
    "join_path",
    "resolve",
]

_MODULES = {
    "Answer": "exchange.transport",
    "ApiError": "errors",
    "Client": "client",
    "Collection": "reads",
    "Complaint": "errors",
    "ConfigurationError": "errors",
    "Conflict": "errors",
    "ConnectionFailed": "errors",
    "Explicit": "settings.resolution",
    "Forbidden": "errors",
    "Interrupted": "errors",
    "Invalid": "errors",
    "Listing": "listing",
    "NotFound": "errors",
    "Options": "request",
    "Outgoing": "exchange.transport",
    "Params": "request",
    "RateLimited": "errors",
    "Recover": "request",
    "Reply": "request",
    "Request": "request",
    "RetryPolicy": "exchange.retry",
    "RetryRule": "request",
    "Scope": "scope",
    "Sender": "sender",
    "ServerFault": "errors",
    "Settings": "settings.resolution",
    "TimedOut": "errors",
    "Transport": "exchange.transport",
    "TransportFault": "exchange.transport",
    "Unauthorized": "errors",
    "Unavailable": "errors",
    "UnexpectedAnswer": "errors",
    "join_path": "request",
    "resolve": "settings.resolution",
}

if not TYPE_CHECKING:  # a checker is to know the names, and that there are no others

    def __getattr__(name: str) -> Any:
        """One of the names above."""
        from importlib import import_module

        if name not in _MODULES:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        return value
