"""What a release is made of, apart from what is packed: zips, hashes, manifest, sums, signature, mirror."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from environment import CommandError
from packing.archive import extract, files_of, flatten, write_zip
from packing.budget import (
    FOLDER_BYTES,
    START_RATIO,
    ZIP_BYTES,
    Starts,
    measure_starts,
    overruns,
)
from packing.bundle import Contents
from packing.hashes import h1_of_folder, h1_of_zip, sums
from packing.mirror import HOSTS, find_packages, write_manifest, write_mirror, write_sums
from packing.signature import sign
from tests.environment.terraform import ROOT
from tests.package.gpg_key import throw_away_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as PyInstaller may make it: a program, a library in a folder, and a link to it."""
    made = tmp_path / "made"
    (made / "_internal" / "b").mkdir(parents=True)
    (made / "program").write_bytes(b"program")
    (made / "program").chmod(0o775)
    (made / "_internal" / "b" / "library.so").write_bytes(b"library" * 1000)
    (made / "_internal" / "a.bin").write_bytes(b"\x00\xff")
    (made / "_internal" / "a.bin").chmod(0o600)
    (made / "_internal" / "library.so").symlink_to("b/library.so")
    return made


def test_links_become_files(folder: Path, tmp_path: Path) -> None:
    """Terraform would unpack a link as a text of four bytes; so a folder with one is not packed, only its copy is."""
    with pytest.raises(ValueError, match=r"library\.so: expected a file, got a link"):
        write_zip(folder, tmp_path / "a.zip")
    flatten(folder, tmp_path / "flat")
    assert (tmp_path / "flat" / "_internal" / "library.so").read_bytes() == b"library" * 1000
    assert files_of(tmp_path / "flat") == [
        "_internal/a.bin",
        "_internal/b/library.so",
        "_internal/library.so",
        "program",
    ]


def test_a_zip_depends_on_nothing_but_the_files(folder: Path, tmp_path: Path) -> None:
    """Times, the order of making and the rest of the modes leave no trace; the right to run is kept."""
    one, two = tmp_path / "one", tmp_path / "two"
    flatten(folder, one)
    two.mkdir()
    for name in reversed(files_of(one)):
        (two / name).parent.mkdir(parents=True, exist_ok=True)
        (two / name).write_bytes((one / name).read_bytes())
        os.utime(two / name, (1, 1))
        (two / name).chmod(0o744 if name == "program" else 0o640)
    write_zip(one, tmp_path / "one.zip")
    write_zip(two, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes == {
        "_internal/a.bin": stat.S_IFREG | 0o644,
        "_internal/b/library.so": stat.S_IFREG | 0o644,
        "_internal/library.so": stat.S_IFREG | 0o644,
        "program": stat.S_IFREG | 0o755,
    }


def test_the_hash_is_gos(folder: Path, tmp_path: Path) -> None:
    """`h1:` is the hash of the list of hashes, the same packed and unpacked, and differs when a name does."""
    flat, archive = tmp_path / "flat", tmp_path / "a.zip"
    flatten(folder, flat)
    write_zip(flat, archive)
    lines = "".join(
        f"{hashlib.sha256((flat / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("_internal/a.bin", "_internal/b/library.so", "_internal/library.so", "program")
    )
    expected = "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()
    assert h1_of_folder(flat) == h1_of_zip(archive) == expected
    extract(archive, tmp_path / "unpacked")
    assert h1_of_folder(tmp_path / "unpacked") == expected
    (flat / "program").rename(flat / "Program")
    assert h1_of_folder(flat) != expected


def packed(directory: Path, *systems: str, version: str = "1.2.3") -> None:
    """Zips of some platforms, small ones."""
    for system in systems:
        path = directory / f"terraform-provider-prefect_{version}_{system}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("program", f"{system} {version}")


def test_manifest_and_sums(tmp_path: Path) -> None:
    """The manifest says protocol 6.0, without which registries take 5.0; the sums are of the zips and of it."""
    packed(tmp_path, "linux_amd64", "darwin_arm64")
    packed(tmp_path, "linux_amd64", version="1.2.4")
    found = find_packages(tmp_path, "1.2.3")
    assert [package.system for package in found] == ["darwin_arm64", "linux_amd64"]
    manifest = write_manifest(tmp_path, "1.2.3")
    assert manifest.name == "terraform-provider-prefect_1.2.3_manifest.json"
    assert json.loads(manifest.read_text(encoding="utf-8")) == {
        "version": 1,
        "metadata": {"protocol_versions": ["6.0"]},
    }
    written = write_sums(tmp_path, "1.2.3", [manifest, *(package.archive for package in found)])
    assert written.name == "terraform-provider-prefect_1.2.3_SHA256SUMS"
    lines = [line.split("  ") for line in written.read_text(encoding="utf-8").splitlines()]
    assert [name for _, name in lines] == [
        "terraform-provider-prefect_1.2.3_darwin_arm64.zip",
        "terraform-provider-prefect_1.2.3_linux_amd64.zip",
        manifest.name,
    ]
    assert all(digest == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for digest, name in lines)


def test_without_a_zip_there_is_no_release(tmp_path: Path) -> None:
    """What is missing is named, rather than an empty release made."""
    packed(tmp_path, "linux_amd64", version="1.2.4")
    with pytest.raises(ValueError, match=r"expected terraform-provider-prefect_1\.2\.3_<os>_<arch>\.zip"):
        find_packages(tmp_path, "1.2.3")


def test_the_mirror_grows_by_a_version(tmp_path: Path) -> None:
    """Both hosts have an index, a file for each version with addresses and hashes, and the zips; earlier ones stay."""
    mirror = tmp_path / "mirror"
    for version in ("1.2.3", "1.3.0"):
        packed(tmp_path, "linux_amd64", "darwin_arm64", version=version)
        write_mirror(mirror, find_packages(tmp_path, version))
    for host in HOSTS:
        folder = mirror / host / "prefect-iac" / "prefect"
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        assert index == {"versions": {"1.2.3": {}, "1.3.0": {}}}
        archives = json.loads((folder / "1.3.0.json").read_text(encoding="utf-8"))["archives"]
        assert sorted(archives) == ["darwin_arm64", "linux_amd64"]
        for archive in archives.values():
            path = folder / archive["url"]
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert archive["hashes"] == [h1_of_zip(path), f"zh:{digest}"]


def test_the_mirror_may_point_elsewhere(tmp_path: Path) -> None:
    """With an address for the zips, the mirror is a few kilobytes of JSON, as static pages should be."""
    packed(tmp_path, "linux_amd64")
    mirror = tmp_path / "mirror"
    write_mirror(mirror, find_packages(tmp_path, "1.2.3"), "https://example.org/v1.2.3/")
    assert not list(mirror.rglob("*.zip"))
    written = mirror / HOSTS[0] / "prefect-iac" / "prefect" / "1.2.3.json"
    archives = json.loads(written.read_text(encoding="utf-8"))["archives"]
    assert (
        archives["linux_amd64"]["url"]
        == "https://example.org/v1.2.3/terraform-provider-prefect_1.2.3_linux_amd64.zip"
    )


def test_sums_are_signed_where_there_is_a_key(tmp_path: Path) -> None:
    """The signature is binary, is the key's, and fails when the sums are changed; without a key there is none."""
    signed = tmp_path / "SHA256SUMS"
    signed.write_text("some sums\n", encoding="utf-8")
    assert sign(signed, {}) is None
    assert not (tmp_path / "SHA256SUMS.sig").exists()
    with throw_away_key() as key:
        environ = {"GPG_PRIVATE_KEY": key.secret, "GPG_PASSPHRASE": key.passphrase}
        signature = sign(signed, environ)
        assert signature == tmp_path / "SHA256SUMS.sig"
        assert not signature.read_bytes().startswith(b"-----BEGIN")
        assert key.verify(signature, signed)
        signed.write_text("other sums\n", encoding="utf-8")
        assert not key.verify(signature, signed)
        with pytest.raises(CommandError, match=r"gpg ended with status 2: [^*]*Bad passphrase"):
            sign(signed, environ | {"GPG_PASSPHRASE": "wrong"})
        with pytest.raises(CommandError, match=r"gpg ended with status 2: [^*]*no valid OpenPGP data"):
            sign(signed, {"GPG_PRIVATE_KEY": "no key"})


def test_sums_are_sorted_by_name(tmp_path: Path) -> None:
    """In whatever order the files are given."""
    files = [tmp_path / name for name in "ba"]
    for path in files:
        path.write_text(path.name, encoding="utf-8")
    assert [line[-1] for line in sums(files).splitlines()] == ["a", "b"]


LOCKS = sorted(
    str(path.relative_to(ROOT / "requirements").with_suffix(""))
    for path in (ROOT / "requirements").rglob("*.txt")
)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes(name: str) -> None:
    """Every distribution is pinned, and each of its files has a hash."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pins = re.split(r"\n(?=\S)", text.partition("\n")[2].strip())
    assert len(pins) > 20 or name == "terraform"
    for pin in pins:
        first, *hashes = pin.splitlines()
        assert re.fullmatch(r"[a-z0-9-]+==[^ ;]+( ; [^\\]+)? \\", first)
        assert hashes
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes)


def test_what_is_packed_is_what_is_tested() -> None:
    """What both locks name has the same version in both."""

    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))

    tested, packed = pins("dev"), pins("package")
    assert {name: packed[name] for name in packed.keys() & tested.keys()} == {
        name: tested[name] for name in packed.keys() & tested.keys()
    }
    assert {
        "cryptography",
        "h2",
        "httpx",
        "jinja2",
        "jsonschema",
        "pydantic",
    } <= packed.keys() & tested.keys()


def contents(*modules: str) -> Contents:
    """What is in a bundle that has some modules."""
    return Contents(Path("program"), frozenset(modules), ())


def test_budgets_are_kept() -> None:
    """Each budget is a limit, and each library that must not come back is named when it does."""
    within = Starts(0.02, 0.02, START_RATIO)
    assert overruns(contents("prefect_provider"), FOLDER_BYTES, ZIP_BYTES, within) == []
    beyond = Starts(0.04, 0.02, START_RATIO + 0.1)
    found = overruns(
        contents("zstandard.backend", "setuptools"), FOLDER_BYTES + 10**6, ZIP_BYTES + 10**6, beyond
    )
    assert found == [
        "the zip has 21.0 MB; expected at most 20 MB",
        "the folder has 46.0 MB; expected at most 45 MB",
        "a start takes 1.80 times the CPU time of the virtual environment's; expected at most 1.7",
        "setuptools is in it; expected it to be left out",
        "zstandard is in it; expected it to be left out",
    ]


def test_a_start_is_measured(tmp_path: Path) -> None:
    """A program with the provider's line is timed beside the environment; one without is an error with what it said."""
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho '1|6|unix|/nowhere|grpc|'\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    starts = measure_starts(program, Path(sys.executable), pairs=1)
    assert starts is not None
    assert 0 < starts.ratio < 1
    program.write_text("#!/bin/sh\necho 'it is broken' >&2\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"expected the line of a provider, got b'': it is broken"):
        measure_starts(program, Path(sys.executable), pairs=1)
