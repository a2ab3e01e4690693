"""What an object is configured with, on its way to Node: one text, and the few things that are no text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_constructs._runtime import Construct

__all__ = ["Reference", "encoded"]

_PLACE: Final = "\0"


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of a construct that Terraform works out; the token for it is made in Node."""

    construct: Construct
    attribute: str


def encoded(configuration: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """A configuration as JSON text, and the objects that have places in it, as ``elements.js`` takes them.

    Tokens that are texts, numbers, lists or mappings are in the text. The place of anything else is a text, too: NUL,
    which no text of Terraform has, and its number among the objects.
    """
    objects: list[dict[str, Any]] = []

    def placed(item: object) -> str:
        if isinstance(item, Reference):
            objects.append({"construct": item.construct, "attribute": item.attribute})
        else:
            objects.append({"value": item})
        return f"{_PLACE}{len(objects) - 1}"

    return json.dumps(configuration, default=placed, ensure_ascii=False), objects
