"""What the guide for importing an existing server tells to do works, with the real terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.docs.walk import Walk
from tests.environment.terraform import terraform_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

PAGE = "guides/importing-an-existing-server.md"
EXAMPLE_ID = "0198f3a4-1c7e-7c3d-9b1e-5d2f6a8c4b01"
UNMANAGED = "terraform state pull | prefect-iac drift --unmanaged"


def test_the_guide(
    prefect_servers: Callable[..., PrefectServer], terraform: Callable[..., Workspace]
) -> None:
    """Each way imports what it says, changes nothing, and in the end what was not imported is told."""
    server = prefect_servers(services=False)
    for name, tags in {"region": [], "shop_a": ["importing-shop"], "shop_b": ["importing-shop"]}.items():
        server.call("POST", "/variables/", {"name": f"importing_{name}", "value": name, "tags": tags})
    limit = server.call("POST", "/v2/concurrency_limits/", {"name": "importing-database", "limit": 5})
    whole = Walk(terraform("", provider=False, api_url=server.api_url))
    whole.go(PAGE, sections=("All of a workspace",))
    assert "4 to import, 0 to add, 0 to change, 0 to destroy" in whole.said["terraform -chdir=workspace plan"]
    assert "4 imported, 0 added, 0 changed" in whole.said["terraform -chdir=workspace apply"]

    walk = Walk(
        terraform("", provider=False, api_url=server.api_url),
        replaced={EXAMPLE_ID: limit["id"]},
        codes={UNMANAGED: 0 if terraform_version() >= (1, 14) else 2},
    )
    walk.go(PAGE, sections=("One object",))
    assert "1 imported, 0 added, 0 changed" in walk.said["terraform apply"]
    newer = terraform_version() >= (1, 14)
    if newer:
        walk.go(PAGE, sections=("By identity",))
        assert "1 to import, 0 to add, 0 to change" in walk.said["terraform plan"]
        walk.go(PAGE, sections=("What a search finds",))
        assert walk.said["terraform query"].count("importing_shop_") >= 2
        assert "2 imported, 0 added, 0 changed" in walk.said["terraform apply"]
    walk.go(PAGE, sections=("What is still nowhere",))
    nowhere = walk.said[UNMANAGED]
    assert ("importing_shop_a" in nowhere) is not newer
    assert "importing_region" not in nowhere
