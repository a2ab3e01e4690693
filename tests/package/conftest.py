"""What tests of the package share: the package, and a terraform that has nothing but it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.version import VERSION
from tests.package.tls_server import TlsServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.environment.terraform import Workspace


@pytest.fixture(scope="session")
def dist() -> Path:
    """What `make package` wrote; skips where the run is not about it."""
    named = os.environ.get("TEST_PACKAGE")
    if not named:
        pytest.skip("run make test-package, which makes the package first")
    return Path(named)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[Path], TlsServer]]:
    """A function that serves a directory over TLS."""
    started: list[TlsServer] = []

    def serve(directory: Path) -> TlsServer:
        own = tmp_path / f"tls-{len(started)}"
        own.mkdir()
        server = TlsServer(directory, own)
        started.append(server)
        return server

    yield serve
    for server in started:
        server.stop()


@pytest.fixture
def bare(terraform: Callable[..., Workspace], tmp_path: Path) -> Callable[..., Workspace]:
    """A function that makes a workspace with an empty home and nothing on PATH: `bare(configuration, installation)`.

    `installation` is the block of that name of Terraform's own configuration.
    """

    def make(
        configuration: str | Mapping[str, Any],
        installation: str,
        env: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Workspace:
        nothing = tmp_path / "nothing"
        nothing.mkdir(exist_ok=True)
        config = tmp_path / "terraformrc"
        config.write_text(f"provider_installation {{\n{installation}\n}}\n", encoding="utf-8")
        own = {"TF_CLI_CONFIG_FILE": str(config), "PATH": str(nothing)}
        workspace = terraform(configuration, env=own | dict(env or {}), **more)
        assert not list(Path(workspace.env["HOME"]).iterdir())
        return workspace

    return make


@pytest.fixture
def installed_in() -> Callable[..., Path]:
    """A function that tells where Terraform unpacked the provider of a workspace."""

    def find(workspace: Workspace, host: str = "registry.terraform.io") -> Path:
        folder = workspace.directory / ".terraform" / "providers" / host / "prefect-iac" / "prefect" / VERSION
        (system,) = folder.iterdir()
        return system

    return find
