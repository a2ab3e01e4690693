"""The types of arguments: what a value of each kind may be written as.

Tokens are texts where the value is a text. A token of a number is a ``float`` and one of a list a ``list``,
which need no type of their own; anything else may be an ``IResolvable``, or an expression as text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias, TypedDict
from uuid import UUID

from prefect_constructs._runtime import (
    AnyCount,
    IResolvable,
    ITerraformDependable,
    ITerraformIterator,
    TerraformProvider,
)

__all__ = [
    "Flag",
    "Identifier",
    "Instant",
    "JsonArray",
    "JsonObject",
    "JsonValue",
    "Lifecycle",
    "MetaArguments",
    "Number",
    "SdkObject",
    "TextMap",
    "Texts",
]

Flag: TypeAlias = bool | str | IResolvable
"""True or false; texts are expressions."""

Number: TypeAlias = float | str
"""A number; texts are expressions."""

Identifier: TypeAlias = str | UUID
"""A UUID."""

Instant: TypeAlias = str | datetime
"""A time with its zone; texts are RFC 3339, ``2030-01-31T12:00:00Z``."""

Texts: TypeAlias = Collection[str]
"""Several texts; a single text is refused."""

TextMap: TypeAlias = Mapping[str, str]
"""Texts by name."""

JsonObject: TypeAlias = Mapping[str, Any] | str
"""A JSON object, as mapping or as text. Tokens may be anywhere in it."""

JsonArray: TypeAlias = Sequence[Any] | str
"""A JSON array, as list or as text. Tokens may be anywhere in it."""

JsonValue: TypeAlias = Mapping[str, Any] | Sequence[Any] | str | float | IResolvable
"""Any JSON value. Tokens may be anywhere in it."""


class SdkObject(Protocol):
    """An object of Prefect's own SDK, such as a trigger, an action, a schedule or an automation.

    Prefect itself is not imported: anything counts that gives its document as pydantic's models do.
    """

    def model_dump(self) -> dict[str, Any]:
        """The object as a mapping; called with `mode="json"` if it takes that."""


class Lifecycle(TypedDict, total=False):
    """How Terraform is to treat changes of a resource."""

    create_before_destroy: bool
    ignore_changes: str | Sequence[str]
    prevent_destroy: bool
    replace_triggered_by: Sequence[str | ITerraformDependable]
    precondition: Sequence[Any]
    postcondition: Sequence[Any]


class MetaArguments(TypedDict, total=False):
    """Terraform's meta-arguments, which every resource and data source takes, and one of ours.

    ``follow_replacements``: whether Terraform replaces the object, too, when it replaces one that was given for it as
    a construct, and that Prefect deletes or empties it with. Default: `True`.
    """

    connection: Mapping[str, Any]
    count: float | AnyCount
    depends_on: Sequence[ITerraformDependable]
    follow_replacements: bool
    for_each: ITerraformIterator
    lifecycle: Lifecycle
    provider: TerraformProvider
    provisioners: Sequence[Mapping[str, Any]]
