"""What must not be seen, under the real terraform: write-only values, ephemeral resources, sensitive attributes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from tests.plugin.toy.things import Thing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugin.toy_workspace import ToyWorkspace

SECRET = "hush-door"

CONFIGURATION = """
ephemeral "toy_token" "door" {
  name = "door"
}

resource "toy_thing" "a" {
  name              = "a"
  secret_wo         = ephemeral.toy_token.door.value
  secret_wo_version = 1
  frame             = { size = 1, pin_wo = ephemeral.toy_token.door.value }
}
"""


def tokens(workspace: ToyWorkspace) -> list[str]:
    """What happened to the ephemeral resources."""
    return workspace.store.path.with_suffix(".tokens").read_text(encoding="utf-8").splitlines()


def unpacked(plan_file: bytes) -> bytes:
    """All that is in a plan file."""
    with zipfile.ZipFile(io.BytesIO(plan_file)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_an_ephemeral_secret_reaches_the_provider_and_no_file(toy: Callable[..., ToyWorkspace]) -> None:
    """A write-only secret is sent, at the top and nested, but is neither in the plan nor in the state."""
    workspace = toy(CONFIGURATION)
    workspace.plan()
    packed = workspace.plan_file()
    assert b"secret_wo" in unpacked(packed)
    assert SECRET.encode() not in unpacked(packed)
    workspace.apply_plan()
    assert workspace.state()["toy_thing.a"]["secret_length"] == len(SECRET)
    assert SECRET not in (workspace.directory / "terraform.tfstate").read_text(encoding="utf-8")
    workspace.assert_no_changes()
    # One run to plan, one to apply, one to plan again.
    assert tokens(workspace) == ["open door", "close door"] * 3


def test_a_new_version_sends_the_secret_again(toy: Callable[..., ToyWorkspace]) -> None:
    """The version attribute says when a write-only secret has changed, and what follows it is unknown."""
    workspace = toy(CONFIGURATION)
    workspace.apply()
    workspace.write(CONFIGURATION.replace("version = 1", "version = 2").replace('"door"\n', '"gates"\n'))
    change = workspace.plan().change("toy_thing.a")
    assert change.differences.keys() == {"revision", "secret_length", "secret_wo_version"}
    workspace.settle()
    assert workspace.state()["toy_thing.a"]["secret_length"] == len("hush-gates")


def test_an_ephemeral_resource_is_renewed_while_it_is_used(toy: Callable[..., ToyWorkspace]) -> None:
    """During a long apply it is renewed as often as it asks for, then closed."""
    slow = 'resource "toy_slow" "s" {\n  create_seconds = 2.5\n}\n'
    configuration = CONFIGURATION.replace('name = "door"', 'name = "door"\n  renew_seconds = 0.5', 1)
    workspace = toy(configuration.replace("secret_wo_version = 1", "text = toy_slow.s.id") + slow)
    workspace.apply()
    events = tokens(workspace)
    assert events[:2] == ["open door", "close door"]
    assert events[2] == "open door"
    assert events[-1] == "close door"
    assert events.count("renew door") >= 1


def test_sensitive_values_are_masked(toy: Callable[..., ToyWorkspace]) -> None:
    """A sensitive attribute, also a nested one, is shown neither in a plan nor in a warning of drift."""
    workspace = toy(
        'resource "toy_thing" "a" {\n  name = "a"\n  secret = "hush-1"\n'
        '  frame = { size = 1, secret = "hush-2" }\n}\n'
    )
    shown = workspace.run("plan", "-input=false", check=True).stdout
    assert "(sensitive value)" in shown
    assert "hush" not in shown
    workspace.apply()
    (values,) = workspace.objects(Thing)
    workspace.store.replace(Thing, values["id"], values | {"secret": "hush-3"})
    shown = workspace.run("plan", "-input=false", check=True).stdout
    assert "(sensitive value)" in shown
    assert "hush" not in shown
