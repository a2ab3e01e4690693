"""When a key that is to be made expires: in a time to come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.values import Value

__all__ = ["check_expiration"]


def check_expiration(diagnostics: Diagnostics, expiration: Value, attribute: str) -> None:
    """Add an error at an attribute whose time is past; null and unknown are fine."""
    if not isinstance(expiration, str):
        return
    try:
        moment = datetime.fromisoformat(expiration)
    except ValueError:
        return
    if (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) <= datetime.now(UTC):
        detail = say(
            "the new key would be expired when it is made",
            expected="a time to come",
            got=show(expiration),
            remedy="Write a later one, or leave it out for a key that does not expire",
        )
        diagnostics.error("The key would be expired", detail, (attribute,))
