"""The object that a provisioner or a connection belongs to."""

from __future__ import annotations

from prefect_constructs.native.expressions import Reference
from prefect_constructs.native.merging import snake_case
from prefect_constructs.native.tokens import Resolvable, Token

__all__ = ["TerraformSelf"]


class TerraformSelf:
    """Attributes of the resource around, in its provisioners and connection, which cannot refer to it by its name."""

    @staticmethod
    def get_string(key: str) -> str:
        """An attribute that is text."""
        return Token.as_string(_attribute(key))

    @staticmethod
    def get_number(key: str) -> float:
        """An attribute that is a number."""
        return Token.as_number(_attribute(key))

    @staticmethod
    def get_any(key: str) -> Resolvable:
        """An attribute, whatever it is."""
        return _attribute(key)


def _attribute(key: str) -> Reference:
    return Reference(".".join(["self", *map(snake_case, key.split("."))]))
