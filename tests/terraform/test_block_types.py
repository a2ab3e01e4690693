"""A block type, its schema and a block of it in one configuration, under the real terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

CONFIGURATION = """
resource "prefect_block_type" "t" {{
  name = "{name}"
  slug = "{name}"
}}

resource "prefect_block_schema" "s" {{
  block_type_id = prefect_block_type.t.id
  fields = jsonencode({{
    title         = "{name}"
    type          = "object"
    properties    = {{ token = {{ type = "string", format = "password" }} }}
    required      = ["token"]
    secret_fields = ["token"]
  }})
}}

resource "prefect_block" "b" {{
  name      = "mine"
  type_slug = {slug}
  data      = jsonencode({{ token = "x" }})
}}
"""


@pytest.mark.parametrize("slug", ["prefect_block_type.t.slug", "prefect_block_schema.s.block_type"])
def test_life_of_an_own_type(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer, slug: str
) -> None:
    """All three are made in one apply without a warning, also where the block names the type only; and go again."""
    name = unique("own-type")
    workspace = terraform(CONFIGURATION.format(name=name, slug=slug))

    plan = workspace.plan()
    assert [one.summary for one in plan.warnings if "development overrides" not in one.summary] == []
    workspace.apply()
    workspace.assert_no_changes()

    path = f"/block_types/slug/{name}/block_documents/name/mine"
    assert prefect_server.call("GET", path)["data"] == {"token": "********"}
    gone = workspace.plan("-destroy")
    assert [one.summary for one in gone.warnings if "development overrides" not in one.summary] == []
    workspace.destroy()
    assert not prefect_server.exists(f"/block_types/slug/{name}")


def test_import_of_an_own_type(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A type by its slug, a schema by type and version, limits by name and tag: the configuration plans nothing."""
    name = unique("own-type")
    type_ = prefect_server.call("POST", "/block_types/", {"name": name, "slug": name})
    body = {"block_type_id": type_["id"], "fields": {"title": name}, "version": "1.0"}
    prefect_server.call("POST", "/block_schemas/", body)
    prefect_server.call("POST", "/v2/concurrency_limits/", {"name": name, "limit": 1})
    prefect_server.call("POST", "/concurrency_limits/", {"tag": name, "concurrency_limit": 2})
    ids = {
        "prefect_block_type.t": name,
        "prefect_block_schema.s": f"{name}/1.0",
        "prefect_global_concurrency_limit.g": name,
        "prefect_task_run_concurrency_limit.r": name,
    }
    imports = "".join(f'import {{\n  to = {to}\n  id = "{id_}"\n}}\n' for to, id_ in ids.items())
    workspace = terraform(
        f"""
resource "prefect_block_type" "t" {{
  name = "{name}"
  slug = "{name}"
}}
resource "prefect_block_schema" "s" {{
  block_type_id = prefect_block_type.t.id
  fields        = jsonencode({{ title = "{name}" }})
  version       = "1.0"
}}
resource "prefect_global_concurrency_limit" "g" {{
  name  = "{name}"
  limit = 1
}}
resource "prefect_task_run_concurrency_limit" "r" {{
  tag               = "{name}"
  concurrency_limit = 2
}}
{imports}
"""
    )
    assert workspace.plan().actions() == {}
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()
