"""The places where a setting may be written, in Prefect's order: the first that has it wins.

The provider block; variables of the environment; ``.env``; ``prefect.toml``; ``[tool.prefect]`` of
``pyproject.toml``; a profile. The three files are those of the working directory, which for a provider is the one
in which Terraform runs. Prefect 3.8 reads variables in any case, and the tables of the files by the names of its
settings: ``api.url`` is ``PREFECT_API_URL``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from prefect_provider.api.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.settings.profiles import Profile

__all__ = ["Block", "Explicit", "Files", "Place", "Profiled", "Table", "Variables", "variables_of"]

Explicit: TypeAlias = "Mapping[str, str | bool | int | float | None]"
"""The provider block's attributes; None, an empty text and an absent key all mean "not set"."""

_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
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
    "bulk_reads": (),
    "write_concurrency": (),
    "requests_per_minute": (),
    "patience": (),
}
_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "endpoint": ("api", "url"),
    "api_key": ("api", "key"),
    "basic_auth_key": ("api", "auth_string"),
    "custom_headers": ("client", "custom_headers"),
    "tls_insecure_skip_verify": ("api", "tls_insecure_skip_verify"),
    "ssl_cert_file": ("api", "ssl_cert_file"),
    "request_timeout": ("api", "request_timeout"),
    "max_retries": ("client", "max_retries"),
    "retry_extra_codes": ("client", "retry_extra_codes"),
}


def variables_of(attribute: str) -> tuple[str, ...]:
    """The environment variables of a setting, the first of which wins."""
    return _VARIABLES[attribute]


class Place(Protocol):
    """One place."""

    def find(self, attribute: str) -> tuple[Any, str]:
        """What is written there for a setting, None when nothing is, and how a message names the place."""
        ...


class Block:
    """The provider block."""

    def __init__(self, explicit: Explicit) -> None:
        self._explicit = explicit

    def find(self, attribute: str) -> tuple[Any, str]:
        """The value of the attribute."""
        return self._explicit.get(attribute), "the provider block"


class Variables:
    """Variables of the environment, or of ``.env``."""

    def __init__(self, variables: Mapping[str, str], file: str = "") -> None:
        self._variables = variables
        self._lower = {name.lower(): value for name, value in variables.items()}
        self._suffix = f" in {file}" if file else ""

    def get(self, name: str) -> str | None:
        """The variable of just this name."""
        return self._variables.get(name)

    def find(self, attribute: str) -> tuple[Any, str]:
        """The first of the setting's variables that is not empty."""
        for name in _VARIABLES[attribute]:
            if value := self._variables.get(name) or self._lower.get(name.lower()):
                return value, f"{name}{self._suffix}"
        return None, ""


class Table:
    """The settings in a TOML file, below ``root``."""

    def __init__(self, file: str, document: Mapping[str, Any], *root: str) -> None:
        self._file = file
        self._root = root
        for step in root:
            document = _table(document.get(step, {}), file, step)
        self._document = document

    @property
    def profiles_path(self) -> tuple[str | None, str]:
        """The path of the profiles file, and how a message names where it is written."""
        value = self._document.get("profiles_path")
        return (value or None) if isinstance(value, str) else None, self._name("profiles_path")

    def find(self, attribute: str) -> tuple[Any, str]:
        """What the setting's key holds; the codes of a list are joined with commas."""
        if attribute not in _TABLES:
            return None, ""
        table, key = _TABLES[attribute]
        value = _table(self._document.get(table, {}), self._file, table).get(key)
        if isinstance(value, list):
            value = ",".join(map(str, value))
        return value, self._name(table, key)

    def _name(self, *steps: str) -> str:
        return f"{'.'.join((*self._root, *steps))} in {self._file}"


class Profiled:
    """The settings of a profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def find(self, attribute: str) -> tuple[Any, str]:
        """What the first of the setting's variables holds."""
        for name in _VARIABLES[attribute]:
            if (value := self._profile.settings.get(name)) is not None:
                return value, f"{name} of {self._profile.source()}"
        return None, ""


class Files:
    """The files of a directory in which settings may be written; one that is not there is empty.

    Raises:
        ConfigurationError: one cannot be read.
    """

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self.dotenv = Variables(self._dotenv(), ".env")
        self.tables = [
            Table("prefect.toml", self._toml("prefect.toml")),
            Table("pyproject.toml", self._toml("pyproject.toml", only="prefect"), "tool", "prefect"),
        ]

    def _dotenv(self) -> Mapping[str, str]:
        text = self._text(".env")
        if not text:
            return {}
        from io import StringIO

        from dotenv import dotenv_values  # Prefect reads the file with it too

        found = dotenv_values(stream=StringIO(text.removeprefix("\ufeff")))
        return {name: value for name, value in found.items() if value is not None}

    def _toml(self, name: str, only: str = "") -> Mapping[str, Any]:
        text = self._text(name)
        if only not in text:
            return {}
        import tomllib

        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as exc:
            # The parser's text says where, and never quotes a value.
            msg = f"{name} is not valid TOML: {exc}"
            raise ConfigurationError(msg, source="the working directory", remedy="Correct the file") from exc

    def _text(self, name: str) -> str:
        path = Path(self._directory, name)
        if not path.is_file():
            return ""
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            why = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8"
            msg = f"{name} cannot be read: {why}"
            raise ConfigurationError(msg, source="the working directory", remedy="Correct the file") from exc


def _table(value: object, file: str, name: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    msg = f"{name} in {file} is not a table"
    raise ConfigurationError(msg, source="the working directory", remedy="Correct the file")
