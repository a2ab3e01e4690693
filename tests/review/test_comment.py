"""The review as a comment of each host, through the command, against fakes that hold to the hosts' documents."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from prefect_iac.commands.main import main
from prefect_iac.hosts.comment import length
from prefect_iac.hosts.header import read_header
from tests.hosts.fakes import FakeBitbucketCloud, FakeBitbucketServer, FakeGitHub, FakeGitLab, FakeHost
from tests.hosts.test_upkeep import surroundings
from tests.plan.test_reading import RECORDED
from tests.review.plans import automations_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = [FakeGitHub, FakeGitLab, FakeBitbucketCloud, FakeBitbucketServer]
NOTHING = json.dumps({"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}})


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def fake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHost]:
    """Each host in turn, and the environment of a job there."""
    with request.param() as started:
        for name in os.environ:
            if name.startswith(("GITHUB_", "GH_", "CI_", "GITLAB_", "BITBUCKET_")):
                monkeypatch.delenv(name)
        for name, value in surroundings(started)[1].items():
            monkeypatch.setenv(name, value)
        yield started


def said(fake: FakeHost, plan: Path | str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code of a review with a comment, and what became of the comment."""
    code = main(["review", str(plan), "--offline", "--comment", surroundings(fake)[0]])
    return code, capsys.readouterr().err.removeprefix("prefect-iac: comment ").partition(":")[0]


def test_created_edited_in_place_and_left_alone(
    fake: FakeHost, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan that does something begins a comment though nothing is wrong; later plans edit it, also one of nothing."""
    (tmp_path / "nothing.json").write_text(NOTHING, encoding="utf-8")
    assert said(fake, tmp_path / "nothing.json", capsys) == (0, "silent")
    assert fake.bodies() == []
    plan = RECORDED / "terraform-1.11.json"
    assert said(fake, plan, capsys) == (0, "created")
    assert said(fake, plan, capsys) == (0, "unchanged")
    (body,) = fake.bodies()
    header = read_header(body)
    assert header is not None
    assert (header.label, header.commit, len(header.plan), header.cut) == ("review", fake.head, 64, False)
    lines = [line for line in body.splitlines() if line]
    assert "1 flow destroyed" in lines[1]
    assert lines[5].startswith("| destroy |")
    assert f"plan `{header.plan[:12]}`" in lines[-1]
    assert said(fake, RECORDED / "terraform-1.15.json", capsys) == (0, "edited")
    assert said(fake, tmp_path / "nothing.json", capsys) == (0, "edited")
    assert "changes nothing" in fake.bodies()[0]
    assert len(fake.writes) == 3


def test_many_automations_fit(fake: FakeHost, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With 500 automations the comment is within the host's limit, says what was left out, and has the verdict."""
    plan = tmp_path / "plan.json"
    plan.write_text(automations_plan(500), encoding="utf-8")
    code, deed = said(fake, plan, capsys)
    assert (code, deed) == (0, "created")
    (body,) = fake.bodies()
    size = length(body)
    assert size <= fake.limit
    assert "500 to create" in body
    header = read_header(body)
    assert header is not None
    assert header.cut == ("left out:" in body)
    assert header.cut == (fake.limit < 1_000_000)
    assert body.count("<details>") == body.count("</details>")
    assert body.count("\n```") % 2 == 0
    assert "And 460 more: 460 create." in body
