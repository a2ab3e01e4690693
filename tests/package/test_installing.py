"""The package, installed by the real terraform from mirrors and a registry, where there is nothing else."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from packing.hashes import h1_of_folder, h1_of_zip, sha256
from packing.mirror import find_packages, write_mirror
from packing.signature import sign
from prefect_provider.version import VERSION
from tests.package.gpg_key import ThrowAwayKey, throw_away_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace
    from tests.package.tls_server import TlsServer

pytestmark = pytest.mark.package

CONFIGURATION = """
resource "prefect_variable" "this" {
  name  = "%s"
  value = jsonencode({ version = provider::prefect::flow_name("${path.module}/flow.py:run") })
}
"""
FLOW = 'from prefect import flow\n\n\n@flow(name="named-in-the-code")\ndef run() -> None: ...\n'


def locked(workspace: Workspace) -> tuple[str, set[str]]:
    """Version and hashes of the only provider of a lock file."""
    text = (workspace.directory / ".terraform.lock.hcl").read_text(encoding="utf-8")
    (version,) = re.findall(r'^  version *= "(.*)"', text, re.MULTILINE)
    return version, set(re.findall(r'"((?:h1|zh):[^"]+)"', text))


def use(
    workspace: Workspace, server: PrefectServer, name: str, folder: Callable[..., Path], zipped: Path
) -> None:
    """Validate, plan, apply, look, destroy: all of it leaves the folder as it was."""
    h1 = h1_of_zip(zipped)
    assert h1_of_folder(folder(workspace)) == h1
    assert locked(workspace)[0] == VERSION
    assert h1 in locked(workspace)[1]
    assert workspace.validate().errors == []
    assert workspace.plan().actions() == {"prefect_variable.this": ("create",)}
    workspace.apply()
    stored = server.call("GET", f"/variables/name/{name}")
    assert json.loads(stored["value"]) == {"version": "named-in-the-code"}
    workspace.assert_no_changes()
    workspace.destroy()
    assert not server.exists(f"/variables/name/{name}")
    assert h1_of_folder(folder(workspace)) == h1
    # A second machine, or the next run of a pipeline, installs the same by the lock file.
    shutil.rmtree(workspace.directory / ".terraform")
    workspace.run("init", "-lockfile=readonly", check=True)


def own_package(dist: Path) -> Path:
    """The zip of this machine."""
    (package,) = find_packages(dist, VERSION)
    return package.archive


def test_packed_filesystem_mirror(
    each_terraform: str,
    dist: Path,
    bare: Callable[..., Workspace],
    prefect_server: PrefectServer,
    installed_in: Callable[..., Path],
) -> None:
    """The directory of the mirror, as it is, is one that Terraform installs from without any network."""
    name = f"packed_files_{each_terraform}"
    workspace = bare(CONFIGURATION % name, f'filesystem_mirror {{\npath = "{dist / "mirror"}"\n}}')
    (workspace.directory / "flow.py").write_text(FLOW, encoding="utf-8")
    workspace.run("init", check=True)
    use(workspace, prefect_server, name, installed_in, own_package(dist))


def test_network_mirror(
    each_terraform: str,
    dist: Path,
    bare: Callable[..., Workspace],
    served: Callable[[Path], TlsServer],
    prefect_server: PrefectServer,
    installed_in: Callable[..., Path],
) -> None:
    """The same directory, served as static files over HTTPS, is a network mirror; the lock file gets both hashes."""
    name = f"packed_network_{each_terraform}"
    mirror = served(dist / "mirror")
    workspace = bare(
        CONFIGURATION % name,
        f'network_mirror {{\nurl = "{mirror.url}"\n}}',
        env={"SSL_CERT_FILE": str(mirror.authority)},
    )
    (workspace.directory / "flow.py").write_text(FLOW, encoding="utf-8")
    workspace.run("init", check=True)
    assert mirror.asked[0] == "/registry.terraform.io/prefect-iac/prefect/index.json"
    use(workspace, prefect_server, name, installed_in, own_package(dist))


@pytest.mark.usefixtures("each_terraform")
def test_locking_for_other_platforms(
    dist: Path,
    bare: Callable[..., Workspace],
    served: Callable[[Path], TlsServer],
    tmp_path: Path,
) -> None:
    """`terraform providers lock` takes the hashes of every platform from the mirror, without starting anything."""
    own = own_package(dist)
    released = tmp_path / "released"
    released.mkdir()
    shutil.copy(own, released)
    # Never started, only hashed.
    for system in ("darwin_arm64", "linux_arm64"):
        shutil.copy(own, released / f"terraform-provider-prefect_{VERSION}_{system}.zip")
        with (released / f"terraform-provider-prefect_{VERSION}_{system}.zip").open("ab") as file:
            file.write(system.encode())
    write_mirror(tmp_path / "mirror", find_packages(released, VERSION))
    mirror = served(tmp_path / "mirror")
    workspace = bare("", "direct {}", env={"SSL_CERT_FILE": str(mirror.authority)}, api_url=None)
    platforms = ["-platform=linux_amd64", "-platform=linux_arm64", "-platform=darwin_arm64"]
    workspace.run("providers", "lock", f"-net-mirror={mirror.url}", *platforms, check=True)
    version, hashes = locked(workspace)
    assert version == VERSION
    assert h1_of_zip(own) in hashes


@pytest.fixture(scope="module")
def key() -> Any:
    """A key to sign with."""
    with throw_away_key() as made:
        yield made


def registry(directory: Path, dist: Path, key: ThrowAwayKey, host: Callable[[], str]) -> None:
    """The answers of a registry, in files: discovery, versions, and where the one package is."""
    (package,) = find_packages(dist, VERSION)
    sums = directory / "files" / f"terraform-provider-prefect_{VERSION}_SHA256SUMS"
    sums.parent.mkdir(parents=True)
    shutil.copy(package.archive, sums.parent)
    shutil.copy(dist / sums.name, sums)
    assert sign(sums, {"GPG_PRIVATE_KEY": key.secret, "GPG_PASSPHRASE": key.passphrase})
    # The registry reads it from the manifest of the release.
    manifest = json.loads(
        (dist / f"terraform-provider-prefect_{VERSION}_manifest.json").read_text(encoding="utf-8")
    )
    protocols = manifest["metadata"]["protocol_versions"]
    system, architecture = package.system.split("_")
    answers: dict[str, Any] = {
        ".well-known/terraform.json": {"providers.v1": "/v1/"},
        "v1/prefect-iac/prefect/versions": {
            "versions": [
                {
                    "version": VERSION,
                    "protocols": protocols,
                    "platforms": [{"os": system, "arch": architecture}],
                }
            ]
        },
        f"v1/prefect-iac/prefect/{VERSION}/download/{system}/{architecture}": {
            "protocols": protocols,
            "os": system,
            "arch": architecture,
            "filename": package.archive.name,
            "download_url": f"{host()}files/{package.archive.name}",
            "shasums_url": f"{host()}files/{sums.name}",
            "shasums_signature_url": f"{host()}files/{sums.name}.sig",
            "shasum": sha256(package.archive.read_bytes()),
            "signing_keys": {"gpg_public_keys": [{"key_id": key.key_id, "ascii_armor": key.public}]},
        },
    }
    for path, answer in answers.items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(answer), encoding="utf-8")


@pytest.mark.usefixtures("each_terraform")
def test_registry_and_mirroring_it(
    dist: Path,
    key: ThrowAwayKey,
    bare: Callable[..., Workspace],
    served: Callable[[Path], TlsServer],
    installed_in: Callable[..., Path],
    tmp_path: Path,
) -> None:
    """A registry has all that it needs: Terraform checks sums and signature; `providers mirror` copies it from there.

    That command asks registries alone, whatever Terraform is configured to install from.
    """
    directory = tmp_path / "registry"
    directory.mkdir()
    server = served(directory)
    host = f"localhost:{server.port}"
    registry(directory, dist, key, lambda: server.url)
    required = {"terraform": {"required_providers": {"prefect": {"source": f"{host}/prefect-iac/prefect"}}}}
    env = {"SSL_CERT_FILE": str(server.authority)}
    workspace = bare(required, "direct {}", env=env, api_url=None, provider=False)
    workspace.write('provider "prefect" {}\n', "provider")
    done = workspace.run("init", check=True)
    assert f"self-signed, key ID {key.key_id}" in done.stdout
    zipped = own_package(dist)
    assert h1_of_folder(installed_in(workspace, host)) == h1_of_zip(zipped)
    copied = tmp_path / "copied"
    workspace.run("providers", "mirror", str(copied), check=True)
    (found,) = copied.rglob("*.zip")
    assert found.name == zipped.name
    assert found.read_bytes() == zipped.read_bytes()


def test_a_package_that_was_changed_is_refused(
    dist: Path, bare: Callable[..., Workspace], tmp_path: Path
) -> None:
    """The lock file holds: one byte more in the zip, and nothing is installed."""
    mirror = tmp_path / "mirror"
    shutil.copytree(dist / "mirror", mirror)
    workspace = bare("", f'filesystem_mirror {{\npath = "{mirror}"\n}}', api_url=None)
    workspace.run("init", check=True)
    shutil.rmtree(workspace.directory / ".terraform")
    for zipped in mirror.rglob("*.zip"):
        with zipfile.ZipFile(zipped, "a") as archive:
            archive.writestr("more", "x")
    done = workspace.run("init")
    assert done.exit_code == 1
    assert "doesn't match any of the checksums" in " ".join(done.stderr.split())
