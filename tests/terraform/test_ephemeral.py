"""Ephemeral resources under the real terraform, older and newer: read at use, and never in state, plan or log."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

EXAMPLES = ROOT / "examples" / "ephemeral-resources"

pytestmark = [pytest.mark.usefixtures("each_terraform"), pytest.mark.measured]


@pytest.fixture
def secret(prefect_server: PrefectServer) -> Iterator[Callable[[str, str], dict[str, Any]]]:
    """A function that makes a block of the type `secret`, which is deleted afterwards."""
    made: list[str] = []

    def make(name: str, value: str) -> dict[str, Any]:
        type_ = prefect_server.call("GET", "/block_types/slug/secret")
        schemas = prefect_server.call(
            "POST", "/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [type_["id"]]}}}
        )
        body = {
            "name": name,
            "data": {"value": value},
            "block_type_id": type_["id"],
            "block_schema_id": schemas[0]["id"],
        }
        block: dict[str, Any] = prefect_server.call("POST", "/block_documents/", body)
        made.append(block["id"])
        return block

    yield make
    for block_id in made:
        prefect_server.call("DELETE", f"/block_documents/{block_id}")


def stored(server: PrefectServer, name: str) -> Any:
    """What is in a secret."""
    path = f"/block_types/slug/secret/block_documents/name/{name}?include_secrets=true"
    return server.call("GET", path)["data"]["value"]


def traces(workspace: Workspace, log: Path) -> str:
    """All that Terraform and the provider leave behind: state, plan, log, and what was printed."""
    with zipfile.ZipFile(io.BytesIO((workspace.directory / "tfplan").read_bytes())) as archive:
        plan = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    state = (workspace.directory / "terraform.tfstate").read_text(encoding="utf-8")
    printed = "".join(result.stdout + result.stderr for result in workspace.results)
    return plan + state + log.read_text(encoding="utf-8", errors="replace") + printed


def applied(workspace: Workspace) -> Path:
    """Plan and apply, with all that can be logged; the log."""
    log = workspace.directory / "terraform.log"
    workspace.env.update(TF_LOG="TRACE", TF_LOG_PATH=str(log))
    workspace.plan()
    workspace.run("apply", "-json", "-input=false", "tfplan", check=True)
    return log


def test_a_block_goes_into_another(
    terraform: Callable[..., Workspace],
    prefect_server: PrefectServer,
    secret: Callable[[str, str], dict[str, Any]],
) -> None:
    """The secret reaches the write-only attribute of another block, and is left nowhere else."""
    value = f"hush-{uuid4()}"
    secret("git-token", value)
    workspace = terraform((EXAMPLES / "prefect_block" / "ephemeral-resource.tf").read_text(encoding="utf-8"))
    assert workspace.run("fmt", "-check").exit_code == 0
    log = applied(workspace)
    assert stored(prefect_server, "credentials") == value
    assert value not in traces(workspace, log)
    assert "prefect_block" in traces(workspace, log)
    workspace.assert_no_changes()
    workspace.destroy()


def test_a_variable_goes_into_a_block(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A part of a variable's value does, and is in neither state nor plan."""
    value = f"https://{uuid4()}.example.com"
    made = prefect_server.call("POST", "/variables/", {"name": "endpoint", "value": {"url": value}})
    workspace = terraform(
        (EXAMPLES / "prefect_variable" / "ephemeral-resource.tf").read_text(encoding="utf-8")
    )
    assert workspace.run("fmt", "-check").exit_code == 0
    log = applied(workspace)
    assert stored(prefect_server, "endpoint") == value
    assert value not in traces(workspace, log)
    workspace.destroy()
    prefect_server.call("DELETE", f"/variables/{made['id']}")


def test_a_block_by_its_id(
    terraform: Callable[..., Workspace],
    prefect_server: PrefectServer,
    secret: Callable[[str, str], dict[str, Any]],
) -> None:
    """It is read at each use: a changed secret is sent on when the version says so."""
    source = secret(f"source-{uuid4()}", "one")
    configuration = f"""
ephemeral "prefect_block" "source" {{
  id = "{source["id"]}"
}}

resource "prefect_block" "copy" {{
  name            = "copy-of-{source["id"]}"
  type_slug       = "secret"
  data_wo         = ephemeral.prefect_block.source.data
  data_wo_version = 1
}}
"""
    workspace = terraform(configuration)
    workspace.apply()
    assert stored(prefect_server, f"copy-of-{source['id']}") == "one"
    body = {"data": {"value": "two"}, "block_schema_id": source["block_schema_id"]}
    prefect_server.call("PATCH", f"/block_documents/{source['id']}", body)
    workspace.assert_no_changes()
    workspace.write(configuration.replace("version = 1", "version = 2"))
    workspace.apply()
    assert stored(prefect_server, f"copy-of-{source['id']}") == "two"
    workspace.destroy()


def test_what_is_not_there(
    terraform: Callable[..., Workspace], secret: Callable[[str, str], dict[str, Any]]
) -> None:
    """The error stands at the attribute, and names what may be meant."""
    name = f"there-{uuid4().hex[:8]}"
    secret(name, "x")
    wrong = {
        "named": (f'type_slug = "secret"\n  name = "{name[:-1]}"', "name", f"Did you mean `{name}`?"),
        "by_id": (f'id = "{uuid4()}"', "id", "there is no block with the id"),
    }
    blocks = [f'ephemeral "prefect_block" "{at}" {{\n  {body}\n}}\n' for at, (body, _, _) in wrong.items()]
    blocks.append('ephemeral "prefect_variable" "this" {\n  name = "nowhere"\n}\n')
    errors = {error.address: error for error in terraform("".join(blocks)).plan(check=False).errors}
    for label, (_, at, said) in wrong.items():
        error = errors.pop(f"ephemeral.prefect_block.{label}")
        assert error.summary.startswith("No such block")
        assert said.lower() in error.detail.lower()
        assert error.snippet.strip().startswith(at)
    assert [error.summary for error in errors.values()] == ["No such variable"]
    workspace = terraform('ephemeral "prefect_block" "this" {\n  type_slug = "secret"\n}\n')
    assert workspace.validate().errors
