"""Variables, blocks and what may be seen of them under the real terraform."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

SECRETS = ("hush-data", "hush-write-only", "hush-nested", "hush-password")

BLOCKS = """
variable "password" {{
  type      = string
  ephemeral = true
  sensitive = true
}}

resource "prefect_block" "plain" {{
  name      = "{name}-plain"
  type_slug = "secret"
  data      = jsonencode({{ value = {{ deep = ["hush-data", "hush-nested"] }} }})
}}

resource "prefect_block" "written" {{
  name            = "{name}-written"
  type_slug       = "secret"
  data_wo         = jsonencode({{ value = var.password }})
  data_wo_version = {version}
}}

resource "prefect_variable" "this" {{
  name  = "{variable}"
  value = {value}
  tags  = ["a"]
}}
"""


def unpacked(plan_file: bytes) -> bytes:
    """All that is in a plan file."""
    with zipfile.ZipFile(io.BytesIO(plan_file)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_secrets_are_seen_nowhere(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """No secret is in the log at its finest, in what a plan or apply prints, or, if write-only, in plan and state."""
    name = unique("block")
    workspace = terraform(
        BLOCKS.format(name=name, version=1, variable=name, value='"x"'),
        env={
            "TF_VAR_password": "hush-write-only",
            "TF_LOG": "TRACE",
            "PREFECT_CLIENT_CUSTOM_HEADERS": '{"X-Pass": "hush-password"}',
        },
    )
    planned = workspace.run("plan", "-input=false", "-out=tfplan", check=True)
    applied = workspace.run("apply", "-input=false", "tfplan", check=True)
    again = workspace.run("plan", "-input=false", check=True)
    assert "No changes." in again.stdout

    for result in (planned, applied, again):
        assert "TRACE" in result.stderr
        for secret in SECRETS:
            assert secret not in result.stdout
            assert secret not in result.stderr
    assert "hush-write-only" not in (workspace.directory / "terraform.tfstate").read_text(encoding="utf-8")
    assert b"hush-write-only" not in unpacked((workspace.directory / "tfplan").read_bytes())
    stored = workspace.state()["prefect_block.written"]["id"]
    path = f"/block_documents/{stored}?include_secrets=true"
    assert prefect_server.call("GET", path)["data"] == {"value": "hush-write-only"}

    # A new version sends the new value.
    workspace.env |= {"TF_VAR_password": "hush-newer", "TF_LOG": ""}
    workspace.write(BLOCKS.format(name=name, version=2, variable=name, value='"x"'))
    changed = workspace.plan().change("prefect_block.written")
    assert changed.differences.keys() == {"data_wo_version", "updated"}
    workspace.apply()
    assert prefect_server.call("GET", path)["data"] == {"value": "hush-newer"}
    workspace.destroy()


def test_secret_is_in_no_error(terraform: Callable[..., Workspace]) -> None:
    """When Prefect refuses a block, which it says with all that it was sent, the error shows none of its data."""
    name = unique("block")
    block = (
        'resource "prefect_block" "{label}" {{\n  name = "{name}"\n  type_slug = "secret"\n'
        '  data = jsonencode({{ value = "hush-{label}-data" }})\n}}\n'
    )
    # Neither exists when this is planned, so only the server can refuse the second.
    workspace = terraform(
        block.format(label="a", name=name) + block.format(label="b", name=name), env={"TF_LOG": "TRACE"}
    )
    done = workspace.apply(check=False)

    error = done.only_error()
    assert error.address in ("prefect_block.a", "prefect_block.b")
    assert error.summary == "The block is managed twice"
    assert "hush" not in done.stdout
    assert "hush" not in done.stderr
    # As long as one object is configured twice, the plan that comes before a destruction is refused.
    workspace.write(block.format(label="a" if error.address.endswith("b") else "b", name=name))
    workspace.destroy()


def test_log_says_what_was_asked_and_how_it_went(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """Each request is one line of the log, with method, path, status and time."""
    name = unique("flow")
    workspace = terraform(
        f'resource "prefect_flow" "this" {{\n  name = "{name}"\n}}\n',
        env={"TF_LOG_PROVIDER": "DEBUG", "TF_LOG": "JSON"},
    )
    done = workspace.apply()
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    [posted] = [line for line in lines if line.get("http_method") == "POST"]
    assert posted["http_path"] == "/api/flows/"
    assert posted["http_status"] == 201
    assert 0 < posted["duration_ms"] < 60_000
    assert posted["@level"] == "debug"
    assert re.search(r"POST /api/flows/: 201 in [\d.]+ ms", posted["@message"])
    workspace.env |= {"TF_LOG": "", "TF_LOG_PROVIDER": ""}
    workspace.destroy()
    assert prefect_server.call("POST", "/flows/filter", {"flows": {"name": {"any_": [name]}}}) == []


def test_life_of_a_variable(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A variable holds values of every type, nulls inside included; it is healed, renamed, imported and destroyed."""
    name = unique("variable")

    def configuration(name: str, value: str) -> str:
        return f'resource "prefect_variable" "this" {{\n  name  = "{name}"\n  value = {value}\n}}\n'

    workspace = terraform("")
    for value, stored in (
        ('"text"', "text"),
        (
            "{ a = null, b = [1, null, { c = true }], n = 9007199254740993 }",
            {"a": None, "b": [1, None, {"c": True}], "n": 9007199254740993},
        ),
        ('toset(["a", "b"])', ["a", "b"]),
        ("tomap({ x = 0.1 })", {"x": 0.1}),
    ):
        workspace.write(configuration(name, value))
        workspace.apply()
        workspace.assert_no_changes()
        assert prefect_server.call("GET", f"/variables/name/{name}")["value"] == stored
    id_ = workspace.state()["prefect_variable.this"]["id"]

    prefect_server.call("PATCH", f"/variables/{id_}", {"value": {"x": [None]}})
    assert workspace.plan().change("prefect_variable.this").differences.keys() == {"value", "updated"}
    workspace.write(configuration(f"{name}-2", "tomap({ x = 0.1 })"))
    workspace.apply()
    assert workspace.state()["prefect_variable.this"]["id"] == id_

    workspace.run("state", "rm", "prefect_variable.this", check=True)
    workspace.import_("prefect_variable.this", f"name/{name}-2")
    workspace.assert_no_changes()

    workspace.destroy()
    assert not prefect_server.exists(f"/variables/{id_}")

    workspace.write(configuration("Not Allowed", "1"))
    error = workspace.validate().only_error()
    assert error.snippet == 'name  = "Not Allowed"'
    workspace.write(configuration(f"{name}-2", "12345678901234567890123"))
    assert "Write it as a string" in workspace.validate().only_error().detail
