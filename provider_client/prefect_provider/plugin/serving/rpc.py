"""Services: what a provider process answers, whatever carries the questions.

A service is a name and its methods. A method is the class of its request, the class of its response, and an
async function; the classes are protobuf messages, or anything with ``SerializeToString`` and ``FromString``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeAlias

__all__ = ["Service", "StreamingMethod", "UnaryMethod", "subject"]

UnaryMethod: TypeAlias = tuple[type[Any], type[Any], Callable[[Any], Awaitable[Any]]]
"""Request class, response class, ``async handler(request) -> response``."""

StreamingMethod: TypeAlias = tuple[type[Any], type[Any], Callable[[Any], AsyncIterator[Any]]]
"""Request class, event class, ``handler(request)`` that gives events one by one (an async generator)."""


class Service:
    """A service under its full name, such as ``tfplugin6.Provider``.

    ``unary`` methods run to their end even when the asking side has gone, so that what was begun is not
    left half done; a ``streaming`` method is cancelled then. ``close`` is awaited once, when no call is
    under way any more and the process is about to leave.
    """

    __slots__ = ("close", "name", "streaming", "unary")

    def __init__(
        self,
        name: str,
        unary: Mapping[str, UnaryMethod],
        streaming: Mapping[str, StreamingMethod] | None = None,
        close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.name = name
        self.unary = unary
        self.streaming = streaming or {}
        self.close = close


def subject(method: str, request: Any) -> dict[str, object]:
    """What a call is about, as fields of the log: ``tf_rpc``, and the type or function that it names.

    Terraform does not tell a provider the address of the object, so the type is all there is.
    """
    fields: dict[str, object] = {"tf_rpc": method}
    for attribute in ("type_name", "target_type_name", "action_type", "name"):
        name = getattr(request, attribute, "")
        if name:
            fields[_field_name(method, attribute)] = name
            break
    return fields


def _field_name(method: str, attribute: str) -> str:
    # The names that Go providers use, so that one filter finds both.
    if attribute == "name":
        return "tf_function_name"
    for word, field in (
        ("Data", "tf_data_source_type"),
        ("Ephemeral", "tf_ephemeral_resource_type"),
        ("List", "tf_list_resource_type"),
        ("Action", "tf_action_type"),
    ):
        if word in method:
            return field
    return "tf_resource_type"
