"""Prefect's HTTP API: settings, one client, its errors."""

from __future__ import annotations

from prefect_provider.api.bulk import Listing
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
