"""Settings in files of the working directory, held against what Prefect itself reads there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from prefect_provider.api import ConfigurationError, Settings, resolve
from tests.rules.prefect_python import PREFECT_PYTHON

ORACLE: Final = Path(__file__).with_name("prefect_settings_oracle.py")

PROFILES: Final = """
active = "a"
[profiles.a]
PREFECT_API_URL = "http://profile/api"
PREFECT_API_KEY = "key-of-profile"
PREFECT_CLIENT_CUSTOM_HEADERS = '{"X-Profile": "1", "X-Both": "profile"}'
[profiles.b]
PREFECT_API_URL = "http://other/api"
"""
TOML: Final = """
[api]
url = "http://toml/api"
auth_string = "toml:toml"
request_timeout = 5
[client.custom_headers]
X-Toml = "1"
X-Both = "toml"
"""
PYPROJECT: Final = """
[tool.prefect.api]
url = "http://pyproject/api"
auth_string = "py:py"
tls_insecure_skip_verify = true
[tool.prefect.client]
retry_extra_codes = [400, 401]
"""
FILES: Final = {
    ".env": 'PREFECT_API_URL=http://dotenv/api\nPREFECT_CLIENT_CUSTOM_HEADERS=\'{"X-Dotenv": "1"}\'\n',
    "prefect.toml": TOML,
    "pyproject.toml": PYPROJECT,
    "profiles.toml": PROFILES,
}
PROFILED: Final = {"PREFECT_PROFILES_PATH": "profiles.toml"}


_FILE: Final = {"dotenv": ".env", "prefect__toml": "prefect.toml", "pyproject__toml": "pyproject.toml"}


def case(env: dict[str, str] | None = None, *names: str, **files: str) -> dict[str, Any]:
    """A case with some of the files above, and others by names with ``__`` for the dot."""
    given = {name: FILES[name] for name in names}
    return {
        "env": env or {},
        "files": given | {name.replace("__", "."): text for name, text in files.items()},
    }


CASES: Final[dict[str, dict[str, Any]]] = {
    "all places": case({**PROFILED, "PREFECT_API_URL": "http://env/api"}, *FILES),
    "all but the environment": case(PROFILED, *FILES),
    "from prefect.toml on": case(PROFILED, "prefect.toml", "pyproject.toml", "profiles.toml"),
    "from pyproject.toml on": case(PROFILED, "pyproject.toml", "profiles.toml"),
    "the profile": case(PROFILED, "profiles.toml"),
    "another profile": case({**PROFILED, "PREFECT_PROFILE": "b"}, "profiles.toml"),
    "lower case": case({"prefect_api_url": "http://lower/api"}),
    "lower case in .env": case(
        None, dotenv="prefect_api_key=k\nexport PREFECT_API_URL='http://dotenv/api'\n"
    ),
    "profiles path in .env": case(None, "profiles.toml", dotenv="PREFECT_PROFILES_PATH=profiles.toml\n"),
    "profiles path in prefect.toml": case(
        None, "profiles.toml", prefect__toml='profiles_path = "profiles.toml"\n'
    ),
    "profiles path in pyproject.toml": case(
        None, "profiles.toml", pyproject__toml='[tool.prefect]\nprofiles_path = "profiles.toml"\n'
    ),
    "profile named in .env": case(PROFILED, "profiles.toml", dotenv="PREFECT_PROFILE=b\n"),
    "home in .env": case(None, "profiles.toml", dotenv="PREFECT_HOME=.\n"),
    "home": case({"PREFECT_HOME": "."}, "profiles.toml"),
    "missing profiles": case({"PREFECT_PROFILES_PATH": "/nowhere/profiles.toml"}, "prefect.toml"),
    "dotted keys": case(None, prefect__toml='api.url = "http://dotted/api"\nclient.max_retries = 31\n'),
    "texts for values": case(
        None,
        prefect__toml='[api]\nurl = "http://t/api"\ntls_insecure_skip_verify = "yes"\nrequest_timeout = "7.5"\n'
        '[client]\nretry_extra_codes = 400\ncustom_headers = \'{"X": "1"}\'\n',
    ),
    "names of variables in TOML": case(
        PROFILED, "profiles.toml", prefect__toml='PREFECT_API_URL = "http://no/api"\n'
    ),
    "upper case in TOML": case(PROFILED, "profiles.toml", prefect__toml='[api]\nURL = "http://no/api"\n'),
    "other tools": case(PROFILED, "profiles.toml", pyproject__toml="[tool.ruff]\nline-length = 100\n"),
    "bare name in .env": case(PROFILED, "profiles.toml", dotenv="PREFECT_API_URL\n"),
    "no TOML": case({"PREFECT_API_URL": "http://env/api"}, prefect__toml="x = \n"),
    "no TOML in pyproject.toml": case(
        {"PREFECT_API_URL": "http://env/api"}, pyproject__toml="[tool.prefect\n"
    ),
    "headers that are no texts": case(
        {"PREFECT_API_URL": "http://env/api"}, prefect__toml="[client.custom_headers]\nX = 1\n"
    ),
    "a table that is none": case({"PREFECT_API_URL": "http://env/api"}, prefect__toml="api = 3\n"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home directory in which Prefect answered, with a directory per case."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def answers(home: Path) -> dict[str, list[dict[str, Any]]]:
    """What Prefect says to each of the cases."""
    if not PREFECT_PYTHON:
        pytest.skip("there is no Prefect to ask")
    question = {"cases": [*CASES.values()]}
    done = subprocess.run(
        [PREFECT_PYTHON, str(ORACLE), str(home)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def shown(settings: Settings) -> dict[str, Any]:
    """The settings that Prefect has too, in its form."""
    return {
        "endpoint": settings.endpoint.url if settings.origin("endpoint") != "the default" else None,
        "api_key": settings.api_key if settings.origin("api_key") != "the provider block" else None,
        "basic_auth_key": settings.basic_auth_key,
        "tls_insecure_skip_verify": settings.tls_insecure_skip_verify,
        "retry_extra_codes": sorted(settings.retry_extra_codes),
        "custom_headers": settings.custom_headers,
    }


@pytest.mark.parametrize("name", CASES)
def test_as_prefect(
    name: str, home: Path, answers: dict[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files and variables give the same settings as in Prefect, or an error where Prefect has one."""
    number = [*CASES].index(name)
    monkeypatch.chdir(home / f"case{number}")
    environ = {"HOME": str(home), **CASES[name]["env"]}
    theirs = answers["cases"][number]
    if "error" in theirs:
        with pytest.raises(ConfigurationError):
            resolve({}, environ)
        return
    # Without any key, the default address would be refused.
    spare = {"api_key": "spare"} if not theirs["api_key"] else {}

    ours = resolve(spare, environ)

    assert shown(ours) == {
        key: {name.lower(): value for name, value in theirs[key].items()}
        if key == "custom_headers"
        else theirs[key]
        for key in shown(ours)
    }
    assert ours.request_timeout == (75.0 if theirs["request_timeout"] == 60.0 else theirs["request_timeout"])
    assert ours.max_retries == max(theirs["max_retries"], 30)


def test_places_are_named(tmp_path: Path) -> None:
    """Each setting says in which file, and where in it, it was written."""
    for name in (".env", "prefect.toml", "pyproject.toml"):
        (tmp_path / name).write_text(FILES[name])
    settings = resolve({}, {}, str(tmp_path))

    assert settings.origin("endpoint") == "PREFECT_API_URL in .env"
    assert settings.origin("basic_auth_key") == "api.auth_string in prefect.toml"
    assert (
        settings.origin("tls_insecure_skip_verify")
        == "tool.prefect.api.tls_insecure_skip_verify in pyproject.toml"
    )


def test_block_beats_all_files(tmp_path: Path) -> None:
    """The provider block wins over every file, its headers as a whole."""
    for name in (".env", "prefect.toml", "pyproject.toml"):
        (tmp_path / name).write_text(FILES[name])
    settings = resolve({"endpoint": "http://block", "custom_headers": '{"X-Block": "1"}'}, {}, str(tmp_path))

    assert settings.endpoint.url == "http://block/api"
    assert settings.custom_headers == {"x-block": "1"}


def test_empty_values_are_absent(tmp_path: Path) -> None:
    """An empty value of a file falls through to the next place, like that of a variable."""
    (tmp_path / ".env").write_text("PREFECT_API_URL=\n")
    (tmp_path / "prefect.toml").write_text(TOML)

    assert resolve({}, {}, str(tmp_path)).endpoint.url == "http://toml/api"


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("prefect.toml", b'key = "hunter2', "prefect.toml is not valid TOML"),
        ("pyproject.toml", b'[tool.prefect]\nkey = "hunter2', "pyproject.toml is not valid TOML"),
        (
            "prefect.toml",
            b"[client]\napi = 1\n[client.custom_headers]\nX = 3",
            "custom_headers in prefect.toml",
        ),
        ("prefect.toml", b'client = "hunter2"', "client in prefect.toml is not a table"),
        (".env", b"A=\xff", ".env cannot be read: it is not UTF-8"),
    ],
)
def test_unusable_files(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    """A file that cannot be used is named, and nothing of it is shown."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        resolve({"endpoint": "http://block"}, {}, str(tmp_path))

    assert text in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_retries_of_prefects_client() -> None:
    """What is written for Prefect's own client does not shorten the patience; the provider block may, to none."""
    endpoint = {"endpoint": "http://block"}
    few, many = {"PREFECT_CLIENT_MAX_RETRIES": "5"}, {"PREFECT_CLIENT_MAX_RETRIES": "50"}

    assert resolve(endpoint, few).max_retries == resolve(endpoint, {}).max_retries == 30
    assert resolve(endpoint, many).max_retries == 50
    assert [resolve({**endpoint, "max_retries": count}, many).max_retries for count in (0, 5)] == [0, 5]


def test_missing_profiles_file() -> None:
    """A profiles file of the environment may be missing; ``profile_file``, and a profile in it, may not."""
    environ = {"PREFECT_PROFILES_PATH": "/nowhere/profiles.toml", "PREFECT_API_URL": "http://env/api"}

    assert resolve({}, environ).endpoint.url == "http://env/api"
    for explicit, text in (
        (
            {"profile_file": "/nowhere/profiles.toml"},
            "The profiles file /nowhere/profiles.toml does not exist",
        ),
        ({"profile": "work"}, 'no profile "work" in /nowhere/profiles.toml, which does not exist'),
    ):
        with pytest.raises(ConfigurationError, match=text):
            resolve(explicit, environ)
    with pytest.raises(ConfigurationError, match=r'no profile "work" in /nowhere.*from PREFECT_PROFILE\)'):
        resolve({}, {**environ, "PREFECT_PROFILE": "work"})
