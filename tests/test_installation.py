"""The launcher and the places in which terraform looks for it."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from prefect_iac import installation
from prefect_provider.version import VERSION
from tests.environment.terraform import Workspace

SOURCES = Path(installation.__file__).parent.parent


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is noted for the user who runs the tests."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own-data"))


@pytest.fixture
def fake_interpreter(tmp_path: Path) -> Callable[[str], Path]:
    """A function that makes a program, at the path given, which prints how it was called."""

    def make(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


@pytest.mark.parametrize(
    "folder",
    ["plain", "with space", "it's", "long/" + "/".join(["x" * 40] * 4)],
    ids=["plain", "space", "quote", "long"],
)
def test_launcher_starts_the_interpreter(
    folder: str, fake_interpreter: Callable[[str], Path], tmp_path: Path
) -> None:
    """The launcher runs its own text with the interpreter named, isolated, wherever that lies."""
    interpreter = fake_interpreter(f"{folder}/python")
    program = installation.install_override(tmp_path / "plugins", interpreter=interpreter)
    # Not through a shell: the kernel has to be able to start it, as it does for terraform.
    done = subprocess.run([program, "argument"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["-I", str(program), "argument"]


@pytest.mark.parametrize("folder", ["plain", "with space"])
def test_launcher_is_python(folder: str, tmp_path: Path) -> None:
    """What starts with a line for the kernel or for sh is also a Python program that finds the provider."""
    link = tmp_path / folder / "python"
    link.parent.mkdir()
    link.symlink_to(sys.executable)
    text = installation.launcher(link)
    imported = [line for line in text.splitlines() if line.startswith(("import", "from"))]
    assert imported == ["import sys", "from prefect_provider.__main__ import main"]
    compile(text, "launcher", "exec")


def test_shared_launcher_starts_what_was_noted(
    fake_interpreter: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python that was noted for this user is started, isolated; its path may hold a space."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "executable", str(fake_interpreter("with space/python")))

    [program] = installation.install_mirror(tmp_path / "mirror", version="1.2.3", hosts=["registry.example"])
    done = subprocess.run([program, "here"], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[0::3] == ["-I", "here"]


def test_shared_launcher_falls_back_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a note, whichever installation is on PATH is started; without any, the error says what to do."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    bin_directory = tmp_path / "bin"
    bin_directory.mkdir()
    [program] = installation.install_mirror(
        tmp_path / "mirror", version="1.2.3", noted=False, hosts=["registry.example"]
    )
    env = {"PATH": f"{bin_directory}:/usr/bin:/bin", "HOME": str(tmp_path)}
    missing = subprocess.run([program], env=env, capture_output=True, text=True, check=False)
    console_script = bin_directory / installation.PROGRAM
    console_script.write_text('#!/bin/sh\necho "started $1"\n', encoding="utf-8")
    console_script.chmod(0o755)

    done = subprocess.run([program, "here"], env=env, capture_output=True, text=True, check=True)

    assert done.stdout == "started here\n"
    assert missing.returncode == 1
    assert "Run prefect-iac install-provider" in missing.stderr


def test_launcher_is_the_same_everywhere(
    fake_interpreter: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two environments write the same program, so one entry of a lock file holds for both."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    texts = []
    for name in ("one", "two"):
        monkeypatch.setattr(sys, "executable", str(fake_interpreter(f"{name}/python")))
        [program] = installation.install_mirror(tmp_path / name, version="1.2.3", hosts=["registry.example"])
        texts.append(program.read_text(encoding="utf-8"))

    assert texts[0] == texts[1]
    assert str(tmp_path) not in texts[0]


def test_mirror_layout(tmp_path: Path) -> None:
    """The mirror has one executable launcher for terraform and one for tofu, alone in its directory."""
    programs = installation.install_mirror(tmp_path, version="1.2.3")
    system = installation.platform_name()
    assert [str(program.relative_to(tmp_path)) for program in programs] == [
        f"{host}/prefect-iac/prefect/1.2.3/{system}/terraform-provider-prefect_v1.2.3"
        for host in ("registry.terraform.io", "registry.opentofu.org")
    ]
    for program in programs:
        assert stat.S_IMODE(program.stat().st_mode) == 0o755
        assert list(program.parent.iterdir()) == [program]


def test_version_is_that_of_the_provider(tmp_path: Path) -> None:
    """The version in the mirror is the one that the provider names, whatever distributions are installed."""
    assert installation.installed_version() == VERSION
    [first, *_] = installation.install_mirror(tmp_path)
    assert first.name == f"terraform-provider-prefect_v{VERSION}"
    text = "import sys; from prefect_iac import installation; assert 'importlib.metadata' not in sys.modules"
    subprocess.run([sys.executable, "-S", "-c", text], check=True, env={"PYTHONPATH": str(SOURCES)})


def test_installing_again_writes_nothing(tmp_path: Path) -> None:
    """An installed launcher is left untouched, so its hash and time stay as a lock file recorded them."""
    [first, *_] = installation.install_mirror(tmp_path, version="1.2.3")
    os.utime(first, (1, 1))
    installation.install_mirror(tmp_path, version="1.2.3")
    assert first.stat().st_mtime == 1
    installation.install_mirror(tmp_path, version="1.2.3", interpreter=Path("/another/python"))
    assert first.stat().st_mtime != 1


def test_lost_permission_is_restored(tmp_path: Path) -> None:
    """A launcher that is no longer executable is repaired, although its text is right."""
    program = installation.install_override(tmp_path / "plugins")
    program.chmod(0o644)
    installation.install_override(tmp_path / "plugins")
    assert os.access(program, os.X_OK)


def test_terraform_accepts_mirror_and_config(terraform: Callable[..., Workspace], tmp_path: Path) -> None:
    """`terraform init` installs from the mirror with the written configuration, and locks the version."""
    mirror = tmp_path / 'mirror ${x} "quoted"'
    installation.install_mirror(mirror, version="1.2.3")
    config = tmp_path / "terraformrc"
    config.write_text(installation.cli_config(mirror=mirror), encoding="utf-8")
    workspace = terraform("", api_url=None, env={"TF_CLI_CONFIG_FILE": str(config)})
    workspace.run("init", check=True)
    lock = (workspace.directory / ".terraform.lock.hcl").read_text(encoding="utf-8")
    assert 'version = "1.2.3"' in lock
    # A lock file that is there is verified against the installed launcher.
    shutil.rmtree(workspace.directory / ".terraform")
    workspace.run("init", check=True)


def test_user_mirror_needs_no_configuration(terraform: Callable[..., Workspace], tmp_path: Path) -> None:
    """`terraform init` finds a provider in the user's mirror when no CLI configuration names it."""
    empty = tmp_path / "terraformrc"
    empty.write_text("", encoding="utf-8")
    workspace = terraform("", api_url=None, env={"TF_CLI_CONFIG_FILE": str(empty)})
    home = Path(workspace.env["HOME"])
    mirror = home / installation.user_mirror().relative_to(Path.home())
    installation.install_mirror(mirror, version="1.2.3")
    done = workspace.run("init", check=True)
    assert "prefect-iac/prefect v1.2.3" in done.stdout


def test_override_and_mirror_together(terraform: Callable[..., Workspace], tmp_path: Path) -> None:
    """With an override, `terraform init` still works, because the mirror has what it looks for."""
    plugins, mirror, config = tmp_path / "plugins", tmp_path / "mirror", tmp_path / "terraformrc"
    installation.install_override(plugins)
    installation.install_mirror(mirror, version="1.2.3")
    config.write_text(installation.cli_config(override=plugins, mirror=mirror), encoding="utf-8")
    workspace = terraform("", api_url=None, env={"TF_CLI_CONFIG_FILE": str(config)})
    workspace.run("init", check=True)


def test_what_a_start_imports_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every module of the provider's room for serving has bytecode after installing, though none had before."""
    caches = tmp_path / "bytecode"
    program = tmp_path / "python"
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -X "pycache_prefix={caches}" "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))

    installation.compile_ahead()

    compiled = {path.name.partition(".")[0] for path in caches.rglob("*.pyc")}
    serving = SOURCES / "prefect_provider" / "plugin" / "serving"
    assert {path.stem for path in serving.glob("*.py")} <= compiled
    others = {"variable", "httpx_transport", "tfplugin6_pb2", "functions", "stored_schema"}
    assert others <= compiled


def test_an_installation_that_cannot_start_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python that lacks something is named, with what it lacks, before anything is installed."""
    program = tmp_path / "python"
    program.write_text(
        "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'h2'\" >&2\nexit 1\n", encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))

    with pytest.raises(
        installation.InstallationError, match=r"python: ModuleNotFoundError: No module named 'h2'"
    ):
        installation.compile_ahead()
