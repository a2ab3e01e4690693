"""Prefect's HTTP API: settings, one client, its errors."""

from __future__ import annotations

from .client import Client
from .collections import Collection
from .errors import (
    ApiError,
    ConfigurationError,
    Conflict,
    ConnectionFailed,
    Forbidden,
    Interrupted,
    Invalid,
    NotFound,
    Problem,
    RateLimited,
    ServerFault,
    TimedOut,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
)
from .retry import RetryPolicy
from .scope import Scope
from .sender import Params, Recover, Reply, RetryRule, Sender, join_path
from .settings import Explicit, Settings, resolve
from .transport import Answer, Outgoing, Transport, TransportFault

__all__ = [
    "Answer",
    "ApiError",
    "Client",
    "Collection",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "Explicit",
    "Forbidden",
    "Interrupted",
    "Invalid",
    "NotFound",
    "Outgoing",
    "Params",
    "Problem",
    "RateLimited",
    "Recover",
    "Reply",
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
