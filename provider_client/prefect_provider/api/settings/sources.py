"""What is written for each setting in the first place that has it, in the form that the setting must have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prefect_provider.api.errors import ConfigurationError
from prefect_provider.api.settings.custom_headers import parse_custom_headers
from prefect_provider.api.settings.places import Profiled, variables_of
from prefect_provider.api.settings.profiles import expand_home
from prefect_provider.text.identifier import UUID_FORM, is_uuid
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.api.settings.places import Place

__all__ = ["DEFAULT", "Sources", "read_text"]

DEFAULT: Final = "the default"

_WORDS = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}


def read_text(value: object) -> str | None:
    """A setting as text without white space around it; None when there is none, or nothing but space."""
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    return text or None


class Sources:
    """What the places have; ``home`` is the environment that says where the home directory is.

    The first place is the provider block. Readers raise ConfigurationError.
    """

    def __init__(self, places: Sequence[Place], home: Mapping[str, str]) -> None:
        self.warnings: list[str] = []
        self._places = places
        self._home = home
        self._found: dict[str, tuple[str, str, int]] = {}

    def _first(self, attribute: str) -> tuple[str | None, str, int]:
        if attribute not in self._found:
            for number, place in enumerate(self._places):
                value, origin = place.find(attribute)
                if text := read_text(value):
                    self._found[attribute] = (text, origin, number)
                    break
            else:
                return None, DEFAULT, len(self._places)
        return self._found[attribute]

    def origin(self, attribute: str) -> str:
        """Where a setting was written."""
        return self._first(attribute)[1]

    def origins(self) -> dict[str, str]:
        """Where each setting was written that was asked for and is set."""
        return {attribute: origin for attribute, (_, origin, _) in self._found.items()}

    def from_block(self, attribute: str) -> bool:
        """Whether a setting was written in the provider block."""
        return self._first(attribute)[2] == 0

    def from_profile(self, attribute: str) -> bool:
        """Whether a setting was written in the profile and nowhere else."""
        number = self._first(attribute)[2]
        return number < len(self._places) and isinstance(self._places[number], Profiled)

    def text(self, attribute: str) -> str | None:
        """A setting as text, None when it is not set."""
        return self._first(attribute)[0]

    def headers(self, attribute: str) -> dict[str, str]:
        """A setting that is headers, by lower-case name.

        Those of the provider block stand alone. Those of the other places are put together, as Prefect does:
        an earlier place wins header by header.
        """
        places = self._places[:1] if self.from_block(attribute) else self._places
        headers: dict[str, str] = {}
        for place in reversed(places):
            value, origin = place.find(attribute)
            headers |= parse_custom_headers(
                value if isinstance(value, dict) else read_text(value), origin, self.warnings
            )
        return headers

    def flag(self, attribute: str) -> bool:
        """A setting that is true or false; false when it is not set."""
        text = self.text(attribute)
        if text is None:
            return False
        try:
            return _WORDS[text.lower()]
        except KeyError as exc:
            raise self._invalid(attribute, "is not a truth value", "true or false") from exc

    def number(
        self, attribute: str, default: float, *, at_least: float, at_most: float, whole: bool = False
    ) -> float:
        """A setting that is a number."""
        text = self.text(attribute)
        if text is None:
            return default
        expected = f"a {'whole ' if whole else ''}number from {at_least:g} to {at_most:g}"
        try:
            value = float(text)
        except ValueError as exc:
            raise self._invalid(attribute, "is not a number", expected) from exc
        if not at_least <= value <= at_most or (whole and not value.is_integer()):
            raise self._invalid(attribute, "is out of range", expected)
        return value

    def uuid(self, attribute: str) -> str | None:
        """A setting that is a UUID, in lower case."""
        text = self.text(attribute)
        if text is None:
            return None
        if not is_uuid(text):
            raise self._invalid(attribute, "is not a UUID", UUID_FORM)
        return text.lower()

    def file(self, attribute: str) -> str | None:
        """A setting that is the path of a file that is there."""
        text = self.text(attribute)
        if text is None:
            return None
        path = expand_home(text, self._home)
        if not Path(path).is_file():
            raise self._invalid(attribute, "is not there", "the path of a file")
        return path

    def codes(self, attribute: str) -> frozenset[int]:
        """A setting that is a list of HTTP status codes with commas."""
        parts = [part.strip() for part in (self.text(attribute) or "").split(",") if part.strip()]
        if not all(re.fullmatch(r"[45]\d\d", part) for part in parts):
            name = variables_of(attribute)[0]
            raise self._invalid(
                attribute, "has a wrong code", "status codes from 400 to 599, with commas", name
            )
        return frozenset(int(part) for part in parts)

    def _invalid(self, attribute: str, what: str, expected: str, name: str = "") -> ConfigurationError:
        return ConfigurationError(
            f"{name or attribute} {what}",
            attribute="" if name else attribute,
            source=self.origin(attribute),
            got=show(self.text(attribute)),
            expected=expected,
        )
