"""The provider block under the real terraform: what is wrong is said soon, and where."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.environment.prefect_server import PrefectServer, guarded
from tests.environment.processes import free_port
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.terraform import Message, Workspace

pytestmark = pytest.mark.measured

PASSWORD = "admin:hush-password"
LOOK_UP = """
provider "prefect" {{
{block}}}

data "prefect_deployment" "this" {{
  name      = "d"
  flow_name = "f"
}}
"""


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A server that asks for a password and for CSRF tokens."""
    server = PrefectServer(
        tmp_path_factory.mktemp("protected"),
        env=guarded(PASSWORD),
        services=False,
    )
    server.start()
    yield server
    server.stop()


def error_of_plan(workspace: Workspace, *, seconds: float = 40.0) -> Message:
    """The only error of a plan, long before the 80 s for which a server would be waited for."""
    started = time.monotonic()
    error = workspace.plan(check=False).only_error()
    assert time.monotonic() - started < seconds
    return error


@pytest.mark.parametrize(
    ("block", "line", "text"),
    [
        ("", 'provider "prefect" {', "Prefect Cloud"),
        ('  endpoint = "localhost:4200"\n', 'endpoint = "localhost:4200"', "an http or https URL such as"),
        (
            '  endpoint = "https://app.prefect.cloud/account/x"\n',
            'endpoint = "https://app.prefect.cloud/account/x"',
            "expected https://api.prefect.cloud/api/accounts/",
        ),
        ('  endpoint = "https://api.prefect.cloud"\n', 'provider "prefect" {', "PREFECT_API_KEY"),
        (
            '  endpoint = "http://x"\n  workspace_id = "0198f3a4-1111-4222-8333-944455556666"\n',
            'workspace_id = "0198f3a4-1111-4222-8333-944455556666"',
            "nly Prefect Cloud has accounts and workspaces",
        ),
        ('  endpoint = "http://x"\n  account_id = "mine"\n', 'account_id = "mine"', "a UUID"),
    ],
    ids=["nothing", "no scheme", "user interface", "no key", "no account", "no uuid"],
)
def test_wrong_block_points_at_its_line(
    terraform: Callable[..., Workspace], block: str, line: str, text: str
) -> None:
    """A setting that is wrong or missing is reported at its line in the block, at plan, with what to write."""
    error = error_of_plan(terraform(LOOK_UP.format(block=block), api_url=None))

    assert error.snippet == line
    assert text in error.detail


def test_server_that_is_not_there(terraform: Callable[..., Workspace]) -> None:
    """An address where nobody listens is reported within seconds, with the address and the attribute it came from."""
    url = f"http://127.0.0.1:{free_port()}"

    error = error_of_plan(terraform(LOOK_UP.format(block=f'  endpoint = "{url}"\n'), api_url=None))

    assert error.summary == "No connection to Prefect"
    assert f"Cannot connect to Prefect at {url}/api (from the provider block)" in error.detail
    assert "Check that the server runs there, and that the endpoint is right" in error.detail


ONLY_CREATES = """
provider "prefect" {{
{block}}}

resource "prefect_flow" "new" {{
  name = "never-made"
}}
"""


def test_plan_that_only_creates_warns_of_a_missing_server(terraform: Callable[..., Workspace]) -> None:
    """A plan that needs nothing from the server still says that it cannot be reached, and where that was set."""
    url = f"http://127.0.0.1:{free_port()}"
    workspace = terraform(ONLY_CREATES.format(block=f'  endpoint = "{url}"\n'), api_url=None)

    plan = workspace.plan()

    (warning,) = (found for found in plan.warnings if found.summary == "No connection to Prefect")
    assert warning.snippet == f'endpoint = "{url}"'


def test_plan_that_only_creates_checks_the_credentials(
    terraform: Callable[..., Workspace], protected: PrefectServer
) -> None:
    """A plan that needs nothing from the server still finds that the key is wrong, and does not show it."""
    block = '  basic_auth_key = "admin:hush-wrong"\n'
    workspace = terraform(ONLY_CREATES.format(block=block), api_url=protected.api_url)

    error = error_of_plan(workspace)

    assert error.summary == "Prefect does not accept the credentials"
    assert "hush" not in workspace.results[-1].report()


def test_address_of_something_else(terraform: Callable[..., Workspace], protected: PrefectServer) -> None:
    """An address below which there is no API is reported as that, and not as an object that does not exist."""
    block = f'  endpoint = "{protected.url}/elsewhere"\n'

    error = error_of_plan(terraform(LOOK_UP.format(block=block), api_url=None))

    assert error.summary == "Not an answer of a Prefect API"
    assert f"Check the endpoint, {protected.url}/elsewhere (from the provider block)" in error.detail
    assert f"write {protected.url}/elsewhere/api" in error.detail


@pytest.mark.parametrize(
    "endpoint", ["https://user:hush-password@host", "https://user:hush#password@host", "user:hush-password"]
)
def test_password_in_an_address_is_not_shown(terraform: Callable[..., Workspace], endpoint: str) -> None:
    """A password in the address is shown neither by the error nor by the line that Terraform would print with it."""
    workspace = terraform(LOOK_UP.format(block=f'  endpoint = "{endpoint}"\n'), api_url=None)

    error = error_of_plan(workspace)

    assert error.summary == "Invalid provider configuration"
    assert "hush" not in workspace.results[-1].report()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "PREFECT_API_URL={url}\nPREFECT_API_AUTH_STRING='{password}'\n"),
        ("prefect.toml", '[api]\nurl = "{url}"\nauth_string = "{password}"\n'),
        ("pyproject.toml", '[tool.prefect.api]\nurl = "{url}"\nauth_string = "{password}"\n'),
    ],
)
def test_files_of_the_working_directory(
    terraform: Callable[..., Workspace], protected: PrefectServer, name: str, content: str
) -> None:
    """A file of Prefect's settings beside the configuration is enough, although a profiles file is missing."""
    workspace = terraform(
        ONLY_CREATES.format(block=""), api_url=None, env={"PREFECT_PROFILES_PATH": "/nowhere/profiles.toml"}
    )
    settings = content.format(url=protected.api_url, password=PASSWORD)
    (workspace.directory / name).write_text(settings, encoding="utf-8")

    plan = workspace.plan()

    assert plan.actions() == {"prefect_flow.new": ("create",)}
    assert plan.warnings == []


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("", "none are set: set basic_auth_key (PREFECT_API_AUTH_STRING)"),
        ('  basic_auth_key = "admin:hush-wrong"\n', "Correct basic_auth_key (from the provider block)"),
        ('  api_key = "hush-key"\n', "Correct api_key (from the provider block)"),
    ],
    ids=["none", "wrong password", "wrong kind"],
)
def test_wrong_credentials(
    terraform: Callable[..., Workspace], protected: PrefectServer, block: str, text: str
) -> None:
    """Credentials that are missing, wrong or of the wrong kind are reported with the attribute, and not shown."""
    workspace = terraform(LOOK_UP.format(block=block), api_url=protected.api_url)

    error = error_of_plan(workspace)

    assert error.summary == "Prefect does not accept the credentials"
    assert text in error.detail
    assert "hush" not in workspace.results[-1].report()


def test_server_with_password_and_csrf(terraform: Callable[..., Workspace], protected: PrefectServer) -> None:
    """With the password alone, a server that wants CSRF tokens can be written to, by every resource."""
    name = unique("protected")
    workspace = terraform(
        f"""
provider "prefect" {{
  endpoint       = "{protected.url}/"
  basic_auth_key = "{PASSWORD}"
}}
resource "prefect_work_pool" "p" {{
  name = "{name}"
  type = "process"
}}
resource "prefect_work_queue" "q" {{
  work_pool_name = prefect_work_pool.p.name
  name           = "q"
}}
resource "prefect_block" "b" {{
  name      = "{name}"
  type_slug = "secret"
  data      = jsonencode({{ value = "x" }})
}}
resource "prefect_variable" "v" {{
  name  = "{name}"
  value = {{ a = null }}
}}
resource "prefect_deployment" "d" {{
  name           = "d"
  entrypoint     = "flow.py:run"
  work_pool_name = prefect_work_pool.p.name
  schedules      = {{ s = {{ interval = 60 }} }}
}}
""",
        api_url=None,
    )
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()
    assert protected.call("POST", "/deployments/filter", {}) == []


def test_provider_that_depends_on_a_resource(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """While the address is only known after apply, new objects can be planned, and the apply makes both."""
    name = unique("flow")
    workspace = terraform(
        f"""
resource "terraform_data" "server" {{
  input = "{prefect_server.url}"
}}
provider "prefect" {{
  endpoint = terraform_data.server.output
}}
resource "prefect_flow" "this" {{
  name = "{name}"
}}
""",
        api_url=None,
    )
    assert workspace.plan().actions() == {
        "terraform_data.server": ("create",),
        "prefect_flow.this": ("create",),
    }
    workspace.apply()
    workspace.assert_no_changes()
    workspace.write(
        f"""
resource "terraform_data" "server" {{
  input            = "{prefect_server.url}/api"
}}
provider "prefect" {{
  endpoint = terraform_data.server.output
}}
resource "prefect_flow" "this" {{
  name = "{name}"
}}
"""
    )
    error = workspace.plan(check=False).only_error()
    assert error.summary == "The provider is not configured yet"
    assert "-target" in error.detail
    workspace.apply("-target=terraform_data.server")
    workspace.destroy()


def test_two_servers_in_one_configuration(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer, protected: PrefectServer
) -> None:
    """Two blocks with different servers keep their objects, and their secrets, apart."""
    name = unique("variable")
    workspace = terraform(
        f"""
provider "prefect" {{
  alias          = "other"
  endpoint       = "{protected.url}"
  basic_auth_key = "{PASSWORD}"
}}
resource "prefect_variable" "here" {{
  name  = "{name}"
  value = "here"
}}
resource "prefect_variable" "there" {{
  provider = prefect.other
  name     = "{name}"
  value    = "there"
}}
"""
    )
    workspace.apply()
    assert prefect_server.call("GET", f"/variables/name/{name}")["value"] == "here"
    assert protected.call("GET", f"/variables/name/{name}")["value"] == "there"
    workspace.destroy()
