"""What older servers lack: what counts as a use of it, and how a version reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.rules.server_versions import (
    ADDITIONS,
    Addition,
    additions_in,
    newness_problems,
    shown_version,
    version_of,
)
from prefect_provider.text.path import show_path

OLD = "3.4.25"

USES: list[tuple[str, dict[str, Any], dict[str, Any] | None, str, str]] = [
    (
        "prefect_deployment",
        {"concurrency_options": {"collision_strategy": "ENQUEUE", "grace_period_seconds": 60}},
        None,
        "concurrency_options.grace_period_seconds",
        "3.6.6",
    ),
    ("prefect_deployment", {"work_pool_name": None}, {"work_pool_name": "p"}, "work_pool_name", "3.6.27"),
    ("prefect_deployment", {"job_variables": "{}"}, {"job_variables": '{"a":1}'}, "job_variables", "3.8.7"),
    (
        "prefect_automation",
        {"actions": [{"type": "do-nothing"}, {"type": "change-flow-run-state", "force": True}]},
        None,
        "actions[1].force",
        "3.6.11",
    ),
    (
        "prefect_automation",
        {"actions_on_resolve": [{"type": "delete-flow-run"}]},
        None,
        "actions_on_resolve[0].type",
        "3.7.2",
    ),
]

NO_USES: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = [
    ("prefect_deployment", {"concurrency_options": {"grace_period_seconds": None}}, None),
    (
        "prefect_deployment",
        {"concurrency_options": None, "work_pool_name": None, "job_variables": "{}"},
        None,
    ),
    ("prefect_deployment", {"work_pool_name": "other"}, {"work_pool_name": "p"}),
    ("prefect_deployment", {"work_pool_name": None}, {"work_pool_name": ""}),
    ("prefect_deployment", {"job_variables": "{}"}, {"job_variables": "{}"}),
    ("prefect_automation", {"actions": [{"type": "change-flow-run-state", "force": False}]}, None),
    ("prefect_automation", {"actions": [{"type": "cancel-flow-run", "force": True}]}, None),
    ("prefect_automation", {"actions": [], "actions_on_trigger": None}, None),
    ("prefect_variable", {"name": "v"}, None),
]


@pytest.mark.parametrize(("kind", "planned", "prior", "path", "since"), USES)
def test_a_use_is_refused_by_what_is_older(
    kind: str, planned: dict[str, Any], prior: dict[str, Any] | None, path: str, since: str
) -> None:
    """It is named with its place, the version that is needed and the one that there is; the needed one will do."""
    used = additions_in(kind, planned, prior)

    [problem] = newness_problems(used, OLD)

    assert show_path(problem.path) == path
    assert f"expected Prefect {since} or newer, got {OLD}" in problem.message
    assert problem.remedy.endswith("or upgrade the server.")
    assert newness_problems(used, since) == []
    assert len(newness_problems(used, _before(since))) == 1


def _before(version: str) -> str:
    head, _, last = version.rpartition(".")
    return f"{head}.{int(last) - 1}"


@pytest.mark.parametrize(("kind", "planned", "prior"), NO_USES)
def test_what_every_server_does_is_no_use(
    kind: str, planned: dict[str, Any], prior: dict[str, Any] | None
) -> None:
    """Nothing is asked of the server for what all of them have."""
    assert additions_in(kind, planned, prior) == []


def test_what_is_not_known_is_left_to_later() -> None:
    """A value that is known only after apply is no use of anything yet."""
    planned = {"concurrency_options": {"grace_period_seconds": "unknown"}}

    assert len(additions_in("prefect_deployment", planned)) == 1
    assert additions_in("prefect_deployment", planned, is_unknown=lambda value: value == "unknown") == []


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.8.8", (3, 8, 8)),
        ("3.10.0rc1", (3, 10, 0)),
        ("3.4.26.dev2+3.g1a2b", (3, 4, 26)),
        ("0+untagged.1.gabcdef", None),
        ("", None),
    ],
)
def test_versions(text: str, version: tuple[int, int, int] | None) -> None:
    """A release and its previews count as the release; what was built from no release has every benefit of doubt."""
    assert version_of(text) == version
    if version is None:
        assert newness_problems(additions_in(*USES[0][:2]), text) == []


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda one: "-".join(one.at))
def test_every_addition_is_an_attribute(addition: Addition) -> None:
    """What is declared to be new is an attribute that there is."""
    kind: Any = next(one for one in SERVER_RESOURCES if one.type_name == addition.type_name)
    for name in addition.at:
        attribute = kind.attributes[name]
        kind = attribute.kind.nested if isinstance(attribute.kind, NestedKind) else None


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda one: "-".join(one.at))
def test_the_guide_has_every_addition(addition: Addition) -> None:
    """What is declared to be new is in the guide, with the version."""
    guide = (Path(__file__).resolve().parents[2] / "docs" / "servers.md").read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith(f"| {shown_version(addition.since)} ")]

    assert len(rows) == 1
    assert f"`{addition.type_name}`" in rows[0]
    assert (addition.value or addition.at[-1]) in rows[0]
