"""What of a block is secret, as inputs: the server does not show it, and it belongs into no file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.configuration.expressions import Given, Input, JsonText
from prefect_iac.configuration.labels import word
from prefect_iac.secrecy.documents import hidden_keys, is_open, masked

if TYPE_CHECKING:
    from prefect_iac.workspace.content import Json

__all__ = ["Secret", "Secrets", "sounds_secret_inside"]

_MASK: Final = "********"


class Secret(NamedTuple):
    """One input."""

    name: str
    type: str
    """Terraform's: ``string``, or ``any``."""
    about: str
    is_needed: bool = False
    """Whether nothing can be planned without it."""


class Secrets:
    """The inputs of a whole export."""

    def __init__(self) -> None:
        self._found: dict[str, Secret] = {}

    @property
    def found(self) -> list[Secret]:
        """All of them, by name."""
        return [self._found[name] for name in sorted(self._found)]

    def needed(self, stem: str, about: str) -> Input:
        """An input without which nothing can be planned."""
        return self._add(stem, Secret("", "string", about, is_needed=True))

    def data(self, label: str, key: str, block: Json) -> Any:
        """The data of a block, whose secrets are inputs; without these there is none, and the block keeps its own."""
        document = _with_references(block)
        names: list[str] = []

        def opened(value: Any, path: tuple[str, ...], *, secret: bool) -> Any:
            match value:
                case Mapping() if "$ref" in value:
                    return value
                case Mapping() if not secret:
                    hidden = hidden_keys(value)
                    return {
                        name: opened(item, (*path, name), secret=name in hidden)
                        for name, item in value.items()
                    }
                case list() if not secret:
                    return [opened(item, (*path, str(at)), secret=False) for at, item in enumerate(value)]
            if value != _MASK and not (secret and not is_open(value)) and masked(value) == value:
                return value
            type_ = _type_of(block, path) if len(path) == 1 else "any"
            about = f"`{'.'.join(path)}` of the block {key}"
            found = self._add("_".join((label, *path)), Secret("", type_, about))
            names.append(found.name)
            return found

        data = JsonText(opened(document, (), secret=False))
        return Given(tuple(names), data) if names else data

    def _add(self, stem: str, secret: Secret) -> Input:
        first, number = word(f"secret_{stem}"), 1
        name = first
        while name in self._found:
            number += 1
            name = f"{first}_{number}"
        self._found[name] = secret._replace(name=name)
        return Input(name)


def _with_references(block: Json) -> dict[str, Any]:
    """The data with each referenced block as a ``$ref``, where the server has that block's data instead."""
    references = block.get("block_document_references") or {}
    return dict(block.get("data") or {}) | {
        field: {"$ref": {"block_document_id": one["block_document"]["id"]}}
        for field, one in references.items()
    }


def _type_of(block: Json, path: tuple[str, ...]) -> str:
    """Text, if the block's schema has it so: then it can be given as it is, without quotes."""
    schema = (block.get("block_schema") or {}).get("fields") or {}
    field = (schema.get("properties") or {}).get(path[0]) or {}
    kinds = [field, *(field.get("anyOf") or ())]
    is_text = any(isinstance(one, Mapping) and one.get("type") == "string" for one in kinds)
    return "string" if is_text else "any"


def sounds_secret_inside(tree: Any) -> bool:
    """Whether a value that is written as it is may hold a secret."""
    match tree:
        case JsonText():
            return sounds_secret_inside(tree.document)
        case str() | Mapping() | list():
            plain = _plain(tree)
            return bool(masked(plain) != plain)
    return False


def _plain(tree: Any) -> Any:
    """The tree without what is no value: that gives nothing away."""
    match tree:
        case JsonText():
            return _plain(tree.document)
        case str() | bool() | int() | float() | None:
            return tree
        case Mapping():
            return {key: _plain(item) for key, item in tree.items()}
        case list():
            return [_plain(item) for item in tree]
    return None
