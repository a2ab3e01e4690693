"""The places where a setting may be written, in their order, and the forms that it may have there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from prefect_provider.api.errors import ConfigurationError
from prefect_provider.api.settings.profiles import expand_home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.settings.profiles import Profile

__all__ = ["DEFAULT", "Explicit", "Sources", "read_text"]

Explicit: TypeAlias = "Mapping[str, str | bool | int | float | None]"
"""The provider block's attributes; None, an empty text and an absent key all mean "not set"."""

DEFAULT = "the default"

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

_KEYS: Mapping[str, tuple[str, ...]] = {
    "endpoint": ("PREFECT_API_URL",),
    "api_key": ("PREFECT_API_KEY",),
    "basic_auth_key": ("PREFECT_API_AUTH_STRING", "PREFECT_BASIC_AUTH_KEY"),
    "csrf_enabled": ("PREFECT_CSRF_ENABLED",),
    "custom_headers": ("PREFECT_CLIENT_CUSTOM_HEADERS",),
    "account_id": ("PREFECT_CLOUD_ACCOUNT_ID",),
    "workspace_id": ("PREFECT_CLOUD_WORKSPACE_ID",),
    "tls_insecure_skip_verify": ("PREFECT_API_TLS_INSECURE_SKIP_VERIFY",),
    "ssl_cert_file": ("PREFECT_API_SSL_CERT_FILE",),
    "request_timeout": ("PREFECT_API_REQUEST_TIMEOUT",),
    "max_retries": ("PREFECT_CLIENT_MAX_RETRIES",),
    "retry_extra_codes": ("PREFECT_CLIENT_RETRY_EXTRA_CODES",),
    "write_concurrency": (),
}
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
    """What is written for each setting, in the first place that has it; readers raise ConfigurationError."""

    def __init__(self, explicit: Explicit, environ: Mapping[str, str], profile: Profile | None) -> None:
        self.profile = profile
        self.origins: dict[str, str] = {}
        self.warnings: list[str] = []
        self._environ = environ
        self._values: dict[str, str] = {}
        self._profiled: set[str] = set()
        settings: Mapping[str, Any] = profile.settings if profile else {}
        for attribute, keys in _KEYS.items():
            places = [("the provider block", explicit.get(attribute))]
            places += [(key, environ.get(key)) for key in keys]
            places += [(f"{key} of {profile.source()}", settings.get(key)) for key in keys] if profile else []
            for number, (place, value) in enumerate(places):
                if text := read_text(value):
                    self.origins[attribute] = place
                    self._values[attribute] = text
                    if number > len(keys):
                        self._profiled.add(attribute)
                    break

    def origin(self, attribute: str) -> str:
        """Where a setting was written."""
        return self.origins.get(attribute, DEFAULT)

    def from_profile(self, attribute: str) -> bool:
        """Whether a setting was written in the profile and nowhere else."""
        return attribute in self._profiled

    def text(self, attribute: str) -> str | None:
        """A setting as text, None when it is not set."""
        return self._values.get(attribute)

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
        if not _UUID.fullmatch(text.lower()):
            raise self._invalid(
                attribute, "is not a UUID", "a UUID such as 11111111-2222-3333-4444-555555555555"
            )
        return text.lower()

    def file(self, attribute: str) -> str | None:
        """A setting that is the path of a file that is there."""
        text = self.text(attribute)
        if text is None:
            return None
        path = expand_home(text, self._environ)
        if not Path(path).is_file():
            raise self._invalid(attribute, "is not there", "the path of a file")
        return path

    def codes(self, attribute: str) -> frozenset[int]:
        """A setting that is a list of HTTP status codes with commas."""
        parts = [part.strip() for part in (self.text(attribute) or "").split(",") if part.strip()]
        if not all(re.fullmatch(r"[45]\d\d", part) for part in parts):
            msg = "PREFECT_CLIENT_RETRY_EXTRA_CODES"
            raise self._invalid(
                attribute, "has a wrong code", "status codes from 400 to 599, with commas", msg
            )
        return frozenset(int(part) for part in parts)

    def _invalid(self, attribute: str, what: str, expected: str, name: str = "") -> ConfigurationError:
        return ConfigurationError(
            f"{name or attribute} {what}",
            attribute="" if name else attribute,
            source=self.origin(attribute),
            got=repr(self.text(attribute)),
            expected=expected,
        )
