"""Settings: where each comes from, and what is said when one is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prefect_provider.api import ConfigurationError, Settings, resolve

if TYPE_CHECKING:
    from pathlib import Path

LOCAL = "http://127.0.0.1:4200/api"
ACCOUNT = "11111111-2222-3333-4444-555555555555"
WORKSPACE = "66666666-7777-8888-9999-aaaaaaaaaaaa"
OTHER = "bbbbbbbb-cccc-dddd-eeee-ffffffffffff"
CLOUD_URL = f"https://api.prefect.cloud/api/accounts/{ACCOUNT}/workspaces/{WORKSPACE}"


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """A profiles file with the active profile ``home`` and another."""
    path = tmp_path / "profiles.toml"
    path.write_text(
        'active = "home"\n'
        '[profiles.home]\nPREFECT_API_URL = "http://home:4200/api"\nPREFECT_API_KEY = "pnu_home"\n'
        '[profiles.work]\nPREFECT_API_URL = "http://work:4200/api"\nPREFECT_CSRF_ENABLED = true\n'
        "PREFECT_API_REQUEST_TIMEOUT = 12.5\n"
    )
    return path


def wrong(
    explicit: dict[str, str | bool | float | None], environ: dict[str, str] | None = None
) -> ConfigurationError:
    """The error for these settings."""
    with pytest.raises(ConfigurationError) as caught:
        resolve(explicit, environ or {})
    return caught.value


def test_each_place_beats_the_next(profiles: Path) -> None:
    """The provider block beats the environment, which beats the profile; each setting for itself."""
    environ = {"PREFECT_PROFILES_PATH": str(profiles)}
    from_profile = resolve({}, environ)
    from_environment = resolve({}, {**environ, "PREFECT_API_URL": "http://env:1/api"})
    from_block = resolve({"endpoint": "http://block:1"}, {**environ, "PREFECT_API_URL": "http://env:1/api"})

    assert [s.endpoint.url for s in (from_profile, from_environment, from_block)] == [
        "http://home:4200/api",
        "http://env:1/api",
        "http://block:1/api",
    ]
    assert [s.origin("endpoint") for s in (from_profile, from_environment, from_block)] == [
        f"PREFECT_API_URL of profile 'home' in {profiles}",
        "PREFECT_API_URL",
        "the provider block",
    ]
    assert from_block.api_key == "pnu_home"


def test_empty_is_unset() -> None:
    """An empty variable, or an empty text in the provider block, falls through to the next place."""
    settings = resolve(
        {"endpoint": " ", "api_key": ""}, {"PREFECT_API_URL": LOCAL, "PREFECT_CLOUD_ACCOUNT_ID": ""}
    )

    assert settings.endpoint.url == LOCAL
    assert settings.account_id is None


def test_profile_by_name(profiles: Path) -> None:
    """``profile`` and ``profile_file`` beat PREFECT_PROFILE; TOML booleans and numbers are understood."""
    settings = resolve({"profile": "work", "profile_file": str(profiles)}, {"PREFECT_PROFILE": "home"})

    assert settings.profile == "work"
    assert settings.endpoint.url == "http://work:4200/api"
    assert settings.csrf_enabled is True
    assert settings.request_timeout == 12.5


def test_profiles_file_below_home(profiles: Path) -> None:
    """Without any path, the file is ~/.prefect/profiles.toml; PREFECT_HOME moves it."""
    home = profiles.parent / "somebody"
    (home / ".prefect").mkdir(parents=True)
    profiles.rename(home / ".prefect" / "profiles.toml")

    assert resolve({}, {"HOME": str(home)}).origin("api_key") == (
        "PREFECT_API_KEY of profile 'home' in ~/.prefect/profiles.toml"
    )
    assert resolve({}, {"PREFECT_HOME": str(home / ".prefect")}).profile == "home"
    assert resolve({"profile_file": "~/.prefect/profiles.toml"}, {"HOME": str(home)}).profile == "home"


def test_built_in_local_profile(tmp_path: Path) -> None:
    """``prefect profile use local`` writes only ``active``; the profile itself is Prefect's."""
    path = tmp_path / "profiles.toml"
    path.write_text('active = "local"\n\n[profiles]\n')

    assert resolve({"profile_file": str(path)}, {}).endpoint.url == LOCAL


@pytest.mark.parametrize(
    ("content", "explicit", "attribute", "texts"),
    [
        (
            "[profiles.home]\n",
            {"profile": "hom"},
            "profile",
            ['"hom"', "from profile", "Did you mean `home`?"],
        ),
        ("", {"profile": "x"}, "profile", ['"x"', "has none"]),
        ('active = "gone"\n', {}, "profile", ['"gone"', "active in"]),
        ("x = \n", {}, "profile_file", ["not valid TOML", "line 1"]),
        ("active = 3\n", {}, "profile_file", ["got 3"]),
        ("profiles = 3\n", {"profile": "x"}, "profile_file", ["got int"]),
        ("[profiles]\nx = 3\n", {"profile": "x"}, "profile", ["got int"]),
        (None, {}, "profile_file", ["does not exist"]),
    ],
)
def test_unusable_profiles(
    tmp_path: Path, content: str | None, explicit: dict[str, str], attribute: str, texts: list[str]
) -> None:
    """A named profile or file that cannot be used is an error that points to its attribute."""
    path = tmp_path / "profiles.toml"
    if content is not None:
        path.write_text(content)
    error = wrong({"profile_file": str(path), **explicit})

    assert error.attribute == attribute
    for text in texts:
        assert text in str(error)


def test_profile_of_the_environment_that_does_not_exist() -> None:
    """PREFECT_PROFILE with an unknown name is an error that names the variable."""
    assert "PREFECT_PROFILE" in str(wrong({}, {"PREFECT_PROFILE": "nope", "PREFECT_API_URL": LOCAL}))


def test_default_is_cloud_and_needs_a_key() -> None:
    """Without any configuration, the error lists the ways to configure."""
    error = wrong({})

    assert error.attribute == "api_key"
    for text in (
        "https://api.prefect.cloud",
        "PREFECT_API_KEY",
        "PREFECT_API_URL",
        "endpoint",
        "prefect cloud login",
    ):
        assert text in str(error)
    assert resolve({"custom_headers": '{"Authorization": "Bearer x"}'}, {}).is_cloud


def test_cloud_url_with_ids() -> None:
    """The ids in the URL are the defaults; the provider block and the environment beat them."""
    key = {"PREFECT_API_KEY": "pnu_x", "PREFECT_API_URL": CLOUD_URL}
    plain = resolve({}, key)
    moved = resolve({"workspace_id": OTHER}, key)
    elsewhere = resolve({}, {**key, "PREFECT_CLOUD_ACCOUNT_ID": OTHER})

    assert (plain.account_id, plain.workspace_id) == (ACCOUNT, WORKSPACE)
    assert plain.endpoint.url == "https://api.prefect.cloud/api"
    assert plain.origin("account_id") == "PREFECT_API_URL"
    assert (moved.account_id, moved.workspace_id) == (ACCOUNT, OTHER)
    assert (elsewhere.account_id, elsewhere.workspace_id) == (OTHER, None)


def test_ids_of_a_profile_lose_to_the_url(tmp_path: Path) -> None:
    """A URL that is written down with ids is not mixed with the ids of a profile."""
    path = tmp_path / "profiles.toml"
    path.write_text(
        'active = "a"\n[profiles.a]\n'
        f'PREFECT_CLOUD_ACCOUNT_ID = "{OTHER}"\nPREFECT_CLOUD_WORKSPACE_ID = "{OTHER}"\n'
    )
    settings = resolve({"endpoint": CLOUD_URL, "api_key": "pnu_x", "profile_file": str(path)}, {})

    assert (settings.account_id, settings.workspace_id) == (ACCOUNT, WORKSPACE)


@pytest.mark.parametrize(
    ("attribute", "value", "texts"),
    [
        ("account_id", "acme", ['"acme"', "expected a UUID", "from the provider block"]),
        ("workspace_id", "x", ["expected a UUID"]),
        ("csrf_enabled", "maybe", ['"maybe"', "true or false"]),
        ("request_timeout", "soon", ['"soon"', "number from 0.1 to 3600"]),
        ("request_timeout", "nan", ["out of range"]),
        ("max_retries", -1, ["whole number from 0"]),
        ("max_retries", 1.5, ['"1.5"', "whole number"]),
        ("write_concurrency", 0, ["from 1 to 32"]),
        ("requests_per_minute", 0.5, ["whole number from 1"]),
        ("patience", 0, ["number from 1 to 3600"]),
        ("ssl_cert_file", "/no/such/file.pem", ["/no/such/file.pem", "is not there"]),
        ("api_key", "two words", ["api_key", "Copy the key"]),
    ],
)
def test_invalid_values(attribute: str, value: str | float, texts: list[str]) -> None:
    """Each wrong value is reported with what was got, what was expected, and its attribute."""
    error = wrong({"endpoint": LOCAL, attribute: value})

    assert error.attribute == attribute
    for text in texts:
        assert text in str(error)


def test_invalid_value_in_the_environment() -> None:
    """The source of a wrong value is named."""
    error = wrong({"endpoint": LOCAL}, {"PREFECT_CLOUD_ACCOUNT_ID": "acme"})

    assert "from PREFECT_CLOUD_ACCOUNT_ID" in str(error)
    assert error.attribute == "account_id"


def test_workspace_without_account() -> None:
    """A workspace alone is no address; the missing attribute is pointed at."""
    error = wrong({"endpoint": LOCAL, "workspace_id": WORKSPACE})

    assert error.attribute == "account_id"
    assert "self-hosted" in str(error)


def test_all_settings_of_the_environment() -> None:
    """Every variable reaches its setting."""
    settings = resolve(
        {},
        {
            "PREFECT_API_URL": LOCAL,
            "PREFECT_API_AUTH_STRING": "admin:pass",
            "PREFECT_BASIC_AUTH_KEY": "ignored",
            "PREFECT_CSRF_ENABLED": "TRUE",
            "PREFECT_CLIENT_CUSTOM_HEADERS": '{"X-Team": "data"}',
            "PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "1",
            "PREFECT_API_REQUEST_TIMEOUT": "7",
            "PREFECT_CLIENT_MAX_RETRIES": "33",
            "PREFECT_CLIENT_RETRY_EXTRA_CODES": "500, 504",
        },
    )

    assert settings.basic_auth_key == "admin:pass"
    assert settings.csrf_enabled
    assert settings.custom_headers == {"x-team": "data"}
    assert settings.tls_insecure_skip_verify
    assert (settings.request_timeout, settings.max_retries) == (7.0, 33)
    assert settings.retry_extra_codes == {500, 504}
    assert settings.write_concurrency is None


def test_patience_is_longer_than_one_request() -> None:
    """Who lets one request take long waits longer in all, unless that is said otherwise."""
    given: list[dict[str, float]] = [{}, {"request_timeout": 600}, {"request_timeout": 5}]
    given.append({"request_timeout": 600, "patience": 20})

    assert [resolve({"endpoint": LOCAL, **one}, {}).patience for one in given] == [80, 605, 80, 20]
    assert resolve({"endpoint": LOCAL}, {}).requests_per_minute is None


def test_extra_codes_that_are_none() -> None:
    """A wrong code names the variable, as it has no attribute."""
    assert "PREFECT_CLIENT_RETRY_EXTRA_CODES" in str(
        wrong({"endpoint": LOCAL}, {"PREFECT_CLIENT_RETRY_EXTRA_CODES": "200"})
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"X": "hunter2secret"', "not JSON"),
        ('["hunter2secret"]', "got list"),
        ('{"X": ["hunter2secret"]}', "got list"),
        ('{"X": "hunter2secret\\n"}', "X"),
        ('{"no good": "hunter2secret"}', "'no good'"),
        ('{"Host": "hunter2secret"}', "'Host'"),
    ],
)
def test_wrong_custom_headers(text: str, shown: str) -> None:
    """What cannot be headers is refused, and no value is shown, not even in the chain of exceptions."""
    error = wrong({"endpoint": LOCAL, "custom_headers": text})

    assert error.attribute == "custom_headers"
    assert shown in str(error)
    assert "hunter2secret" not in str(error)
    assert error.__cause__ is None


def test_protected_headers() -> None:
    """Headers that belong to the client are left out, in any spelling, with a warning each."""
    settings = resolve(
        {"endpoint": LOCAL, "custom_headers": '{"user-AGENT": "x", "Prefect-Csrf-Token": "y", "X-Ok": "z"}'},
        {},
    )

    assert settings.custom_headers == {"x-ok": "z"}
    assert len(settings.warnings) == 2
    assert "user-AGENT" in settings.warnings[0]


def test_repr_has_no_secret() -> None:
    """A Settings in a log shows the address only."""
    settings: Settings = resolve({"endpoint": LOCAL, "api_key": "pnu_secret"}, {})

    assert repr(settings) == "Settings('http://127.0.0.1:4200/api' from the provider block)"
