"""What an object is configured with, on its way to Node: one text, and the few things that are no text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_constructs._runtime import Construct

__all__ = ["Encoder", "Reference"]

_PLACE: Final = "\0"


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of a construct that Terraform works out; the token for it is made in Node."""

    construct: Construct
    attribute: str


class Encoder:
    """What is sent of one object: texts, and beside them the ``objects`` that have places in them.

    Tokens that are texts, numbers, lists or mappings are in the text. The place of anything else is a text, too: NUL,
    which no text of Terraform has, its number among the objects, and for a :class:`Reference` the attribute.
    """

    def __init__(self) -> None:
        self.objects: list[Any] = []

    def text(self, configuration: Mapping[str, Any]) -> str:
        """A configuration as JSON."""
        return json.dumps(configuration, default=self.place, ensure_ascii=False)

    def place(self, item: object) -> str:
        """The place of something that is no text."""
        if isinstance(item, Reference):
            return f"{self.place(item.construct)}.{item.attribute}"
        self.objects.append(item)
        return f"{_PLACE}{len(self.objects) - 1}"
