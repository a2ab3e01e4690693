"""Prefect's profiles file: the settings that ``prefect profile`` and ``prefect cloud login`` write.

The file is ``profile_file`` of the provider block, else ``PREFECT_PROFILES_PATH`` of the environment or of
``.env``, else ``profiles_path`` of ``prefect.toml`` or ``pyproject.toml``, else ``$PREFECT_HOME/profiles.toml``,
else ``~/.prefect/profiles.toml``; the profile is ``profile`` of the provider block, else ``PREFECT_PROFILE`` of the
environment, else the file's ``active``. This is how Prefect 3 finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect_provider.api.errors import ConfigurationError
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from prefect_provider.api.settings.places import Files

__all__ = ["Profile", "expand_home", "load_profile"]

_BUILT_IN: Mapping[str, Mapping[str, str]] = {
    # Prefect 3 ships these. `prefect profile use local` writes `active = "local"` and no such table.
    "cloud": {},
    "ephemeral": {},
    "local": {"PREFECT_API_URL": "http://127.0.0.1:4200/api"},
    "test": {},
}


class Profile:
    """One profile: its settings by name (``PREFECT_API_URL``), and where they were read."""

    __slots__ = ("file", "name", "settings")

    def __init__(self, name: str, file: str, settings: Mapping[str, Any]) -> None:
        self.name = name
        self.file = file
        self.settings = settings

    def source(self) -> str:
        """How an error message names this profile."""
        return f"profile '{self.name}' in {self.file}"


def expand_home(path: str, environ: Mapping[str, str]) -> str:
    """A path with a leading ``~`` replaced by the home directory of ``environ``, when that names one."""
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if home and (path == "~" or path.startswith(("~/", "~\\"))):
        return home + path[1:]
    return path


def load_profile(
    name: str | None, file: str | None, environ: Mapping[str, str], files: Files
) -> Profile | None:
    """The profile that applies, or None when nobody asked for one and there is none.

    Raises:
        ConfigurationError: a profile or ``profile_file`` was named and is not there, or the file is not valid.
    """
    wanted, asked_by = _first(("profile", name), ("PREFECT_PROFILE", environ.get("PREFECT_PROFILE")))
    shown, file_source = _locate(file, environ, files)
    document: Mapping[str, Any] | None = None
    if shown is not None:
        must_exist = file_source == "profile_file"
        document = _read(shown, expand_home(shown, environ), file_source, must_exist=must_exist)
    missing = document is None
    document = document or {}

    if wanted is None:
        active = document.get("active")
        if active is None:
            return None
        if not isinstance(active, str):
            msg = "The profiles file's active profile is not a name"
            raise ConfigurationError(msg, attribute="profile_file", source=shown or "", got=show(active))
        wanted, asked_by = active, f"active in {shown}"

    profiles = document.get("profiles", {})
    if not isinstance(profiles, Mapping):
        msg = "The profiles file has no table of profiles"
        raise ConfigurationError(
            msg,
            attribute="profile_file",
            source=shown or "",
            got=type(profiles).__name__,
            expected="[profiles.<name>]",
        )
    settings = profiles.get(wanted, _BUILT_IN.get(wanted))
    if settings is None:
        raise _unknown(wanted, asked_by, f"{shown}, which does not exist" if missing else shown, profiles)
    if not isinstance(settings, Mapping):
        msg = f"Profile '{wanted}' is not a table of settings"
        raise ConfigurationError(
            msg,
            attribute="profile",
            source=shown or "",
            got=type(settings).__name__,
            expected=f"[profiles.{wanted}]",
        )
    return Profile(wanted, shown or "Prefect's built-in profiles", settings)


def _first(*candidates: tuple[str, str | None]) -> tuple[str | None, str]:
    for source, value in candidates:
        if value:
            return value, source
    return None, ""


def _locate(file: str | None, environ: Mapping[str, str], files: Files) -> tuple[str | None, str]:
    found, source = _first(
        ("profile_file", file),
        ("PREFECT_PROFILES_PATH", environ.get("PREFECT_PROFILES_PATH")),
        ("PREFECT_PROFILES_PATH in .env", files.dotenv.get("PREFECT_PROFILES_PATH")),
        *((place, path) for path, place in (table.profiles_path for table in files.tables)),
    )
    if found:
        return found, source
    if home := environ.get("PREFECT_HOME"):
        return str(Path(home, "profiles.toml")), "PREFECT_HOME"
    if environ.get("HOME") or environ.get("USERPROFILE"):
        return "~/.prefect/profiles.toml", ""
    return None, ""


def _read(shown: str, path: str, source: str, *, must_exist: bool) -> Mapping[str, Any] | None:
    try:
        text = Path(path).read_bytes()
    except FileNotFoundError as exc:
        if not must_exist:
            return None
        msg = f"The profiles file {shown} does not exist"
        raise ConfigurationError(
            msg,
            attribute="profile_file",
            source=source,
            remedy="Create it with `prefect profile`, or correct the path",
        ) from exc
    except OSError as exc:
        msg = f"The profiles file {shown} cannot be read: {exc.strerror}"
        raise ConfigurationError(msg, attribute="profile_file", source=source) from exc

    import tomllib

    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        # The parser's text says where, and never quotes a value.
        msg = f"The profiles file {shown} is not valid TOML: {exc}"
        raise ConfigurationError(
            msg, attribute="profile_file", source=source, remedy="Correct the file"
        ) from exc


def _unknown(name: str, asked_by: str, file: str | None, profiles: Iterable[str]) -> ConfigurationError:
    known = sorted(profiles)
    close = closest(name, known)
    return ConfigurationError(
        f'There is no profile "{name}"' + (f" in {file}" if file else ""),
        attribute="profile",
        source=asked_by,
        expected=f"one of {names(known)}" if known else "a profile of that file, which has none",
        remedy=f"Did you mean `{close}`?" if close else "",
    )
