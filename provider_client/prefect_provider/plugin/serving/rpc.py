"""Services: what a provider process answers, whatever carries the questions.

A service is a name and its methods. A method is the class of its request, the class of its response, and an
async function; the classes are protobuf messages, or anything with ``SerializeToString`` and ``FromString``. Methods
are looked up when they are called, so a mapping may load each of them then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from enum import IntEnum
from typing import Any, Self, TypeAlias

__all__ = ["Encoded", "RpcError", "Service", "Status", "StreamingMethod", "UnaryMethod", "subject"]

UnaryMethod: TypeAlias = tuple[type[Any], type[Any], Callable[[Any], Awaitable[Any]]]
"""Request class, response class, ``async handler(request) -> response``."""

StreamingMethod: TypeAlias = tuple[type[Any], type[Any], Callable[[Any], AsyncIterator[Any]]]
"""Request class, event class, ``handler(request)`` that gives events one by one (an async generator)."""


class Status(IntEnum):
    """The outcomes of a call, by their numbers in gRPC, that this side gives."""

    OK = 0
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14


class RpcError(Exception):
    """The outcome of a call that has no answer; the text is for people."""

    def __init__(self, status: Status, text: str) -> None:
        super().__init__(text)
        self.status = status


class Encoded:
    """A message as its bytes on the wire, for a method that need not look into it; empty is the empty message."""

    __slots__ = ("data",)

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def SerializeToString(self) -> bytes:  # noqa: N802  protobuf's name for it
        """The bytes."""
        return self.data

    @classmethod
    def FromString(cls, data: bytes) -> Self:  # noqa: N802
        """The message of these bytes."""
        return cls(data)


class Service:
    """A service under its full name, such as ``tfplugin6.Provider``.

    ``unary`` methods run to their end even when the asking side has gone, so that what was begun is not
    left half done; a ``streaming`` method is cancelled then. ``interrupt`` is called when a person presses Ctrl-C: what
    is under way should end soon, though the process goes on. ``leave`` is called once, when the end of the process
    has come: with True if the asking side said so and waits for no answer, with False if it is gone or something
    else ended the process. What is under way should end soon then, and nothing begin. ``close`` is awaited once,
    when no call is under way any more and the process is about to leave.
    """

    __slots__ = ("close", "interrupt", "leave", "name", "streaming", "unary")

    def __init__(
        self,
        name: str,
        unary: Mapping[str, UnaryMethod],
        streaming: Mapping[str, StreamingMethod] | None = None,
        close: Callable[[], Awaitable[None]] | None = None,
        leave: Callable[[bool], None] | None = None,
        interrupt: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.unary = unary
        self.streaming = {} if streaming is None else streaming
        self.close = close
        self.leave = leave
        self.interrupt = interrupt


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
